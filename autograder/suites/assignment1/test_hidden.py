"""assignment1, the tests that stay with the instructor."""

import itertools

import pytest

from autograder.assertions.judge import assert_data, assert_gradient
from autograder.expressions.random_graphs import number
from autograder.suites.assignment1.oracle import assert_operands, assert_trace, see_to_operands

pytestmark = pytest.mark.hidden


def assert_leaf(learner, *values):
    """None of them has operands."""
    for value in values:
        assert_operands(learner, value, set(), "A leaf has no operands.")


@pytest.mark.part("fields")
@pytest.mark.points(1)
@pytest.mark.needs("test_data")
def test_data_as_given(learner, rng):
    """any number is stored unchanged, large or small"""
    for given in (number(rng, -9, 9), 0, 1 / 3, -1e-7, 123456.789):
        assert_data(learner, learner.Value(given), given)


@pytest.mark.part("fields")
@pytest.mark.points(1)
@pytest.mark.needs("test_grad")
def test_grad_of_its_own(learner):
    """each Value has its own grad, which can be changed"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    a.grad = 1.5
    assert_gradient(learner, a, 1.5)
    assert_gradient(learner, b, 0.0, "Another Value's grad changed along with a's.")
    assert_gradient(learner, learner.Value(6.0, (a, b), "*"), 0.0)


@pytest.mark.part("fields")
@pytest.mark.points(1)
def test_fresh_leaf(learner):
    """a new leaf has no operands, whatever was made before it"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    assert_leaf(learner, a, b)
    learner.Value(6.0, (a, b), "*")
    leaf = learner.Value(9.0)
    assert_leaf(learner, a, b, leaf)
    learner.Value(6.0, (a, leaf), "*")
    assert_leaf(learner, leaf)


@pytest.mark.part("fields")
@pytest.mark.points(1)
@pytest.mark.needs("test_children")
def test_equal_numbers(learner):
    """operands with equal numbers stay two operands"""
    a, b = learner.Value(2.0), learner.Value(2.0)
    c = learner.Value(4.0, (a, b), "+")
    message = "a and b are two different nodes although their numbers are equal."
    assert_operands(learner, c, {a, b}, message)
    d = learner.Value(4.0, (a, a), "+")
    assert_operands(learner, d, {a}, "a is the only operand of a + a.")
    f = learner.Value(8.0, (a, b, c))
    assert_operands(learner, f, {a, b, c}, "There are three operands.")


@pytest.mark.part("trace")
@pytest.mark.points(2)
@pytest.mark.needs("test_trace")
def test_trace_of_shared_nodes(learner):
    """a node that is used twice is found once; a node may have no op, or three operands"""
    a, b = learner.Value(2.0), learner.Value(2.0)
    c = learner.Value(4.0, (a, b), "+")
    d = learner.Value(4.0, (a, b), "*")
    f = learner.Value(16.0, (c, d), "*")
    g = learner.Value(22.0, (c, f, b))
    h = learner.Value(44.0, (g, g), "+")
    edges = {(a, c), (b, c), (a, d), (b, d), (c, f), (d, f), (c, g), (f, g), (b, g), (g, h)}
    nodes = {a, b, c, d, f, g, h}
    see_to_operands(learner, nodes, edges)
    assert_trace(learner, h, nodes, edges, doubled={(g, h)})
    assert_trace(learner, *ladder(learner, 12))


def ladder(learner, rungs):
    """Each result is used at once and again one step later: root, nodes, edges."""
    first = learner.Value(1.0)
    top = learner.Value(1.0, (first,), "exp")
    nodes, edges = {first, top}, {(first, top)}
    for rung in range(rungs):
        side = learner.Value(1.0, (top,), "exp")
        pair = (top, side) if rung % 2 else (side, top)
        root = learner.Value(2.0, pair, "+")
        nodes |= {side, root}
        edges |= {(top, side), (top, root), (side, root)}
        top = root
    see_to_operands(learner, nodes, edges)
    return top, nodes, edges


@pytest.mark.part("trace")
@pytest.mark.points(1)
@pytest.mark.needs("test_trace")
def test_trace_twice(learner):
    """a second trace starts from scratch"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = learner.Value(6.0, (a, b), "*")
    d = learner.Value(5.0, (a, b), "+")
    f = learner.Value(6.0, (b, a), "*")  # as c is, and another node
    edges = {(operand, root) for operand in (a, b) for root in (c, d, f)}
    see_to_operands(learner, {a, b, c, d, f}, edges)
    for root in (c, d, f) * 2:
        assert_trace(learner, root, {a, b, root}, {(a, root), (b, root)})


@pytest.mark.part("trace")
@pytest.mark.points(1)
@pytest.mark.needs("test_trace")
def test_trace_of_a_chain(learner):
    """trace reaches the far end of a long chain"""
    chain = [learner.Value(0.0)]
    for step in range(1, 120):
        chain.append(learner.Value(float(step), (chain[-1],), "+"))
    edges = set(itertools.pairwise(chain))
    see_to_operands(learner, set(chain), edges)
    assert_trace(learner, chain[-1], set(chain), edges)


@pytest.mark.part("trace")
@pytest.mark.points(1)
@pytest.mark.needs("test_trace_of_shared_nodes", "test_trace_of_a_chain")
def test_trace_of_many_ways(learner):
    """trace finishes even when very many paths lead to the same node"""
    corner = learner.Value(1.0)
    nodes, edges = {corner}, set()
    for _ in range(30):
        left = learner.Value(1.0, (corner,), "**2")
        right = learner.Value(1.0, (corner,), "**3")
        last, corner = corner, learner.Value(1.0, (left, right), "*")
        nodes |= {left, right, corner}
        edges |= {(last, left), (last, right), (left, corner), (right, corner)}
    see_to_operands(learner, nodes, edges)
    assert_trace(learner, corner, nodes, edges)
