"""Numbers are numpy's, operands a set, and equality is by number while identity is the hash."""

import numpy as np


class Value:
    def __init__(self, data: float, _children: tuple = (), _op: str = "", label: str = "", **more):
        self.data = np.float64(data)
        self.grad = np.float64(0)
        self._prev = frozenset(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other

    def __repr__(self):
        return f"Value({self.label} data={self.data:.4f} grad={self.grad:.4f})"

    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        out = Value(np.add(self.data, other.data), (self, other), "+")

        def _backward():
            for operand in (self, other):
                operand.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        out = Value(np.multiply(self.data, other.data), (self, other), "*")

        def _backward():
            self.grad += np.multiply(out.grad, other.data)
            other.grad += np.multiply(out.grad, self.data)

        out._backward = _backward
        return out

    def unary(self, data, slope, name):
        out = Value(data, (self,), name)

        def _backward():
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    def __pow__(self, power):
        power = float(power)
        return self.unary(self.data**power, power * self.data ** (power - 1), f"**{power}")

    def exp(self):
        return self.unary(np.exp(self.data), np.exp(self.data), "exp")

    def tanh(self):
        return self.unary(np.tanh(self.data), 1 / np.cosh(self.data) ** 2, "tanh")

    def relu(self):
        return self.unary(np.maximum(self.data, 0), np.heaviside(self.data, 0.5), "relu")

    def __neg__(self):
        return self.unary(-self.data, -1.0, "-")

    def __truediv__(self, other):
        return self * other**-1.0

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return other * self**-1.0

    def backward(self, gradient: float = 1.0) -> None:
        self.grad = np.float64(gradient)
        for node in reversed(topological_order(self)):
            node._backward()


def topological_order(root: Value) -> list[Value]:
    done: set[Value] = set()

    def walk(node):
        if node in done:
            return
        done.add(node)
        for operand in node._prev:
            yield from walk(operand)
        yield node

    return list(walk(root))


def zero_grad(parameters: list[Value]) -> None:
    for parameter in parameters:
        parameter.grad *= 0.0


def gradient_step(parameters: list[Value], learning_rate: float) -> None:
    data = np.array([p.data for p in parameters], dtype=float)
    grads = np.array([p.grad for p in parameters], dtype=float)
    for parameter, number in zip(parameters, data - learning_rate * grads):
        parameter.data = number


def descend(loss, parameters, learning_rate, steps):
    losses = np.zeros(steps)
    for i in range(steps):
        value = loss()
        losses[i] = value.data
        zero_grad(parameters)
        value.backward()
        gradient_step(parameters, learning_rate)
    return losses.tolist()
