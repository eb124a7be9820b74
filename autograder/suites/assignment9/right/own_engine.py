"""An engine of its own: slots, tuples of operands, an iterative sort, composed operators."""

import math
class Value:
    __slots__ = ("data", "grad", "_prev", "_op", "_slopes", "label", "__weakref__")

    def __init__(self, data, _children=(), _op="", label="", _slopes=()):
        self.data, self.grad, self.label = data, 0, label
        self._prev, self._op, self._slopes = tuple(_children), _op, tuple(_slopes)

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, (self, other), "+", "", (1.0, 1.0))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, (self, other), "*", "", (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), "**", "", (n * self.data ** (n - 1),))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), "exp", "", (e,))

    def tanh(self):
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def _backward(self):
        for operand, slope in zip(self._prev, self._slopes):
            operand.grad += slope * self.grad

    def backward(self):
        order, seen, stack = [], set(), [(self, iter(self._prev))]
        seen.add(id(self))
        while stack:
            node, operands = stack[-1]
            for operand in operands:
                if id(operand) not in seen:
                    seen.add(id(operand))
                    stack.append((operand, iter(operand._prev)))
                    break
            else:
                order.append(node)
                stack.pop()
        self.grad = 1.0
        for node in reversed(order):
            node._backward()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-Value.of(other))

    def __rsub__(self, other):
        return Value.of(other) - self

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __rtruediv__(self, other):
        return Value.of(other) / self

    __radd__ = __add__
    __rmul__ = __mul__




def log(value):
    return Value(math.log(value.data), (value,), "log", "", (1 / value.data,))


Value.log = log


def softmax(logits):
    shift = max(v.data for v in logits)
    exps = [(v + (-shift)).exp() for v in logits]
    norm = sum(exps) ** -1
    return tuple(e * norm for e in exps)


def nll(logits, target):
    picked = 0.0
    for index, p in enumerate(softmax(logits)):
        if index == target:
            picked = p
    return picked.log() * -1
