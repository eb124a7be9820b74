"""Neurons, and networks as a whole, judged by the formula that each neuron has: tanh(w·x + b).

What a layer makes of its neurons, and a network of its layers, is judged in `made_of.py`.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import (
    assert_kept,
    assert_number,
    assert_value,
    of_what_kind,
)
from autograder.assertions.networks import (
    Kind,
    Layers,
    Network,
    count_of,
    items,
    layers_of,
    network,
    right_outputs,
    set_numbers,
    values_of,
)
from autograder.assertions.smaller import simplest
from autograder.expressions.compare import close, in_words, is_number
from autograder.expressions.random_graphs import number
from autograder.remote.objects import Remote, source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Round = tuple[list[float], list[float]]
"""The numbers in a network, and the inputs about which it is asked."""


Sizes = tuple[Any, ...]
Ask = Callable[["Learner"], None]

SIMPLER: dict[Kind, tuple[Sizes, ...]] = {
    "Neuron": ((1,), (2,)),
    "Layer": ((1, 1), (2, 1), (1, 2), (2, 2)),
    "MLP": ((1, [1]), (2, [1]), (1, [2]), (1, [1, 1]), (1, [2, 1]), (2, [2, 1]), (2, [2, 2])),
}
"""Sizes of networks that are tried where an example is looked for, the smallest first."""

_NUMBERS = (0.5, -0.25, 0.75, -0.5, 0.125, -0.75, 0.25, -0.125)


def drawn(rng: random.Random, count: int, largest: float = 1) -> list[float]:
    """So many random numbers, none of them near zero."""
    return [number(rng, -largest, largest) for _ in range(count)]


def rounds(rng: random.Random, layers: Layers) -> list[Round]:
    """Three questions, of which the second has the first one's inputs, the third its numbers.

    The right answer is another one each time, so a network that remembers is found out.
    """
    before, after = drawn(rng, count_of(layers)), drawn(rng, count_of(layers))
    x, other = (drawn(rng, layers[0][0], 2) for _ in range(2))
    return [(before, x), (after, x), (after, other)]


def assert_fields(learner: Learner, *sizes: Any) -> None:
    """Each weight and the bias of a neuron is a Value of its own; raises Mismatch."""
    for value in values_of(learner, network(learner, "Neuron", *sizes)):
        assert_value(learner, value, source_text(value))


def outputs_of(learner: Learner, answer: Any, count: int) -> list[Any]:
    """What a network just answered, as a list: a single output may come alone or in one.

    Raises:
        Mismatch: it is no list, or of another length, or holds something else than Values.
    """
    look = learner.looked_at()
    is_single = learner.is_instance(answer, "Value")
    outputs = [answer] if is_single else items(learner, answer, look)
    if len(outputs) != count:
        if is_single:
            message = "The layer has several neurons but only one output."
            raise learner.mismatch(message, *of_what_kind(answer, "list", look))
        raise learner.mismatch("", len(outputs), count, f"len({look})")
    for place, output in enumerate(outputs):
        if not isinstance(output, Remote):
            hint = " Is a `return` missing?" if output is None else ""
            message = f"An output should be a Value, not {in_words(output)}.{hint}"
            where = f"{look}[{place}]" if not is_single else look
            raise learner.mismatch(message, *of_what_kind(output, "Value", where))
    return outputs


def assert_outputs(
    learner: Learner, made: Network, given: Any, right: Sequence[float], message: str = ""
) -> list[Any]:
    """Asked about `given`, a network answers with Values that hold these numbers; raises Mismatch.

    Args:
        learner: the test's fixture.
        made: the network.
        given: the inputs.
        right: the number of each output.
        message: a sentence on what they should be; by default the two numbers.

    Returns:
        The outputs.
    """
    answer = made.itself(given)
    look = learner.looked_at()
    outputs = outputs_of(learner, answer, len(right))
    for place, (output, wanted) in enumerate(zip(outputs, right, strict=True)):
        where = source_text(output) if output is answer else f"{look}[{place}]"
        assert_number(learner, output.data, wanted, message, look=f"{where}.data")
    return outputs


def assert_right(learner: Learner, kind: Kind, *sizes: Any, asked: Round, values: bool) -> None:
    """A new network with these numbers answers as the formula says; raises Mismatch.

    Args:
        learner: the test's fixture.
        kind: the class.
        sizes: its arguments.
        asked: its numbers, and the inputs.
        values: whether the inputs are made Values.
    """

    def asking(sizes: Sizes, numbers: Sequence[float], x: Sequence[float]) -> Ask:
        def ask(learner: Learner) -> None:
            made = network(learner, kind, *sizes)
            set_numbers(learner, made, numbers)
            given = [learner.Value(value) for value in x] if values else list(x)
            assert_outputs(learner, made, given, right_outputs(layers_of(kind, *sizes), numbers, x))

        return ask

    simpler = (asking(few, *_plain(kind, few)) for few in SIMPLER[kind])
    simplest(learner, asking(sizes, *asked), simpler)


def _plain(kind: Kind, sizes: Sizes) -> Round:
    """Different simple numbers for a network of these sizes, and its inputs."""
    layers = layers_of(kind, *sizes)
    return list(islice(cycle(_NUMBERS), count_of(layers))), list(_NUMBERS[: layers[0][0]])


def simpler_rounds(kind: Kind, sizes: Sizes) -> list[Round]:
    """The same questions as `rounds`, with simple numbers."""
    layers = layers_of(kind, *sizes)
    count = count_of(layers)
    before, x = _plain(kind, sizes)
    after, other = [round(-n / 2, 3) for n in before[:count]], [n + 1 for n in x]
    return [(before, x), (after, x), (after, other)]


def assert_right_each_time(
    learner: Learner, rng: random.Random, kind: Kind, *sizes: Any, values: bool
) -> None:
    """Asked again with the same objects, it answers what is right for the numbers in them now.

    Arguments as for `assert_right`; the numbers are random. Raises Mismatch.
    """
    layers = layers_of(kind, *sizes)
    made = network(learner, kind, *sizes)
    inputs = Inputs(learner, values=values)
    for numbers, x in rounds(rng, layers):
        set_numbers(learner, made, numbers)
        assert_outputs(learner, made, inputs.given(x), right_outputs(layers, numbers, x))


class Inputs:
    """What a network is asked about again and again.

    Args:
        learner: the test's fixture.
        values: the same list of Values each time, whose numbers change; else lists of numbers,
            and the same list where the numbers are the same.
    """

    def __init__(self, learner: Learner, *, values: bool) -> None:
        self._learner, self._are_values = learner, values
        self._values: list[Any] = []
        self._given: Any = None
        self._x: Sequence[float] = ()

    def given(self, x: Sequence[float]) -> Any:
        """These numbers as the network gets them."""
        if self._given is None and self._are_values:
            self._values = [self._learner.Value(number) for number in x]
            self._given = self._learner.keep(self._values)
        elif self._are_values:
            self._learner.set_each(self._values, "data", x)
        elif x != self._x:
            self._given = self._learner.keep(list(x))
        self._x = x
        return self._given


def assert_neuron_slopes(
    learner: Learner, numbers: Sequence[float], x: Sequence[float], upstream: float
) -> None:
    """backward through a neuron reaches its inputs, weights and bias; raises Mismatch.

    Args:
        learner: the test's fixture.
        numbers: its weights and its bias.
        x: its inputs, which are made Values.
        upstream: what its output is multiplied by.
    """
    made = network(learner, "Neuron", len(x))
    values = values_of(learner, made)
    set_numbers(learner, made, numbers)
    given = [learner.Value(value) for value in x]
    right = right_outputs([(len(x), 1)], numbers, x)
    (output,) = assert_outputs(learner, made, given, right)
    (output if upstream == 1.0 else output * upstream).backward()
    slope = upstream * (1 - right[0] ** 2)  # of tanh, from its own result
    slopes = [slope * factor for factor in (*numbers[:-1], *x, 1.0)]
    found = learner.read_each([*given, *values], "grad")
    for value, yours, wanted in zip([*given, *values], found, slopes, strict=True):
        assert_number(learner, yours, wanted, look=f"{source_text(value)}.grad")


def assert_leaves_alone(learner: Learner, numbers: Sequence[float], x: Sequence[float]) -> None:
    """A neuron answers the same question alike each time, and changes neither list nor weights.

    Whether it is the right answer is judged elsewhere. Raises Mismatch.
    """
    made = network(learner, "Neuron", len(x))
    set_numbers(learner, made, numbers)
    given, own = learner.keep(list(x)), source_text(made.itself)
    answers = [outputs_of(learner, made.itself(given), 1)[0].data for _ in range(3)]
    first = answers[0]
    if not isinstance(first, (int, float)) or not all(close(answer, first) for answer in answers):
        message = "Calling it three times with the same inputs should give equal outputs."
        look = f"[{own}({source_text(given)}).data for _ in range(3)]"
        raise learner.mismatch(message, str(answers), str([first] * 3), look)
    assert_kept(learner, given, x)
    count = len(items(learner, made.itself.w, f"{own}.w"))
    if count != len(x):
        message = "Calling the neuron changed its weights."
        raise learner.mismatch(message, count, len(x), f"len({own}.w)")


def _numbers_in(learner: Learner, made: Network) -> list[Any]:
    """The numbers of a network's weights, of a shared one once; a weight may be one itself."""
    weights = [weight for neuron in made.neurons for weight in neuron.weights]
    values = list(dict.fromkeys(weight for weight in weights if isinstance(weight, Remote)))
    plain = [weight for weight in weights if not isinstance(weight, Remote)]
    return [*learner.read_each(values, "data"), *plain]


def assert_diverse(learner: Learner, kind: Kind, *sizes: Any) -> None:
    """New networks begin with many different weights, each with others; raises Mismatch.

    Args:
        learner: the test's fixture.
        kind: the class.
        sizes: its arguments.
    """
    both = [network(learner, kind, *sizes) for _ in range(2)]
    first, second = (_numbers_in(learner, made) for made in both)
    different = {number for number in first if is_number(number) and abs(number) < math.inf}
    least = 2 * len(first) // 3
    if len(different) < least:
        look = (
            "len({p.data for p in " + re.sub(r", \w+\.b\]", "]", both[0].listed) + "})"
        )  # no bias
        message = "Weights that start equal stay equal, and here too few are different."
        raise learner.mismatch(message, len(different), f"more than {least}", look)
    if first == second:
        look = " == ".join(f"[p.data for p in {made.listed}]" for made in both)
        message = "Two new networks start with exactly the same numbers."
        raise learner.mismatch(message, True, False, look)  # noqa: FBT003  what it prints


COUPLE = """
class Couple(Module):
    def __init__(self):
        self.first, self.second = Value(1.0), Value(2.0)

    def parameters(self):
        return [self.first, self.second]
"""


def assert_inherited(learner: Learner) -> None:
    """zero_grad clears what parameters() of a class lists that inherits it; raises Mismatch."""
    learner.replace(COUPLE, "Couple", shown=True)
    couple = learner.Couple()
    _assert_cleared(learner, couple, [couple.first, couple.second])


def assert_clears(learner: Learner, kind: Kind, *sizes: Any) -> None:
    """zero_grad of a network clears the gradient of each of its parameters; raises Mismatch."""
    made = network(learner, kind, *sizes)
    values = [value for value in made.parameters if isinstance(value, Remote)]
    _assert_cleared(learner, made.itself, list(dict.fromkeys(values)))


def _assert_cleared(learner: Learner, owner: Any, values: Sequence[Remote]) -> None:
    """zero_grad() sets each of these gradients to 0, time after time, and nothing else."""
    before = learner.read_each(values, "data")
    for slope in (1.5, -2.0):
        lines = [f"for p in {source_text(owner)}.parameters(): p.grad = {slope}"]
        learner.set_each(values, "grad", [slope] * len(values), lines)
        owner.zero_grad()
        grads, numbers = (learner.read_each(values, name) for name in ("grad", "data"))
        for value, grad, data, was in zip(values, grads, numbers, before, strict=True):
            assert_number(learner, grad, 0.0, look=f"{source_text(value)}.grad")
            assert_number(learner, data, was, look=f"{source_text(value)}.data")
