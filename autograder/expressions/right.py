"""The right answers for an expression, cached: every submission gets the same questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.expressions.compare import close, near_slope

if TYPE_CHECKING:
    from autograder.expressions.expression import Answers, Expression

_CROSS_CHECKED = ContextVar("cross_checked", default=False)


class Disagreement(Exception):
    """Two evaluations of an expression give different numbers; the message has both."""


def right_answers(expression: Expression) -> Answers:
    """Every number of an expression, and the gradient of each input.

    Raises:
        Disagreement: as `cross_check`.
        ValueError, ArithmeticError: as `Expression.by_floats`.
    """
    cross_check(expression)
    return _by_duals(expression)


@lru_cache(maxsize=1_000)
def _by_duals(expression: Expression) -> Answers:
    return expression.by_duals()


@lru_cache(maxsize=1_000)
def differences(expression: Expression) -> dict[str, float]:
    """The central difference by each input; empty if a kink is too close."""
    if not expression.is_smooth_here():
        return {}
    return {name: expression.central_difference(name) for name, _ in expression.inputs}


def prepare(expressions: Iterable[Expression]) -> None:
    """Compute the right answers in advance, while a worker computes its own; raises nothing."""
    for expression in expressions:
        with suppress(Disagreement, ValueError, ArithmeticError):
            right_answers(expression)
            differences(expression)


@contextmanager
def cross_checked() -> Iterator[None]:
    """Within the block, `cross_check` compares forward mode, reference and differences."""
    before = _CROSS_CHECKED.set(True)
    try:
        yield
    finally:
        _CROSS_CHECKED.reset(before)


def cross_check(expression: Expression) -> None:
    """Within `cross_checked`, raise Disagreement if there is one; elsewhere do nothing."""
    if _CROSS_CHECKED.get() and (found := disagreement(expression)):
        raise Disagreement(found)


@lru_cache(maxsize=10_000)
def disagreement(expression: Expression) -> str | None:
    """Where forward mode, the reference and central differences disagree; None if they agree."""
    forward, reference = expression.by_duals(), expression.by_reference()
    slopes = differences(expression)
    steepest = max(map(abs, forward.grads.values()), default=0.0)
    for name, number in forward.data.items():
        other = reference.data[name]
        if not close(other, number):
            found = f"{name}.data is {number} in plain floats, {other} by the reference"
            return f"{found}: {expression.text}"
    for name, slope in forward.grads.items():
        other, difference = reference.grads[name], slopes.get(name, slope)
        if not (close(other, slope) and near_slope(difference, slope, steepest)):
            found = f"{name}.grad is {slope} by forward mode, {other} by the reference"
            return f"{found}, {difference} by differences: {expression.text}"
    return None
