"""Finds the parts of a learner's network under the task's names, and reads and sets numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from autograder.assertions.judge import of_what_kind
from autograder.expressions.compare import in_words
from autograder.remote.objects import Remote, source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Kind = Literal["Neuron", "Layer", "MLP"]
Layers = Sequence[tuple[int, int]]
"""How many inputs and neurons each layer has; a single neuron is a layer of one."""

_PARAMETERS = {
    "Neuron": "[*{0}.w, {0}.b]",
    "Layer": "[p for n in {0}.neurons for p in [*n.w, n.b]]",
    "MLP": "[p for layer in {0}.layers for n in layer.neurons for p in [*n.w, n.b]]",
}
"""Python for the parameters of each kind of network, in the order of our numbers."""


def layers_of(kind: Kind, *sizes: Any) -> Layers:
    """The layers of `Neuron(nin)`, `Layer(nin, nout)` or `MLP(nin, nouts)`."""
    if kind == "MLP":
        nin, nouts = sizes
        return list(zip([nin, *nouts], nouts, strict=False))
    return [(sizes[0], 1 if kind == "Neuron" else sizes[1])]


def count_of(layers: Layers) -> int:
    """The number of weights and biases in these layers: (nin + 1) * nout for each."""
    return sum((nin + 1) * nout for nin, nout in layers)


def right_outputs(layers: Layers, numbers: Sequence[float], x: Sequence[float]) -> list[float]:
    """The last layer's outputs; each neuron is tanh(w·x + b).

    Args:
        layers: how many inputs and neurons each has.
        numbers: for each neuron its nin weights, then its bias, layer by layer.
        x: the inputs of the first layer.

    Returns:
        One number for each neuron of the last layer.
    """
    rest = iter(numbers)
    for nin, nout in layers:
        outputs = []
        for _ in range(nout):
            weights = [next(rest) for _ in range(nin)]
            total = sum(weight * value for weight, value in zip(weights, x, strict=True))
            outputs.append(math.tanh(total + next(rest)))
        x = outputs
    return list(x)


@dataclass(frozen=True)
class Neuron:
    """A neuron of the learner's.

    Attributes:
        itself: the learner's object.
        weights: one for each input; they may be anything.
        bias: it may be anything.
    """

    itself: Any
    weights: tuple[Any, ...]
    bias: Any


@dataclass(frozen=True)
class Network:
    """A network of the learner's with its neurons.

    Attributes:
        itself: the learner's object.
        kind: its class.
        neurons: layer by layer.
    """

    itself: Any
    kind: Kind
    neurons: tuple[Neuron, ...]

    @property
    def parameters(self) -> list[Any]:
        """The weights and biases, neuron by neuron, the bias last, whatever they are.

        If neurons or weights are shared, the same object occurs several times.
        """
        return [p for neuron in self.neurons for p in (*neuron.weights, neuron.bias)]

    @property
    def listed(self) -> str:
        """Python for the list of its parameters."""
        return _PARAMETERS[self.kind].format(source_text(self.itself))


def network(learner: Learner, kind: Kind, *sizes: Any) -> Network:
    """Create a network of the learner's and find its neurons; raises Mismatch.

    Args:
        learner: the test's fixture.
        kind: its class.
        sizes: the class's arguments.
    """
    return found(learner, getattr(learner, kind)(*sizes), kind, *sizes)


def found(learner: Learner, itself: Any, kind: Kind, *sizes: Any) -> Network:
    """The neurons of a network, found in `layers`, `neurons`, `w` and `b`.

    Args:
        learner: the test's fixture.
        itself: the learner's object.
        kind: its class.
        sizes: the arguments with which it was created.

    Raises:
        Mismatch: one of these names has something else, or too few or too many parts.
    """
    layers = layers_of(kind, *sizes)
    groups = members(learner, itself, "layers", len(layers)) if kind == "MLP" else [itself]
    neurons = []
    for group, (nin, nout) in zip(groups, layers, strict=True):
        own = [group] if kind == "Neuron" else members(learner, group, "neurons", nout)
        for neuron in own:
            weights = members(learner, neuron, "w", nin)
            neurons.append(Neuron(neuron, tuple(weights), neuron.b))
    return Network(itself, kind, tuple(neurons))


def values_of(learner: Learner, made: Network) -> list[Remote]:
    """The parameters of a network; raises Mismatch unless they are Values, each only once."""
    values: list[Remote] = []
    for parameter, look in zip(made.parameters, _looks(made), strict=True):
        if not isinstance(parameter, Remote):
            message = "Weights and biases should be Values."
            raise learner.mismatch(message, *of_what_kind(parameter, "Value", look))
        if parameter in values:
            message = "Two parameters are the same object: they should be separate Values."
            other = list(_looks(made))[values.index(parameter)]
            raise learner.mismatch(message, True, False, f"{look} is {other}")  # noqa: FBT003  what it prints
        values.append(parameter)
    return values


def _looks(made: Network) -> Iterator[str]:
    """Python for each parameter."""
    for neuron in made.neurons:
        own = source_text(neuron.itself)
        yield from (f"{own}.w[{place}]" for place in range(len(neuron.weights)))
        yield f"{own}.b"


def set_numbers(learner: Learner, made: Network, numbers: Sequence[float]) -> None:
    """Set each parameter's number; a weight or bias that is a plain number is replaced.

    Args:
        learner: the test's fixture.
        made: the network.
        numbers: one for each parameter, in order.
    """
    if all(isinstance(parameter, Remote) for parameter in made.parameters):
        lines = [
            f"numbers = {list(numbers)}",
            f"parameters = {made.listed}",
            "for p, number in zip(parameters, numbers): p.data = number",
        ]
        few = len(numbers) <= len(lines)  # a line for each is easier to read then
        learner.set_each(made.parameters, "data", numbers, () if few else lines)
        return
    rest = iter(numbers)
    for neuron in made.neurons:
        weights = [_numbered(weight, next(rest)) for weight in neuron.weights]
        if not all(isinstance(weight, Remote) for weight in weights):
            neuron.itself.w = weights
        bias = _numbered(neuron.bias, next(rest))
        if not isinstance(bias, Remote):
            neuron.itself.b = bias


def _numbered(parameter: Any, number: float) -> Any:
    """The Value after setting its number, or the number itself if it is not a Value."""
    if not isinstance(parameter, Remote):
        return number
    parameter.data = number
    return parameter


def members(learner: Learner, owner: Any, name: str, count: int) -> list[Any]:
    """The parts of a network under one of its names; raises Mismatch unless there are `count`."""
    look = f"{source_text(owner)}.{name}"
    if not isinstance(owner, Remote):
        what = in_words(owner)
        raise learner.mismatch(f"`{look}` was expected, but there is {what}.", owner, "an object")
    parts = items(learner, getattr(owner, name), look)
    if len(parts) != count:
        raise learner.mismatch("", len(parts), count, f"len({look})")
    return parts


def items(learner: Learner, answer: Any, look: str) -> list[Any]:
    """The items of a list of the learner's; raises Mismatch if it is not a list.

    Args:
        learner: the test's fixture.
        answer: the list.
        look: the Python that gives it.
    """
    if isinstance(answer, (list, tuple)):
        return list(answer)
    if isinstance(answer, Remote) and learner.has_length(answer):  # an array will do
        return list(answer)
    hint = " Is a `return` missing?" if answer is None else ""
    what = in_words(answer)
    message = f"Expected a list, not {what}.{hint}"
    raise learner.mismatch(message, *of_what_kind(answer, "list", look))
