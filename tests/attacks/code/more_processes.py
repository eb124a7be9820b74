# Aim: more processes than one submission may have, all alive at once.
# Ends: failed
import os, signal

children = []
try:
    for _ in range(40):
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
    breach("40 processes at once")
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
