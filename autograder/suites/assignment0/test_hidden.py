"""assignment0, the tests that stay with the instructor.

A difference is judged as what it is at the h passed, or at its default, so a wrong step shows at
once.
"""

import pytest

from autograder.assertions.judge import assert_kept
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import SMOOTH, graph, number
from autograder.suites.assignment0.oracle import (
    assert_all_partials,
    assert_central,
    assert_forward,
    assert_partial,
)

pytestmark = pytest.mark.hidden
CURVES = (
    lambda x: 3 * x**2 - 4 * x + 5,
    lambda x: x**3 - 2 * x,
    lambda x: 2 / (x**2 + 1),
    lambda x: (0.5 * x).exp(),
    lambda x: 7 - 1.5 * x,
)
SURFACES = (
    lambda x, y: x**2 * y - y**3,
    lambda x, y, z: x * y * z + z**3 - 2 * x**2,
    lambda x, y, z, w: (x - 2 * y) ** 2 + (z * w - x) ** 3,
    lambda x, y, z, w, v, u: x * y + z * w * v - u**2,
)


STEEP = express(lambda x: (100 * x).exp(), x=0.02)
"""So bent that the slope of 1e-5 to either side differs from that of any other step."""


def surfaces(rng):
    """Functions of two to six inputs, each at a place of its own."""
    for formula in SURFACES:
        names = formula.__code__.co_varnames
        yield express(formula, **{name: number(rng, -2, 2) for name in names})


def destination(a, b):
    """The program of the first page, which is micrograd's."""
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + (b + a).relu())
    d = d + (3 * d + (b - a).relu())
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f


@pytest.mark.part("forward")
@pytest.mark.points(2)
@pytest.mark.needs("test_forward")
def test_forward_elsewhere(learner, rng):
    """rise over run for other functions, points and steps, also to the left"""
    for formula in CURVES:
        for h in (0.25, 1e-4):
            assert_forward(learner, express(formula, x=number(rng, -3, 3)), h)
    assert_forward(learner, express(CURVES[1], x=0.0), 0.5)
    assert_forward(learner, express(CURVES[0], x=2), 0.1)
    assert_forward(learner, express(CURVES[0], x=2.0), -0.25)
    for formula in (*CURVES, CURVES[0]):  # all at the same place
        assert_forward(learner, express(formula, x=0.7), 0.5)


@pytest.mark.part("forward")
@pytest.mark.points(1)
def test_forward_step(learner):
    """the default h of forward_difference is 0.001"""
    assert_forward(learner, express(CURVES[0], x=3.0))
    assert_forward(learner, express(lambda x: x**2 + 1000, x=0.7))


@pytest.mark.part("central")
@pytest.mark.points(2)
@pytest.mark.needs("test_central")
def test_central_elsewhere(learner, rng):
    """both sides count, for other functions, points and steps"""
    for formula in CURVES:
        for h in (0.25, 1e-4):
            assert_central(learner, express(formula, x=number(rng, -3, 3)), h)
    assert_central(learner, express(CURVES[1], x=0.0), 0.5)
    assert_central(learner, express(CURVES[0], x=2), 0.1)
    assert_central(learner, express(CURVES[0], x=-40.0), 0.5)
    for formula in (*CURVES, CURVES[0]):  # all at the same place
        assert_central(learner, express(formula, x=0.7), 0.5)


@pytest.mark.part("central")
@pytest.mark.points(2)
def test_central_step(learner, rng):
    """the default h of central_difference is 0.00001"""
    for formula in CURVES:
        assert_central(learner, express(formula, x=number(rng, -3, 3)))
    for x in (0.7, 1.3, -2.9):  # digits are lost early where the numbers are large
        assert_central(learner, express(lambda x: x**2 + 1000, x=x))
    assert_central(learner, STEEP)


@pytest.mark.part("partial")
@pytest.mark.points(2)
@pytest.mark.needs("test_partial")
def test_partial_elsewhere(learner, rng):
    """only one input moves, for other functions and steps"""
    for f in surfaces(rng):
        for index in range(len(f.inputs)):
            assert_partial(learner, f, index, 0.25)
            assert_partial(learner, f, index)
    whole = express(SURFACES[1], x=2, y=-3, z=10)
    for index in range(3):
        assert_partial(learner, whole, index, 0.5)
    far = express(SURFACES[1], x=0.0, y=-3.0, z=40.0)
    for index in range(3):
        assert_partial(learner, far, index, 0.5)
    for f in (SURFACES[0], lambda x, y: x * y, SURFACES[0]):  # all at the same place
        assert_partial(learner, express(f, x=0.7, y=-1.3), 0, 0.5)
    assert_partial(learner, STEEP, 0)
    for index in range(2):
        assert_partial(learner, express(destination, a=-4.0, b=2.0), index)


@pytest.mark.part("partial")
@pytest.mark.points(1)
@pytest.mark.needs("test_partial")
def test_partial_keeps_args(learner):
    """partial_derivative doesn't change args, and args may be a tuple"""
    f = express(lambda x, y: x**2 * y, x=0.1, y=-0.7)
    args = learner.keep([0.1, -0.7])
    for index in range(2):
        assert_partial(learner, f, index, 0.3, args=args)
        assert_kept(learner, args, [0.1, -0.7])
        assert_partial(learner, f, index, 0.3, args=(0.1, -0.7))


@pytest.mark.part("gradient")
@pytest.mark.points(2)
@pytest.mark.needs("test_gradient")
def test_gradient_elsewhere(learner, rng):
    """any number of inputs, with the h that is passed"""
    for f in (express(CURVES[1], x=number(rng, -3, 3)), *surfaces(rng)):
        assert_all_partials(learner, f)
        assert_all_partials(learner, f, 0.25)
    assert_all_partials(learner, express(SURFACES[0], x=3, y=-2), 0.5)
    assert_all_partials(learner, express(SURFACES[1], x=1.5, y=1.5, z=1.5))
    for f in (SURFACES[0], lambda x, y: x * y, SURFACES[0]):  # all at the same place
        assert_all_partials(learner, express(f, x=0.7, y=-1.3), 0.5)


@pytest.mark.part("gradient")
@pytest.mark.points(1)
@pytest.mark.needs("test_gradient")
def test_gradient_keeps_args(learner):
    """gradient doesn't change args, and args may be a tuple"""
    f = express(lambda x, y: x**2 * y, x=0.1, y=-0.7)
    args = learner.keep([0.1, -0.7])
    assert_all_partials(learner, f, 0.3, args=args)
    assert_kept(learner, args, [0.1, -0.7])
    assert_all_partials(learner, f, 0.3, args=(0.1, -0.7))


@pytest.mark.part("gradient")
@pytest.mark.points(2)
@pytest.mark.needs("test_gradient")
def test_gradient_of_programs(learner, rng):
    """the slopes of longer functions, such as the one on the first page"""
    for size in (4, 6, 8):
        assert_all_partials(learner, graph(rng, size, SMOOTH))
    assert_all_partials(learner, express(destination, a=-4.0, b=2.0))
    assert_all_partials(learner, STEEP)
