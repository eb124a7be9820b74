"""assignment5, the tests that stay with the instructor.

In each expression something is used more than once, so an engine that overwrites passes no test.
An operator's tests use others only to join its results; how they work together is asked in a part
of its own, once for each group of them.
"""

from pathlib import Path

import pytest

from autograder.assertions.judge import (
    assert_gradient,
    assert_gradient_kept,
    assert_gradients,
    assert_nothing_remembered,
    assert_result,
    assert_unchanged,
)
from autograder.assertions.remarks import remark_on_inner, remark_on_outsiders, remark_on_work
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import ALL, graph, number
from autograder.suites.assignment5.oracle import assert_tells_apart, jury
from autograder.suites.assignment5.sums import (
    assert_accumulates_within,
    assert_outsiders_change_nothing,
)

pytestmark = pytest.mark.hidden

ENGINES = Path(__file__).parent / "engines"
RUNGS = 150
TIMES = (1.0,) * 6  # again and again: who relies on the order of a set may be lucky once


def probe(learner, formula, **inputs):
    """The gradients of a small expression, after backward()."""
    assert_gradients(learner, express(formula, **inputs), backward="backward", upstream=TIMES)


def power(exponent):
    """The operator ** with this exponent."""
    return lambda a: a**exponent


def probe_random(learner, rng, *ops):
    """Random expressions of these operators, whose nodes are used again and again."""
    for size in (3, 5, 8, 12):
        for _ in range(2):
            expression = graph(rng, size, ops)
            assert_gradients(learner, expression, backward="backward", upstream=TIMES[:3])


@pytest.mark.part("check")
@pytest.mark.points(8)
def test_check(learner):
    """your test catches all eight wrong engines and accepts every correct one"""
    assert_tells_apart(learner, "check_accumulation", jury(ENGINES))


@pytest.mark.part("add")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_add_again(learner, rng):
    """sums within sums, on the left and on the right; += makes a new Value"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    probe(learner, lambda a, b: (a + b) + a, a=x, b=y)
    probe(learner, lambda a, b: b + (b + a), a=x, b=y)
    probe(learner, lambda a: (a + 2) + (3 + a), a=x)
    probe(learner, lambda a: a + a + a + a, a=2)
    probe(learner, lambda a, b: ((a + b) + (a + b)) + (a + b), a=x, b=y)
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a
    c += b
    assert_result(learner, c, 5.0, a, b)
    d = c
    d += a
    assert_result(learner, d, 7.0, a, b)
    assert_unchanged(learner, d, c, 5.0)


@pytest.mark.part("mul")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_mul_again(learner, rng):
    """products within products, on the left and on the right"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    probe(learner, lambda a, b: (a * b) * a, a=x, b=y)
    probe(learner, lambda a, b: b * (b * a), a=x, b=y)
    probe(learner, lambda a: (a * 2) * (3 * a), a=x)
    probe(learner, lambda a: (a * a) * a, a=x)
    probe(learner, lambda a: a * a * a * a, a=2)
    probe(learner, lambda a, b: ((a * b) * (a * b)) * (a * b), a=x, b=y)


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow")
def test_pow_again(learner, rng):
    """powers next to, inside and times the number itself"""
    for exponent in (2, 1, -1, 0.5):
        assert_accumulates_within(learner, power(exponent), number(rng, 0.5, 2))


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow")
def test_pow_of_0_and_below(learner, rng):
    """powers of 0 and of negative numbers"""
    for exponent in (1, 2, 3):
        assert_accumulates_within(learner, power(exponent), 0.0, number(rng, -1.5, -0.5))


@pytest.mark.part("exp")
@pytest.mark.points(1)
@pytest.mark.needs("test_exp")
def test_exp_again(learner, rng):
    """exp next to, inside and times the number itself"""
    assert_accumulates_within(learner, lambda a: a.exp(), number(rng, -2, 1), 1)


@pytest.mark.part("tanh")
@pytest.mark.points(1)
@pytest.mark.needs("test_tanh")
def test_tanh_again(learner, rng):
    """tanh next to, inside and times the number itself, and far from 0"""
    assert_accumulates_within(learner, lambda a: a.tanh(), number(rng, -1, 1), -1, 6.5)


@pytest.mark.part("relu")
@pytest.mark.points(1)
@pytest.mark.needs("test_relu")
def test_relu_again(learner, rng):
    """relu next to, inside and times the number itself, for both signs"""
    x, y = number(rng, 0.5, 3), number(rng, -3, -0.5)
    assert_accumulates_within(learner, lambda a: a.relu(), x, y)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_two_ways(learner):
    """two results of the same two numbers that meet again"""
    probe(learner, lambda a, b: (a * b) * (a + b), a=-2.0, b=3.0)

    def crossing(a, b):
        c, d = a + b, a * b
        return (c + d) + (c * d)

    probe(learner, crossing, a=2.0, b=3.0)
    remark_on_inner(learner, express(crossing, a=2.0, b=3.0))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_outsiders(learner):
    """results that the root was not made from change nothing"""
    assert_outsiders_change_nothing(learner)
    remark_on_outsiders(learner)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_gradients_stay(learner, rng):
    """building another expression, even from the same nodes, keeps the gradients"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    a, b = learner.Value(x), learner.Value(y)
    ((a * b) * a).backward()
    for operate in (lambda: a + b, lambda: b * a, lambda: a + 1, lambda: b**2, a.tanh):
        another = operate()
        assert_gradient_kept(learner, another, a, 2 * x * y)
        assert_gradient_kept(learner, another, b, x * x)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_backward_again(learner, rng):
    """backward again after clearing the gradients, from another root and from the same one"""
    x, y = number(rng, -3, 3), number(rng, -3, 3)
    a, b = learner.Value(x), learner.Value(y)
    c = a * b
    d = c * a
    roots = [d * 2.0, d * 5.0]
    for root, factor in ((roots[0], 2.0), (roots[1], 5.0), (roots[0], 2.0)):
        nodes = [a, b, c, d, *roots]
        learner.set_each(nodes, "grad", [0.0] * len(nodes))
        root.backward()
        assert_gradient(learner, a, factor * 2 * x * y)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_nothing_remembered(learner):
    """the same Values again, with other numbers"""
    assert_nothing_remembered(
        learner,
        [
            (express(lambda a, b: (a + b) + a, a=2.0, b=-3.0), (0.5, 4.0)),
            (express(lambda a, b: (a * b) * a, a=2.0, b=-3.0), (0.5, 4.0)),
            (express(lambda a: a**3 + a**3, a=2.0), (-0.5,)),
            (express(lambda a: a.exp() + a.exp(), a=2.0), (-0.5,)),
            (express(lambda a: a.tanh() + a.tanh(), a=2.0), (-0.5,)),
            (express(lambda a: a.relu() + a.relu(), a=2.0), (-0.5,)),
        ],
        backward="backward",
    )


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_random_sums(learner, rng):
    """random sums, differences and products whose nodes are used again and again"""
    probe_random(learner, rng, "add", "sub", "mul", "neg")


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_random_powers(learner, rng):
    """random sums of powers and relu"""
    probe_random(learner, rng, "add", "pow", "relu")


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_random_curves(learner, rng):
    """random products of exp and tanh"""
    probe_random(learner, rng, "mul", "exp", "tanh")


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_random_sums", "test_random_powers", "test_random_curves")
def test_random_graphs(learner, rng):
    """random expressions with all operators"""
    for size in (3, 5, 8, 12, 16):
        for _ in range(3):
            expression = graph(rng, size, ALL)
            assert_gradients(learner, expression, backward="backward", upstream=TIMES[:3])
    remark_on_work(learner, "backward")


@pytest.mark.part("together")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul", "test_two_ways")
def test_deep(learner, rng):
    """a graph of 300 levels in which every second one is used twice"""

    def deep(a, b):
        for _ in range(RUNGS):
            a = a * b + a
        return a

    expression = express(deep, a=number(rng, 1, 3), b=0.02)
    assert_gradients(learner, expression, backward="backward")
