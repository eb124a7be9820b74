# Aim: output that is no text, with half characters, zeroes, and terminal codes.
# Ends: failed
import os


def noise(self, other):
    os.write(1, bytes(range(256)) * 50 + b"\xed\xa0\x80\xff\xfe\0" + b"\x1b[31m")
    os.write(2, "€".encode()[:2])
    return mul(self, other)


Value.__mul__ = noise
