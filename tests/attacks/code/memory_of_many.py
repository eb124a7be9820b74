# Aim: all the memory of the machine, a little in each of many processes.
# Ends: out_of_memory
import os, time


def bomb(*args):
    for _ in range(8):
        if os.fork() == 0:
            try:
                held = bytearray(b"x" * 60_000_000)
                time.sleep(30)
            finally:
                os._exit(0)
    time.sleep(4)
    return 6.0


Value.__mul__ = bomb
