"""Weights in numpy's arrays of objects, layers in a list of its own kind; parts are made from afar."""

import random

import numpy as np
from engine import Value


def array_of(values):
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


class Module:
    def parameters(self):
        return []

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.grad = parameter.grad * 0


class Parts(list):
    def parameters(self):
        return [p for part in self for p in part.parameters()]


class Neuron(Module):
    def __init__(self, nin):
        self.w = array_of([Value(random.gauss(0, 1) / nin**0.5) for _ in range(nin)])
        self.b = Value(np.random.uniform(-0.1, 0.1))

    def __call__(self, x):
        return (np.dot(self.w, array_of(list(x))) + self.b).tanh()

    def parameters(self):
        return self.w.tolist() + [self.b]


class Layer(Module):
    neuron = Neuron

    def __init__(self, nin, nout):
        self.neurons = Parts(self.neuron(nin) for _ in range(nout))

    def __call__(self, x):
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return self.neurons.parameters()


class MLP(Module):
    def __init__(self, nin, nouts):
        self.layers = Parts(map(Layer, [nin] + list(nouts)[:-1], nouts))

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return self.layers.parameters()
