"""Closures under a name of its own, and a little inheritance."""

import math


class Node:
    """What a graph needs."""

    def __init__(self, operands=()):
        self._prev = tuple(operands)
        self.pull = None


class Value(Node):
    """A number in a graph."""

    def __init__(self, data, _children=(), _op="", label=""):
        super().__init__(_children)
        self.data, self._op, self.label = data, _op, label
        self.grad = 0.0

    def __repr__(self):
        return f"{self.label}={self.data!r}"

    def derive(self, data, op, *slopes, also=()):
        result = Value(data, (self, *also), op)

        def pull():
            for operand, slope in zip(result._prev, slopes):
                operand.grad += result.grad * slope

        result.pull = pull
        return result

    def __add__(self, other):
        other = Value(other) if isinstance(other, (int, float)) else other
        return self.derive(self.data + other.data, "+", 1.0, 1.0, also=(other,))

    def __mul__(self, other):
        other = Value(other) if isinstance(other, (int, float)) else other
        return self.derive(self.data * other.data, "*", other.data, self.data, also=(other,))

    def __pow__(self, n):
        return self.derive(self.data**n, f"**{n}", n * self.data ** (n - 1))

    def exp(self):
        y = math.exp(self.data)
        return self.derive(y, "exp", y)

    def tanh(self):
        y = math.tanh(self.data)
        return self.derive(y, "tanh", 1 - y**2)

    def relu(self):
        return self.derive(abs(self.data) if self.data > 0 else 0, "relu", int(self.data > 0))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return -1 * other + self

    def __rsub__(self, other):
        return other + -self

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            if node.pull is not None:
                node.pull()


def topological_order(root):
    height = {}

    def measure(node):
        if node not in height:
            height[node] = 1 + max((measure(operand) for operand in node._prev), default=0)
        return height[node]

    measure(root)
    return sorted(height, key=height.get)


class Overwrites(AssertionError):
    """A gradient was overwritten."""


def check_accumulation(Value):
    h = 1e-4
    for f in (
        lambda x, y: (x + y) + (x + y),
        lambda x, y: (x * y) + (x * y),
        lambda x, y: x**2 + x**2 + y,
        lambda x, y: x.exp() + x.exp() + y,
        lambda x, y: x.tanh() + x.tanh() + y,
        lambda x, y: x.relu() + x.relu() + y,
    ):
        x, y = Value(1.0), Value(-2.0)
        f(x, y).backward()
        dx = (f(Value(1 + h), Value(-2.0)).data - f(Value(1 - h), Value(-2.0)).data) / (2 * h)
        dy = (f(Value(1.0), Value(h - 2)).data - f(Value(1.0), Value(-h - 2)).data) / (2 * h)
        assert abs(x.grad - dx) < 1e-5 and abs(y.grad - dy) < 1e-5
