"""Weights from numpy's normal distribution, scaled by the size; the bias comes first."""

import numpy as np

from engine import Value

generator = np.random.default_rng(0)


class Module:
    def parameters(self):
        return list(self._own()) if hasattr(self, "_own") else []

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0


class Neuron(Module):
    def __init__(self, nin):
        draws = generator.normal(size=nin) / np.sqrt(nin)
        self.w = [Value(draw) for draw in draws]
        self.b = Value(np.float64(0.01))

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return act.tanh()

    def _own(self):
        yield self.b
        yield from self.w


class Layer(Module):
    def __init__(self, nin, nout):
        self.neurons = tuple(Neuron(nin) for _ in range(nout))

    def __call__(self, x):
        out = [n(x) for n in self.neurons]
        return out if len(out) > 1 else out[0]

    def _own(self):
        for neuron in reversed(self.neurons):
            yield from neuron.parameters()


class MLP(Module):
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def _own(self):
        for layer in self.layers[::-1]:
            yield from layer.parameters()
