"""A dataclass whose backward rules are one method, not closures."""

import math
from dataclasses import dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    _prev: tuple = ()
    _op: str = ""
    label: str = ""
    grad: float = field(default=0.0, init=False)
    extra: float = field(default=0.0, init=False, repr=False)

    def node(self, data, operands, op, extra=0.0):
        new = Value(data, operands, op)
        new.extra = extra
        return new

    def _backward(self):
        g, operands = self.grad, self._prev
        match self._op, operands:
            case "+", (a, b):
                a.grad += g
                b.grad += g
            case "-", (a, b):
                a.grad += g
                b.grad += -g
            case "*", (a, b):
                a.grad += g * b.data
                b.grad += g * a.data
            case "neg", (a,):
                a.grad += -g
            case "pow", (a,):
                a.grad += g * self.extra * a.data ** (self.extra - 1)
            case "exp", (a,):
                a.grad += g * self.data
            case "tanh", (a,):
                a.grad += g - g * self.data**2
            case "relu", (a,):
                a.grad += g if a.data >= 0 else 0

    def __add__(self, other):
        other = as_value(other)
        return self.node(self.data + other.data, (self, other), "+")

    def __sub__(self, other):
        other = as_value(other)
        return self.node(self.data - other.data, (self, other), "-")

    def __mul__(self, other):
        other = as_value(other)
        return self.node(self.data * other.data, (self, other), "*")

    def __pow__(self, exponent):
        return self.node(math.pow(self.data, exponent), (self,), "pow", exponent)

    def __neg__(self):
        return self.node(-self.data, (self,), "neg")

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):
        return as_value(other) + self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def exp(self):
        return self.node(math.exp(self.data), (self,), "exp")

    def tanh(self):
        return self.node(math.tanh(self.data), (self,), "tanh")

    def relu(self):
        return self.node(self.data if self.data >= 0 else 0.0, (self,), "relu")


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def topological_order(root, order=None):
    order = [] if order is None else order
    if not any(root is node for node in order):
        for operand in root._prev:
            topological_order(operand, order)
        order.append(root)
    return order


def _run(self):
    nodes = topological_order(self)
    for node in nodes:
        node.grad = 0.0
    nodes[-1].grad = 1.0
    while nodes:
        nodes.pop()._backward()
    return self


Value.backward = _run


def zero_grad(parameters: list) -> None:
    list(map(lambda p: setattr(p, "grad", 0.0), parameters))


def gradient_step(parameters: list, learning_rate: float) -> list:
    moves = [(p, -learning_rate * p.grad) for p in parameters]
    for p, move in moves:
        p.data += move
    return parameters


def descend(loss, parameters, learning_rate, steps):
    if steps == 0:
        return []
    zero_grad(parameters)
    first = loss()
    first.backward()
    gradient_step(parameters, learning_rate)
    return [first.data] + descend(loss, parameters, learning_rate, steps - 1)
