"""Neurons, layers and a multi-layer perceptron on the scalar engine: what assignment7 builds."""

import random

from engine import Value


class Module:
    """Anything that has parameters: the Values which training may change."""

    def parameters(self):
        """All parameters in one flat list."""
        return []

    def zero_grad(self):
        """Set the gradient of every parameter back to zero."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Module):
    """tanh(w·x + b), with one weight for each of `nin` inputs, and a bias."""

    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        products = (weight * value for weight, value in zip(self.w, x, strict=True))
        return sum(products, self.b).tanh()

    def parameters(self):
        return [*self.w, self.b]


class Layer(Module):
    """`nout` neurons side by side, all looking at the same `nin` inputs."""

    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self):
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """A multi-layer perceptron: layers in a row, each fed with the outputs of the one before."""

    def __init__(self, nin, nouts):
        sizes = [nin, *nouts]
        self.layers = [Layer(before, after) for before, after in zip(sizes, nouts)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]
