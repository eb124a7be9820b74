"""A learner's loss, training loop and accuracy beside ours, on networks with the same numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import micrograd_ref
from autograder.assertions.judge import assert_number, assert_value, not_a_number
from autograder.assertions.networks import Twins, items, parameters_of, twins
from autograder.expressions.compare import close, in_words, is_number
from autograder.expressions.random_graphs import number
from autograder.remote.objects import Remote, source_text
from autograder.report import Network, Run, curve, shown

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Points = Sequence[Sequence[float]]
Mistake = Literal["keeps gradients", "adds up", "uphill"] | None


def assert_mse(learner: Learner, predictions: Sequence[float], targets: Sequence[float]) -> None:
    """mse of these predictions is the average of the squares, and so are its gradients.

    Raises:
        Mismatch: it is not; the sum in place of the average is named.
    """
    given = [learner.Value(prediction) for prediction in predictions]
    beside = [micrograd_ref.Value(prediction) for prediction in predictions]
    loss, right = learner.mse(given, list(targets)), _mse(beside, targets)
    assert_value(learner, loss, "The loss")
    yours = loss.data
    if not close(yours, right.data):
        raise learner.mismatch(_sum_for_average(yours, right.data, len(given)), yours, right.data)
    loss.backward()
    right.backward()
    found = learner.read_each(given, "grad")
    for prediction, slope, wanted in zip(given, found, beside, strict=True):
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
        return f"That is {count} times too large, for {count} points: their sum."
    return ""


def assert_parameters_after(
    learner: Learner, rng: random.Random, sizes: tuple[int, list[int]], *training: Any
) -> None:
    """After training, every parameter is what gradient descent makes of it.

    Args:
        learner: the test's fixture.
        rng: for the numbers that the parameters start from.
        sizes: of the MLP.
        training: inputs, targets, learning rate, steps.

    Raises:
        Mismatch: at the first parameter that is not; known mistakes are told by their numbers.
    """
    pair = twins(learner, rng, "MLP", *sizes)
    start = [parameter.data for parameter in pair.right_parameters]
    learner.train(pair.yours, *training)
    after = parameters_of(learner, pair.yours, pair.right)
    found = learner.read_each(after, "data")
    right, _ = _trained(sizes, start, *training)
    for parameter, yours, wanted in zip(after, found, right, strict=True):
        if not close(yours, wanted):
            message = _odd_parameters(found, sizes, start, *training)
            raise learner.mismatch(message, yours, wanted, f"{source_text(parameter)}.data")


def assert_losses(
    learner: Learner, rng: random.Random, sizes: tuple[int, list[int]], *training: Any
) -> None:
    """train returns the loss before each step as plain numbers; raises Mismatch.

    Arguments as for `assert_parameters_after`.
    """
    pair = twins(learner, rng, "MLP", *sizes)
    start = [parameter.data for parameter in pair.right_parameters]
    xs, ys, rate, steps = training
    answer = learner.train(pair.yours, *training)
    look = learner.looked_at()
    losses = items(learner, answer, look)
    _, right = _trained(sizes, start, xs, ys, rate, steps + 1)
    for position, loss in enumerate(losses):
        if isinstance(loss, Remote):
            message = "The losses should be plain numbers."
            raise learner.mismatch(message, in_words(loss), "a number", f"{look}[{position}]")
    if len(losses) != steps:
        raise learner.mismatch(
            "There is one loss for each step.", len(losses), steps, f"len({look})"
        )
    for position, (loss, wanted) in enumerate(zip(losses, right, strict=False)):
        if not close(loss, wanted):
            message = _sum_for_average(loss, wanted, len(xs))
            if close(loss, right[position + 1]):
                message = "That is the loss after the step, not before it."
            mismatch = learner.mismatch(message, loss, wanted, f"{look}[{position}]")
            raise mismatch.with_curve("loss before each step", losses, right[:steps])


def _trained(
    sizes: tuple[int, list[int]],
    start: Sequence[float],
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
    mistake: Mistake = None,
) -> tuple[list[float], list[float]]:
    """The parameters after gradient descent, and the loss before each step."""
    network = micrograd_ref.MLP(*sizes)
    parameters = Twins(None, network, ()).right_parameters
    for parameter, value in zip(parameters, start, strict=True):
        parameter.data = value
    losses = []
    for _ in range(steps):
        loss = _mse([network(x) for x in xs], ys)
        losses.append(loss.data)
        if mistake == "adds up":
            loss = loss * len(xs)
        if mistake != "keeps gradients":
            network.zero_grad()
        loss.backward()
        for parameter in parameters:
            parameter.data -= (-rate if mistake == "uphill" else rate) * parameter.grad
    return [parameter.data for parameter in parameters], losses


def _odd_parameters(
    found: Sequence[object],
    sizes: tuple[int, list[int]],
    start: Sequence[float],
    xs: Points,
    ys: Sequence[float],
    rate: float,
    steps: int,
) -> str:
    """What wrong parameters show, where it is something that we know."""

    def are(steps: int, mistake: Mistake = None) -> bool:
        wanted, _ = _trained(sizes, start, xs, ys, rate, steps, mistake)
        return all(close(a, b) for a, b in zip(found, wanted, strict=True))

    count = "1 step" if steps == 1 else f"{steps} steps"
    if are(0):
        return f"After {count} every parameter is still where it started."
    if are(steps, "adds up"):
        return f"The steps are {len(xs)} times too long, for {len(xs)} points."
    if are(steps, "uphill"):
        return "The parameters moved in the opposite direction: uphill."
    if steps > 1 and are(steps, "keeps gradients"):
        return "The first step is right. In the second the gradients of the first are still there."
    if are(steps - 1):
        return "These are the parameters of one step less."
    if are(steps + 1):
        return "These are the parameters of one step more."
    return ""


def training_run(
    learner: Learner,
    rng: random.Random,
    sizes: tuple[int, list[int]],
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
    pair = twins(learner, rng, "MLP", *sizes)
    start = [parameter.data for parameter in pair.right_parameters]
    losses: list[object] = []
    for _ in range(0, steps, at_once):
        answer = learner.train(pair.yours, xs, ys, rate, at_once)
        losses += items(learner, answer, learner.looked_at())[:at_once]
    after = learner.read_each(parameters_of(learner, pair.yours, pair.right), "data")
    right, wanted = _trained(sizes, start, xs, ys, rate, steps)
    network = Network(
        sizes=(sizes[0], *sizes[1]),
        points=tuple((x, y) for x, y in xs),
        labels=tuple(ys),
        yours=tuple(map(shown, after)),
        expected=tuple(right),
    )
    return Run(curve(f"loss before each of {steps} steps", losses, wanted), network)


def assert_accuracy(
    learner: Learner, rng: random.Random, sizes: tuple[int, list[int]], wrong: Sequence[int]
) -> None:
    """accuracy is the share of points whose sign the network gets right; raises Mismatch.

    Args:
        learner: the test's fixture.
        rng: for parameters and points.
        sizes: of the MLP.
        wrong: which of eight points it gets wrong, 0 where its answer is lowest; from 4 on they
            are above zero.
    """
    numbers, xs, outputs = _undecided(rng, *sizes)
    pair = twins(learner, rng, "MLP", *sizes, numbers=numbers)
    rank = {out: place for place, out in enumerate(sorted(outputs))}
    ys = [-1.0 if (out > 0) == (rank[out] in wrong) else 1.0 for out in outputs]
    yours, right = learner.accuracy(pair.yours, xs, ys), 1 - len(wrong) / len(xs)
    if not close(yours, right):
        raise learner.mismatch(_odd_share(yours, right, len(xs)), yours, right)
    for parameter, was in zip(pair.parameters, numbers, strict=True):
        message = "accuracy should leave the model as it is."
        assert_number(learner, parameter.data, was, message)


def _undecided(
    rng: random.Random, nin: int, nouts: list[int]
) -> tuple[list[float], list[list[float]], list[float]]:
    """Parameters, eight points, and the answers there: four of each sign, small ones among them."""
    network = micrograd_ref.MLP(nin, nouts)
    parameters = Twins(None, network, ()).right_parameters
    for _ in range(500):
        numbers = [*(number(rng, -1, 1) for _ in parameters[1:]), 0.0]
        for parameter, value in zip(parameters, numbers, strict=True):
            parameter.data = value
        xs = [[number(rng, -2, 2) for _ in range(nin)] for _ in range(8)]
        answers = [network(x) for x in xs]
        outputs = [answer.data for answer in answers if isinstance(answer, micrograd_ref.Value)]
        below, above = (math.atanh(output) for output in sorted(outputs)[3:5])
        if 0.06 < above - below < 0.2:
            numbers[-1] = round(-(below + above) / 2, 3)  # the last bias: 0 is between the two now
            return numbers, xs, [math.tanh(math.atanh(out) + numbers[-1]) for out in outputs]
    raise RuntimeError("no network that answers with both signs")


def _odd_share(yours: object, right: float, count: int) -> str:
    """What a wrong share is, where it is something that we know."""
    if not is_number(yours):
        return not_a_number(yours)
    if close(yours, right * 100):
        return "A share lies between 0 and 1; this is in percent."
    if right and close(yours, right * count):
        return "That is how many are right, and not which share of them."
    return ""
