"""Slots, tuples of children, and every operator a node of its own; no composed ones."""
from math import exp, tanh


def as_value(x):
    return x if type(x) is Value else Value(x)


class Value:
    __slots__ = "data", "grad", "_prev", "_op"

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0
        self._prev = _children
        self._op = _op

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), "+")

    def __sub__(self, other):
        other = as_value(other)
        return Value(self.data - other.data, (self, other), "-")

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other), "*")

    def __truediv__(self, other):
        other = as_value(other)
        return Value(self.data / other.data, (self, other), "/")

    def __pow__(self, n):
        return Value(pow(self.data, n), (self,), "^" + str(n))

    def __neg__(self):
        return Value(-self.data, (self,), "neg")

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def exp(self):
        return Value(exp(self.data), (self,), "e")

    def tanh(self):
        return Value(tanh(self.data), (self,), "tanh")

    def relu(self):
        return Value(max(0, self.data), (self,), "relu")

    def __repr__(self):
        return "V(%s)" % self.data
