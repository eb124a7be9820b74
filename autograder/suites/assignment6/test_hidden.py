"""assignment6, the tests that stay with the instructor.

Parameters are handed in with gradients of 0. Where in the loop they are cleared again is free, and
what is in them at the end is not looked at.
"""

import pytest

from autograder.assertions.judge import assert_data, assert_gradient, assert_kept
from autograder.expressions.compare import close
from autograder.expressions.random_graphs import number
from autograder.suites.assignment6.oracle import assert_descent

pytestmark = pytest.mark.hidden


def line(w, b):
    """How far a line misses three points, squared, on average."""
    return ((b - 1) ** 2 + (w + b - 3) ** 2 + (w * 2 + b - 5) ** 2) / 3


def neuron(w, v, b):
    """How far a neuron misses 0.5, squared; all three reach the loss on several ways."""
    out = (w * 1.5 + v * -0.5 + b).tanh()
    return (out - 0.5) ** 2 + (w * v + b) ** 2 * 0.1


def twice(x):
    """Each operator that takes one number takes this one twice."""
    total = x**2 * 3.0 + x**2
    for name in ("exp", "tanh", "relu"):
        total = total + getattr(x, name)() * 3.0 + getattr(x, name)()
    return total


@pytest.mark.part("zero_grad")
@pytest.mark.points(2)
def test_zero_grad_between(learner):
    """the next backward pass finds the correct slope again"""
    a = learner.Value(4.0)
    for _ in range(2):
        learner.zero_grad([a])
        ((a - 1) ** 2).backward()
        assert_gradient(learner, a, 6.0)


@pytest.mark.part("zero_grad")
@pytest.mark.points(1)
def test_zero_grad_of_some(learner, rng):
    """only the Values in the list are cleared, whatever their gradient, each time"""
    values = [learner.Value(number(rng, -3, 3)) for _ in range(9)]
    some = learner.keep(values[:7])
    for largest in (9, 900):
        slopes = [number(rng, -largest, largest) for _ in values]
        learner.set_each(values, "grad", slopes)
        learner.zero_grad(some)
        for value, slope in zip(values, (*[0.0] * 7, *slopes[7:]), strict=True):
            assert_gradient(learner, value, slope)
        assert_kept(learner, some, values[:7])


@pytest.mark.part("gradient_step")
@pytest.mark.points(2)
@pytest.mark.needs("test_gradient_step")
def test_gradient_step_elsewhere(learner, rng):
    """other numbers, gradients and rates, several steps; a gradient of 0 moves nothing"""
    data = [number(rng, -3, 3) for _ in range(8)]
    values = [learner.Value(x) for x in data]
    some = learner.keep(values[:7])
    for rate, largest in ((1.0, 9), (0.5, 900), (round(0.001 + rng.random() / 10, 3), 9)):
        slopes = [0.0, *(number(rng, -largest, largest) for _ in data[1:])]
        learner.set_each(values, "grad", slopes)
        learner.gradient_step(some, rate)
        data[:7] = [x - rate * slope for x, slope in zip(data, slopes[:7], strict=False)]
        for value, x, slope in zip(values[:7], data, slopes, strict=False):
            assert_data(learner, value, x)
            if not close(value.grad, 0.0):  # who clears it here is right as well
                assert_gradient(
                    learner, value, slope, "A step leaves the gradient as it is, or clears it."
                )
        assert_data(learner, values[7], data[7], "This one is not in the list, and it moved.")
        assert_kept(learner, some, values[:7])


@pytest.mark.part("descend")
@pytest.mark.points(3)
def test_descend_along_a_line(learner, rng):
    """a line is fitted to points, and the list of parameters doesn't change"""
    assert_descent(learner, line, [0.0, 0.0], 0.1, 25, what=["ends"])
    places = [number(rng, -3, 3), number(rng, -3, 3)]
    assert_descent(learner, line, places, 0.05, 5, what=["ends"])
    assert_descent(learner, lambda x: (x - 1) ** 2, [4.0], 0.02, 70, what=["ends"])


@pytest.mark.part("descend")
@pytest.mark.points(2)
def test_descend_of_a_neuron(learner, rng):
    """the parameters of a neuron, and a number used many times, end where they should"""
    for rate in (0.1, 0.4):
        places = [number(rng, -2, 2) for _ in range(3)]
        assert_descent(learner, neuron, places, rate, 4, what=["ends"])
    assert_descent(learner, twice, [0.75], 0.01, 2, what=["ends"])


@pytest.mark.part("descend")
@pytest.mark.points(2)
def test_descend_with_a_fixed_value(learner, rng):
    """a Value in the loss that is not a parameter doesn't move"""

    def loss(x, y):
        return (x * y - 2) ** 2 + x * x

    places, fixed = [number(rng, -2, 2)], [number(rng, -2, 2)]
    assert_descent(learner, loss, places, 0.05, 4, what=["ends"], fixed=fixed)


@pytest.mark.part("descend")
@pytest.mark.points(1)
def test_descend_too_fast(learner):
    """with rate 1.1 the loss explodes, from 9 to 497 in 11 steps"""
    for steps in (12, 40):
        assert_descent(learner, lambda x: (x - 1) ** 2, [4.0], 1.1, steps, what=["losses"])


@pytest.mark.part("descend")
@pytest.mark.points(1)
def test_descend_few_steps(learner):
    """one step gives one loss, no steps give none, and a step without gain gives one too"""
    for steps in (1, 2, 0):
        assert_descent(learner, lambda x: (x - 1) ** 2, [-2.0], 0.25, steps, what=["losses"])
    assert_descent(learner, lambda x: (x - 1) ** 2, [-2.0], 0.5, 4, what=["losses"])


@pytest.mark.part("descend")
@pytest.mark.points(2)
def test_descend_again(learner, rng):
    """a second descent starts from scratch, and a loss may be negative"""
    for target, lowest in ((3, 0), (-1, -20)):
        x = number(rng, -3, 3)
        assert_descent(
            learner, lambda x, c=target, low=lowest: (x - c) ** 2 * 0.5 + low, [x], 0.3, 5
        )
    assert_descent(learner, line, [0.5, -1.0], 0.1, 3, rounds=2)
