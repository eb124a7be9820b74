"""The backward step is an object that can be called; it overwrites. Constants are folded in."""
import math


class Step:
    """Knows its result, its operands and their slopes."""

    __slots__ = ('result', 'pairs')

    def __init__(self, result, *pairs):
        self.result, self.pairs = result, pairs

    def __call__(self):
        for operand, slope in self.pairs:
            operand.grad = slope * self.result.grad


class Value:
    def __init__(self, data, _children=(), _op='', label=''):
        self.data, self.grad = data, 0.0
        self._prev, self._op, self.label = set(_children), _op, label
        self._backward = Step(self)

    def made(self, data, op, *pairs):
        """A new node; `pairs` are operands with their slopes."""
        out = type(self)(data, [operand for operand, _ in pairs], op)
        out._backward = Step(out, *pairs)
        return out

    def __add__(self, other):
        if isinstance(other, (int, float)):
            return self.made(self.data + other, '+', (self, 1.0))
        return self.made(self.data + other.data, '+', (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return self.made(self.data * other, '*', (self, other))
        return self.made(self.data * other.data, '*', (self, other.data), (other, self.data))

    def __sub__(self, other):
        if isinstance(other, (int, float)):
            return self.made(self.data - other, '-', (self, 1.0))
        return self.made(self.data - other.data, '-', (self, 1.0), (other, -1.0))

    def __truediv__(self, other):
        if isinstance(other, (int, float)):
            return self.made(self.data / other, '/', (self, 1.0 / other))
        quotient = self.data / other.data
        return self.made(quotient, '/', (self, 1 / other.data), (other, -quotient / other.data))

    def __rsub__(self, number):
        return self.made(number - self.data, '-', (self, -1.0))

    def __rtruediv__(self, number):
        return self.made(number / self.data, '/', (self, -number / self.data**2))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self.made(-self.data, '-', (self, -1.0))

    def __pow__(self, n):
        return self.made(self.data**n, f'**{n}', (self, n * self.data ** (n - 1) if n else 0.0))

    def exp(self):
        return self.made(math.exp(self.data), 'exp', (self, math.exp(self.data)))

    def tanh(self):
        t = math.tanh(self.data)
        return self.made(t, 'tanh', (self, 1 - t * t))

    def relu(self):
        on = self.data >= 0
        return self.made(self.data if on else 0.0, 'relu', (self, 1.0 if on else 0.0))


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    def product(x, y, upstream):
        return y * upstream, x * upstream

    grad = {'L': 1.0}
    grad['d'], grad['f'] = product(a * b + c, f, grad['L'])
    grad['e'], grad['c'] = grad['d'], grad['d']
    grad['a'], grad['b'] = product(a, b, grad['e'])
    return grad
