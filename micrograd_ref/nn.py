"""Neurons, layers and a multi-layer perceptron on the scalar engine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from micrograd_ref.engine import Value


class Module:
    """The base class of everything with parameters."""

    def parameters(self) -> list[Value]:
        """Every Value that training may change, as a flat list."""
        return []

    def zero_grad(self) -> None:
        """Set all parameters' gradients to 0."""
        for parameter in self.parameters():
            parameter.grad = 0


class Neuron(Module):
    """tanh(w · x + b), with weights drawn uniformly from [-1, 1] by `random`, and b = 0.

    Args:
        nin: how many inputs it takes.
    """

    def __init__(self, nin: int) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x: Sequence[Value | float]) -> Value:
        """The neuron's output for `nin` inputs; raises ValueError for a different number."""
        total = self.b
        for weight, value in zip(self.w, x, strict=True):
            total = total + weight * value
        return total.tanh()

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


class Layer(Module):
    """Neurons with the same inputs.

    Args:
        nin: how many inputs each neuron takes.
        nout: how many neurons there are.
    """

    def __init__(self, nin: int, nout: int) -> None:
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        """The neurons' outputs for `nin` inputs: a list, or the Value itself of a single neuron.

        Raises:
            ValueError: the number of inputs is different.
        """
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """A multi-layer perceptron: each layer takes the outputs of the one before.

    Args:
        nin: how many inputs the first layer takes.
        nouts: how many neurons each layer has; the last number is that of the outputs.
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        self.layers = [Layer(before, after) for before, after in pairwise([nin, *nouts])]

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        """The last layer's output for `nin` inputs; raises ValueError for a different number."""
        out: Any = x
        for layer in self.layers:
            out = layer([out] if isinstance(out, Value) else out)
        result: Value | list[Value] = out
        return result

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]
