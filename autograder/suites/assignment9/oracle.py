"""Softmax and its loss in plain floats, and the learner's beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import assert_number, assert_value, not_a_number
from autograder.assertions.networks import items
from autograder.expressions.compare import close, is_number
from autograder.remote.objects import source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


def probabilities(logits: Sequence[float]) -> list[float]:
    """Positive, 1 together, each e times as large for a logit that is 1 larger."""
    largest = max(logits)
    powers = [math.exp(logit - largest) for logit in logits]
    return [power / sum(powers) for power in powers]


def assert_softmax(learner: Learner, numbers: Sequence[float]) -> list[Any]:
    """softmax gives the probabilities and leaves the logits as they were; raises Mismatch.

    Returns:
        The learner's probabilities.
    """
    logits = [learner.Value(number) for number in numbers]
    return _softmax(learner, logits, numbers)


def _softmax(learner: Learner, logits: Sequence[Any], numbers: Sequence[float]) -> list[Any]:
    answer = learner.softmax(list(logits))
    look = learner.looked_at()
    found = items(learner, answer, look)
    if len(found) != len(numbers):
        message = "There is one probability for each logit."
        raise learner.mismatch(message, len(found), len(numbers), f"len({look})")
    for yours, right in zip(found, probabilities(numbers), strict=True):
        assert_value(learner, yours, "A probability")
        assert_number(learner, yours.data, right, look=f"{source_text(yours)}.data")
    for logit, number in zip(logits, numbers, strict=True):
        now = logit.data
        if not close(now, number):
            message = "softmax should leave the logits as they were."
            raise learner.mismatch(message, now, number, f"({look}, {source_text(logit)}.data)[1]")
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


def assert_nll(learner: Learner, numbers: Sequence[float], *targets: int) -> None:
    """nll is minus the logarithm of the target's probability, and its gradients are right.

    Args:
        learner: the test's fixture.
        numbers: the logits.
        targets: several losses of the same logits are added up.

    Raises:
        Mismatch: number or gradients are wrong.
    """
    logits = [learner.Value(number) for number in numbers]
    shares, total = probabilities(numbers), None
    for target in targets:
        loss = learner.nll(list(logits), target)
        assert_value(learner, loss, "The loss")
        largest = max(numbers)
        spread = math.log(sum(math.exp(number - largest) for number in numbers))
        right = largest + spread - numbers[target]
        yours = loss.data
        if not close(yours, right):
            raise learner.mismatch(_odd_loss(yours, right, shares[target]), yours, right)
        total = loss if total is None else total + loss
    assert total is not None
    total.backward()
    slopes = [len(targets) * share for share in shares]
    for target in targets:
        slopes[target] -= 1.0
    _assert_slopes(learner, logits, slopes)


def _odd_loss(yours: object, right: float, share: float) -> str:
    """What a wrong loss is, where it is something that we know."""
    if not is_number(yours):
        return not_a_number(yours)
    if close(yours, -right):
        return "The sign is turned round: a loss is never negative."
    if close(yours, share) or close(yours, -share):
        return "That is the probability itself, without its logarithm."
    if close(yours, right / math.log(10)):
        return "That is a logarithm to the base 10."
    return ""


def _assert_slopes(learner: Learner, logits: Sequence[Any], right: Sequence[float]) -> None:
    found = learner.read_each(logits, "grad")
    for logit, yours, wanted in zip(logits, found, right, strict=True):
        assert_number(learner, yours, wanted, look=f"{source_text(logit)}.grad")
