"""assignment7, the tests that learners may read.

The suite sets all weights and biases itself, so how they start is nobody's business but yours.
A layer is compared with your own neurons, and a network with your own layers.
"""

import pytest

from autograder.assertions.judge import assert_value
from autograder.assertions.networks import items
from autograder.suites.assignment7.made_of import assert_lists, assert_made_of
from autograder.suites.assignment7.oracle import assert_fields, assert_inherited, assert_right


@pytest.mark.part("module")
@pytest.mark.points(2)
def test_module(learner):
    """a bare Module has no parameters; zero_grad clears those of any class that inherits it"""
    module = learner.Module()
    parameters = module.parameters()
    if count := len(items(learner, parameters, "Module().parameters()")):
        look = f"len({learner.looked_at()})"
        raise learner.mismatch("A bare Module owns nothing.", count, 0, look)
    module.zero_grad()
    assert_inherited(learner)


@pytest.mark.part("neuron")
@pytest.mark.points(1)
def test_neuron_fields(learner):
    """a neuron has a Value for each weight, and one for its bias"""
    assert_fields(learner, 3)


@pytest.mark.part("neuron")
@pytest.mark.points(2)
def test_neuron(learner):
    """the lecture's neuron outputs 0.7071"""
    asked = [-3.0, 1.0, 6.88137358], [2.0, 0.0]
    assert_right(learner, "Neuron", 2, asked=asked, values=False)


@pytest.mark.part("neuron")
@pytest.mark.points(1)
def test_neuron_parameters(learner):
    """parameters() of a neuron lists its weights and its bias"""
    assert_lists(learner, "Neuron", 3)


@pytest.mark.part("layer")
@pytest.mark.points(2)
def test_layer(learner, rng):
    """Layer(2, 3) returns three outputs, one from each neuron"""
    assert_made_of(learner, rng, "Layer", 2, 3)


@pytest.mark.part("layer")
@pytest.mark.points(1)
def test_single_output(learner, rng):
    """a layer with one neuron returns the Value itself"""
    assert_made_of(learner, rng, "Layer", 2, 1)
    assert_value(learner, learner.Layer(2, 1)([1.0, -2.0]), "The output of Layer(2, 1)")


@pytest.mark.part("mlp")
@pytest.mark.points(2)
def test_mlp_parameters(learner):
    """parameters() of MLP(3, [4, 4, 1]) returns all 41 parameters in one flat list"""
    assert_lists(learner, "MLP", 3, [4, 4, 1])
    assert_lists(learner, "MLP", 2, [2, 3, 2, 2, 2])


@pytest.mark.part("mlp")
@pytest.mark.points(2)
def test_mlp(learner, rng):
    """in an MLP each layer gets the outputs of the previous one"""
    assert_made_of(learner, rng, "MLP", 2, [3, 1])
