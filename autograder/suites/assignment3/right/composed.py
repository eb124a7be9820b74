"""tanh, relu, - and / are composed, and use nodes twice within: so everything is added up."""
import math


def closure(step):
    """The result of an operator, with its backward step left on it."""

    def method(self, *operands):
        out, back = step(self, *operands)
        out._backward = back
        return out

    return method


class Value:
    def __init__(self, data, _children=(), _op='', _label=''):
        self.data = float(data)
        self.grad = 0.0
        self._prev = frozenset(_children)
        self._op = _op
        self._label = _label
        self._backward = lambda: None

    @classmethod
    def lift(cls, x):
        return x if isinstance(x, cls) else cls(x)

    @closure
    def __add__(self, other):
        other = Value.lift(other)
        out = Value(self.data + other.data, (self, other), '+')

        def back():
            for node in (self, other):
                node.grad += out.grad

        return out, back

    @closure
    def __mul__(self, other):
        other = Value.lift(other)
        out = Value(self.data * other.data, (self, other), '*')

        def back():
            for node, factor in ((self, other.data), (other, self.data)):
                node.grad += factor * out.grad

        return out, back

    @closure
    def __pow__(self, n):
        out = Value(self.data**n, (self,), f'^{n}')

        def back():
            self.grad += n * self.data ** (n - 1) * out.grad

        return out, back

    @closure
    def exp(self):
        out = Value(math.exp(self.data), (self,), 'exp')

        def back():
            self.grad += out.data * out.grad

        return out, back

    def __neg__(self): return Value(-1) * self
    def __sub__(self, other): return self + -Value.lift(other)
    def __truediv__(self, other): return self * Value.lift(other) ** -1
    def __radd__(self, other): return Value.lift(other) + self
    def __rmul__(self, other): return Value.lift(other) * self
    def __rsub__(self, other): return Value.lift(other) - self
    def __rtruediv__(self, other): return Value.lift(other) / self

    def tanh(self):
        e = (2 * self).exp()
        return (e - 1) / (e + 1)

    def relu(self):
        return self * (1 if self.data > 0 else 0)


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    d = a * b + c
    chain = {'L': 1.0}
    for name, slope, result in [
        ('d', f, 'L'), ('f', d, 'L'), ('e', 1, 'd'), ('c', 1, 'd'), ('a', b, 'e'), ('b', a, 'e'),
    ]:
        chain[name] = slope * chain[result]
    return chain
