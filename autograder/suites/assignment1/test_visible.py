"""assignment1, the tests that learners may read."""

import re

import pytest

from autograder.assertions.judge import assert_data, assert_gradient
from autograder.suites.assignment1.oracle import assert_operands, assert_trace, see_to_operands


@pytest.mark.part("fields")
@pytest.mark.points(2)
def test_data(learner):
    """Value(2.5) remembers its number"""
    for number in (2.5, -0.75, 3):
        assert_data(learner, learner.Value(number), number)


@pytest.mark.part("fields")
@pytest.mark.points(1)
def test_grad(learner):
    """grad starts at zero"""
    assert_gradient(learner, learner.Value(2.0), 0.0, "Before any backward pass, grad is 0.0.")


@pytest.mark.part("fields")
@pytest.mark.points(2)
def test_children(learner):
    """_prev contains the operands a Value was made from"""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = learner.Value(6.0, (a, b), "*")
    assert_operands(learner, c, {a, b}, "_prev should hold the two operands.")


@pytest.mark.part("fields")
@pytest.mark.points(1)
def test_op(learner):
    """_op names the operator and is empty for a leaf"""
    a = learner.Value(2.0)
    if a._op != "":
        raise learner.mismatch("A leaf was made by no operator.", a._op, "")
    for op in ("+", "*"):
        c = learner.Value(6.0, (a, learner.Value(3.0)), op)
        if c._op != op:
            raise learner.mismatch("_op should be what was passed.", c._op, op)


@pytest.mark.part("fields")
@pytest.mark.points(1)
def test_label(learner):
    """label is a name you can give a Value"""
    if learner.Value(2.0).label != "":
        raise learner.mismatch("Without a name the label is empty.", learner.Value(2.0).label, "")
    a = learner.Value(2.0, label="a")
    if a.label != "a":
        raise learner.mismatch("label should be what was passed.", a.label, "a")


@pytest.mark.part("repr")
@pytest.mark.points(1)
def test_repr(learner):
    """repr shows the number, even after it has changed"""
    for number in (2.5, -0.75, 0.004):
        _assert_shown(learner, learner.Value(number), number)
    _assert_shown(learner, learner.Value(7.5, label="b"), 7.5)
    a = learner.Value(2.5)
    _assert_shown(learner, a, 2.5)
    a.data = 0.625
    _assert_shown(learner, a, 0.625)


def _assert_shown(learner, value, number):
    text = learner.repr_of(value)
    found = [float(match) for match in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]
    if not any(abs(each - number) <= 0.01 * abs(number) for each in found):
        raise learner.mismatch(f"{number} does not occur in it.", text, f"…{number}…")


@pytest.mark.part("trace")
@pytest.mark.points(3)
def test_trace(learner):
    """trace finds every node and every edge of a small graph"""
    a, b, c = learner.Value(2.0), learner.Value(-3.0), learner.Value(10.0)
    e = learner.Value(-6.0, (a, b), "*")
    d = learner.Value(4.0, (e, c), "+")
    edges = {(a, e), (b, e), (e, d), (c, d)}
    see_to_operands(learner, {a, b, c, d, e}, edges)
    assert_trace(learner, d, {a, b, c, d, e}, edges)


@pytest.mark.part("trace")
@pytest.mark.points(1)
def test_trace_of_a_leaf(learner):
    """the graph of a leaf is just the leaf"""
    a = learner.Value(2.0)
    see_to_operands(learner, {a}, set())
    assert_trace(learner, a, {a}, set())
