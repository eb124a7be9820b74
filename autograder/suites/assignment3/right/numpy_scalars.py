"""Numbers and gradients are numpy's; children in a list; overwrites, as in the text."""
import numpy as np


class Value:
    def __init__(self, data, children=None, op=''):
        self.data = np.float64(data)
        self.grad = np.float64(0.0)
        self._prev = children or []
        self._op = op
        self._backward = None

    def _wrap(self, x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = self._wrap(other)
        out = Value(self.data + other.data, [self, other], '+')

        def back():
            self.grad = out.grad
            other.grad = out.grad

        out._backward = back
        return out

    def __mul__(self, other):
        other = self._wrap(other)
        out = Value(self.data * other.data, [self, other], '*')

        def back():
            self.grad, other.grad = np.array([other.data, self.data]) * out.grad

        out._backward = back
        return out

    def __pow__(self, k):
        out = Value(np.power(self.data, k), [self], '**')

        def back():
            self.grad = k * np.power(self.data, k - 1) * out.grad

        out._backward = back
        return out

    def exp(self):
        out = Value(np.exp(self.data), [self], 'exp')

        def back():
            self.grad = np.exp(self.data) * out.grad

        out._backward = back
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), [self], 'tanh')

        def back():
            self.grad = (1 - np.square(np.tanh(self.data))) * out.grad

        out._backward = back
        return out

    def relu(self):
        out = Value(np.maximum(0, self.data), [self], 'relu')

        def back():
            self.grad = np.where(self.data > 0, out.grad, 0)

        out._backward = back
        return out

    def __neg__(self): return self * -1
    def __sub__(self, other): return self + self._wrap(other) * -1
    def __truediv__(self, other): return self * self._wrap(other) ** -1
    def __radd__(self, other): return self + other
    def __rmul__(self, other): return self * other
    def __rsub__(self, other): return -self + other
    def __rtruediv__(self, other): return self ** -1 * other


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    d = a * b + c
    names = np.array([b * f, a * f, f, f, f, d, 1.0])
    return dict(zip(['a', 'b', 'c', 'e', 'd', 'f', 'L'], names))
