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


def zero_grad(parameters):
    for p in parameters:
        p.grad = p.grad - p.grad


def gradient_step(parameters, learning_rate):
    for p in parameters:
        p.data = (p + p.grad * -learning_rate).data


def descend(loss, parameters, learning_rate, steps):
    def rounds():
        for _ in range(steps):
            value = loss()
            yield value.data
            value.backward()
            gradient_step(parameters, learning_rate)
            zero_grad(parameters)

    return tuple(rounds())
