"""assignment9, the tests that learners may read."""

import math

import pytest

from autograder.suites.assignment9.oracle import assert_log, assert_nll, assert_softmax
from autograder.suites.assignment9.tensors import (
    assert_is_function,
    assert_own_rule,
    assert_tanh,
    assert_torch_neuron,
)


@pytest.mark.part("log")
@pytest.mark.points(2)
def test_log(learner):
    """log of a Value, and its slope 1/x"""
    for number in (2.0, 0.25):
        assert_log(learner, number)


@pytest.mark.part("softmax")
@pytest.mark.points(2)
def test_softmax(learner):
    """softmax of 0, 3, -2, 1 gives four probabilities"""
    assert_softmax(learner, [0.0, 3.0, -2.0, 1.0])


@pytest.mark.part("nll")
@pytest.mark.points(2)
def test_nll(learner):
    """nll of 0, 3, -2, 1 for class 3 is 2.1755, with the correct gradients"""
    assert_nll(learner, [3], [0.0, 3.0, -2.0, 1.0])


@pytest.mark.part("torch_neuron")
@pytest.mark.points(2)
@pytest.mark.file("beyond_torch.py")
@pytest.mark.requires("torch")
def test_torch_neuron(learner):
    """PyTorch: the lecture's neuron, with its gradients"""
    assert_torch_neuron(learner, [2.0, 0.0], [-3.0, 1.0], 6.88137358)


@pytest.mark.part("torch_tanh")
@pytest.mark.points(2)
@pytest.mark.file("beyond_torch.py")
@pytest.mark.requires("torch")
def test_torch_tanh(learner):
    """PyTorch: 3 * Tanh.apply(2 * x) and its slope"""
    assert_is_function(learner)
    assert_tanh(
        learner,
        [0.5, -1.0, 0.0, 1.5],
        lambda tanh, x: 3 * tanh(2 * x),
        lambda x: 3 * math.tanh(2 * x),
        lambda x: 6 * (1 - math.tanh(2 * x) ** 2),
    )
    assert_own_rule(learner)
