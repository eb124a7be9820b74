"""Backward rules are objects that can be called; a number says when each node was made."""

import itertools
import math

ticket = itertools.count()


class Rule:
    def __init__(self, result, *shares):
        self.result, self.shares = result, shares

    def __call__(self):
        for operand, slope in self.shares:
            operand.grad += slope * self.result.grad


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        self.number = next(ticket)
        self._backward = Rule(self)

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def _result(self, data, op, *shares):
        out = Value(data, {operand for operand, _ in shares}, op)
        out._backward = Rule(out, *shares)
        return out

    def __add__(self, other):
        other = self._lift(other)
        return self._result(self.data + other.data, "+", (self, 1), (other, 1))

    def __mul__(self, other):
        other = self._lift(other)
        return self._result(self.data * other.data, "*", (self, other.data), (other, self.data))

    def __sub__(self, other):
        other = self._lift(other)
        return self._result(self.data - other.data, "-", (self, 1), (other, -1))

    def __truediv__(self, other):
        other = self._lift(other)
        quotient = self.data / other.data
        return self._result(quotient, "/", (self, 1 / other.data), (other, -quotient / other.data))

    def __pow__(self, k):
        assert isinstance(k, (int, float)), "only plain numbers as exponents"
        return self._result(self.data**k, f"pow{k}", (self, k * self.data ** (k - 1)))

    def exp(self):
        y = math.e**self.data
        return self._result(y, "exp", (self, y))

    def tanh(self):
        y = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        return self._result(y, "tanh", (self, 1 - y * y))

    def relu(self):
        return self._result(self.data * (self.data > 0), "relu", (self, 1.0 * (self.data > 0)))

    def __neg__(self):
        return self._result(-self.data, "-", (self, -1))

    def _lift(self, x):
        return x if isinstance(x, Value) else Value(x)

    def __radd__(self, x):
        return Value(x) + self

    def __rmul__(self, x):
        return Value(x) * self

    def __rsub__(self, x):
        return Value(x) - self

    def __rtruediv__(self, x):
        return Value(x) / self

    def backward(self):
        self.grad = 1.0
        for node in sorted(behind(self), key=lambda node: -node.number):
            node._backward()


def behind(root):
    found = {root}
    front = found
    while front:
        front = {operand for node in front for operand in node._prev} - found
        found = found | front
    return found


def topological_order(root):
    return sorted(behind(root), key=lambda node: node.number)


def zero_grad(parameters):
    for parameter in parameters:
        parameter.grad = 0.0


def gradient_step(parameters, learning_rate):
    for parameter in parameters:
        if parameter.grad:
            parameter.data += -1 * learning_rate * parameter.grad


def descend(loss, parameters, learning_rate=0.1, steps=10, callback=None):
    losses = []
    for step in range(steps):
        value = loss()
        losses += [float(value.data)]
        for parameter in parameters:
            parameter.grad = 0.0
        value.backward()
        for parameter in parameters:
            parameter.data -= learning_rate * parameter.grad
        if callback is not None:
            callback(step, losses[-1])
    return losses
