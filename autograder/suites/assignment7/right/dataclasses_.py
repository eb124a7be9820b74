"""Dataclasses without inheritance of behaviour; zero_grad is written once as a function."""

import random
from dataclasses import dataclass, field
from functools import reduce

import engine


def clear(module):
    for parameter in module.parameters():
        parameter.grad = 0.0


@dataclass
class Module:
    zero_grad = clear

    def parameters(self) -> list:
        return []


@dataclass(eq=False)
class Neuron(Module):
    nin: int
    w: list = field(init=False)
    b: engine.Value = field(init=False)

    def __post_init__(self):
        self.w = [engine.Value(random.gauss(0, 1)) for _ in range(self.nin)]
        self.b = engine.Value(random.random())

    def __call__(self, x):
        weighted = [w * v for w, v in zip(self.w, x, strict=True)]
        return (reduce(lambda a, b: a + b, weighted) + self.b).tanh()

    def parameters(self):
        return self.w + [self.b]


@dataclass(eq=False)
class Layer(Module):
    nin: int
    nout: int

    def __post_init__(self):
        self.neurons = [Neuron(self.nin) for _ in range(self.nout)]

    def __call__(self, x):
        if self.nout == 1:
            return self.neurons[0](x)
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        return sum((neuron.parameters() for neuron in self.neurons), [])


@dataclass(eq=False)
class MLP(Module):
    nin: int
    nouts: list

    def __post_init__(self):
        sizes = [self.nin] + self.nouts
        self.layers = [Layer(sizes[i], sizes[i + 1]) for i in range(len(self.nouts))]

    def __call__(self, x):
        return reduce(lambda out, layer: layer(out), self.layers, x)

    def parameters(self):
        found = []
        for layer in self.layers:
            found.extend(layer.parameters())
        return found
