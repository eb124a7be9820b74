"""assignment5, the tests that stay with the instructor.

In each expression something is used more than once, so an engine that overwrites passes no test.
"""

from pathlib import Path

import pytest

from autograder.assertions.judge import (
    assert_gradient,
    assert_gradient_kept,
    assert_gradients,
    assert_result,
)
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import graph, number
from autograder.suites.assignment5.oracle import assert_tells_apart, jury

pytestmark = pytest.mark.hidden

ENGINES = Path(__file__).parent / "engines"
RUNGS = 150


def probe(learner, formula, **inputs):
    """The gradients of a small expression, after backward()."""
    assert_gradients(learner, express(formula, **inputs), backward="backward")


def probe_unary(learner, apply, *numbers):
    """An operator of one operand: its result beside the operand, times it, and used on."""
    for x in numbers:
        probe(learner, lambda a: apply(a) + a, a=x)
        probe(learner, lambda a: a + apply(a), a=x)
        probe(learner, lambda a: a * apply(a), a=x)
        probe(learner, lambda a: (apply(a) * -2.0) + apply(a), a=x)
        probe(learner, lambda a: (apply(a) + apply(a)) + apply(a), a=x)
        probe(learner, lambda a, b: apply(a * b) + apply(a * b) * b, a=x, b=1.5)


@pytest.mark.part("check")
@pytest.mark.points(8)
def test_check(learner):
    """your test catches all eight wrong engines, and no right one"""
    assert_tells_apart(learner, "check_accumulation", jury(ENGINES))


@pytest.mark.part("add")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_add_again(learner, rng):
    """sums within sums, on the left and on the right"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    probe(learner, lambda a, b: (a + b) + a, a=x, b=y)
    probe(learner, lambda a, b: b + (b + a), a=x, b=y)
    probe(learner, lambda a: (a + 2) + (3 + a), a=x)
    probe(learner, lambda a, b: (a + b) * a, a=x, b=y)
    probe(learner, lambda a, b: b * (a + b), a=x, b=y)
    probe(learner, lambda a: a + a + a + a, a=2)
    probe(learner, lambda a, b: ((a + b) + (a + b)) + (a + b), a=x, b=y)
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a
    c += b
    assert_result(learner, c, 5.0, a, b)


@pytest.mark.part("mul")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_mul_again(learner, rng):
    """products within products, on the left and on the right"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    probe(learner, lambda a, b: (a * b) * a, a=x, b=y)
    probe(learner, lambda a, b: b * (b * a), a=x, b=y)
    probe(learner, lambda a: (a * 2) + (3 * a), a=x)
    probe(learner, lambda a, b: (a * b) + a, a=x, b=y)
    probe(learner, lambda a, b: b + (a * b), a=x, b=y)
    probe(learner, lambda a: a * a * a * a, a=2)
    probe(learner, lambda a, b: (a * b + a * b) + a * b, a=x, b=y)


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow", "test_mul")
def test_pow_again(learner, rng):
    """powers beside, within and times the number itself"""
    for exponent in (2, 1, -1, 0.5):
        probe_unary(learner, lambda a, n=exponent: a**n, number(rng, 0.5, 2))


@pytest.mark.part("exp")
@pytest.mark.points(1)
@pytest.mark.needs("test_exp", "test_mul")
def test_exp_again(learner, rng):
    """exp beside, within and times the number itself"""
    probe_unary(learner, lambda a: a.exp(), number(rng, -2, 1), 1)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
@pytest.mark.needs("test_tanh", "test_mul")
def test_tanh_again(learner, rng):
    """tanh beside, within and times the number itself"""
    probe_unary(learner, lambda a: a.tanh(), number(rng, -1, 1), -1)


@pytest.mark.part("relu")
@pytest.mark.points(1)
@pytest.mark.needs("test_relu", "test_mul")
def test_relu_again(learner, rng):
    """relu beside, within and times the number itself, open and closed"""
    probe_unary(learner, lambda a: a.relu(), number(rng, 0.5, 3), number(rng, -3, -0.5))


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_add", "test_mul")
def test_two_ways(learner):
    """two results of the same two numbers, which meet again"""
    probe(learner, lambda a, b: (a * b) * (a + b), a=-2.0, b=3.0)

    def crossing(a, b):
        c, d = a + b, a * b
        return (c + d) + (c * d)

    probe(learner, crossing, a=2.0, b=3.0)


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_add", "test_mul")
def test_gradients_stay(learner, rng):
    """a gradient stays while another expression is made, which may use the same nodes"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    a, b = learner.Value(x), learner.Value(y)
    (a * b).backward()
    for operate in (lambda: a + b, lambda: b * a, lambda: a + 1, lambda: b**2, a.tanh):
        another = operate()
        assert_gradient_kept(learner, another, a, y)
        assert_gradient_kept(learner, another, b, x)
    c = a * b
    for factor in (2.0, 5.0):
        learner.set_each([a, b, c], "grad", [0.0] * 3)
        (c * factor).backward()
        assert_gradient(learner, a, factor * y)


@pytest.mark.part("together")
@pytest.mark.points(2)
@pytest.mark.needs(
    "test_composed",
    "test_exp",
    "test_tanh",
    "test_relu",
    "test_two_ways",
)
def test_random_graphs(learner, rng):
    """random expressions whose nodes are used again and again"""
    for size in (3, 5, 8, 12, 16):
        for _ in range(3):
            assert_gradients(learner, graph(rng, size), backward="backward")


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_two_ways")
def test_deep(learner, rng):
    """a graph of 300 levels, in which every second one is used twice"""

    def deep(a, b):
        for _ in range(RUNGS):
            a = a * b + a
        return a

    probe(learner, deep, a=number(rng, 1, 3), b=0.02)
