"""Closures that hold their result weakly; gradient_step clears the gradients behind itself."""

import math
import weakref


class Value:
    """The closure holds its result weakly, so no cycle keeps a graph alive."""
    __slots__ = ("data", "grad", "_prev", "_op", "label", "_backward", "__weakref__")

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self.label = data, 0.0, label
        self._prev, self._op = frozenset(_children), _op
        self._backward = lambda: None

    def _made(self, number, op, *pairs):
        out = Value(number, [operand for operand, _ in pairs], op)
        ref = weakref.ref(out)

        def _backward():
            result = ref()
            for operand, slope in pairs:
                operand.grad += slope(result) * result.grad

        out._backward = _backward
        return out

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._made(self.data + other.data, "+", (self, lambda r: 1.0), (other, lambda r: 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._made(self.data * other.data, "*", (self, lambda r: other.data), (other, lambda r: self.data))

    def __pow__(self, k):
        return self._made(self.data ** k, f"**{k}", (self, lambda r: k * self.data ** (k - 1)))

    def exp(self):
        return self._made(math.exp(self.data), "exp", (self, lambda r: r.data))

    def tanh(self):
        return self._made(math.tanh(self.data), "tanh", (self, lambda r: 1 - r.data ** 2))

    def relu(self):
        return self._made(max(0.0, self.data), "relu", (self, lambda r: 0.5 if self.data == 0 else float(self.data > 0)))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-1 * other)

    def __truediv__(self, other):
        return self * (other ** -1)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def backward(self):
        stack, order, entered = [self], [], set()
        while stack:
            top = stack[-1]
            if top in entered:
                stack.pop()
                if top is not None and not any(top is o for o in order):
                    order.append(top)
                continue
            entered.add(top)
            stack += [c for c in top._prev if c not in entered]
        self.grad = 1.0
        for v in reversed(order):
            v._backward()

    def __repr__(self):
        return str({'data': self.data, 'grad': self.grad})


def zero_grad(parameters):
    for parameter in parameters:
        parameter.grad = 0


def gradient_step(parameters, learning_rate):
    for parameter in parameters:
        parameter.data -= learning_rate * parameter.grad
    zero_grad(parameters)


def descend(loss, parameters, learning_rate, steps):
    def one_step():
        value = loss()
        value.backward()
        gradient_step(parameters, learning_rate)
        return value.data

    return [one_step() for _ in range(steps)]
