# Aim: bytes that are no frame, no JSON, no UTF-8, no object.
# Ends: tampered
import itertools, os

junk = itertools.cycle([os.urandom(100), framed(b"\xff\xfe"), framed(b"[]"), framed(b"{]"),
                        framed(b"{}"), b"HTTP/1.1 200 OK\r\n\r\n", framed(b"null"), framed(b"")])


def spit(*args):
    os.write(worker().reply_fd, next(junk))
    os._exit(0)


Value.__mul__ = Value.__pow__ = Value.tanh = Value.relu = manual_gradients = spit
