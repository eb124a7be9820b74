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
    nodes[-1].grad = 1.0
    while nodes:
        nodes.pop()._backward()
    return self


Value.backward = _run


def check_accumulation(Value):
    def grads(formula, *numbers):
        inputs = [Value(number) for number in numbers]
        formula(*inputs).backward()
        return [float(node.grad) for node in inputs]

    def expect(got, *wanted):
        for a, b in zip(got, wanted):
            if abs(a - b) > 1e-6:
                raise AssertionError("%r instead of %r" % (got, wanted))

    expect(grads(lambda x, y: (x + y) * x, 2, 3), 7, 2)
    expect(grads(lambda x, y: (x + y) * y, 2, 3), 3, 8)
    expect(grads(lambda x, y: x * y + x, 2, 3), 4, 2)
    expect(grads(lambda x, y: x * y + y, 2, 3), 3, 3)
    expect(grads(lambda x: x**2 * x, 2), 12)
    expect(grads(lambda x: x.exp() + x, 0.0), 2)
    expect(grads(lambda x: x + x.tanh(), 0.0), 2)
    expect(grads(lambda x: x.relu() * x, 3), 6)
