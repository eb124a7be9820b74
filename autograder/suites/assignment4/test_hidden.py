"""assignment4, the tests that stay with the instructor.

The engine of this assignment overwrites, so gradients are judged on trees alone. Where nodes are
used twice, the order in which closures are called is judged.
"""

import pytest

from autograder.assertions.judge import assert_gradient, assert_gradients, told_as
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import graph, number, tree
from autograder.suites.assignment4.oracle import (
    assert_called_in_order,
    assert_sorted,
    build,
)

pytestmark = pytest.mark.hidden

DEPTH = 300
RUNGS = (1, 2, 3, 30)


def ladder(learner, rng, rungs):
    """A result that is used at once and again two steps later, over and over.

    Some walks are wrong here for one order of a node's operands and right for the other. Spare
    objects and changing sides see to it that both orders occur, whatever the engine keeps them in.
    """
    node = learner.Value(1.5) * learner.Value(-2.0)
    for rung in range(rungs):
        for _ in range(int(rng.random() * 3)):
            learner.Value(0.0)
        side = node * learner.Value(round(0.5 + rung / 100, 2)) * round(0.3 + rung / 1000, 3)
        node = node + side if rng.random() < 0.5 else side + node
    return node


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order")
def test_order_of_a_ladder(learner, rng):
    """a result that is used at once and again two steps later"""
    for rungs in RUNGS:
        assert_sorted(learner, ladder(learner, rng, rungs))


@pytest.mark.part("order")
@pytest.mark.points(1)
@pytest.mark.needs("test_order")
def test_order_of_equal_numbers(learner):
    """nodes with equal numbers are still different nodes"""
    a, b = learner.Value(2.0), learner.Value(2.0)
    c, d = a + b, a * b
    assert_sorted(learner, (c + d) * (c * d))
    f = learner.Value(3.0)
    assert_sorted(learner, f + f)


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order_of_a_ladder")
def test_order_again(learner):
    """one call knows nothing of the one before"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a + b
    d = c * a
    e = d * c
    lines = [f"from {learner.module_name()} import Value, topological_order"]
    lines += ["a = Value(2.0)", "b = Value(3.0)", "c = a + b", "d = c * a", "e = d * c"]
    for name, root in (("d", d), ("d", d), ("c", c), ("e", e)):
        lines.append(f"topological_order({name})")
        with told_as(*lines):
            assert_sorted(learner, root)


@pytest.mark.part("order")
@pytest.mark.points(2)
@pytest.mark.needs("test_order_of_a_ladder")
def test_order_of_random_graphs(learner, rng):
    """random graphs whose nodes are used again and again"""
    for size in (4, 6, 9, 14):
        assert_sorted(learner, build(learner, graph(rng, size)))


@pytest.mark.part("order")
@pytest.mark.points(1)
@pytest.mark.needs("test_order_of_a_tree")
def test_order_of_a_chain(learner):
    """a chain of 300 steps"""
    node = learner.Value(1.0)
    for _ in range(DEPTH):
        node = node + 1
    with told_as(
        f"from {learner.module_name()} import Value, topological_order",
        "a = Value(1.0)",
        f"for _ in range({DEPTH}): a = a + 1",
        "topological_order(a)",
    ):
        assert_sorted(learner, node)


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_calls")
def test_calls_on_a_ladder(learner, rng):
    """closures wait for the last that was made from their node, near or far"""
    for rungs in RUNGS:
        assert_called_in_order(learner, ladder(learner, rng, rungs))


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_calls_on_a_ladder")
def test_calls_again(learner):
    """backward from one root, then from another that was made from it"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a + b
    d = c * a
    assert_called_in_order(learner, d)
    assert_called_in_order(learner, d * c)
    a = learner.Value(2.0)
    b = a * 3.0
    b.backward()
    a.grad = b.grad = 0.0
    c = b * 5.0
    c.backward()
    assert_gradient(learner, a, 15.0)


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_calls_on_a_ladder")
def test_calls_on_random_graphs(learner, rng):
    """the same on random graphs, and where numbers are equal"""
    a, b = learner.Value(2.0), learner.Value(2.0)
    c, d = a + b, a * b
    assert_called_in_order(learner, (c + d) * (c * d))
    for size in (4, 6, 9, 14):
        assert_called_in_order(learner, build(learner, graph(rng, size)))


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_gradients_of_a_tree")
def test_gradients_of_random_trees(learner, rng):
    """gradients of random expressions in which everything is used once"""
    assert_gradients(
        learner, express(lambda a, b: (a * b) * 3.0, a=2.0, b=5.0), backward="backward"
    )
    zero = express(lambda a: a.tanh().tanh(), a=0.0)
    assert_gradients(learner, zero, backward="backward")
    for size in (3, 5, 8, 12):
        assert_gradients(learner, tree(rng, size), backward="backward")


@pytest.mark.part("backward")
@pytest.mark.points(1)
@pytest.mark.needs("test_gradients_of_a_tree")
def test_gradients_of_a_chain(learner, rng):
    """the gradient reaches the far end of 300 steps"""

    def chain(a):
        for _ in range(DEPTH):
            a = a * 1.01
        return a

    assert_gradients(learner, express(chain, a=number(rng, 1, 3)), backward="backward")
