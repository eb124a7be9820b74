"""assignment3, the tests that learners may read."""

import pytest

from autograder.assertions.judge import assert_all_gradients
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import number
from autograder.suites.assignment3.oracle import assert_manual_gradients

UPSTREAM = (1.0, -2.5) * 4  # again and again: who relies on the order of a set may be lucky once


def probe(learner, rng, formula, **inputs):
    """The closures of a small expression, for several gradients from above.

    Then the same for numbers nearby that nobody can know: answers learnt by heart earn nothing.
    """
    nearby = {name: round(value * number(rng, 0.7, 1.3), 3) for name, value in inputs.items()}
    pairs = [
        (express(formula, **inputs), UPSTREAM),
        (express(formula, **nearby), (number(rng, -3, 3),)),
    ]
    assert_all_gradients(learner, pairs, backward="closures")


@pytest.mark.part("manual")
@pytest.mark.points(2)
def test_manual_gradients(learner):
    """the gradients of L = (a·b + c)·f, by hand"""
    assert_manual_gradients(learner)


@pytest.mark.part("add")
@pytest.mark.points(2)
def test_add(learner, rng):
    """+ passes the upstream gradient on to both operands"""
    probe(learner, rng, lambda a, b: a + b, a=2.0, b=-3.0)


@pytest.mark.part("mul")
@pytest.mark.points(2)
def test_mul(learner, rng):
    """* gives each operand the other one times the upstream gradient"""
    probe(learner, rng, lambda a, b: a * b, a=2.0, b=-3.0)


@pytest.mark.part("pow")
@pytest.mark.points(2)
def test_pow(learner, rng):
    """** has the slope n·x to the power of n - 1"""
    probe(learner, rng, lambda a: a**3, a=2.0)
    probe(learner, rng, lambda a: a**-1, a=4.0)


@pytest.mark.part("exp")
@pytest.mark.points(2)
def test_exp(learner, rng):
    """exp is its own slope"""
    probe(learner, rng, lambda a: a.exp(), a=0.5)


@pytest.mark.part("tanh")
@pytest.mark.points(2)
def test_tanh(learner, rng):
    """tanh has the slope 1 - tanh²"""
    probe(learner, rng, lambda a: a.tanh(), a=0.5)


@pytest.mark.part("relu")
@pytest.mark.points(2)
def test_relu(learner, rng):
    """relu passes the gradient on when its input is positive"""
    probe(learner, rng, lambda a: a.relu(), a=3.0)
    probe(learner, rng, lambda a: a.relu(), a=-3.0)
