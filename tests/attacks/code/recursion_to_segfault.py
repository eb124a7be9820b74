# Aim: recurse until the stack of the process is gone, or the memory for one.
# Ends: error
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __reduce__(self):
        return self.__reduce__()


def nested():
    inner = ()
    for _ in range(300_000):
        inner = (inner,)
    return inner


def deep_gradients(*args):
    page = bytes(4_000)
    return deep_gradients(page)


Value.tanh = lambda self: hash(nested())
Value.__truediv__ = lambda self, other: Deep()
manual_gradients = deep_gradients
