"""assignment4, the tests that learners may read."""

import pytest

from autograder.expressions.expression import Expression, express
from autograder.suites.assignment4.calls import assert_backward, assert_called_in_order
from autograder.suites.assignment4.oracle import assert_sorted


def by_hand(a, b, c, f):
    """L of assignment3: everything in it is used once."""
    return (a * b + c) * f


def crossing(a, b):
    """c and d are used twice, in steps of different kinds; no plain walk meets them in order."""
    c, d = a + b, a * b
    return (c + d) + (c * d)


def neuron(a, b, c, d, f):
    """A neuron with inputs a and c, weights b and d, and bias f."""
    return (a * b + c * d + f).tanh()


L = express(by_hand, a=2.0, b=-3.0, c=10.0, f=-2.0)
NEURON = express(neuron, a=2.0, b=-3.0, c=0.25, d=1.5, f=6.5)
TANH = express(lambda a: 1 - 2 / ((2 * a).exp() + 1), a=0.4)
Y = express(crossing, a=2.0, b=3.0)


@pytest.mark.part("order")
@pytest.mark.points(1)
def test_order_of_a_leaf(learner):
    """a leaf is alone in its list"""
    assert_sorted(learner, Expression((("a", 3.0),), ()))


@pytest.mark.part("order")
@pytest.mark.points(2)
def test_order_of_a_tree(learner):
    """L = (a·b + c)·f: every node once, operands before results"""
    assert_sorted(learner, L)


@pytest.mark.part("order")
@pytest.mark.points(3)
@pytest.mark.needs("test_order_of_a_tree")
def test_order(learner):
    """the same with nodes that are used twice: (c + d) + (c · d)"""
    assert_sorted(learner, Y)


@pytest.mark.part("backward")
@pytest.mark.points(1)
def test_seed(learner):
    """the root's gradient is 1, whatever its number"""
    assert_backward(learner, express(lambda a, b: a + b, a=3.0, b=4.0))


@pytest.mark.part("backward")
@pytest.mark.points(2)
@pytest.mark.needs("test_seed")
def test_gradients_of_a_tree(learner):
    """backward finds the gradients of L, of a neuron, and of tanh built from exp"""
    for expression in (L, NEURON, TANH):
        assert_backward(learner, expression)


@pytest.mark.part("backward")
@pytest.mark.points(3)
def test_calls(learner):
    """each closure runs once, after those of every node made from its own"""
    assert_called_in_order(learner, Y)
