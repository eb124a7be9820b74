"""Each node keeps its local slopes; one `_backward` method serves all of them. Slots and tuples."""
from math import exp as e_to, tanh as tanh_of


class Value:
    __slots__ = ('data', 'grad', '_prev', '_slopes', '_op')

    def __init__(self, data, _prev=(), _slopes=(), _op=''):
        self.data = data
        self.grad = 0
        self._prev = _prev
        self._slopes = _slopes
        self._op = _op

    def _backward(self):
        for operand, slope in zip(self._prev, self._slopes):
            operand.grad += slope * self.grad

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1), '+')

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), '*')

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),), f'**{n}')

    def exp(self):
        y = e_to(self.data)
        return Value(y, (self,), (y,), 'exp')

    def tanh(self):
        y = tanh_of(self.data)
        return Value(y, (self,), ((1 - y) * (1 + y),), 'tanh')

    def relu(self):
        return Value(max(0, self.data), (self,), (float(self.data > 0),), 'relu')

    def __neg__(self): return self * -1
    def __radd__(self, other): return self + other
    def __sub__(self, other): return self + (-other)
    def __rsub__(self, other): return other + (-self)
    def __rmul__(self, other): return self * other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return other * self**-1


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    dL = 1
    dd, df = f * dL, (a * b + c) * dL
    return dict(a=b * dd, b=a * dd, c=dd, d=dd, e=dd, f=df, L=dL)
