"""A layer judged by the learner's own neurons, a network by their own layers.

The parts are made once more, given the same numbers and asked one by one; the whole must answer as
they do, right or wrong. Where the parts tell nothing (they raise, or answer alike whatever is in
them), stand-ins of ours take their names, which answer otherwise than the task asks.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.assertions.judge import assert_number, of_what_kind
from autograder.assertions.networks import (
    Kind,
    Network,
    count_of,
    items,
    layers_of,
    network,
    set_numbers,
)
from autograder.assertions.smaller import simplest
from autograder.expressions.compare import close, in_words, is_number
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, source_text
from autograder.remote.wrong_answer import Mismatch
from autograder.suites.assignment7.oracle import (
    SIMPLER,
    Ask,
    Inputs,
    Round,
    Sizes,
    assert_outputs,
    drawn,
    outputs_of,
    rounds,
    simpler_rounds,
)

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

T = TypeVar("T")

_STAND_INS = """
class Neuron:
    __slots__ = ("w", "b")

    def __init__(self, nin):
        self.w, self.b = list(map(Value, range(nin))), Value(nin)

    def __call__(self, x):
        out = self.b * 2
        for weight, value in zip(self.w, x):
            out = (out + value) * weight
        return out

    def parameters(self):
        return [self.b]


class Layer:
    __slots__ = ("neurons",)

    def __init__(self, nin, nout):
        self.neurons = list(map(Neuron, [nin] * nout))

    def __call__(self, x):
        return [neuron(x) for neuron in reversed(self.neurons)]

    def parameters(self):
        return [neuron.b for neuron in self.neurons]
"""
"""They take no option and no attribute: who changes a part from outside is not judged by these."""

_PARTS: dict[Kind, tuple[str, ...]] = {"Layer": ("Neuron",), "MLP": ("Neuron", "Layer")}

_RULE = {
    "Neuron": "A new neuron with the same numbers gives a different output.",
    "Layer": "Each output should be the output of one of the neurons for the same inputs.",
    "MLP": "Each layer should get the outputs of the layer before it as its inputs.",
}


def assert_made_of(
    learner: Learner,
    rng: random.Random,
    kind: Kind,
    *sizes: Any,
    values: bool = False,
    times: int = 3,
) -> None:
    """The whole answers as its parts do, whatever numbers are in them now.

    A neuron is its own only part: what it answers after its numbers have changed is what a new one
    with these numbers answers.

    Args:
        learner: the test's fixture.
        rng: for the numbers.
        kind: the class.
        sizes: its arguments.
        values: whether the inputs are Values.
        times: how often it is asked, see `rounds`.

    Raises:
        Mismatch: at the first output that is another one.
    """

    def asking(sizes: Sizes, asked: Sequence[Round]) -> Ask:
        return lambda learner: _made_of(learner, kind, sizes, asked, values=values)

    simpler = (asking(few, simpler_rounds(kind, few)[:times]) for few in SIMPLER[kind])
    simplest(learner, asking(sizes, rounds(rng, layers_of(kind, *sizes))[:times]), simpler)


def _made_of(
    learner: Learner, kind: Kind, sizes: Sizes, asked: Sequence[Round], *, values: bool
) -> None:
    """The same for these numbers and inputs."""

    def of_parts() -> list[list[float]]:
        parts, inputs = _Parts(learner, kind, *sizes), Inputs(learner, values=values)
        answers = [
            [output.data for output in parts.outputs(numbers, inputs.given(x))]
            for numbers, x in asked
        ]
        _assert_telling(learner, [number for each in answers for number in each])
        return answers

    def judge(right: list[list[float]]) -> None:
        again = learner.named_anew()
        whole, inputs = network(again, kind, *sizes), Inputs(again, values=values)
        for (numbers, x), outputs in zip(asked, right, strict=True):
            set_numbers(again, whole, numbers)
            assert_outputs(again, whole, inputs.given(x), outputs, _RULE[kind])

    _judge_by(learner, kind, of_parts, judge)


def assert_slopes_made_of(learner: Learner, rng: random.Random, kind: Kind, *sizes: Any) -> None:
    """backward through the whole finds the gradients that it finds through its parts.

    It is asked twice, with all gradients cleared in between. Arguments as above; raises Mismatch.
    """
    layers = layers_of(kind, *sizes)
    numbers, x = drawn(rng, count_of(layers)), drawn(rng, layers[0][0], 2)
    upstream = drawn(rng, layers[-1][1], 2)

    def asking(sizes: Sizes, asked: Round, upstream: Sequence[float]) -> Ask:
        return lambda learner: _slopes_made_of(learner, kind, sizes, asked, upstream)

    simpler = (
        asking(few, simpler_rounds(kind, few)[0], [1.5, -2.0][: layers_of(kind, *few)[-1][1]])
        for few in SIMPLER[kind]
    )
    simplest(learner, asking(sizes, (numbers, x), upstream), simpler)


def _slopes_made_of(
    learner: Learner, kind: Kind, sizes: Sizes, round_: Round, upstream: Sequence[float]
) -> None:
    """The same for these numbers and inputs."""
    layers, (numbers, x) = layers_of(kind, *sizes), round_

    def of_parts() -> list[float | None]:
        parts = _Parts(learner, kind, *sizes)
        given = [learner.Value(value) for value in x]
        asked = learner.keep(given)  # one list for all, whatever a neuron does to it
        before: list[Any] = []
        slopes: list[Any] = []
        for again in (False, True):
            before, outputs = slopes, parts.outputs(numbers, asked, again=again)
            slopes = _slopes(learner, [*given, *parts.parameters], outputs, upstream)
            if kind in _PARTS:  # else nothing is told of one by another
                _assert_telling(learner, [slope for slope in slopes if slope is not None])
        for value, now, then in zip([*given, *parts.parameters], slopes, before, strict=True):
            if then is not None and not close(now, then):
                message = "The same inputs give different gradients the second time."
                raise learner.mismatch(message, now, then, f"{source_text(value)}.grad")
        return slopes

    def judge(right: list[float | None]) -> None:
        again = learner.named_anew()
        whole = network(again, kind, *sizes)
        set_numbers(again, whole, numbers)
        given = [again.Value(value) for value in x]
        asked, reached = again.keep(given), [*given, *whole.parameters]
        for second in (False, True):
            if second:
                _clear(again, reached)
            outputs = outputs_of(again, whole.itself(asked), layers[-1][1])
            slopes = _slopes(again, reached, outputs, upstream)
            for value, yours, wanted in zip(reached, slopes, right, strict=True):
                if wanted is not None:
                    assert_number(again, yours, wanted, look=f"{source_text(value)}.grad")

    _judge_by(learner, kind, of_parts, judge)


def _judge_by(
    learner: Learner, kind: Kind, of_parts: Callable[[], T], judge: Callable[[T], None]
) -> None:
    """Judge the whole by what its parts answer; where that tells nothing, by what stand-ins answer.

    What is found with stand-ins is not what the learner's lines would show: why the parts tell
    nothing is said then.
    """
    try:
        right = of_parts()
    except (Mismatch, LearnerError) as unusable:
        if kind not in _PARTS:
            raise
        try:
            learner.replace(_STAND_INS, *_PARTS[kind])
            judge(of_parts())
        except (Mismatch, LearnerError):
            raise unusable from None
    else:
        judge(right)


class _Parts:
    """What a layer or a network is made of, made once more; of a neuron a new one each time."""

    def __init__(self, learner: Learner, kind: Kind, *sizes: Any) -> None:
        self._learner, self._kind, self._sizes = learner, kind, sizes
        self._parts = [] if kind == "Neuron" else list(self._made())

    def _made(self) -> Iterator[Network]:
        for nin, nout in layers_of(self._kind, *self._sizes):
            if self._kind == "MLP":
                yield network(self._learner, "Layer", nin, nout)
            else:
                yield from (network(self._learner, "Neuron", nin) for _ in range(nout))

    @property
    def parameters(self) -> list[Any]:
        """Their weights and biases."""
        return [parameter for part in self._parts for parameter in part.parameters]

    def outputs(self, numbers: Sequence[float], given: Any, *, again: bool = False) -> list[Remote]:
        """With these numbers in them: each neuron's answer, or those of the last layer.

        `again`: all gradients are cleared first.
        """
        if again:
            _clear(self._learner, [*given, *self.parameters])
        if self._kind == "Neuron":
            self._parts = list(self._made())
        rest = list(numbers)
        for part in self._parts:  # all before any is asked, as in the whole: they may share some
            count = len(part.parameters)
            set_numbers(self._learner, part, rest[:count])
            rest = rest[count:]
        outputs = []
        for part in self._parts:
            answers = outputs_of(self._learner, part.itself(given), len(part.neurons))
            if self._kind == "MLP":
                outputs, given = answers, answers
            else:
                outputs += answers
        return outputs


def _slopes(
    learner: Learner, reached: Sequence[Any], outputs: Sequence[Any], upstream: Sequence[float]
) -> list[Any]:
    """The gradients of a weighted sum of the outputs; None for what is a plain number."""
    total = outputs[0] * upstream[0]
    for output, weight in zip(outputs[1:], upstream[1:], strict=True):
        total = total + output * weight
    total.backward()
    found = iter(learner.read_each(_values(reached), "grad"))
    return [next(found) if isinstance(value, Remote) else None for value in reached]


def _clear(learner: Learner, reached: Sequence[Any]) -> None:
    """Gradients back to 0."""
    values = _values(reached)
    learner.set_each(values, "grad", [0.0] * len(values))


def _values(reached: Sequence[Any]) -> list[Remote]:
    return [value for value in reached if isinstance(value, Remote)]


def _assert_telling(learner: Learner, numbers: Sequence[Any]) -> None:
    """All are numbers, none is 0 and no two are equal, as by chance they never are.

    Raises:
        Mismatch: so one does not see which part was asked, and what.
    """
    finite = [number for number in numbers if is_number(number) and 0 < abs(number) < math.inf]
    if len(set(finite)) < len(numbers):
        shown = ", ".join(in_words(each) for each in numbers)
        message = f"Different inputs give the same output: {shown}."
        raise learner.mismatch(message, numbers[-1], "different numbers")


def assert_lists(learner: Learner, kind: Kind, *sizes: Any) -> None:
    """parameters() lists what the neurons hold, or what the parts list: flat, in any order.

    Asked again it is the same list.

    Args:
        learner: the test's fixture.
        kind: the class.
        sizes: its arguments.

    Raises:
        Mismatch: it does not.
    """

    def of_parts() -> tuple[Network, list[Any]]:
        whole = network(learner, kind, *sizes)
        if kind not in _PARTS:
            return whole, whole.parameters
        parts = [neuron.itself for neuron in whole.neurons]
        if kind == "MLP":
            parts = items(learner, whole.itself.layers, f"{source_text(whole.itself)}.layers")
        lists = [_listed(learner, part) for part in parts]
        if not all(lists):
            message, look = "It should have parameters.", learner.looked_at()
            raise learner.mismatch(message, 0, "some", f"len({look})")
        return whole, [parameter for each in lists for parameter in each]

    def judge(made: tuple[Network, list[Any]]) -> None:
        whole, of_parts = made
        held, listed = whole.parameters, _listed(learner, whole.itself)
        if any(_is_same(listed, right) for right in (held, of_parts)):
            return
        look = f"{source_text(whole.itself)}.parameters()"
        if len(listed) != len(held):
            raise learner.mismatch("", len(listed), len(held), f"len({look})")
        missing = source_text(next(parameter for parameter in held if parameter not in listed))
        look = f"any(p is {missing} for p in {look})"
        message = f"{missing} is missing from its parameters."
        raise learner.mismatch(message, False, True, look)  # noqa: FBT003  what it prints

    _judge_by(learner, kind, of_parts, judge)


def _listed(learner: Learner, owner: Any) -> list[Any]:
    """What parameters() lists, the same both times: no lists, only Values; raises Mismatch.

    Plain numbers are let through where a neuron holds them: that they are no Values is judged
    elsewhere.
    """
    look = f"{source_text(owner)}.parameters()"
    first, second = (items(learner, owner.parameters(), look) for _ in range(2))
    if len(first) != len(second):
        message = "Called again, parameters() returns a list of a different length."
        lengths, right = [len(first), len(second)], [len(first)] * 2
        look = f"[len({look}) for _ in range(2)]"
        raise learner.mismatch(message, str(lengths), str(right), look)
    for place, parameter in enumerate(first):
        if not isinstance(parameter, Remote) and not is_number(parameter):
            message = "parameters() should be a flat list of Values."
            kind = of_what_kind(parameter, "Value", f"list({look})[{place}]")
            raise learner.mismatch(message, *kind)
    if set(first) != set(second):
        message = "Called again, parameters() returns new Values."
        look = f"all(p is q for p, q in zip({look}, {look}))"
        raise learner.mismatch(message, False, True, look)  # noqa: FBT003  what it prints
    return first


def _is_same(listed: Sequence[Any], right: Sequence[Any]) -> bool:
    """Whether each is in there once, in any order; what is shared may come once or as often."""
    if not all(isinstance(each, Remote) or is_number(each) for each in right):
        return False  # what a neuron holds may be anything
    return set(listed) == set(right) and len(listed) in (len(right), len(set(right)))
