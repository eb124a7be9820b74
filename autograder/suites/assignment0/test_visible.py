"""assignment0, the tests that learners may read."""

import pytest

from autograder.expressions.expression import express
from autograder.suites.assignment0.oracle import (
    assert_all_partials,
    assert_central,
    assert_forward,
    assert_partial,
)


def valley(x):
    """The function of the text."""
    return 3 * x**2 - 4 * x + 5


def d_of(a, b, c):
    """The three inputs of the text."""
    return a * b + c


@pytest.mark.part("forward")
@pytest.mark.points(2)
def test_forward(learner):
    """forward_difference is rise over run, from x to x + h"""
    assert_forward(learner, express(valley, x=3.0), 0.001)
    assert_forward(learner, express(valley, x=3.0), 1e-5)
    assert_forward(learner, express(valley, x=-3.0), 0.5)


@pytest.mark.part("central")
@pytest.mark.points(2)
def test_central(learner):
    """central_difference is rise over run, from x - h to x + h"""
    assert_central(learner, express(valley, x=3.0), 0.001)
    assert_central(learner, express(lambda x: x**3, x=2.0), 0.1)


@pytest.mark.part("partial")
@pytest.mark.points(2)
def test_partial(learner):
    """partial_derivative of d = a·b + c, for each input in turn"""
    for index in range(3):
        assert_partial(learner, express(d_of, a=2.0, b=-3.0, c=10.0), index)


@pytest.mark.part("gradient")
@pytest.mark.points(2)
def test_gradient(learner):
    """gradient of d = a·b + c lists the three slopes in order"""
    assert_all_partials(learner, express(d_of, a=2.0, b=-3.0, c=10.0))
