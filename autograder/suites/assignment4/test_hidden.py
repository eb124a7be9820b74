"""assignment4, the tests that stay with the instructor.

The engine of this assignment overwrites, so gradients are judged on trees alone. Where nodes are
used twice, the order is judged: that of the list, and that in which closures are called.
"""

import pytest

from autograder.assertions.remarks import remark_on_work
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import graph, number, tree
from autograder.suites.assignment4.calls import assert_backward, assert_called_in_order
from autograder.suites.assignment4.oracle import assert_sorted, assert_sorted_after_backward

pytestmark = pytest.mark.hidden

DEPTH = 300


def ladder(rng, rungs):
    """A result that is used at once and again two steps later, over and over.

    Some walks are wrong here for one order of a node's operands and right for the other. Changing
    sides see to it that both orders occur, whatever the engine keeps operands in.
    """

    def climb(a, b):
        node = a * b
        for rung in range(rungs):
            side = (node * round(0.5 + rung / 100, 2)) * round(0.3 + rung / 1000, 3)
            node = node + side if rng.random() < 0.5 else side + node
        return node

    return express(climb, a=1.5, b=-2.0)


def beside(a, b):
    """A result, and another one that is made from the same node before."""
    c = a + b
    _, root = c * 2.0, c.tanh()
    return root


def equals(a, b):
    """Nodes with equal numbers, where a is b."""
    c, d = a + b, a * b
    return (c + d) * (c * d)


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order")
def test_order_of_a_ladder(learner, rng):
    """a result that is used right away and again two steps later"""
    for rungs in (1, 2, 3, 3, 30):
        assert_sorted(learner, ladder(rng, rungs))


@pytest.mark.part("order")
@pytest.mark.points(1)
@pytest.mark.needs("test_order_of_a_tree")
def test_order_of_equal_numbers(learner):
    """nodes with equal numbers are still different nodes"""
    assert_sorted(learner, express(equals, a=2.0, b=2.0))
    assert_sorted(learner, express(lambda a: a + a, a=3.0))


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order_of_a_tree")
def test_order_again(learner):
    """a second call starts from scratch, and other Values don't matter"""
    expression = express(lambda a, b: ((a + b).tanh() * 3.0).exp(), a=2.0, b=-3.0)
    c, d, f, g = (step.name for step in expression.steps)
    assert_sorted(learner, expression, f, f, d, g, c, g)
    assert_sorted(learner, express(beside, a=2.0, b=-3.0))


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order_of_a_ladder")
def test_order_of_random_graphs(learner, rng):
    """random graphs whose nodes are used again and again"""
    for size in (4, 6, 9, 14):
        assert_sorted(learner, graph(rng, size))


@pytest.mark.part("order")
@pytest.mark.points(1)
@pytest.mark.needs("test_order_of_a_tree")
def test_order_of_a_chain(learner):
    """a chain of 300 steps"""

    def chain(a):
        for step in range(1, DEPTH + 1):
            a = a + step
        return a

    lines = ("a = Value(0.5)", f"for step in range(1, {DEPTH + 1}): a = a + step")
    assert_sorted(learner, express(chain, a=0.5), lines=lines)


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_calls")
def test_calls_on_a_ladder(learner, rng):
    """a closure waits for every node made from its own, near or far"""
    for rungs in (1, 2, 3, 4, 5, 6):
        assert_called_in_order(learner, ladder(rng, rungs))
    assert_called_in_order(learner, ladder(rng, 30), slow=True)


@pytest.mark.part("backward")
@pytest.mark.points(1)
def test_calls_again(learner):
    """backward from one root, from another made from it, and from the first again"""
    expression = express(lambda a, b: (a * b).tanh() * 5.0, a=0.5, b=-3.0)
    c, d, f = (step.name for step in expression.steps)
    assert_called_in_order(learner, expression, d, f, d, d, c)


@pytest.mark.part("backward")
@pytest.mark.points(1)
@pytest.mark.needs("test_order_of_a_tree", "test_seed")
def test_order_after_backward(learner):
    """after backward, topological_order lists the same graph as before"""
    assert_sorted_after_backward(learner, express(lambda a, b: (a * b).tanh(), a=0.5, b=-3.0))


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_calls_on_a_ladder")
def test_calls_on_random_graphs(learner, rng):
    """the same on random graphs and with equal numbers"""
    assert_called_in_order(learner, express(equals, a=2.0, b=2.0))
    for size in (4, 6, 9, 14):
        assert_called_in_order(learner, graph(rng, size))


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_gradients_of_a_tree")
def test_gradients_of_random_trees(learner, rng):
    """gradients of random expressions in which everything is used once"""
    assert_backward(learner, express(lambda a, b: (a * b) * 3.0, a=2.0, b=5.0))
    assert_backward(learner, express(lambda a: a.tanh().tanh(), a=0.0))
    for size in (3, 5, 8, 12):
        assert_backward(learner, tree(rng, size))
    remark_on_work(learner, "backward")


@pytest.mark.part("backward")
@pytest.mark.points(1)
@pytest.mark.needs("test_gradients_of_a_tree")
def test_gradients_of_a_chain(learner, rng):
    """the gradient reaches the far end of 300 steps"""

    def chain(a):
        for _ in range(DEPTH):
            a = a * 1.01
        return a

    assert_backward(learner, express(chain, a=number(rng, 1, 3)))
