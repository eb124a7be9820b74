"""A walk back through a learner's graph, as their process tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.expressions.expression import express
from autograder.remote.errors import LearnerError, Tampered
from autograder.remote.learner import Learner

from .conftest import Room

ENGINE = """
    class Value:
        def __init__(self, data, prev=(), op="", label=""):
            self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(prev), op, label
            self._backward = lambda: None
        def __add__(self, other):
            out = Value(self.data + other.data, (self, other), "+")
            def _backward():
                self.grad = out.grad
                other.grad = out.grad
            out._backward = _backward
            return out
        def __mul__(self, other):
            out = Value(self.data * other.data, (self, other), "*")
            def _backward():
                self.grad += other.data * out.grad
                other.grad += self.data * out.grad
            out._backward = _backward
            return out
"""
GRAPH = f"""{ENGINE}
    a, b = Value(2.0, label="first"), Value(-3.0)
    c = a * b
    many = a
    for _ in range(99):
        many = many + b
"""
TWICE = express(lambda a: a + a, a=3.0)


def learner_of(room: Room, text: str) -> Any:
    session = room.session(text)
    session.begin_test()
    return Learner(session)


def test_names_are_labels_or_variables(limited: Room) -> None:
    learner = learner_of(limited, GRAPH)
    walk = learner.walk(learner.held("c"), 60)

    assert [(node.name, node.op, node.data) for node in walk.nodes[:1]] == [("c", "*", -6.0)]
    assert {node.name for node in walk.nodes[1:]} == {"first", "b"}
    assert walk.nodes[0].operands == (1, 2)
    grads = dict(zip((node.name for node in walk.nodes), walk.gradients, strict=True))
    assert grads == {"c": 1.0, "first": -3.0, "b": 2.0}


def test_it_leaves_their_graph_as_it_was(limited: Room) -> None:
    learner = learner_of(limited, GRAPH)
    root = learner.held("c")
    learner.walk(root, 60)

    assert learner.held("a").grad == 0.0
    assert root.grad == 0.0


def test_what_is_far_away_is_left_out(limited: Room) -> None:
    learner = learner_of(limited, GRAPH)
    walk = learner.walk(learner.held("many"), 20)

    assert len(walk.nodes) == 20
    assert walk.left_out == 81
    assert walk.nodes[-1].left_out + walk.nodes[-2].left_out == 1
    assert all(write.node < 20 for step in walk.steps for write in step.writes)


def test_an_expression_is_called_by_its_names(limited: Room) -> None:
    learner = learner_of(limited, ENGINE)
    walk = learner.walk_expression(TWICE, backward="closures", upstream=-2.0, most=60)

    assert [(node.name, node.data) for node in walk.nodes] == [("b", 6.0), ("a", 3.0)]
    start, step = walk.steps
    assert (start.node, start.writes[0].after) == (None, -2.0)
    assert (step.node, step.incoming, step.how) == (0, -2.0, "called")
    first, second = step.writes
    assert (first.overwrites, second.overwrites) == (False, True)
    assert [step.slope(write) for write in step.writes] == [1.0, 1.0]
    assert walk.gradients == (-2.0, -2.0)


def test_what_their_code_raises_arrives(limited: Room) -> None:
    learner = learner_of(limited, f"{ENGINE}\n    def tanh(self): raise OSError('no')\n")
    with pytest.raises(LearnerError, match="unsupported operand"):
        learner.walk_expression(
            express(lambda a: a - 1, a=3.0), backward="closures", upstream=1.0, most=60
        )
    with pytest.raises(LearnerError, match="no attribute 'backward'"):
        learner.walk_expression(TWICE, backward="backward", upstream=1.0, most=60)


FORGED = [
    {"nodes": [], "steps": [], "left_out": 0},
    {"nodes": [["a", "", 1.0, [1], 0]], "steps": [], "left_out": 0},
    {"nodes": [["a", "", 1.0, [], -1]], "steps": [], "left_out": 0},
    {"nodes": [["a", "", [], [], 0]], "steps": [], "left_out": 0},
    {"nodes": [["a", "", 10**400, [], 0]], "steps": [], "left_out": 0},
    {"nodes": [[1, "", 1.0, [], 0]], "steps": [], "left_out": 0},
    {"nodes": [["a", "", 1.0, [], 0]], "steps": [], "left_out": True},
    {"nodes": [["a", "", 1.0, [], 0]], "steps": [[0, 1.0, [], "guessed"]], "left_out": 0},
    {"nodes": [["a", "", 1.0, [], 0]], "steps": [[-1, 1.0, [], "called"]], "left_out": 0},
    {"nodes": [["a", "", 1.0, [], 0]], "steps": [[0, 1.0, [[0, 1, 2, 3]], "read"]], "left_out": 0},
    {"nodes": [["a", "", 1.0, [], 0]], "steps": [[0, 1.0, [[9, 1, 2, True]], "read"]]},
    [],
    None,
    "walk",
]


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_no_walk_is_refused(limited: Room, forged: object) -> None:
    """A file that gets at the worker's own code, and answers in its name."""
    learner = learner_of(
        limited,
        f"{GRAPH}\n    import __main__\n    __main__.Worker.do_walk = lambda *_, **__: {forged!r}\n",
    )
    with pytest.raises(Tampered):
        learner.walk(learner.held("c"), 60)
