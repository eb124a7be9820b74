"""Forward mode is exact where floats are, and a pass looks at one number alone."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograder.expressions import duals
from autograder.expressions.duals import forward
from autograder.expressions.expression import express
from autograder.operators import OPERATORS


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        (lambda a: a + a + 3, 2.0),
        (lambda a: 3 - a - a, -2.0),
        (lambda a: a * a * a, 0.75),
        (lambda a: 4 / a, -16.0),
        (lambda a: a / 4, 0.25),
        (lambda a: -a, -1.0),
        (lambda a: a**3, 0.75),
        (lambda a: a**-1, -4.0),
        (lambda a: (2 * a).exp(), 2 * math.e),
        (lambda a: a.log(), 2.0),
        (lambda a: a.relu() + (-a).relu(), 1.0),
        (lambda a: a.tanh(), (2 / (math.exp(0.5) + math.exp(-0.5))) ** 2),
        (lambda a: (a + a).tanh(), 8 / (math.e + 1 / math.e) ** 2),
    ],
)
def test_slopes_known_by_heart(formula: Any, slope: float) -> None:
    assert express(formula, a=0.5).by_duals().grads["a"] == pytest.approx(slope, rel=4e-16)


def test_every_operator_has_its_slopes() -> None:
    assert list(duals._SLOPES) == list(OPERATORS)
    for name, op in OPERATORS.items():
        assert len(duals._SLOPES[name](*(2.0, 3.0)[: op.arity])) == op.arity


def test_a_pass_follows_one_number_and_no_other() -> None:
    expression = express(lambda a, b: (a * b + b) ** 2, a=2.0, b=-3.0)
    c, d, f = (step.name for step in expression.steps)

    by_a = forward(dict(expression.inputs), expression.steps, by="a")
    assert by_a == {
        "a": (2.0, 1.0),
        "b": (-3.0, 0.0),
        c: (-6.0, -3.0),
        d: (-9.0, -3.0),
        f: (81.0, 54.0),
    }
    by_c = forward(dict(expression.inputs), expression.steps, by=c)
    assert by_c[f] == (81.0, -18.0)
    assert by_c["b"] == (-3.0, 0.0)


def test_a_number_that_leads_nowhere_has_no_slope() -> None:
    expression = express(lambda a, b: a * 2 + 0 * b, a=1.5, b=4.0)

    assert expression.by_duals().grads == {"a": 2.0, "b": 0.0}


def test_far_out_nothing_overflows_that_has_a_slope() -> None:
    assert express(lambda a: a.tanh(), a=500.0).by_duals().grads["a"] == 0.0


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        (lambda a: a**0.5, ValueError),
        (lambda a: a.log(), ValueError),
        (lambda a: 1 / (a + 2.0), ZeroDivisionError),
        (lambda a: (-1000 * a).exp(), OverflowError),
    ],
)
def test_where_there_is_no_number_it_says_so_as_floats_do(
    formula: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        express(formula, a=-2.0).by_duals()
