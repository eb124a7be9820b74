"""assignment8, the tests that stay with the instructor."""

import pytest

from autograder.assertions.judge import assert_kept
from autograder.expressions.random_graphs import number
from autograder.suites.assignment8.oracle import (
    assert_accuracy,
    assert_losses,
    assert_mse,
    assert_parameters_after,
)

pytestmark = pytest.mark.hidden
XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def points(rng, count, nin):
    """Random points, and a label 1 or -1 for each."""
    xs = [[number(rng, -2, 2) for _ in range(nin)] for _ in range(count)]
    return xs, [1.0 if rng.random() < 0.5 else -1.0 for _ in range(count)]


@pytest.mark.part("mse")
@pytest.mark.points(2)
@pytest.mark.needs("test_mse")
def test_mse_elsewhere(learner, rng):
    """averages and their gradients, for one point or many, each time; the lists don't change"""
    for count in (1, 2, 3, 7, 70):
        first, *others = ([number(rng, -2, 2) for _ in range(count)] for _ in range(4))
        assert_mse(learner, (first, others[0]), (others[1], others[0]), (others[1], others[2]))
        assert_mse(learner, (first, others[0]))  # the same numbers, in other Values
    assert_mse(learner, ([0.5, -0.25, 1.0], [1, -1, 1]))
    predictions, targets = [learner.Value(0.5), learner.Value(-0.25)], [1.0, -1.0]
    given, beside = learner.keep(predictions), learner.keep(targets)
    learner.mse(given, beside)
    assert_kept(learner, given, predictions)
    assert_kept(learner, beside, targets)


@pytest.mark.part("train")
@pytest.mark.points(3)
@pytest.mark.needs("test_one_step")
def test_two_steps(learner, rng):
    """the second step only follows the gradients of its own loss, even in a second training"""
    assert_parameters_after(learner, rng, (3, [2, 1]), XS, YS, 0.1, 2, rounds=2)
    assert_parameters_after(learner, rng, (3, [4, 4, 1]), XS, YS, 0.05, 3)


@pytest.mark.part("train")
@pytest.mark.points(3)
@pytest.mark.needs("test_one_step")
def test_train_elsewhere(learner, rng):
    """other networks, points, learning rates and numbers of steps; the points don't change"""
    for sizes, count, rate, steps in (((2, [3, 1]), 13, 0.3, 2), ((1, [2, 1]), 1, 0.7, 4)):
        assert_parameters_after(learner, rng, sizes, *points(rng, count, sizes[0]), rate, steps)
    # more points than a batch has
    assert_parameters_after(learner, rng, (1, [1]), *points(rng, 70, 1), 0.3, 1)
    # far from what is wanted: gradients of 20 and more
    assert_parameters_after(learner, rng, (1, [1]), [[0.5], [-0.25]], [40.0, -90.0], 0.001, 2)
    assert_parameters_after(learner, rng, (3, [4, 4, 1]), XS, YS, 0.1, 12)
    # a neuron that creeps, one that is there after a few steps, one that goes too far each time
    for rate, steps in ((0.02, 70), (0.25, 20), (1.1, 12)):
        assert_parameters_after(learner, rng, (1, [1]), [[1.0]], [0.25], rate, steps)
    xs, ys = learner.keep(XS), learner.keep(YS)
    learner.train(learner.MLP(3, [2, 1]), xs, ys, 0.1, 2)
    assert_kept(learner, xs, XS)
    assert_kept(learner, ys, YS)


@pytest.mark.part("train")
@pytest.mark.points(2)
@pytest.mark.needs("test_losses")
def test_losses_elsewhere(learner, rng):
    """as many losses as steps, for other networks and points, even for no steps"""
    for steps in (1, 6, 0):
        assert_losses(learner, rng, (2, [3, 1]), *points(rng, 3, 2), 0.2, steps)
    assert_losses(learner, rng, (1, [1]), *points(rng, 70, 1), 0.3, 1)
    # a neuron that creeps, one that is there after a few steps, one that goes too far each time
    for rate, steps in ((0.02, 25), (0.25, 20), (1.1, 12)):
        assert_losses(learner, rng, (1, [1]), [[1.0]], [0.25], rate, steps)


@pytest.mark.part("accuracy")
@pytest.mark.points(2)
@pytest.mark.needs("test_accuracy")
def test_accuracy_elsewhere(learner, rng):
    """all correct is 1, all wrong is 0, and shares in between, for the current model"""
    assert_accuracy(learner, rng, (3, [3, 1]), [], range(13), [0, 2, 3, 5, 7, 12], [10], count=13)
