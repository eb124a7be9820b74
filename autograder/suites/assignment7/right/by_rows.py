"""A layer computes its rows itself and a network its layers: nothing calls what it is made of."""

import random

from engine import Value


def row(neuron, x):
    products = [w * (v if isinstance(v, Value) else Value(v)) for w, v in zip(neuron.w, x)]
    while len(products) > 1:  # added in pairs
        products.append(products.pop(0) + products.pop(0))
    return (products[0] + neuron.b).tanh()


def rows(neurons, x):
    return [row(neuron, x) for neuron in neurons]


class Module:
    __slots__ = ()

    def parameters(self):
        return list(self._walk())

    def _walk(self):
        yield from ()

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0


class Neuron(Module):
    __slots__ = ("b", "w")

    def __init__(self, nin):
        self.w = tuple(Value(2 * random.random() - 1) for _ in range(nin))
        self.b = Value(0)

    def _walk(self):
        yield self.b
        yield from self.w

    def __call__(self, x):
        return row(self, x)


class Layer(Module):
    __slots__ = ("neurons",)

    def __init__(self, nin, nout):
        self.neurons = tuple(Neuron(nin) for _ in range(nout))

    def _walk(self):
        for neuron in self.neurons:
            yield from neuron.w
            yield neuron.b

    def __call__(self, x):
        out = rows(self.neurons, x)
        return out.pop() if len(out) == 1 else out


class MLP(Module):
    __slots__ = ("layers",)

    def __init__(self, nin, nouts):
        self.layers, before = (), nin
        for after in nouts:
            self.layers += (Layer(before, after),)
            before = after

    def _walk(self):
        return (p for layer in self.layers for neuron in layer.neurons for p in neuron.parameters())

    def __call__(self, x):
        for layer in self.layers:
            x = rows(layer.neurons, x)
        return x[0] if len(x) == 1 else x
