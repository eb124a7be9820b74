"""assignment6, the tests that learners may read."""

import pytest

from autograder.assertions.judge import assert_data, assert_gradient
from autograder.suites.assignment6.oracle import assert_descent


@pytest.mark.part("zero_grad")
@pytest.mark.points(2)
def test_zero_grad(learner):
    """every gradient becomes 0, and the data doesn't change"""
    a, b, c = learner.Value(2.0), learner.Value(-3.0), learner.Value(10.0)
    a.grad, b.grad, c.grad = 1.5, -2.0, 0.25
    learner.zero_grad([a, b, c])
    for value, number in ((a, 2.0), (b, -3.0), (c, 10.0)):
        assert_gradient(learner, value, 0.0)
        assert_data(learner, value, number)


@pytest.mark.part("gradient_step")
@pytest.mark.points(3)
def test_gradient_step(learner):
    """each number moves against its gradient, as in the table"""
    a, b = learner.Value(2.0), learner.Value(-3.0)
    a.grad, b.grad = 6.0, -4.0
    learner.gradient_step([a, b], 0.01)
    assert_data(learner, a, 1.94)
    assert_data(learner, b, -2.96)


@pytest.mark.part("descend")
@pytest.mark.points(4)
def test_descend(learner):
    """(x - 1)² from 4 with rate 0.1: 9, 5.76, 3.686, 2.359, and so on"""
    assert_descent(learner, lambda x: (x - 1) ** 2, [4.0], 0.1, 8)
