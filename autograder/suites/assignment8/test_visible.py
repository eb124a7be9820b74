"""assignment8, the tests that learners may read.

Whether the loss falls in the end proves little: wrong loops often converge too. So the parameters
themselves are compared, after few steps, with those of a loop of ours.
"""

import pytest

from autograder.suites.assignment8.oracle import (
    assert_accuracy,
    assert_losses,
    assert_mse,
    assert_parameters_after,
)

XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


@pytest.mark.part("mse")
@pytest.mark.points(2)
def test_mse(learner):
    """mse of 0.5 and -1.0, with 1.0 as both targets, is 2.125"""
    assert_mse(learner, ([0.5, -1.0], [1.0, 1.0]))


@pytest.mark.part("train")
@pytest.mark.points(3)
def test_one_step(learner, rng):
    """one step moves every parameter against its gradient"""
    assert_parameters_after(learner, rng, (3, [2, 1]), XS, YS, 0.1, 1)
    assert_parameters_after(learner, rng, (3, [4, 4, 1]), XS, YS, 0.1, 1)


@pytest.mark.part("train")
@pytest.mark.points(2)
def test_losses(learner, rng):
    """train returns the loss before each step, as plain numbers"""
    assert_losses(learner, rng, (3, [2, 1]), XS, YS, 0.1, 2)


@pytest.mark.part("accuracy")
@pytest.mark.points(2)
def test_accuracy(learner, rng):
    """accuracy is the share of points with the correct sign"""
    # up from zero more are wrong than right at each, and down more right: no threshold breaks even
    assert_accuracy(learner, rng, (2, [4, 1]), [4, 5, 7])
