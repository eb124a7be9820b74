"""assignment5, the tests that learners may read.

Each operator is used twice on the same numbers, so an engine that overwrites passes none of them.
What joins the two results uses each of them once, so it matters little whether that overwrites.
"""

from pathlib import Path

import pytest

from autograder.assertions.judge import assert_gradients
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import number
from autograder.suites.assignment5.oracle import assert_tells_apart, jury
from autograder.suites.assignment5.sums import assert_accumulates, assert_roots_add_up

ENGINES = Path(__file__).parent / "engines"
TIMES = (1.0,) * 6  # again and again: who relies on the order of a set may be lucky once


def probe(learner, formula, **inputs):
    """The gradients of a small expression, after backward()."""
    assert_gradients(learner, express(formula, **inputs), backward="backward", upstream=TIMES)


def readme(a, b):
    """The expression in micrograd's README."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    f = (c - d) ** 2
    g = f / 2.0
    return g + 10.0 / f


@pytest.mark.part("check")
@pytest.mark.points(1)
def test_check_on_a_few(learner):
    """your test catches two wrong engines and accepts a correct one"""
    assert_tells_apart(learner, "check_accumulation", jury(ENGINES).small)


@pytest.mark.part("add")
@pytest.mark.points(2)
def test_add(learner):
    """+ adds to both gradients: a + a, and (a + b) + (a + b)"""
    probe(learner, lambda a: a + a, a=3.0)
    probe(learner, lambda a, b: (a + b) + (a + b), a=2.0, b=-3.0)


@pytest.mark.part("mul")
@pytest.mark.points(2)
def test_mul(learner):
    """* adds to both gradients: a * a, and (a * b) * (a * b)"""
    probe(learner, lambda a: a * a, a=3.0)
    probe(learner, lambda a, b: (a * b) * (a * b), a=2.0, b=-3.0)


@pytest.mark.part("pow")
@pytest.mark.points(1)
def test_pow(learner):
    """** adds to the gradient: a**3 + a**3"""
    assert_accumulates(learner, lambda a: a**3, 1.5)


@pytest.mark.part("exp")
@pytest.mark.points(1)
def test_exp(learner):
    """exp adds to the gradient: a.exp() + a.exp()"""
    assert_accumulates(learner, lambda a: a.exp(), 0.5)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
def test_tanh(learner):
    """tanh adds to the gradient: a.tanh() + a.tanh()"""
    assert_accumulates(learner, lambda a: a.tanh(), 0.5)


@pytest.mark.part("relu")
@pytest.mark.points(1)
def test_relu(learner):
    """relu adds to the gradient: a.relu() + a.relu()"""
    assert_accumulates(learner, lambda a: a.relu(), 3.0)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_sub_and_neg(learner, rng):
    """- adds to both gradients, even with a plain number on either side"""
    x, y = number(rng, 0.5, 3), number(rng, 0.5, 3)
    # the sum at the root sends first, whatever order an engine keeps operands in
    probe(learner, lambda a, b: (a - b) + a, a=x, b=y)
    probe(learner, lambda a, b: (a - b) + b, a=x, b=y)
    for operate in (lambda a: -a, lambda a: a - 2, lambda a: 2 - a):
        probe(learner, lambda a, operate=operate: operate(a) + a, a=x)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_truediv(learner, rng):
    """/ adds to both gradients, even with a plain number on either side"""
    x, y = number(rng, 0.5, 3), number(rng, 0.5, 3)
    probe(learner, lambda a, b: (a / b) * a, a=x, b=y)
    probe(learner, lambda a, b: (a / b) * b, a=x, b=y)
    for operate in (lambda a: a / 4, lambda a: 4 / a):
        probe(learner, lambda a, operate=operate: operate(a) * a, a=x)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_two_roots(learner):
    """two roots that share a leaf: the gradients add up, as in section 5"""
    assert_roots_add_up(learner)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_tanh_taken_apart(learner):
    """tanh as (e - 1) / (e + 1), where e is used twice"""

    def apart(a):
        b = (2 * a).exp()
        return (b - 1) / (b + 1)

    probe(learner, apart, a=0.5)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_destination(learner):
    """the expression from the first page, on your engine"""
    probe(learner, readme, a=-4.0, b=2.0)
