"""The first wrong node: the operator and the operand at which the gradients go wrong."""

from __future__ import annotations

import pytest

from autograder.assertions.case import Case
from autograder.diagnosis.first_wrong import locate
from autograder.expressions.expression import express

from .conftest import OpenLearner

WRONG_TANH = ("self.grad += (1 - out.data**2)", "self.grad += (1 - self.data**2)")
EXPRESSION = express(lambda a, b: (a * b).tanh() * a + b, a=0.5, b=-1.5)


def test_the_marked_edge_is_the_wrong_operators(learner_with: OpenLearner):
    graph = locate(Case(EXPRESSION, "backward"), learner_with("assignment5", WRONG_TANH))

    assert graph is not None
    assert [(e.operand, e.result) for e in graph.edges if e.wrong] == [("c", "d")]
    assert "d = c.tanh()" in graph.first_wrong
    assert "c.grad" in graph.first_wrong


def test_numbers_above_the_mark_are_right_and_below_they_are_not(learner_with: OpenLearner):
    graph = locate(Case(EXPRESSION, "backward"), learner_with("assignment5", WRONG_TANH))

    assert graph is not None
    nodes = {node.name: node for node in graph.nodes}
    assert nodes["d"].grad == pytest.approx(nodes["d"].expected_grad)
    assert nodes["c"].grad != pytest.approx(nodes["c"].expected_grad)


def test_a_lost_contribution_is_found_among_several(learner_with: OpenLearner):
    """`a` is used twice; the exp line forgets what was there."""
    edit = ("self.grad += out.data * out.grad", "self.grad = out.data * out.grad")
    case = Case(express(lambda a: a.exp() + a * 3.0, a=0.5), "backward")

    graph = locate(case, learner_with("assignment5", edit))

    assert graph is not None
    if graph.first_wrong:  # by the order of a set it may come out right
        assert "in total" in graph.first_wrong


def test_a_right_engine_has_no_mark(learner_with: OpenLearner):
    graph = locate(Case(EXPRESSION, "backward"), learner_with("assignment5"))

    assert graph is not None
    assert not any(edge.wrong for edge in graph.edges)
    assert graph.first_wrong == ""


def test_what_does_not_run_has_no_graph(learner_with: OpenLearner):
    learner = learner_with("assignment5", ("return self + (-other)", "return self.minus(other)"))
    case = Case(express(lambda a, b: a - b, a=2.0, b=3.0), "backward")

    assert locate(case, learner) is None
