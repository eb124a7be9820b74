# Aim: announce four gigabytes, and send them.
# Ends: tampered
import os


def giant(*args):
    reply, block = worker().reply_fd, bytes(1 << 20)
    os.write(reply, b"\xff\xff\xff\xff")
    while True:
        os.write(reply, block)


Value.__mul__ = manual_gradients = giant
