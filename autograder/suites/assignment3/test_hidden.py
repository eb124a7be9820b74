"""assignment3, the tests that stay with the instructor.

Everything is used once: whether a closure overwrites or adds is judged from assignment5 on. An
operator's tests use no other operator, so that one slip costs one operator; how they work together
is asked in a part of its own, once for each group of them.
"""

import pytest

from autograder.assertions.judge import (
    assert_all_gradients,
    assert_gradient,
    assert_nothing_remembered,
)
from autograder.assertions.remarks import remark_on_work
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import number, tree
from autograder.suites.assignment3.oracle import assert_manual_gradients

pytestmark = pytest.mark.hidden


def probe(learner, rng, *expressions):
    """The closures of each expression, for 0 from above and for gradients that nobody chose."""
    upstream = (number(rng, -3, -0.5), number(rng, 0.5, 3), number(rng, 20, 900), 0.0)
    assert_all_gradients(learner, [(e, upstream) for e in expressions], backward="closures")


@pytest.mark.part("manual")
@pytest.mark.points(2)
@pytest.mark.needs("test_manual_gradients")
def test_manual_gradients_elsewhere(learner, rng):
    """the same for other numbers"""
    assert_manual_gradients(learner, 3.0, 2.0, -1.0, 5.0)  # first what is easy to follow
    for zero in range(4):
        numbers = [2.0, -3.0, 10.0, -2.0]
        numbers[zero] = 0.0
        assert_manual_gradients(learner, *numbers)
    for _ in range(3):
        assert_manual_gradients(learner, *(number(rng, -5, 5) for _ in range(4)))


@pytest.mark.part("add")
@pytest.mark.points(1)
@pytest.mark.needs("test_add")
def test_add_within(learner, rng):
    """sums within sums, and next to plain numbers"""
    probe(
        learner,
        rng,
        express(lambda a, b, c: (a + b) + c, a=-1.5, b=0.25, c=4.0),
        express(lambda a, b, c: a + (b + c), a=-1.5, b=0.0, c=4.0),
        express(lambda a, b: a + b, a=2.5, b=2.5),
        express(lambda a: a + 3.0, a=-2.0),
        express(lambda a: 3 + a, a=-2),
    )
    a = learner.Value(2.0)
    b = a + 1.5
    c = b + 4.0
    c.grad = 1.0
    c._backward()
    assert_gradient(learner, b, 1.0)
    assert_gradient(
        learner, a, 0.0, "The closure of c is about b; a's turn comes with b's closure."
    )


@pytest.mark.part("mul")
@pytest.mark.points(1)
@pytest.mark.needs("test_mul")
def test_mul_within(learner, rng):
    """products within products, and next to plain numbers"""
    probe(
        learner,
        rng,
        express(lambda a, b: (a * b) * 3.0, a=2.0, b=5.0),
        express(lambda a, b, c: a * (b * c), a=-1.5, b=0.25, c=4.0),
        express(lambda a, b: a * b, a=2, b=3),
        express(lambda a, b: a * b, a=2.5, b=2.5),
        express(lambda a, b: a * b, a=0.0, b=1.0),
        express(lambda a: -2 * a, a=0.75),
    )


@pytest.mark.part("pow")
@pytest.mark.points(1)
@pytest.mark.needs("test_pow")
def test_pow_within(learner, rng):
    """** with other exponents and other numbers"""
    exponents = (2, 0.5, 2.5, -2, 1, 0)
    probe(
        learner,
        rng,
        *(express(lambda a, n=n: a**n, a=number(rng, 0.5, 3)) for n in exponents),
        express(lambda a: a**1, a=0.0),
        express(lambda a: a**2, a=0.0),
        express(lambda a: a**2, a=-1.5),
        express(lambda a: a**3, a=-2),
        express(lambda a: (a**2) ** 3, a=-0.75),
    )


@pytest.mark.part("exp")
@pytest.mark.points(1)
@pytest.mark.needs("test_exp")
def test_exp_within(learner, rng):
    """exp of a result and of other numbers"""
    numbers = (2, 0.0, 5.5, -8.0)
    probe(
        learner,
        rng,
        *(express(lambda a: a.exp(), a=x) for x in numbers),
        express(lambda a: a.exp().exp(), a=0.25),
    )


@pytest.mark.part("tanh")
@pytest.mark.points(1)
@pytest.mark.needs("test_tanh")
def test_tanh_within(learner, rng):
    """tanh of a result and of other numbers, including large ones"""
    numbers = (-1.25, 0.0, 1, 4.0, 6.5, -7.25)
    probe(
        learner,
        rng,
        *(express(lambda a: a.tanh(), a=x) for x in numbers),
        express(lambda a: a.tanh().tanh(), a=0.75),
    )


@pytest.mark.part("relu")
@pytest.mark.points(1)
@pytest.mark.needs("test_relu")
def test_relu_within(learner, rng):
    """relu of a result and of other numbers"""
    numbers = (0.25, -0.25, 7, -1234.5)
    probe(
        learner,
        rng,
        *(express(lambda a: a.relu(), a=x) for x in numbers),
        express(lambda a: a.relu().relu(), a=3.0),
        express(lambda a: a.relu().relu(), a=-3.0),
    )


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_sub_and_neg(learner, rng):
    """- has the correct slopes, since it is made of + and *"""
    probe(
        learner,
        rng,
        express(lambda a, b: a - b, a=5.0, b=3.0),
        express(lambda a, b: a - b, a=2.5, b=2),
        express(lambda a, b: a - b, a=2.5, b=2.5),
        express(lambda a: -a, a=-1.5),
        express(lambda a: 4 - a, a=1.5),
        express(lambda a: a - 4, a=1.5),
        express(lambda a, b: (a * 2.0) - (b * 3.0), a=0.5, b=-1.25),
    )


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_truediv(learner, rng):
    """/ has the correct slopes, since it is made of * and **"""
    probe(
        learner,
        rng,
        express(lambda a, b: a / b, a=6.0, b=-3.0),
        express(lambda a, b: a / b, a=7, b=2),
        express(lambda a, b: a / b, a=0.0, b=2.5),
        express(lambda a: 1 / a, a=4.0),
        express(lambda a: -3 / a, a=0.5),
        express(lambda a: a / 4, a=4.0),
        express(lambda a, b: (a * 2.0) / (b**3), a=0.5, b=-1.25),
    )


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_chains(learner, rng):
    """exp and tanh one after the other"""
    probe(learner, rng, *(tree(rng, size, ("exp", "tanh")) for size in (2, 3, 5)))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_sums(learner, rng):
    """sums of powers and of relu"""
    probe(learner, rng, *(tree(rng, size, ("add", "pow", "relu")) for size in (3, 5, 8)))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_neuron(learner, rng):
    """a neuron: tanh of a sum of products"""
    given = {"x": 2.0, "w": -3.0, "y": 0.0, "v": 1.0, "b": 6.88137358}
    others = {name: number(rng, -1, 1) for name in given}
    neuron = [
        express(lambda x, w, y, v, b: (x * w + y * v + b).tanh(), **numbers)
        for numbers in (given, others)
    ]
    probe(learner, rng, *neuron)


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_one_path_tanh(learner, rng):
    """tanh written as 1 - 2 / (exp(2x) + 1) has the slope of tanh"""
    probe(learner, rng, *(express(lambda a: 1 - 2 / ((2 * a).exp() + 1), a=x) for x in (0.5, -1.0)))


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_nothing_remembered(learner):
    """the same Values again, with other numbers"""
    assert_nothing_remembered(
        learner,
        [
            (express(lambda a, b: a + b, a=2.0, b=-3.0), (0.5, 4.0)),
            (express(lambda a, b: a * b, a=2.0, b=-3.0), (0.5, 4.0)),
            (express(lambda a: a**3, a=2.0), (-0.5,)),
            (express(lambda a: a.exp(), a=2.0), (-0.5,)),
            (express(lambda a: a.tanh(), a=2.0), (-0.5,)),
            (express(lambda a: a.relu(), a=2.0), (-0.5,)),
        ],
        backward="closures",
    )


@pytest.mark.part("together")
@pytest.mark.points(1)
def test_random_trees(learner, rng):
    """random expressions in which everything is used once"""
    probe(learner, rng, *(tree(rng, size) for size in (3, 5, 7, 9, 12)))
    remark_on_work(learner, "closures")
