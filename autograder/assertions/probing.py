"""Short ways to write fingerprint probes: an engine's answers for small expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.assertions.case import Backward
from autograder.expressions.expression import Expression, express

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Probe = Callable[["Learner"], object]
"""A question to a learner's code: a function that takes it and returns the answer."""

ByPart = dict[str, dict[str, Probe]]
"""Probes by part and name."""

Formula = Callable[..., Any]
"""An expression as a function of numbers or of Values."""


def value(formula: Formula, **inputs: float) -> Probe:
    """A probe for the formula's number, computed with the learner's Value.

    Args:
        formula: the expression.
        inputs: the names and numbers of its inputs.
    """
    expression = express(formula, **inputs)
    return lambda learner: _outcome(learner, expression, None, 1.0)


def gradients(
    backward: Backward, formula: Formula, upstream: float = 1.0, **inputs: float
) -> Probe:
    """A probe for the gradient of each input of the formula, with the learner's engine.

    Args:
        backward: "closures" or "backward"; see `Learner.evaluate`.
        formula: the expression.
        upstream: the root's gradient for "closures".
        inputs: the names and numbers of its inputs.
    """
    expression = express(formula, **inputs)
    return lambda learner: _outcome(learner, expression, backward, upstream)


def one_node(operate: Formula, *numbers: float) -> Probe:
    """A probe for whether a result's operands are exactly those given, so it is made in one step.

    Args:
        operate: makes the result from Values.
        numbers: the Values' numbers.
    """

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
        answers.error.look = answers.failed  # a step forward, or "backward"
        raise answers.error
    return answers.data[expression.root] if backward is None else answers.grads
