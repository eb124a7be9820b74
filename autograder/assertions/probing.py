"""Short ways to write fingerprint probes: what an engine answers for a small expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.assertions.case import Backward
from autograder.expressions.expression import Expression, express

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Probe = Callable[["Learner"], object]
"""A question to a learner's code: called with it, returns the answer."""

ByPart = dict[str, dict[str, Probe]]
"""Probes by part and name."""

Formula = Callable[..., Any]
"""An expression as a function of numbers or of Values."""


def value(formula: Formula, **inputs: float) -> Probe:
    """The number that the formula comes to, with the learner's Value."""
    expression = express(formula, **inputs)
    return lambda learner: _outcome(learner, expression, None, 1.0)


def gradients(
    backward: Backward, formula: Formula, upstream: float = 1.0, **inputs: float
) -> Probe:
    """The gradient of each input of the formula, with the learner's engine."""
    expression = express(formula, **inputs)
    return lambda learner: _outcome(learner, expression, backward, upstream)


def one_node(operate: Formula, *numbers: float) -> Probe:
    """Whether a result's operands are those that it was given: made in one step, of no others."""

    def probe(learner: Learner) -> object:
        operands = [learner.Value(number) for number in numbers]
        held = list(operate(*operands)._prev)
        return len(held) == len(operands) and all(operand in operands for operand in held)

    return probe


def _outcome(
    learner: Learner, expression: Expression, backward: Backward, upstream: float
) -> object:
    answers = learner.evaluate(expression, backward=backward, upstream=upstream)
    if answers.error is not None:
        answers.error.look = answers.failed  # on the way forward, or back
        raise answers.error
    return answers.data[expression.root] if backward is None else answers.grads
