"""One table of rows: neurons are views, and `w` and `b` are properties."""

import itertools
import random as chance

from engine import Value as V


class Module:
    def parameters(self):
        parts = getattr(self, "parts", ())
        return list(itertools.chain.from_iterable(part.parameters() for part in parts))

    def zero_grad(self):
        any(setattr(p, "grad", 0.0) for p in self.parameters())


class Neuron(Module):
    def __init__(self, nin):
        self.row = [V(chance.triangular(-1, 1)) for _ in range(nin + 1)]

    @property
    def w(self):
        return self.row[1:]

    @property
    def b(self):
        return self.row[0]

    def __call__(self, x):
        extended = [1.0] + list(x)
        total = V(0.0)
        for position in range(len(extended)):
            total += self.row[position] * extended[position]
        return total.tanh()

    def parameters(self):
        return self.row[:]


class Layer(Module):
    def __init__(self, nin, nout):
        self.parts = [Neuron(nin) for _ in range(nout)]

    @property
    def neurons(self):
        return self.parts

    def __call__(self, x):
        match [neuron(x) for neuron in self.parts]:
            case [single]:
                return single
            case several:
                return several


class MLP(Module):
    def __init__(self, nin, nouts):
        self.parts = list(itertools.starmap(Layer, itertools.pairwise((nin, *nouts))))

    @property
    def layers(self):
        return self.parts

    def __call__(self, x):
        first, *rest = self.parts
        out = first(x)
        for layer in rest:
            out = layer(out)
        return out
