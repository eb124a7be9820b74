"""Expressions as functions in the learner's process, for arguments such as `f` and `loss`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from autograder.expressions.right import cross_check
from autograder.worker.protocol import Function

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression


def as_function(expression: Expression, source: str | None = None) -> Function:
    """The expression as a function of its inputs.

    Args:
        expression: what it computes.
        source: the same function as Python that a learner can paste; by default a lambda.
    """
    names = tuple(name for name, _ in expression.inputs)
    text = source or f"lambda {', '.join(names)}: {expression.formula}"
    return Function(names, (), steps_of(expression), expression.root, text)


def as_loss(expression: Expression, objects: Mapping[str, object]) -> Function:
    """The expression as a function without arguments.

    Args:
        expression: what it computes.
        objects: the learner's Values, by the inputs' names. Each call builds the expression anew
            from their current data.
    """
    text = f"lambda: {expression.written(values=True)}"
    return Function((), tuple(objects.items()), steps_of(expression), expression.root, text)


def steps_of(expression: Expression) -> tuple[tuple[str, str, tuple[str | float, ...]], ...]:
    """The steps of an expression as they are sent, after a cross-check of its right numbers.

    Returns:
        Name, operator and operands of each step.
    """
    cross_check(expression)
    return tuple((step.name, step.op, step.operands) for step in expression.steps)
