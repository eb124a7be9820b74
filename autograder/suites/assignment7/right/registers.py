"""A Module notes what is assigned to it, as PyTorch's does, and keeps one list of parameters."""

import random

from engine import Value


class Module:
    def __setattr__(self, name, value):
        own = self.__dict__.setdefault("_own", [])
        if isinstance(value, Value):
            own.append(value)
        elif isinstance(value, list):
            for part in value:
                own.extend([part] if isinstance(part, Value) else part.parameters())
        object.__setattr__(self, name, value)

    def parameters(self):
        return self.__dict__.get("_own", [])

    def zero_grad(self, set_to=0.0):
        for parameter in self.parameters():
            parameter.grad = set_to


class Neuron(Module):
    def __init__(self, nin, activation="tanh", seed=None):
        chance = random.Random(seed) if seed is not None else random
        scale = (2 / (nin + 1)) ** 0.5
        self.b = Value(chance.uniform(-scale, scale))
        self.w = [Value(chance.gauss(0, scale)) for _ in range(nin)]
        object.__setattr__(self, "activation", activation)

    def __call__(self, x):
        out = self.b
        for position, weight in enumerate(self.w):
            out = x[position] * weight + out
        return getattr(out, self.activation)() if self.activation else out


class Layer(Module):
    def __init__(self, nin, nout, **options):
        self.neurons = [Neuron(nin, **options) for _ in range(nout)]

    def __call__(self, x):
        out = [neuron(x) for neuron in self.neurons]
        return out if self.neurons[1:] else out[0]


class MLP(Module):
    def __init__(self, nin, nouts, **options):
        widths = (nin, *nouts)
        self.layers = [Layer(widths[i], widths[i + 1], **options) for i in range(len(nouts))]

    def __call__(self, x):
        out = x
        for layer in self.layers:
            out = layer(out)
        return out
