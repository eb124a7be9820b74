"""assignment7, the tests that stay with the instructor."""

import pytest

from autograder.assertions.judge import assert_kept
from autograder.assertions.networks import count_of, found, layers_of
from autograder.suites.assignment7.made_of import (
    assert_lists,
    assert_made_of,
    assert_slopes_made_of,
)
from autograder.suites.assignment7.oracle import (
    assert_clears,
    assert_diverse,
    assert_leaves_alone,
    assert_neuron_slopes,
    assert_right,
    assert_right_each_time,
    drawn,
)

pytestmark = pytest.mark.hidden


@pytest.mark.part("neuron")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron")
def test_neuron_elsewhere(learner, rng):
    """neurons of other sizes, for numbers and Values, including whole numbers"""
    for size in (1, 2, 3, 5):
        for values in (False, True):
            asked = drawn(rng, size + 1), drawn(rng, size, 2)
            assert_right(learner, "Neuron", size, asked=asked, values=values)
    assert_right(learner, "Neuron", 3, asked=(drawn(rng, 4), [1, 0, -2]), values=False)
    assert_right(learner, "Neuron", 2, asked=([0.0, 0.0, 0.5], [1.0, 1.0]), values=False)
    for sign in (1, -1):  # where tanh is nearly flat
        numbers = [sign * weight for weight in (2.5, -1.5, 0.75)]
        assert_right(learner, "Neuron", 2, asked=(numbers, [2.0, -1.0]), values=False)


@pytest.mark.part("neuron")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron_fields", "test_neuron")
def test_neuron_slopes(learner, rng):
    """backward through a neuron reaches weights, bias and inputs"""
    for size in (2, 4):
        for upstream in (1.0, -2.5):
            assert_neuron_slopes(learner, drawn(rng, size + 1), drawn(rng, size, 2), upstream)
    assert_neuron_slopes(learner, [0.0, 0.75, -0.5], [1.5, 0.0], 1.0)
    assert_neuron_slopes(learner, [2.5, -1.5, 0.75], [2.0, -1.0], 1.0)


@pytest.mark.part("neuron")
@pytest.mark.points(1)
def test_neuron_again(learner, rng):
    """a neuron uses its current numbers each time and doesn't change its inputs"""
    assert_leaves_alone(learner, [0.5, -0.25, 0.125], [1.5, -0.5])
    for values in (False, True):
        assert_made_of(learner, rng, "Neuron", 2, values=values)
    assert_slopes_made_of(learner, rng, "Neuron", 3)


@pytest.mark.part("layer")
@pytest.mark.points(2)
@pytest.mark.needs("test_layer")
def test_layer_elsewhere(learner, rng):
    """layers of other sizes, for numbers and Values, and their gradients"""
    for nin, nout in ((1, 2), (2, 9), (4, 1)):
        assert_made_of(learner, rng, "Layer", nin, nout, times=1)
    assert_made_of(learner, rng, "Layer", 3, 2, values=True)
    for nin, nout in ((3, 2), (2, 1)):
        assert_slopes_made_of(learner, rng, "Layer", nin, nout)


@pytest.mark.part("layer")
@pytest.mark.points(1)
def test_layer_parameters(learner):
    """parameters() of a layer is one flat list of its neurons' parameters"""
    for nin, nout in ((2, 3), (3, 1)):
        assert_lists(learner, "Layer", nin, nout)


@pytest.mark.part("mlp")
@pytest.mark.points(1)
def test_mlp_sizes(learner):
    """MLPs of other sizes have the correct layers; the list of sizes doesn't change"""
    for nin, nouts in ((2, [3, 2]), (5, [4]), (1, [2, 3, 4]), (4, [2, 5, 3, 1])):
        sizes = learner.keep(nouts)
        made = learner.MLP(nin, sizes)
        found(learner, made, "MLP", nin, nouts)
        assert_kept(learner, sizes, nouts, after=made)


@pytest.mark.part("mlp")
@pytest.mark.points(1)
def test_random_start(learner):
    """the weights start at random: no two neurons start the same, and no two networks"""
    assert_diverse(learner, "MLP", 4, [4, 4, 1])


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_neuron", "test_layer", "test_mlp")
def test_mlp_elsewhere(learner, rng):
    """MLPs of other sizes give the correct outputs, for numbers and Values, each time"""
    for nin, nouts in ((3, [4, 4, 1]), (4, [2]), (3, [3, 3, 3, 2, 2])):
        asked = drawn(rng, count_of(layers_of("MLP", nin, nouts))), drawn(rng, nin, 2)
        assert_right(learner, "MLP", nin, nouts, asked=asked, values=nin == 3)
    for values in (False, True):
        assert_right_each_time(learner, rng, "MLP", 2, [3, 2], values=values)


@pytest.mark.part("mlp")
@pytest.mark.points(2)
@pytest.mark.needs("test_mlp")
def test_mlp_slopes(learner, rng):
    """one backward pass finds the gradient of every parameter"""
    for nin, nouts in ((3, [4, 4, 1]), (2, [3, 2])):
        assert_slopes_made_of(learner, rng, "MLP", nin, nouts)


@pytest.mark.part("mlp")
@pytest.mark.points(1)
@pytest.mark.needs("test_module", "test_neuron_fields", "test_neuron_parameters")
@pytest.mark.needs("test_layer_parameters", "test_mlp_parameters")
def test_zero_grad_of_networks(learner):
    """zero_grad() clears every gradient of a neuron, a layer and an MLP"""
    assert_clears(learner, "Neuron", 2)
    assert_clears(learner, "Layer", 2, 3)
    assert_clears(learner, "MLP", 2, [3, 1])
