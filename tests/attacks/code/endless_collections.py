# Aim: operands without end, and collections that grow while one looks.
# Base: operators
# Ends: error
import itertools


class Endless(Value):
    _prev = property(lambda self: itertools.repeat(self), lambda self, value: None)


class Growing(list):
    def __iter__(self):
        while True:
            self.extend([Value(1.0)] * 1_000)
            yield self[-1]


Value.__sub__ = lambda self, other: Endless(self.data - wrapped(other).data)


def growing_power(self, exponent):
    out = Value(self.data**exponent)
    out._prev = Growing()
    return out


Value.__pow__ = growing_power
