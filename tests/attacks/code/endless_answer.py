# Aim: an answer that comes a byte at a time and never ends.
# Ends: timeout
import os, time


def drip(*args):
    reply = worker().reply_fd
    os.write(reply, b"\0\0\x10\0")
    while True:
        os.write(reply, b" ")
        time.sleep(0.01)


Value.__mul__ = drip
