"""A learner's loss, training loop and accuracy beside ours, on networks with the same numbers.

It is over 400 lines, as the three share the networks, and how these are made and told.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import micrograd_ref
from autograder.assertions.alone import Ours, assert_alone
from autograder.assertions.judge import (
    assert_number,
    assert_value,
    not_a_number,
    of_what_kind,
)
from autograder.assertions.networks import (
    count_of,
    found,
    items,
    layers_of,
    network,
    right_outputs,
    set_numbers,
    values_of,
)
from autograder.assertions.smaller import simplest
from autograder.expressions.compare import close, is_number
from autograder.expressions.random_graphs import number
from autograder.remote.objects import Remote, source_text
from autograder.report import Run, TrainedNetwork, curve, shown

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Points = Sequence[Sequence[float]]
Ask = Callable[["Learner"], None]
Sizes = tuple[int, list[int]]
LoopMistake = Literal["keeps gradients", "adds up", "uphill"] | None

_OURS = Ours(
    """
def mse(predictions, targets):
    total = 0.0
    for prediction, target in zip(predictions, targets):
        total = (prediction - target) ** 2 + total
    return total / len(predictions)
""",
    ("mse",),
)
"""`train` is judged by what it makes of the loss, whoever wrote that."""


def assert_mse(learner: Learner, *each: tuple[Sequence[float], Sequence[float]]) -> None:
    """mse is the average of the squares, and so are its gradients, each time it is asked.

    Args:
        learner: the test's fixture.
        each: predictions and targets, as many each time; the predictions are the same Values.

    Raises:
        Mismatch: it is not; the sum in place of the average is named.
    """
    given = [learner.Value(prediction) for prediction in each[0][0]]
    for again, (predictions, targets) in enumerate(each):
        if again:
            learner.set_each(given, "data", predictions)
            learner.set_each(given, "grad", [0.0] * len(given))
        beside = [micrograd_ref.Value(prediction) for prediction in predictions]
        loss, right = learner.mse(given, list(targets)), _mse(beside, targets)
        assert_value(learner, loss, "The loss")
        yours = loss.data
        if not close(yours, right.data):
            message = _sum_for_average(yours, right.data, len(given))
            raise learner.mismatch(message, yours, right.data)
        loss.backward()
        right.backward()
        slopes = learner.read_each(given, "grad")
        for prediction, slope, wanted in zip(given, slopes, beside, strict=True):
            if not close(slope, wanted.grad):
                message = _sum_for_average(slope, wanted.grad, len(given))
                look = f"{source_text(prediction)}.grad"
                raise learner.mismatch(message, slope, wanted.grad, look)


def _mse(predictions: Sequence[Any], targets: Sequence[float]) -> micrograd_ref.Value:
    squares: list[micrograd_ref.Value] = [
        (p - target) ** 2 for p, target in zip(predictions, targets, strict=True)
    ]
    return sum(squares[1:], squares[0]) * (1 / len(squares))


def _sum_for_average(yours: object, right: float, count: int) -> str:
    if not is_number(yours):
        return not_a_number(yours)
    if count > 1 and close(yours, right * count):
        return f"That is {count} times too large for {count} points: it is the sum, not the mean."
    return ""


def assert_parameters_after(
    learner: Learner, rng: random.Random, sizes: Sizes, *training: Any, rounds: int = 1
) -> None:
    """After training, every parameter is what gradient descent makes of it.

    Args:
        learner: the test's fixture.
        rng: for the numbers that the parameters start from.
        sizes: of the MLP.
        training: inputs, targets, learning rate, steps.
        rounds: how often the same model is trained; each time goes on where the last one ended.

    Raises:
        Mismatch: at the first parameter that is not; known mistakes are told by their numbers.
    """
    start = _drawn(rng, sizes)

    def asked(sizes: Sizes, start: Sequence[float], *training: Any) -> Ask:
        def judge(learner: Learner) -> None:
            _judge_parameters(learner, sizes, start, *training, rounds=rounds)

        return lambda learner: assert_alone(learner, _OURS, lambda: judge(learner))

    simpler = (asked(*each) for each in _simpler(*training))
    simplest(learner, asked(sizes, start, *training), simpler)


def _simpler(
    xs: Points, ys: Sequence[float], rate: float, steps: int
) -> Iterator[tuple[Sizes, Sequence[float], Points, Sequence[float], float, int]]:
    """Trainings of one neuron with a weight and a bias: on one point, on two, few steps first."""
    del xs, ys
    few = sorted({min(steps, 1), min(steps, 2), steps})
    for points, targets in (([[2.0]], [1.0]), ([[2.0], [-1.0]], [1.0, -1.0])):
        for count in few:
            yield (1, [1]), [0.5, -0.25], points, targets, rate, count
    for count in few:
        yield (2, [2, 1]), [0.5, -0.25, 0.1] * 3, [[2.0, -1.0]], [1.0], rate, count


def _judge_parameters(
    learner: Learner, sizes: Sizes, start: Sequence[float], *training: Any, rounds: int
) -> None:
    model = _model(learner, sizes, start)
    for _ in range(rounds):
        learner.train(model, *training)
        after = values_of(learner, found(learner, model, "MLP", *sizes))
        numbers = learner.read_each(after, "data")
        right, _ = _trained(sizes, start, *training)
        for parameter, yours, wanted in zip(after, numbers, right, strict=True):
            if not close(yours, wanted):
                message = _odd_parameters(numbers, sizes, start, *training)
                raise learner.mismatch(message, yours, wanted, f"{source_text(parameter)}.data")
        learner.set_each(after, "grad", [0.0] * len(after))
        start = right


def assert_losses(learner: Learner, rng: random.Random, sizes: Sizes, *training: Any) -> None:
    """train returns the loss before each step as plain numbers, wherever the steps lead.

    Arguments as for `assert_parameters_after`. Raises Mismatch.
    """
    start = _drawn(rng, sizes)

    def asked(sizes: Sizes, start: Sequence[float], *training: Any) -> Ask:
        def judge(learner: Learner) -> None:
            _judge_losses(learner, sizes, start, *training)

        return lambda learner: assert_alone(learner, _OURS, lambda: judge(learner))

    simpler = (asked(*each) for each in _simpler(*training))
    simplest(learner, asked(sizes, start, *training), simpler)


def _judge_losses(learner: Learner, sizes: Sizes, start: Sequence[float], *training: Any) -> None:
    xs, ys, rate, steps = training
    answer = learner.train(_model(learner, sizes, start), *training)
    look = learner.looked_at()
    losses = items(learner, answer, look)
    _, right = _trained(sizes, start, xs, ys, rate, steps + 1)
    for position, loss in enumerate(losses):
        if isinstance(loss, Remote):
            message = "The losses should be plain numbers."
            kind = of_what_kind(loss, "float", f"{look}[{position}]")
            raise learner.mismatch(message, *kind)
    if len(losses) != steps:
        raise learner.mismatch(
            "There should be one loss per step.", len(losses), steps, f"len({look})"
        )
    if _are(losses, right) or _are(losses, _losses_on_the_way(learner, sizes, start, *training)):
        return
    for position, (loss, wanted) in enumerate(zip(losses, right, strict=False)):
        if not close(loss, wanted):
            message = _sum_for_average(loss, wanted, len(xs))
            if close(loss, right[position + 1]):
                message = "That is the loss after the step, not before it."
            mismatch = learner.mismatch(message, loss, wanted, f"{look}[{position}]")
            raise mismatch.with_curve("loss before each step", losses, right[:steps])


def _losses_on_the_way(
    learner: Learner, sizes: Sizes, start: Sequence[float], *training: Any
) -> list[float]:
    """The right losses where the learner's steps lead: before the first, after one, and so on.

    None where a step leads to a network that answers alike whatever it is asked: who makes one
    knows its loss without computing it.
    """
    xs, ys, rate, steps = training
    losses, numbers = [], list(start)
    for count in range(steps):
        if count:
            model = _model(learner, sizes, start)
            learner.train(model, xs, ys, rate, count)
            after = values_of(learner, found(learner, model, "MLP", *sizes))
            numbers = learner.read_each(after, "data")
            if not all(map(is_number, numbers)):
                return []
        right = _right_model(sizes, numbers)
        losses.append(_mse([right(x) for x in xs], ys).data)
        answers = [right_outputs(layers_of("MLP", *sizes), numbers, x)[0] for x in xs]
        if len(xs) > 1 and all(close(answer, answers[0]) for answer in answers):
            return []
    return losses


def _are(numbers: Sequence[object], right: Sequence[float]) -> bool:
    """Whether these are the right ones, as far as there are any."""
    return all(close(a, b) for a, b in zip(numbers, right, strict=False)) and bool(right)


def _drawn(rng: random.Random, sizes: Sizes) -> list[float]:
    """A number for each parameter."""
    return [number(rng, -1, 1) for _ in range(count_of(layers_of("MLP", *sizes)))]


def _model(learner: Learner, sizes: Sizes, numbers: Sequence[float]) -> Any:
    """An MLP with these numbers in it."""
    made = network(learner, "MLP", *sizes)
    set_numbers(learner, made, numbers)
    return made.itself


def _right_model(sizes: tuple[int, Sequence[int]], numbers: Sequence[float]) -> micrograd_ref.MLP:
    """The reference's, with these numbers in it."""
    model = micrograd_ref.MLP(*sizes)
    for parameter, value in zip(model.parameters(), numbers, strict=True):
        parameter.data = value
    return model


def _trained(
    sizes: Sizes,
    start: Sequence[float],
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
    mistake: LoopMistake = None,
) -> tuple[list[float], list[float]]:
    """The parameters after gradient descent, and the loss before each step."""
    points = tuple(map(tuple, xs))
    return _trained_once(
        (sizes[0], tuple(sizes[1])), tuple(start), points, tuple(ys), rate, steps, mistake
    )


@lru_cache(maxsize=100)
def _trained_once(
    sizes: tuple[int, Sequence[int]],
    start: Sequence[float],
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
    mistake: LoopMistake,
) -> tuple[list[float], list[float]]:
    """The same, kept, as every submission is asked the same."""
    model = _right_model(sizes, start)
    parameters = model.parameters()
    losses = []
    for _ in range(steps):
        loss = _mse([model(x) for x in xs], ys)
        losses.append(loss.data)
        if mistake == "adds up":
            loss = loss * len(xs)
        if mistake != "keeps gradients":
            model.zero_grad()
        loss.backward()
        for parameter in parameters:
            parameter.data -= (-rate if mistake == "uphill" else rate) * parameter.grad
    return [parameter.data for parameter in parameters], losses


def _odd_parameters(
    found: Sequence[object],
    sizes: Sizes,
    start: Sequence[float],
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
) -> str:
    """What wrong parameters show, where it is something that we know."""

    def are(steps: int, mistake: LoopMistake = None) -> bool:
        return _are(found, _trained(sizes, start, xs, ys, rate, steps, mistake)[0])

    count = "1 step" if steps == 1 else f"{steps} steps"
    if are(0):
        return f"After {count} no parameter has changed."
    if are(steps, "adds up"):
        return f"The steps are {len(xs)} times too long for {len(xs)} points."
    if are(steps, "uphill"):
        return "The parameters moved in the opposite direction: uphill."
    if steps > 1 and are(steps, "keeps gradients"):
        return (
            "The first step is correct. In the second, the gradients of the first are still there."
        )
    if are(steps - 1):
        return "These are the parameters after one step too few."
    if are(steps + 1):
        return "These are the parameters after one step too many."
    return ""


def training_run(
    learner: Learner,
    rng: random.Random,
    sizes: Sizes,
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
    *,
    at_once: int,
) -> Run:
    """A whole training of the learner's beside ours, judged by nobody.

    Arguments as for `assert_parameters_after`. Their loop is asked for `at_once` steps at a time,
    so that each question has the usual time; to a right one that makes no difference.

    Raises:
        LearnerFault: it does not come to its end.
        Mismatch: it returns no list, or the network is not whole.
    """
    start = _drawn(rng, sizes)
    model = _model(learner, sizes, start)
    losses: list[object] = []
    on_the_way = [tuple(map(shown, start))]
    for _ in range(0, steps, at_once):
        answer = learner.train(model, xs, ys, rate, at_once)
        losses += items(learner, answer, learner.looked_at())[:at_once]
        made = found(learner, model, "MLP", *sizes)
        after = learner.read_each(values_of(learner, made), "data")
        on_the_way.append(tuple(map(shown, after)))
    right, wanted = _trained(sizes, start, xs, ys, rate, steps)
    trained = TrainedNetwork(
        sizes=(sizes[0], *sizes[1]),
        points=tuple((x, y) for x, y in xs),
        labels=tuple(ys),
        yours=on_the_way[-1],
        expected=tuple(right),
        on_the_way=tuple(on_the_way),
    )
    return Run(curve(f"loss before each of {steps} steps", losses, wanted), trained)


def assert_accuracy(
    learner: Learner, rng: random.Random, sizes: Sizes, *each: Sequence[int], count: int = 8
) -> None:
    """accuracy is the share of points whose sign the network gets right; raises Mismatch.

    Args:
        learner: the test's fixture.
        rng: for parameters and points.
        sizes: of the MLP, which is the same each time, with other numbers in it.
        each: which of the points it gets wrong, 0 where its answer is lowest; those of the upper
            half are above zero.
        count: how many points.
    """
    asked = []
    for wrong in each:
        numbers, xs, outputs = _undecided(rng, *sizes, count)
        rank = {out: place for place, out in enumerate(sorted(outputs))}
        ys = [-1.0 if (out > 0) == (rank[out] in wrong) else 1.0 for out in outputs]
        asked.append((numbers, xs, ys, 1 - len(wrong) / len(xs)))

    def few(learner: Learner, xs: Points, ys: Sequence[float]) -> None:
        right = sum(x * y > 0 for (x,), y in zip(xs, ys, strict=True)) / len(xs)
        _judge_accuracy(learner, (1, [1]), [([1.0, 0.0], xs, ys, right)])

    simpler = (
        partial(few, xs=[[x] for x in xs], ys=list(ys))
        for xs in ([2.0], [-2.0], [0.25], [-0.25], [2.0, -1.0], [2.0, 1.0], [-0.25, 0.5, 2.0])
        for ys in product((1.0, -1.0), repeat=len(xs))
    )
    simplest(learner, lambda learner: _judge_accuracy(learner, sizes, asked), simpler)


def _judge_accuracy(
    learner: Learner,
    sizes: Sizes,
    asked: Sequence[tuple[Sequence[float], Points, Sequence[float], float]],
) -> None:
    """The share is right each time: for these parameters, points, labels."""
    made = network(learner, "MLP", *sizes)
    for numbers, xs, ys, right in asked:
        set_numbers(learner, made, numbers)
        yours = learner.accuracy(made.itself, xs, ys)
        if not close(yours, right):
            raise learner.mismatch(_odd_share(yours, right, len(xs)), yours, right)
        for parameter, was in zip(made.parameters, numbers, strict=True):
            message = "accuracy should not change the model."
            assert_number(learner, parameter.data, was, message)


def _undecided(
    rng: random.Random, nin: int, nouts: list[int], count: int
) -> tuple[list[float], list[list[float]], list[float]]:
    """Parameters, points, and the answers there: half of each sign, small ones among them."""
    for _ in range(500):
        numbers = [*_drawn(rng, (nin, nouts))[1:], 0.0]
        xs = [[number(rng, -2, 2) for _ in range(nin)] for _ in range(count)]
        layers = layers_of("MLP", nin, nouts)
        outputs = [right_outputs(layers, numbers, x)[0] for x in xs]
        below, above = (math.atanh(output) for output in sorted(outputs)[count // 2 - 1 :][:2])
        if 0.06 < above - below < 0.2:
            numbers[-1] = round(-(below + above) / 2, 3)  # the last bias: 0 is between the two now
            return numbers, xs, [math.tanh(math.atanh(out) + numbers[-1]) for out in outputs]
    raise RuntimeError("no network that answers with both signs")


def _odd_share(yours: object, right: float, count: int) -> str:
    """What a wrong share is, where it is something that we know."""
    if not is_number(yours):
        return not_a_number(yours)
    if close(yours, right * 100):
        return "A share is between 0 and 1; this is a percentage."
    if right and close(yours, right * count):
        return "That is the number of correct points, not their share."
    return ""
