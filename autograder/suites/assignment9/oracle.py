"""Softmax and its loss in plain floats, and the learner's beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograder.assertions.alone import Ours, assert_alone
from autograder.assertions.judge import (
    assert_data,
    assert_gradient,
    assert_kept,
    assert_number,
    assert_value,
    not_a_number,
)
from autograder.assertions.networks import items
from autograder.expressions.compare import close, is_number
from autograder.remote.objects import source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


_OURS = Ours(
    """
import math


def log(value):
    return value * (1 / value.data) + (math.log(value.data) - 1)


def softmax(logits):
    largest = max(logit.data for logit in logits)
    powers = [math.exp(logit.data - largest) for logit in logits]
    shares = [power / sum(powers) for power in powers]
    results = []
    for place, share in enumerate(shares):
        result = share
        for other, logit in enumerate(logits):
            result = (logit - logit.data) * (share * ((place == other) - shares[other])) + result
        results.append(result)
    return results
""",
    ("log", "Value.log", "softmax"),
)
"""`nll` is judged by what it makes of the other two, whoever wrote them.

Numbers and slopes of these are right where they are asked; they are straight lines, made of `+` and
`*` alone, which any engine has.
"""


def probabilities(logits: Sequence[float]) -> list[float]:
    """Positive, 1 together, each e times as large for a logit that is 1 larger."""
    largest = max(logits)
    powers = [math.exp(logit - largest) for logit in logits]
    return [power / sum(powers) for power in powers]


def assert_log(learner: Learner, *each: float) -> None:
    """The logarithm of a Value and its slope, for the number that is in it each time.

    Args:
        learner: the test's fixture.
        each: the numbers, one after another in the same Value.

    Raises:
        Mismatch: number or slope are wrong.
    """
    value = learner.Value(each[0])
    for again, number in enumerate(each):
        if again:
            value.data, value.grad = number, 0.0
        result = learner.log(value)
        assert_value(learner, result, "The logarithm")
        assert_data(learner, result, math.log(number))
        result.backward()
        assert_gradient(learner, value, 1 / number)


def assert_softmax(learner: Learner, *each: Sequence[float]) -> None:
    """softmax gives the probabilities of the numbers that are in the logits each time.

    Args:
        learner: the test's fixture.
        each: the numbers, one list after another in the same Values.

    Raises:
        Mismatch: they are others, or no Values.
    """
    logits = [learner.Value(number) for number in each[0]]
    for again, numbers in enumerate(each):
        if again:
            learner.set_each(logits, "data", numbers)
        _softmax(learner, logits, numbers)


def assert_softmax_keeps(learner: Learner, numbers: Sequence[float]) -> None:
    """softmax leaves the logits and their list as they were; raises Mismatch."""
    logits = [learner.Value(number) for number in numbers]
    given = learner.keep(logits)
    learner.softmax(given)
    look = learner.looked_at()
    for logit, number in zip(logits, numbers, strict=True):
        now = logit.data
        if not close(now, number):
            message = "softmax should not change the logits."
            raise learner.mismatch(message, now, number, f"({look}, {source_text(logit)}.data)[1]")
    assert_kept(learner, given, logits)


def _softmax(learner: Learner, logits: Sequence[Any], numbers: Sequence[float]) -> list[Any]:
    answer = learner.softmax(list(logits))
    look = learner.looked_at()
    found = items(learner, answer, look)
    if len(found) != len(numbers):
        message = "There should be one probability per logit."
        raise learner.mismatch(message, len(found), len(numbers), f"len({look})")
    for yours, right in zip(found, probabilities(numbers), strict=True):
        assert_value(learner, yours, "A probability")
        assert_number(learner, yours.data, right, look=f"{source_text(yours)}.data")
    return found


def assert_softmax_slopes(
    learner: Learner, numbers: Sequence[float], weights: Sequence[float]
) -> None:
    """The gradients of a weighted sum of the probabilities are right; raises Mismatch."""
    logits = [learner.Value(number) for number in numbers]
    found = _softmax(learner, logits, numbers)
    total = found[0] * weights[0]
    for probability, weight in zip(found[1:], weights[1:], strict=True):
        total = total + probability * weight
    total.backward()
    shares = probabilities(numbers)
    mean = sum(share * weight for share, weight in zip(shares, weights, strict=True))
    right = [share * (weight - mean) for share, weight in zip(shares, weights, strict=True)]
    _assert_slopes(learner, logits, right)


def assert_nll(learner: Learner, targets: Sequence[int], *each: Sequence[float]) -> None:
    """nll is minus the logarithm of the target's probability, and its gradients are right.

    Args:
        learner: the test's fixture.
        targets: several losses of the same logits are added up.
        each: the numbers of the logits, one list after another in the same Values.

    Raises:
        Mismatch: number or gradients are wrong.
    """
    assert_alone(learner, _OURS, lambda: _judge_nll(learner, targets, each))


def _judge_nll(learner: Learner, targets: Sequence[int], each: Sequence[Sequence[float]]) -> None:
    logits = [learner.Value(number) for number in each[0]]
    for again, numbers in enumerate(each):
        if again:
            learner.set_each(logits, "data", numbers)
            learner.set_each(logits, "grad", [0.0] * len(logits))
        first, *others = (_loss(learner, logits, numbers, target) for target in targets)
        sum(others, first).backward()
        slopes = [len(targets) * share for share in probabilities(numbers)]
        for target in targets:
            slopes[target] -= 1.0
        _assert_slopes(learner, logits, slopes)


def _loss(learner: Learner, logits: Sequence[Any], numbers: Sequence[float], target: int) -> Any:
    """The learner's loss of one target, which has the right number; raises Mismatch."""
    loss = learner.nll(list(logits), target)
    assert_value(learner, loss, "The loss")
    largest = max(numbers)
    spread = math.log(sum(math.exp(number - largest) for number in numbers))
    yours, right = loss.data, largest + spread - numbers[target]
    if not close(yours, right):
        message = _odd_loss(yours, right, probabilities(numbers)[target])
        raise learner.mismatch(message, yours, right)
    return loss


def _odd_loss(yours: object, right: float, share: float) -> str:
    """What a wrong loss is, where it is something that we know."""
    if not is_number(yours):
        return not_a_number(yours)
    if close(yours, -right):
        return "The sign is wrong: a loss is never negative."
    if close(yours, share) or close(yours, -share):
        return "That is the probability itself, without its logarithm."
    if close(yours, right / math.log(10)):
        return "That is a logarithm to base 10."
    return ""


def _assert_slopes(learner: Learner, logits: Sequence[Any], right: Sequence[float]) -> None:
    found = learner.read_each(logits, "grad")
    for logit, yours, wanted in zip(logits, found, right, strict=True):
        assert_number(learner, yours, wanted, look=f"{source_text(logit)}.grad")
