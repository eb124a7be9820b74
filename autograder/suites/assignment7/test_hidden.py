"""assignment7, the tests that stay with the instructor."""

import pytest

from autograder.assertions.judge import assert_kept
from autograder.assertions.networks import (
    assert_diverse,
    assert_outputs,
    assert_parameters,
    assert_repeatable,
    assert_slopes,
    assert_zeroed,
    twins,
)
from autograder.expressions.random_graphs import number

pytestmark = pytest.mark.hidden


def inputs(rng, count):
    """Inputs, none of them near zero."""
    return [number(rng, -2, 2) for _ in range(count)]


@pytest.mark.part("module")
@pytest.mark.points(2)
@pytest.mark.needs("test_module")
def test_zero_grad(learner, rng):
    """zero_grad() clears every gradient of a neuron, a layer and an MLP"""
    assert_zeroed(learner, twins(learner, rng, "Neuron", 2))
    assert_zeroed(learner, twins(learner, rng, "Layer", 2, 3))
    assert_zeroed(learner, twins(learner, rng, "MLP", 2, [3, 1]))


@pytest.mark.part("neuron")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron")
def test_neuron_elsewhere(learner, rng):
    """neurons of other sizes, for numbers and for Values, whole ones too"""
    for size in (1, 2, 3, 5):
        for values in (False, True):
            neuron = twins(learner, rng, "Neuron", size)
            assert_outputs(learner, neuron, inputs(rng, size), values=values)
    assert_outputs(learner, twins(learner, rng, "Neuron", 3), [1, 0, -2], values=False)
    only_bias = twins(learner, rng, "Neuron", 2, numbers=[0.0, 0.0, 0.5])
    assert_outputs(learner, only_bias, [1.0, 1.0], values=False)


@pytest.mark.part("neuron")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron")
def test_neuron_slopes(learner, rng):
    """backward through a neuron reaches weights, bias and inputs"""
    for size in (2, 4):
        for weight in (1.0, -2.5):
            neuron = twins(learner, rng, "Neuron", size)
            assert_slopes(learner, neuron, inputs(rng, size), [weight])
    without_weight = twins(learner, rng, "Neuron", 2, numbers=[0.0, 0.75, -0.5])
    assert_slopes(learner, without_weight, [1.5, 0.0], [1.0])


@pytest.mark.part("neuron")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron")
def test_neuron_again(learner, rng):
    """a neuron that is asked twice answers twice the same, and leaves its inputs as they are"""
    neuron = twins(learner, rng, "Neuron", 2)
    assert_repeatable(learner, neuron, [1.5, -0.5])
    assert_parameters(learner, neuron)


@pytest.mark.part("layer")
@pytest.mark.points(2)
@pytest.mark.needs("test_layer")
def test_layer_elsewhere(learner, rng):
    """layers of other sizes, and their gradients"""
    for nin, nout in ((1, 2), (3, 2), (2, 5), (4, 1)):
        layer = twins(learner, rng, "Layer", nin, nout)
        assert_outputs(learner, layer, inputs(rng, nin), values=False)
        assert_slopes(learner, layer, inputs(rng, nin), [number(rng, -2, 2) for _ in range(nout)])


@pytest.mark.part("layer")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron_fields")
def test_layer_parameters(learner, rng):
    """parameters() of a layer is one flat list, and every neuron is its own"""
    for nin, nout in ((2, 3), (3, 1)):
        assert_parameters(learner, twins(learner, rng, "Layer", nin, nout))


@pytest.mark.part("mlp")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron_fields")
def test_mlp_sizes(learner, rng):
    """MLPs of other sizes have the right layers; the list of sizes stays as it was"""
    for nin, nouts in ((2, [3, 2]), (5, [4]), (1, [2, 3, 4]), (4, [2, 5, 3, 1])):
        assert_parameters(learner, twins(learner, rng, "MLP", nin, nouts))
    sizes = learner.keep([3, 2])
    assert_kept(learner, sizes, [3, 2], after=learner.MLP(2, sizes))


@pytest.mark.part("mlp")
@pytest.mark.points(1)
@pytest.mark.needs("test_neuron_fields")
def test_random_start(learner):
    """the weights start at random: no two neurons begin alike, and no two networks"""
    assert_diverse(learner, "MLP", 4, [4, 4, 1], least=24)


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_mlp")
def test_mlp_elsewhere(learner, rng):
    """MLPs of other sizes, for numbers and for Values"""
    for nin, nouts in ((3, [4, 4, 1]), (2, [3, 2]), (4, [2]), (3, [3, 3, 3])):
        for values in (False, True):
            network = twins(learner, rng, "MLP", nin, nouts)
            assert_outputs(learner, network, inputs(rng, nin), values=values)


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_mlp")
def test_mlp_slopes(learner, rng):
    """one backward pass finds the gradient of every parameter"""
    for nin, nouts in ((2, [3, 1]), (3, [4, 4, 1]), (2, [3, 2])):
        network = twins(learner, rng, "MLP", nin, nouts)
        upstream = [number(rng, -2, 2) for _ in range(nouts[-1])]
        assert_slopes(learner, network, inputs(rng, nin), upstream)
