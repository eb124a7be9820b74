"""What counts as the same number, and what is no number at all."""

from __future__ import annotations

import ast
import enum
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder
from autograder.expressions import compare
from autograder.expressions.compare import (
    close,
    in_words,
    is_measured,
    is_number,
    near_slope,
    right_gradient,
    rounding_of_quotient,
)


class Agreeable(float):
    """Equal to everything."""

    __hash__ = None  # type: ignore[assignment]  # on purpose

    def __eq__(self, other: object) -> bool:
        return True


class Two(enum.IntEnum):
    """An int by inheritance."""

    VALUE = 2


@pytest.mark.parametrize(
    "answer",
    [True, False, "2", "2.0", None, [2.0], (2.0,), 2 + 0j, Fraction(2), Agreeable(7), Two.VALUE],
    ids=repr,
)
def test_only_exact_ints_and_floats_are_numbers(answer: object) -> None:
    assert not is_number(answer)
    assert not close(answer, 2.0)


@given(st.integers() | st.floats())
def test_ints_and_floats_are_numbers(answer: float) -> None:
    assert is_number(answer)


@given(st.floats(allow_nan=False))
def test_a_number_is_close_to_itself(number: float) -> None:
    assert close(number, number)


@pytest.mark.parametrize(
    ("yours", "expected", "same"),
    [
        (math.nan, 1.0, False),
        (math.nan, math.nan, True),
        (1.0, math.nan, False),
        (math.inf, math.inf, True),
        (-math.inf, math.inf, False),
        (1e308, math.inf, False),
        (math.inf, 1e308, False),
        (10**400, math.inf, False),
        (10**400, 1e308, False),
        (-(10**400), -math.inf, False),
        (3, 3.0, True),
        (10**15 + 1, 1e15, True),
        (-0.0, 0.0, True),
        (2, 2.5, False),
        (1e-11, 0.0, True),
        (1e-9, 0.0, False),
        (1.0 + 1e-10, 1.0, True),
        (1.0 + 1e-8, 1.0, False),
        (1e6 * (1 + 1e-10), 1e6, True),
    ],
)
def test_numbers_are_compared_by_value(yours: float, expected: float, *, same: bool) -> None:
    assert close(yours, expected) is same


def test_the_tolerance_can_be_that_of_differences() -> None:
    assert close(1.000001, 1.0, compare.RELATIVE_TO_DIFFERENCE)
    assert not close(1.0001, 1.0, compare.RELATIVE_TO_DIFFERENCE)
    assert close(0.3, 0.0, absolute=0.5)


def test_a_float_too_large_for_exactness_is_no_accident() -> None:
    """0.1 + 0.2 is right where 0.3 is: what another order of operations leaves."""
    assert close(0.1 + 0.2, 0.3)
    assert close(sum([0.1] * 10), 1.0)


def test_rounding_in_a_quotient_grows_as_h_shrinks() -> None:
    assert rounding_of_quotient(1e-8, 3.0, -20.0) == pytest.approx(compare.ROUNDING * 20 / 1e-8)
    assert rounding_of_quotient(-1e-8, 1.0) > rounding_of_quotient(1e-3, 1.0) > 0
    assert 1e-15 < rounding_of_quotient(1.0, 1.0) < 1e-14  # a few units in the last place of 1.0


def test_a_kink_is_further_off_than_a_difference_steps_and_leaves_most_numbers() -> None:
    assert 1e-3 <= compare.MARGIN_AT_KINK <= 0.1


@pytest.mark.parametrize(
    ("difference", "slope", "steepest", "near"),
    [
        (1 + 5e-6, 1.0, 1.0, True),
        (1 + 5e-5, 1.0, 1.0, False),
        (1e3 * (1 + 5e-6), 1e3, 1e3, True),
        (5e-7, 0.0, 0.1, True),
        (1.1e-6, 0.0, 0.1, False),
        (5e-6, 0.0, 1.0, False),
        (5e-5, 0.0, 100.0, True),
        (5e-4, 0.0, 100.0, False),
    ],
)
def test_a_difference_is_a_slope_up_to_what_steep_ones_lose(
    difference: float, slope: float, steepest: float, *, near: bool
) -> None:
    assert near_slope(difference, slope, steepest) is near


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "None"),
        (2.0, "2.0"),
        (-0.0, "-0.0"),
        (1 / 3, "0.3333333333"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (1e300, "1e+300"),
        (7, "7"),
        (True, "True"),
        ("2.0", "'2.0'"),
        ("\x1b[2J", "'\\x1b[2J'"),
        ("x" * 58, f"'{'x' * 58}'"),
        ("x" * 59, "'" + "x" * 56 + "…"),
        ([1.5, None], "[1.5, None]"),
    ],
)
def test_an_answer_in_words(answer: object, words: str) -> None:
    assert in_words(answer) == words


def test_an_integer_of_any_length_has_words() -> None:
    """Python refuses to print more than 4,300 digits; the protocol lets no such number through."""
    assert in_words(10**300).endswith("…")
    assert len(in_words(10**300)) <= 60


def test_tolerances_stand_in_one_module() -> None:
    """No other module that judges compares with numbers of its own."""
    assert autograder.__file__ is not None
    root = Path(autograder.__file__).parent
    found = []
    for folder in ("expressions", "assertions", "suites"):
        for path in (root / folder).rglob("*.py"):
            if path == Path(compare.__file__) or "engines" in path.parts or "right" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found += [
                    f"{path}:{word.lineno}"
                    for word in (node.keywords if isinstance(node, ast.Call) else [])
                    if word.arg in ("rel", "abs", "rel_tol", "abs_tol", "relative", "absolute")
                    and isinstance(word.value, ast.Constant)
                ]

    assert found == []


@pytest.mark.parametrize("h", [1e-3, 1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("x", [-2.0, 0.5, 4.0, 6.5])
def test_a_slope_that_is_measured_is_right(h: float, x: float) -> None:
    for f, slope in ((math.exp, math.exp(x)), (math.tanh, 1 - math.tanh(x) ** 2)):
        assert right_gradient((f(x + h) - f(x - h)) / (2 * h), slope, slope)


@pytest.mark.parametrize("x", [0.5, 4.0, 6.5, 7.25])
def test_a_slope_that_is_left_out_or_of_another_number_is_wrong(x: float) -> None:
    slope = 1 - math.tanh(x) ** 2

    assert not right_gradient(0.0, slope, slope)
    assert not right_gradient(slope * 0.9, slope, slope)
    assert not right_gradient(None, slope, slope)


def test_beside_steep_slopes_more_is_lost() -> None:
    assert right_gradient(2e-6, 0.0, 100.0)
    assert not right_gradient(2e-6, 0.0, 1.0)
    assert right_gradient(5e-8, 0.0, 0.01)


def test_digits_tell_a_measured_gradient_from_one_by_a_formula() -> None:
    assert is_measured(0.3 + 1e-11, 0.3, 0.3)
    assert not is_measured(0.1 + 0.2, 0.3, 0.3)
    assert not is_measured(1000.0 + 1e-10, 1000.0, 1000.0)
    assert not is_measured(0.01 + 5e-13, 0.01, 0.01)
    assert is_measured(0.01 + 1.5e-12, 0.01, 0.01)
