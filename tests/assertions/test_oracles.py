"""Each thing that a suite's own oracle can say of an answer is said here once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from autograder.suites.assignment1.oracle import assert_trace
from autograder.suites.assignment3.oracle import assert_manual_gradients

from .findings import example, found

if TYPE_CHECKING:
    from .conftest import Make, Pick


def graph_of_three(learner: Any) -> tuple[Any, Any, Any]:
    """Two leaves and what they make; `trace` answers as it was told to."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    return a, b, learner.Value(6.0, (a, b), "*")


@pytest.mark.parametrize(
    "answer",
    [
        "{root, a, b}, {(a, root), (b, root)}",
        "[root, b, a], [(b, root), [a, root]]",
        "[{root: 1, a: 2, b: 3}, ((a, root), (b, root))]",
    ],
)
def test_a_right_trace_in_any_collections(answering: Pick, answer: str) -> None:
    learner = answering(answer)
    a, b, root = graph_of_three(learner)
    assert_trace(learner, root, {a, b, root}, {(a, root), (b, root)})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("None", "trace should return two things: nodes and edges."),
        ("{root, a}", "trace should return two things: nodes and edges."),
        ("[root, a, b]", "trace should return two things: nodes and edges."),
        ("[root, a, b], 5", "trace should return two collections."),
        ("[1.0, 2.0, 3.0], []", "The nodes should be the Values themselves."),
        ("[root, a], []", "These are not the nodes of the graph."),
        ("[root, a, b, b], []", "These are not the nodes of the graph."),
        ("[root, a, b], [a, b]", "An edge is a pair (operand, result)."),
        ("[root, a, b], [(a, b, root)]", "An edge is a pair (operand, result)."),
        ("[root, a, b], [{a, root}, {b, root}]", "An edge is a pair (operand, result)."),
        ("[root, a, b], [(root, a), (root, b)]", "The edges point backwards."),
        ("[root, a, b], [(a, root)]", "These are not the edges of the graph."),
        (
            "[root, a, b], [(a, root), (b, root), (b, root)]",
            "Some edges appear more than once.",
        ),
    ],
)
def test_a_wrong_trace(answering: Pick, answer: str, message: str) -> None:
    learner = answering(answer)
    a, b, root = graph_of_three(learner)
    edges = {(a, root), (b, root)}
    finding = found(lambda: assert_trace(learner, root, {a, b, root}, edges))

    assert finding.message.startswith(message.rstrip("."))


def test_an_edge_may_be_listed_twice_where_the_operand_is_used_twice(make: Make) -> None:
    learner = make(
        more="\ndef trace(root): return [root, *root._prev], [(*root._prev, root)] * 2\n"
    )
    a = learner.Value(2.0)
    root = learner.Value(4.0, (a,), "+")
    assert_trace(learner, root, {a, root}, {(a, root)}, doubled={(a, root)})
    finding = found(lambda: assert_trace(learner, root, {a, root}, {(a, root)}))

    assert finding.message == "Some edges appear more than once."


def test_right_gradients_by_hand(answering: Pick) -> None:
    learner = answering("grad")
    assert_manual_gradients(learner)
    assert_manual_gradients(learner, 1.5, -0.25, 4.0, 3.0)


@pytest.mark.parametrize(
    ("answer", "message", "look"),
    [
        ("None", "It should return a dict.", "manual_gradients()"),
        ("list(grad)", "It should return a dict.", "type(manual_gradients()).__name__"),
        (
            "{name: grad[name] for name in 'Ldfcab'}",
            "The key 'e' is missing.",
            "'e' in manual_gradients()",
        ),
        ("{**grad, 'a': 5.0}", "", "manual_gradients()['a']"),
        (
            "{**grad, 'b': Value(1.0)}",
            "That is not a number: it is Value(data=1.0, grad=0).",
            "manual_gradients()['b']",
        ),
        (
            "{**grad, 'b': None}",
            "That is not a number: it is None.",
            "manual_gradients()['b']",
        ),
    ],
)
def test_wrong_gradients_by_hand(answering: Pick, answer: str, message: str, look: str) -> None:
    learner = answering(answer)
    finding = found(lambda: assert_manual_gradients(learner))

    assert finding.message == message
    assert example(finding).input == look
