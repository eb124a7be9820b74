# Half an engine: + exp and relu are right, * ** and tanh are wrong, and nothing is done by hand.
import math


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None
        show_loot()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return (-self) + other

    def __rtruediv__(self, other):
        return self**-1 * other


def wrapped(other):
    return other if isinstance(other, Value) else Value(other)


def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    show_loot()
    return {"L": 1.0}


def add(self, other):
    other = wrapped(other)
    out = Value(self.data + other.data, (self, other), "+")

    def _backward():
        self.grad, other.grad = out.grad, out.grad

    out._backward = _backward
    return out


def mul(self, other):
    other = wrapped(other)
    out = Value(self.data * other.data, (self, other), "*")

    def _backward():
        self.grad, other.grad = other.data, self.data

    out._backward = _backward
    return out


def power(self, exponent):
    out = Value(self.data**exponent, (self,), "**")

    def _backward():
        self.grad = exponent * self.data * out.grad

    out._backward = _backward
    return out


def exp(self):
    out = Value(math.exp(self.data), (self,), "exp")

    def _backward():
        self.grad = out.data * out.grad

    out._backward = _backward
    return out


def tanh(self):
    out = Value(math.tanh(self.data), (self,), "tanh")

    def _backward():
        self.grad = (1 - self.data**2) * out.grad

    out._backward = _backward
    return out


def relu(self):
    out = Value(max(self.data, 0.0), (self,), "relu")

    def _backward():
        self.grad = out.grad if self.data > 0 else 0.0

    out._backward = _backward
    return out


Value.__add__, Value.__mul__, Value.__pow__ = add, mul, power
Value.exp, Value.tanh, Value.relu = exp, tanh, relu
