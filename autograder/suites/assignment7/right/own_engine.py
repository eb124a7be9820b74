"""Brings an engine of its own: slots, tuples of operands, an iterative sort, composed operators."""

import math
import random


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


class Module:
    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0

    def parameters(self):
        return []


class Neuron(Module):
    def __init__(self, nin, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return act.tanh() if self.nonlin else act

    def parameters(self):
        return self.w + [self.b]

    def __repr__(self):
        return f"{'tanh' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    def __init__(self, nin, nout, **kwargs):
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x):
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]


class MLP(Module):
    def __init__(self, nin, nouts):
        sz = [nin] + nouts
        self.layers = [Layer(sz[i], sz[i + 1], nonlin=True) for i in range(len(nouts))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]
