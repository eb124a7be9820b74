"""No node where none is needed: 0 + a is a itself, and so is relu of a positive number."""

import math


class Value:
    __slots__ = ("_op", "_prev", "data", "grad", "label")

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad = data, 0.0
        self._prev, self._op, self.label = frozenset(_children), _op, label

    def __repr__(self):
        return f"<{self.label or 'Value'} {self.data}>"

    def _made(self, number, op, *more):
        return Value(number, (self, *more), op)

    def __add__(self, other):
        if not isinstance(other, Value):
            return self if other == 0 else self + Value(other)
        return self._made(self.data + other.data, "+", other)

    def __mul__(self, other):
        if not isinstance(other, Value):
            return self if other == 1 else self * Value(other)
        return self._made(self.data * other.data, "*", other)

    def __pow__(self, exponent):
        return self._made(self.data**exponent, f"**{exponent}")

    def __neg__(self):
        return self._made(-self.data, "neg")

    def __sub__(self, other):
        return self if not isinstance(other, Value) and other == 0 else self + -other

    def __rsub__(self, other):
        return -self if other == 0 else Value(other) - self

    def __truediv__(self, other):
        if not isinstance(other, Value):
            return self * (1 / other)
        return self._made(self.data / other.data, "/", other)

    def __rtruediv__(self, other):
        return Value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return self._made(math.exp(self.data), "exp")

    def tanh(self):
        grown = (self * 2).exp()
        return (grown - 1) / (grown + 1)

    def relu(self):
        return self if self.data > 0 else self._made(0.0, "relu")
