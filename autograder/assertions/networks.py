"""The learner's networks beside the reference's, with the same numbers in both."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import micrograd_ref
from autograder.assertions.judge import assert_kept, assert_number
from autograder.expressions.compare import close, in_words, is_number
from autograder.expressions.random_graphs import number
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

_PARAMETERS = {
    "Neuron": "[*{0}.w, {0}.b]",
    "Layer": "[p for n in {0}.neurons for p in [*n.w, n.b]]",
    "MLP": "[p for layer in {0}.layers for n in layer.neurons for p in [*n.w, n.b]]",
}
"""Python for the parameters of each kind of network, in the order in which we number them."""


@dataclass(frozen=True)
class Twins:
    """A network of the learner's and one of ours that computes the same.

    Attributes:
        yours: the learner's.
        right: ours.
        parameters: the learner's weights and biases, neuron by neuron, the bias last.
    """

    yours: Any
    right: Any
    parameters: tuple[Remote, ...]

    @property
    def right_parameters(self) -> tuple[micrograd_ref.Value, ...]:
        """Ours, in the same order."""
        return tuple(p for neuron in _right_neurons(self.right) for p in (*neuron.w, neuron.b))


def twins(
    learner: Learner,
    rng: random.Random,
    kind: str,
    *sizes: Any,
    numbers: Sequence[float] | None = None,
) -> Twins:
    """Make a network, check how it is put together, and give it and ours the same numbers.

    Args:
        learner: the test's fixture.
        rng: for the numbers.
        kind: "Neuron", "Layer" or "MLP".
        sizes: its arguments.
        numbers: what the parameters shall be, instead of random numbers.

    Raises:
        Mismatch: parts are missing, too many, shared or no Values.
    """
    yours, right = getattr(learner, kind)(*sizes), getattr(micrograd_ref, kind)(*sizes)
    parameters = parameters_of(learner, yours, right)
    pair = Twins(yours, right, tuple(parameters))
    _give(learner, pair, kind, numbers or [number(rng, -1, 1) for _ in parameters])
    return pair


def _give(learner: Learner, pair: Twins, kind: str, numbers: Sequence[float]) -> None:
    """Set the parameters of both."""
    for parameter, value in zip(pair.right_parameters, numbers, strict=True):
        parameter.data = value
    lines = [
        f"numbers = {list(numbers)}",
        f"parameters = {_PARAMETERS[kind].format(source_text(pair.yours))}",
        "for p, number in zip(parameters, numbers): p.data = number",
    ]
    learner.set_each(pair.parameters, "data", numbers, lines)


def _right_neurons(right: Any) -> list[micrograd_ref.Neuron]:
    if isinstance(right, micrograd_ref.Neuron):
        return [right]
    layers = [right] if isinstance(right, micrograd_ref.Layer) else right.layers
    return [neuron for layer in layers for neuron in layer.neurons]


def parameters_of(learner: Learner, yours: Any, right: Any) -> list[Remote]:
    """The learner's parameters, found by the names that the task fixes; raises Mismatch."""
    neurons = []
    if isinstance(right, micrograd_ref.MLP):
        layers = members(learner, yours, "layers", len(right.layers))
        for layer, wanted in zip(layers, right.layers, strict=True):
            neurons += members(learner, layer, "neurons", len(wanted.neurons))
    elif isinstance(right, micrograd_ref.Layer):
        neurons += members(learner, yours, "neurons", len(right.neurons))
    else:
        neurons.append(yours)
    found: list[Remote] = []
    for neuron, beside in zip(neurons, _right_neurons(right), strict=True):
        own = source_text(neuron)
        weights = members(learner, neuron, "w", len(beside.w))
        looks = [f"{own}.w[{position}]" for position in range(len(weights))]
        for parameter, look in zip([*weights, neuron.b], [*looks, f"{own}.b"], strict=True):
            if not isinstance(parameter, Remote):
                message = "Weights and biases should be Values."
                raise learner.mismatch(message, in_words(parameter), "a Value", look)
            if parameter in found:
                message = "This parameter is the same object as another one's: they are shared."
                raise learner.mismatch(message, "shared", "one of its own", look)
            found.append(parameter)
    return found


def members(learner: Learner, owner: Any, name: str, count: int) -> list[Any]:
    """The parts of a network under one of its names, so many of them; raises Mismatch."""
    look = f"{source_text(owner)}.{name}"
    if not isinstance(owner, Remote):
        what = in_words(owner)
        raise learner.mismatch(f"There is {what} where `{look}` was looked for.", what, "an object")
    parts = items(learner, getattr(owner, name), look)
    if len(parts) != count:
        raise learner.mismatch("", len(parts), count, f"len({look})")
    return parts


def items(learner: Learner, answer: Any, look: str) -> list[Any]:
    """What a list of the learner's holds; raises Mismatch where it is none."""
    if isinstance(answer, (list, tuple)):
        return list(answer)
    if isinstance(answer, Remote) and learner.has_length(answer):  # an array is as good
        return list(answer)
    hint = " Is a `return` missing?" if answer is None else ""
    what = in_words(answer)
    raise learner.mismatch(f"A list was expected, not {what}.{hint}", what, "a list", look)


def assert_outputs(learner: Learner, pair: Twins, x: Sequence[float], *, values: bool) -> list[Any]:
    """The learner's network answers as ours; raises Mismatch.

    Args:
        learner: the test's fixture.
        pair: both networks.
        x: the inputs.
        values: whether they are made Values first.

    Returns:
        The learner's outputs.
    """
    given = [learner.Value(value) for value in x] if values else list(x)
    return _outputs(learner, pair, pair.right(x), given)


def _outputs(learner: Learner, pair: Twins, right: Any, given: Sequence[Any]) -> list[Any]:
    answer = pair.yours(given)
    look = learner.looked_at()
    wanted = right if isinstance(right, list) else [right]
    if learner.is_instance(answer, "Value"):
        yours, looks = [answer], [source_text(answer)]
    else:
        yours = items(learner, answer, look)
        looks = [f"{look}[{position}]" for position in range(len(yours))]
    if len(yours) != len(wanted):
        raise learner.mismatch("", _count(len(yours)), _count(len(wanted)), look)
    for output, beside, where in zip(yours, wanted, looks, strict=True):
        if not isinstance(output, Remote):
            hint = " Is a `return` missing?" if output is None else ""
            message = f"An output should be a Value, not {in_words(output)}.{hint}"
            raise learner.mismatch(message, in_words(output), "a Value", where)
        assert_number(learner, output.data, beside.data, look=f"{where}.data")
    return yours


def _count(number_of_outputs: int) -> str:
    return "1 output" if number_of_outputs == 1 else f"{number_of_outputs} outputs"


def assert_repeatable(learner: Learner, pair: Twins, x: Sequence[float]) -> None:
    """A network of one output answers the same list again and again alike, and leaves it alone.

    Raises:
        Mismatch: it does not.
    """
    given, right = learner.keep(list(x)), pair.right(x).data
    look = f"[{source_text(pair.yours)}({source_text(given)}).data for _ in range(3)]"
    try:
        answers = [pair.yours(given).data for _ in range(3)]
    except LearnerError as error:
        error.look = look  # the first of the calls may have gone well
        raise
    if not all(close(answer, right) for answer in answers):
        message = "The answers to the same question, asked three times, should be equal."
        raise learner.mismatch(message, _list(answers), _list([right] * 3), look)
    assert_kept(learner, given, x)


def _list(numbers: Sequence[object]) -> str:
    return f"[{', '.join(in_words(each) for each in numbers)}]"


def assert_diverse(learner: Learner, kind: str, *sizes: Any, least: int) -> None:
    """New networks begin with many different numbers, each with others; raises Mismatch.

    Args:
        learner: the test's fixture.
        kind: "Neuron", "Layer" or "MLP".
        sizes: its arguments.
        least: how many different numbers there are in its parameters, at least.
    """
    right = getattr(micrograd_ref, kind)(*sizes)
    network, second = (getattr(learner, kind)(*sizes) for _ in range(2))
    numbers = learner.read_each(parameters_of(learner, network, right), "data")
    different = {number for number in numbers if is_number(number) and math.isfinite(number)}
    if len(different) < least:
        look = "len({p.data for p in " + _PARAMETERS[kind].format(source_text(network)) + "})"
        message = "Weights that start alike stay alike: here are few different numbers."
        raise learner.mismatch(message, len(different), f"more than {least}", look)
    if learner.read_each(parameters_of(learner, second, right), "data") == numbers:
        listed = [
            f"[p.data for p in {_PARAMETERS[kind]}]".format(source_text(n))
            for n in (network, second)
        ]
        message = "Two new networks begin with the very same numbers."
        raise learner.mismatch(message, "the same", "others", ", ".join(listed))


def assert_slopes(
    learner: Learner, pair: Twins, x: Sequence[float], upstream: Sequence[float]
) -> None:
    """All gradients after a backward pass through the learner's network are those of ours.

    Args:
        learner: the test's fixture.
        pair: both networks, with zero gradients.
        x: the inputs, which are made Values.
        upstream: one number for each output; what runs backward is their weighted sum.

    Raises:
        Mismatch: at the first input or parameter whose gradient is wrong.
    """
    given, beside = [learner.Value(v) for v in x], [micrograd_ref.Value(v) for v in x]
    wanted = pair.right(beside)
    yours = _outputs(learner, pair, wanted, given)
    wanted = wanted if isinstance(wanted, list) else [wanted]
    _weighted(yours, upstream).backward()
    _weighted(wanted, upstream).backward()
    objects, rights = [*given, *pair.parameters], [*beside, *pair.right_parameters]
    found = learner.read_each(objects, "grad")
    for parameter, slope, right in zip(objects, found, rights, strict=True):
        assert_number(learner, slope, right.grad, look=f"{source_text(parameter)}.grad")


def _weighted(outputs: Sequence[Any], upstream: Sequence[float]) -> Any:
    total = outputs[0] * upstream[0]
    for output, weight in zip(outputs[1:], upstream[1:], strict=True):
        total = total + output * weight
    return total


def assert_parameters(learner: Learner, pair: Twins) -> None:
    """parameters() is a flat list of each weight and bias, in any order; raises Mismatch."""
    for _ in range(2):  # asking must not change anything
        answer = pair.yours.parameters()
        look = f"{source_text(pair.yours)}.parameters()"
        found = items(learner, answer, look)
        for position, parameter in enumerate(found):
            if not isinstance(parameter, Remote):
                raise learner.mismatch(
                    "parameters() should be a flat list of Values.",
                    in_words(parameter),
                    "a Value",
                    f"{look}[{position}]",
                )
        if len(found) != len(pair.parameters):
            raise learner.mismatch("", len(found), len(pair.parameters), f"len({look})")
        missing = [p for p in pair.parameters if p not in found]
        if missing:
            raise learner.mismatch(
                f"{source_text(missing[0])} is not among its parameters.",
                "something else",
                source_text(missing[0]),
                look,
            )


def assert_zeroed(learner: Learner, pair: Twins) -> None:
    """zero_grad() sets every gradient to zero and nothing else; raises Mismatch."""
    lines = [f"for p in {source_text(pair.yours)}.parameters(): p.grad = 1.5"]
    learner.set_each(pair.parameters, "grad", [1.5] * len(pair.parameters), lines)
    pair.yours.zero_grad()
    found = learner.read_each(pair.parameters, "grad")
    numbers = learner.read_each(pair.parameters, "data")
    right = pair.right_parameters
    for parameter, slope, data, beside in zip(pair.parameters, found, numbers, right, strict=True):
        assert_number(learner, slope, 0.0, look=f"{source_text(parameter)}.grad")
        assert_number(learner, data, beside.data, look=f"{source_text(parameter)}.data")
