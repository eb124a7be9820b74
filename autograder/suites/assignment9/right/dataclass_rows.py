"""A dataclass, closures that call a shared helper, recursion, and numpy inside softmax."""

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass(eq=False)
class Value:
    data: float
    _children: tuple = field(default=(), repr=False)
    _op: str = ""
    label: str = ""
    grad: float = 0.0
    _backward: object = field(default=None, repr=False)

    @property
    def _prev(self):
        return list(self._children)

    def _spread(self, *pairs):
        def closure():
            for operand, slope in pairs:
                operand.grad += self.grad * slope

        self._backward = closure
        return self

    def __add__(self, other):
        other = lift(other)
        return Value(self.data + other.data, (self, other), "+")._spread((self, 1), (other, 1))

    def __mul__(self, other):
        other = lift(other)
        out = Value(self.data * other.data, (self, other), "*")
        return out._spread((self, other.data), (other, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), "pow")._spread((self, n * self.data ** (n - 1)))

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")
        return out._spread((self, out.data))

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")
        return out._spread((self, 1 - out.data**2))

    def __neg__(self):
        out = Value(-self.data, (self,), "neg")
        return out._spread((self, -1.0))

    def __sub__(self, other):
        other = lift(other)
        return Value(self.data - other.data, (self, other), "-")._spread((self, 1), (other, -1))

    def __truediv__(self, other):
        other = lift(other)
        out = Value(self.data / other.data, (self, other), "/")
        return out._spread((self, 1 / other.data), (other, -self.data / other.data**2))

    def __radd__(self, other):
        return lift(other) + self

    def __rmul__(self, other):
        return lift(other) * self

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    def backward(self):
        order, visited = [], set()

        def visit(node):
            if id(node) not in visited:
                visited.add(id(node))
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            if node._backward:
                node._backward()


def lift(x):
    return x if isinstance(x, Value) else Value(x)


def log(value):
    out = Value(np.log(value.data), (value,), "ln")
    return out._spread((value, np.reciprocal(float(value.data))))


Value.log = log


def softmax(logits):
    """One node for each probability, with the whole row of slopes."""
    z = np.array([float(v.data) for v in logits])
    p = np.exp(z - z.max())
    p /= p.sum()
    out = []
    for i in range(len(logits)):
        node = Value(p[i], tuple(logits), "softmax")
        slopes = [(logit, p[i] * ((i == j) - p[j])) for j, logit in enumerate(logits)]
        out.append(node._spread(*slopes))
    return out


def nll(logits, target):
    return -log(softmax(logits)[target])
