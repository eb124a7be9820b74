# Aim: files without content, for which no limit of size speaks, until the kernel's memory is full.
# Ends: ungradable
import os

made = 0
try:
    for folder in ("/tmp", "/work"):
        os.mkdir(f"{folder}/many")
        for number_ in range(150_000):
            os.close(os.open(f"{folder}/many/{number_}", os.O_CREAT))
            made += 1
except OSError:
    pass
if made > 280_000:
    breach(f"{made} files")
