"""assignment7, the tests that learners may read.

The suite sets all weights and biases itself, so how they start is nobody's business but yours.
"""

import math

import pytest

from autograder.assertions.judge import assert_data, assert_value
from autograder.assertions.networks import assert_outputs, assert_parameters, items, twins


@pytest.mark.part("module")
@pytest.mark.points(1)
def test_module(learner):
    """a bare Module has no parameters, and zero_grad does not mind"""
    module = learner.Module()
    if items(learner, module.parameters(), "Module().parameters()"):
        raise learner.mismatch("A bare Module owns nothing.", module.parameters(), "[]")
    module.zero_grad()


@pytest.mark.part("neuron")
@pytest.mark.points(1)
def test_neuron_fields(learner):
    """a neuron has a Value for each weight, and one for its bias"""
    neuron = learner.Neuron(3)
    weights = items(learner, neuron.w, "a.w")
    if len(weights) != 3:
        raise learner.mismatch("Neuron(3) has one weight for each input.", len(weights), 3)
    for weight in weights:
        assert_value(learner, weight, "A weight")
    assert_value(learner, neuron.b, "The bias")


@pytest.mark.part("neuron")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron_fields")
def test_neuron(learner):
    """the neuron of the lecture answers 0.7071"""
    neuron = learner.Neuron(2)
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = -3.0, 1.0, 6.88137358
    out = neuron([2.0, 0.0])
    assert_value(learner, out, "The output")
    assert_data(learner, out, math.tanh(-3.0 * 2.0 + 1.0 * 0.0 + 6.88137358))


@pytest.mark.part("neuron")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron_fields")
def test_neuron_parameters(learner, rng):
    """parameters() of a neuron lists its weights and its bias"""
    assert_parameters(learner, twins(learner, rng, "Neuron", 3))


@pytest.mark.part("layer")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron")
def test_layer(learner, rng):
    """Layer(2, 3) answers with three outputs, one from each neuron"""
    assert_outputs(learner, twins(learner, rng, "Layer", 2, 3), [1.0, -2.0], values=False)


@pytest.mark.part("layer")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron")
def test_single_output(learner):
    """a layer of one neuron answers with the Value itself"""
    assert_value(learner, learner.Layer(2, 1)([1.0, -2.0]), "The output of Layer(2, 1)")


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron_fields")
def test_mlp_parameters(learner, rng):
    """MLP(3, [4, 4, 1]) has 41 parameters, in one flat list"""
    assert_parameters(learner, twins(learner, rng, "MLP", 3, [4, 4, 1]))


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_layer")
def test_mlp(learner, rng):
    """in an MLP each layer sees the outputs of the one before"""
    assert_outputs(learner, twins(learner, rng, "MLP", 2, [3, 1]), [1.0, -2.0], values=False)
