"""How numbers are compared: every tolerance used to judge answers is here."""

from __future__ import annotations

import math
from typing import TypeGuard

RELATIVE_TO_REFERENCE = 1e-9
"""Relative. Right engines may compose operators differently; they agree far better than this."""

RELATIVE_TO_DIFFERENCE = 1e-5
"""Relative. Central differences are themselves only about this accurate, away from kinks."""

FLOOR = 1e-10
"""Absolute. What cancellation leaves of numbers of ordinary size."""

RELATIVE_WHERE_MEASURED = 1e-6
"""Relative, for gradients. A correct engine may use differences for slopes, which lose digits."""

LOST_BY_MEASURING = 1e-7
"""Absolute, for slopes up to 1. The error of differences where steep slopes cancel."""

DIGITS_OF_A_FORMULA = 1e-12
"""Absolute, for slopes up to 1. Gradients from formulas are closer, those from differences not."""

ROUNDING = 4e-15
"""Relative: the rounding error after a few operations, in any order; 18 units of 2**-52."""

MARGIN_AT_KINK = 1e-2
"""Absolute. Closer to a kink than this, finite differences are meaningless."""


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether the value is a plain number: exactly an int or a float, not a bool or a subclass."""
    return type(value) in (int, float)


def close(
    yours: object,
    expected: float,
    relative: float = RELATIVE_TO_REFERENCE,
    absolute: float = FLOOR,
) -> bool:
    """Whether `yours` is a plain number equal to `expected` within the tolerances.

    NaN equals NaN, and an infinity equals itself, so that they can be expected answers.

    Args:
        yours: the learner's answer, of any type.
        expected: the right answer.
        relative: the relative tolerance.
        absolute: the absolute tolerance; the larger one applies.
    """
    if type(yours) is float and yours == expected:
        return True  # the usual case, thousands of times for each submission
    if not is_number(yours):
        return False
    try:
        number = float(yours)
    except OverflowError:
        return False
    if math.isnan(expected):
        return math.isnan(number)
    return math.isclose(number, expected, rel_tol=relative, abs_tol=absolute)


def near_slope(difference: float, slope: float, steepest: float) -> bool:
    """Whether a central difference agrees with a slope.

    A slope near 0 next to steep ones has their rounding error, so the absolute tolerance is a tenth
    of the relative one, times the steepest slope.

    Args:
        difference: the central difference, with a sensible step.
        slope: the right slope.
        steepest: the largest slope of the whole expression, in absolute value.
    """
    rounding = RELATIVE_TO_DIFFERENCE / 10 * max(1.0, steepest)
    return close(difference, slope, RELATIVE_TO_DIFFERENCE, rounding)


def right_gradient(yours: object, gradient: float, steepest: float) -> bool:
    """Whether an answer is the right gradient, computed by formulas or by differences.

    Args:
        yours: the learner's answer, of any type.
        gradient: the right gradient.
        steepest: the largest gradient of the whole expression, in absolute value.
    """
    return close(yours, gradient, RELATIVE_WHERE_MEASURED, LOST_BY_MEASURING * max(1.0, steepest))


def is_measured(yours: object, gradient: float, steepest: float) -> bool:
    """Whether a right gradient is less accurate than formulas; as for `right_gradient`."""
    return not close(yours, gradient, 0.0, DIGITS_OF_A_FORMULA * max(1.0, steepest))


def rounding_of_quotient(h: float, *numbers: float) -> float:
    """The rounding error that a difference quotient may have.

    Each number that it was computed from has a rounding error, and the division by h magnifies it.

    Args:
        h: the step.
        numbers: those that it was computed from.
    """
    return ROUNDING * max(abs(number) for number in numbers) / abs(h)


def in_words(value: object) -> str:
    """A number or any other answer as text of at most 60 characters."""
    if type(value) is float:
        return f"{value:.10g}" if math.isfinite(value) and value != int(value) else str(value)
    if value is None:
        return "None"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
