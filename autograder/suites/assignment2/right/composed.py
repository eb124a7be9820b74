"""Few primitives: add, mul, pow and exp; all else, relu and tanh too, is composed of them."""
import math


class Value:
    def __init__(self, data, _children=(), _op=''):
        self.data = data
        self.grad = 0
        self._prev = frozenset(_children)
        self._op = _op

    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data + other.data, (self, other), '+')

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data, (self, other), '*')

    def __pow__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data ** other.data, (self, other), '**')

    def exp(self):
        return Value(math.exp(self.data), (self,), 'exp')

    def tanh(self):
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def relu(self):
        return self * float(self.data > 0)

    def __neg__(self): return self * (-1)
    def __sub__(self, other): return self + other * (-1)
    def __truediv__(self, other): return self * (Value(1.0) * other) ** -1
    def __radd__(self, other): return Value(other) + self
    def __rmul__(self, other): return Value(other) * self
    def __rsub__(self, other): return (self - other) * -1
    def __rtruediv__(self, other): return self**-1 * other

    def __repr__(self):
        return f'<{self.data}>'
