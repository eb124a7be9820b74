"""How numbers compare: every tolerance by which answers are judged."""

from __future__ import annotations

import math

RELATIVE_TO_REFERENCE = 1e-9
"""Two right engines may compose operators differently; they agree far closer than this."""

RELATIVE_TO_DIFFERENCE = 1e-5
"""Central differences are themselves only about this good, away from kinks."""

FLOOR = 1e-10
"""Absolute; what cancellation leaves of numbers of everyday size."""

RELATIVE_WHERE_MEASURED = 1e-6
"""Of a gradient: a right engine may measure its slopes, and differences lose digits."""

LOST_BY_MEASURING = 1e-7
"""Absolute, beside a slope of 1: what differences leave where steep slopes cancel."""

DIGITS_OF_A_FORMULA = 1e-12
"""Beside a slope of 1: a gradient from formulas is never further off, one from differences is."""

ROUNDING = 4e-15
"""How wrong a number of size 1 may be after a few operations, in whatever order."""

MARGIN_AT_KINK = 1e-2
"""How far from a kink a number must be, for finite differences to mean anything."""


def is_number(value: object) -> bool:
    """Whether the value is a plain number: exactly an int or a float, and no bool."""
    return type(value) in (int, float)


def close(
    yours: object,
    expected: float,
    relative: float = RELATIVE_TO_REFERENCE,
    absolute: float = FLOOR,
) -> bool:
    """Whether `yours` is a plain number equal to `expected` within the tolerances.

    NaN equals NaN and an infinity equals itself, so that an expected one can be met.
    """
    if not is_number(yours):
        return False
    assert isinstance(yours, (int, float))
    try:
        number = float(yours)
    except OverflowError:
        return False
    if math.isnan(expected):
        return math.isnan(number)
    return math.isclose(number, expected, rel_tol=relative, abs_tol=absolute)


def near_slope(difference: float, slope: float, steepest: float) -> bool:
    """Whether a central difference at a sensible step is this slope.

    A slope near 0 beside steep ones keeps their rounding, so what is left out of account is a
    tenth of the relative tolerance of the steepest.
    """
    rounding = RELATIVE_TO_DIFFERENCE / 10 * max(1.0, steepest)
    return close(difference, slope, RELATIVE_TO_DIFFERENCE, rounding)


def right_gradient(yours: object, gradient: float, steepest: float) -> bool:
    """Whether this is the gradient, from formulas or from slopes that were measured.

    Args:
        yours: the answer.
        gradient: the right one.
        steepest: the largest gradient of the whole expression.
    """
    return close(yours, gradient, RELATIVE_WHERE_MEASURED, LOST_BY_MEASURING * max(1.0, steepest))


def is_measured(yours: object, gradient: float, steepest: float) -> bool:
    """Whether a right gradient is further off than formulas leave it; arguments as above."""
    return not close(yours, gradient, 0.0, DIGITS_OF_A_FORMULA * max(1.0, steepest))


def rounding_of_quotient(h: float, *numbers: float) -> float:
    """What rounding may leave in a difference quotient.

    Each of the numbers that it was computed from is a little wrong, and the division by h
    magnifies that.
    """
    return ROUNDING * max(abs(number) for number in numbers) / abs(h)


def in_words(value: object) -> str:
    """A number or another answer, short enough for a sentence."""
    if type(value) is float:
        return f"{value:.10g}" if math.isfinite(value) and value != int(value) else str(value)
    if value is None:
        return "None"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
