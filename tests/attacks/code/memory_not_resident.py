# Aim: all the memory of the machine, shared and put out of sight, where nobody counts it.
# Ends: failed
import mmap, os, signal

SIZE = 40_000_000
children, ends = [], []


def hoard():
    held = []
    for _ in range(3):
        shared = mmap.mmap(-1, SIZE)
        for place in range(0, SIZE, 4096):
            shared[place] = 1
        shared.madvise(mmap.MADV_DONTNEED)  # not resident any more, and still there
        held.append(shared)
    return held


try:
    for _ in range(4):
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                held = hoard()
                os.write(there, b"1")
                signal.pause()
            finally:
                os._exit(0)
        os.close(there)
        children.append(child)
        ends.append(here)
    if [os.read(end, 1) for end in ends] == [b"1"] * 4:
        breach("480 MB that nobody sees")
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
