"""assignment9, the tests that stay with the instructor."""

import math

import pytest

from autograder.assertions.judge import assert_gradients
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import graph, number
from autograder.operators import BINARY
from autograder.suites.assignment9.oracle import (
    assert_log,
    assert_nll,
    assert_softmax,
    assert_softmax_keeps,
    assert_softmax_slopes,
)
from autograder.suites.assignment9.tensors import assert_tanh, assert_torch_neuron

pytestmark = pytest.mark.hidden


def logits(rng, count, largest=3):
    """Random logits of both signs."""
    return [number(rng, -largest, largest) for _ in range(count)]


def slope(x):
    """The slope of tanh."""
    return 1 - math.tanh(x) ** 2


@pytest.mark.part("log")
@pytest.mark.points(3)
@pytest.mark.needs("test_log")
def test_log_elsewhere(learner, rng):
    """x.log() inside expressions, and of a Value that is used several times or changes"""
    formulas = (
        lambda a: a.log(),
        lambda a: a.log() * -2.5,
        lambda a: (a * 3).log() * a,
        lambda a: a.log() + a.log(),
        lambda a: a.log() + a,
        lambda a: (a.log() * a + a).log(),
        lambda a: a.exp().log(),
    )
    for formula in formulas:
        assert_gradients(learner, express(formula, a=number(rng, 1, 4)), backward="backward")
    for x in (1, 3, 0.01, 250.0):
        assert_gradients(learner, express(lambda a: a.log() * 2, a=x), backward="backward")
    assert_log(learner, 2.5, 0.5, 2.5)
    assert_log(learner, 2.5)  # the same number, in another Value


@pytest.mark.part("log")
@pytest.mark.points(2)
@pytest.mark.needs("test_log")
def test_log_in_graphs(learner, rng):
    """log among other operators, in random expressions"""
    inner = express(lambda a, b: ((a * b).log() + b).tanh(), a=number(rng, 1, 2), b=1.5)
    assert_gradients(learner, inner, backward="backward")
    for size in (4, 6, 9, 12):
        expression = graph(rng, size, (*BINARY, "log", "log", "exp", "tanh"))
        assert_gradients(learner, expression, backward="backward")


@pytest.mark.part("softmax")
@pytest.mark.points(2)
@pytest.mark.needs("test_softmax")
def test_softmax_elsewhere(learner, rng):
    """any number of classes, for the current logits, which don't change"""
    for count in (1, 2, 3, 6):
        assert_softmax(learner, logits(rng, count), logits(rng, count))
    assert_softmax(learner, [2, 2, -1])
    assert_softmax(learner, [20.0, -20.0, 19.0])
    for numbers in ([1.5, -0.5], [-1.0, 0.25, 2.0]):
        assert_softmax_keeps(learner, numbers)


@pytest.mark.part("softmax")
@pytest.mark.points(2)
@pytest.mark.needs("test_softmax")
def test_softmax_slopes(learner, rng):
    """the gradients of the probabilities"""
    for count in (2, 3, 5):
        assert_softmax_slopes(learner, logits(rng, count), logits(rng, count))
    for _ in range(2):  # the same numbers, in other Values
        assert_softmax_slopes(learner, [1.5, 1.5, -0.5], [2.0, -1.0, 0.5])


@pytest.mark.part("softmax")
@pytest.mark.points(2)
@pytest.mark.needs("test_softmax")
def test_softmax_large(learner):
    """logits of 1000 and more work"""
    for large in ([1000.0, 1000.0], [1000.0, 999.0, 0.0], [-1000.0, -1001.0], [750.0, -750.0]):
        assert_softmax(learner, large)
        assert_softmax(learner, large[::-1])
    assert_softmax(learner, [0.0, 2000.0, 1000.0])
    assert_softmax(learner, [4999.0, 5000.0, 4998.0])


@pytest.mark.part("nll")
@pytest.mark.points(2)
@pytest.mark.needs("test_nll")
def test_nll_elsewhere(learner, rng):
    """every class can be the target, even when the network is badly wrong"""
    for count in (2, 3, 5):
        numbers = logits(rng, count)
        for target in range(count):
            assert_nll(learner, [target], numbers)
            assert_nll(learner, [target], numbers)  # the same numbers, in other Values
    for target in range(3):
        assert_nll(learner, [target], [20.0, -20.0, 1.5], [1.5, 1.5, 1.5])


@pytest.mark.part("nll")
@pytest.mark.points(1)
@pytest.mark.needs("test_nll")
def test_nll_twice(learner, rng):
    """losses of the same logits add up, and so do their gradients"""
    assert_nll(learner, [0, 2], logits(rng, 4))
    assert_nll(learner, [1, 1, 2], logits(rng, 3))


@pytest.mark.part("torch_neuron")
@pytest.mark.points(2)
@pytest.mark.file("beyond_torch.py")
@pytest.mark.requires("torch")
@pytest.mark.needs("test_torch_neuron")
def test_torch_neuron_elsewhere(learner, rng):
    """PyTorch: neurons with other numbers of inputs, in double precision"""
    for count in (1, 2, 3, 5):
        for _ in range(2):
            x, w = logits(rng, count, 1), logits(rng, count, 1)
            assert_torch_neuron(learner, x, w, number(rng, -1, 1))


@pytest.mark.part("torch_tanh")
@pytest.mark.points(2)
@pytest.mark.file("beyond_torch.py")
@pytest.mark.requires("torch")
@pytest.mark.needs("test_torch_tanh")
def test_torch_tanh_upstream(learner, rng):
    """PyTorch: the rule of Tanh, for all kinds of upstream gradients, and once more"""
    points = logits(rng, 5)
    assert_tanh(learner, points, lambda tanh, x: tanh(x), math.tanh, slope, times=2)
    assert_tanh(
        learner,
        points,
        lambda tanh, x: tanh(x) * -2.5 + 1,
        lambda x: -2.5 * math.tanh(x) + 1,
        lambda x: -2.5 * slope(x),
    )
    assert_tanh(
        learner,
        points,
        lambda tanh, x: tanh(x) * x,
        lambda x: math.tanh(x) * x,
        lambda x: slope(x) * x + math.tanh(x),
    )


@pytest.mark.part("torch_tanh")
@pytest.mark.points(2)
@pytest.mark.file("beyond_torch.py")
@pytest.mark.requires("torch")
@pytest.mark.needs("test_torch_tanh")
def test_torch_tanh_again(learner, rng):
    """PyTorch: Tanh used twice, next to its own input, and on a table"""
    points = logits(rng, 4, 2)
    assert_tanh(
        learner,
        points,
        lambda tanh, x: tanh(tanh(x) * 2),
        lambda x: math.tanh(2 * math.tanh(x)),
        lambda x: 2 * slope(2 * math.tanh(x)) * slope(x),
    )
    assert_tanh(
        learner,
        points,
        lambda tanh, x: tanh(x) * tanh(x * 0.5),
        lambda x: math.tanh(x) * math.tanh(x * 0.5),
        lambda x: slope(x) * math.tanh(x * 0.5) + 0.5 * math.tanh(x) * slope(x * 0.5),
    )
    assert_tanh(
        learner,
        points,
        lambda tanh, x: x + tanh(x),
        lambda x: x + math.tanh(x),
        lambda x: 1 + slope(x),
    )
    assert_tanh(learner, logits(rng, 6), lambda tanh, x: tanh(x), math.tanh, slope, rows=2)
