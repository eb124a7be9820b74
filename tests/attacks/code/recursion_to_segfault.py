# Aim: recurse until the stack of the process is gone.
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


def deep_mul(self, other):
    return deep_mul(other, self)


nested = ()
for _ in range(1_000_000):
    nested = (nested,)
Value.__mul__ = deep_mul
Value.tanh = lambda self: hash(nested)
manual_gradients = lambda *args: Deep()
