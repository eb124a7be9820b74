# Aim: open every descriptor there is, close those that are, and open the channels again.
# Ends: failed
import os

held = []
try:
    for _ in range(10_000):
        held.append(os.open("/dev/null", os.O_RDONLY))
    breach("10,000 descriptors")
except OSError:
    loot("descriptors", len(held))
for fd in held:
    os.close(fd)
me = worker()
for fd in (me.request_fd, me.reply_fd, 1) if me else ():
    try:
        os.close(os.open(f"/proc/self/fd/{fd}", os.O_RDWR))
    except OSError:
        pass
