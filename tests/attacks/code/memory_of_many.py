# Aim: all the memory of the machine, a little in each of many processes.
# Ends: out_of_memory
import os, time


def bomb(*args):
    here, there = os.pipe()
    for _ in range(8):
        if os.fork() == 0:
            try:
                held = bytearray(b"x" * 60_000_000)
                os.write(there, b"1")
                time.sleep(30)
            finally:
                os._exit(0)
    os.close(there)
    for _ in range(8):
        os.read(here, 1)
    time.sleep(1)
    return 6.0


Value.__mul__ = bomb
