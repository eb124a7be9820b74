"""What `draw_dot` draws, and for whose engines."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from autograder.kit import draw_dot

from .graphs import HOSTILE, Agreeable, Value, arrows, neuron, nodes, parts

# --- the picture


@pytest.mark.usefixtures("renderer")
def test_the_lectures_neuron() -> None:
    """A box for each value with label, data and grad, and a node for each operator."""
    drawing = draw_dot(neuron())

    assert nodes(drawing) == [
        ["*"],
        ["*"],
        ["+"],
        ["+"],
        ["b", "data 6.8814", "grad 0.5000"],
        ["n", "data 0.8814", "grad 0.5000"],
        ["o", "data 0.7071", "grad 1.0000"],
        ["tanh"],
        ["w1", "data -3.0000", "grad 1.0000"],
        ["w2", "data 1.0000", "grad 0.0000"],
        ["x1", "data 2.0000", "grad -1.5000"],
        ["x1*w1", "data -6.0000", "grad 0.5000"],
        ["x1*w1 + x2*w2", "data -6.0000", "grad 0.5000"],
        ["x2", "data 0.0000", "grad 0.5000"],
        ["x2*w2", "data 0.0000", "grad 0.5000"],
    ]
    assert arrows(drawing) == [
        "* -> x1*w1",
        "* -> x2*w2",
        "+ -> n",
        "+ -> x1*w1 + x2*w2",
        "b -> +",
        "n -> tanh",
        "tanh -> o",
        "w1 -> *",
        "w2 -> *",
        "x1 -> *",
        "x1*w1 + x2*w2 -> +",
        "x1*w1 -> +",
        "x2 -> *",
        "x2*w2 -> +",
    ]


@pytest.mark.parametrize("keep", [set, frozenset, list, tuple])
def test_operands_in_any_collection(keep: Callable[[Any], Any]) -> None:
    assert nodes(draw_dot(neuron())) == nodes(draw_dot(neuron(keep=keep)))


def test_sets_give_the_same_drawing_every_time() -> None:
    """Their own order follows addresses; the drawing's follows what is shown."""
    assert {draw_dot(neuron(keep=set)).dot} == {draw_dot(neuron(keep=set)).dot for _ in range(20)}


def test_nodes_are_told_apart_by_identity_alone() -> None:
    """Values that are equal to everything, unhashable and without truth are drawn in full."""
    root = neuron(Agreeable)
    traced = draw_dot(root, trace=as_lists)

    assert nodes(draw_dot(neuron())) == nodes(draw_dot(root)) == nodes(traced)
    assert arrows(draw_dot(neuron())) == arrows(draw_dot(root)) == arrows(traced)
    assert "dashed" not in traced.dot


def test_a_shared_value_is_drawn_once() -> None:
    a = Value(2.0, label="a")
    b = Value(4.0, (a,), "**2", "b")
    drawing = draw_dot(Value(6.0, (a, b), "+", "c"))

    assert arrows(drawing) == ["**2 -> b", "+ -> c", "a -> **2", "a -> +", "b -> +"]


@pytest.mark.parametrize(("keep", "times"), [(set, 1), (tuple, 2)])
def test_a_plus_a_has_the_arrows_that_prev_has(keep: Callable[[Any], Any], times: int) -> None:
    a = Value(1.0, label="a")
    drawing = draw_dot(Value(2.0, (a, a), "+", "b", keep))

    assert times == drawing.dot.count("n1 -> n0op")


def test_without_an_operator_operands_lead_straight_to_the_result() -> None:
    drawing = draw_dot(Value(6.0, (Value(2.0, label="a"),), "", "b"))

    assert arrows(drawing) == ["a -> b"]


@pytest.mark.usefixtures("renderer")
def test_what_a_node_lacks_is_left_out() -> None:
    """No grad, no label, no children, or a plain number among the operands."""
    a = SimpleNamespace(data=2)
    drawing = draw_dot(SimpleNamespace(data=5, _prev=[a, 3, ""], _op="+", label=None))

    assert nodes(drawing) == [[""], ["+"], ["3"], ["data 2.0000"], ["data 5.0000"]]


def test_a_property_that_raises_is_left_out() -> None:
    class Broken(Value):
        @property
        def label(self) -> str:
            raise ZeroDivisionError

        @label.setter
        def label(self, text: str) -> None:
            pass

    assert nodes(draw_dot(Broken(1.0))) == [["data 1.0000", "grad 0.0000"]]


class Mute:
    def __str__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (3, "data 3.0000"),
        (-0.00004, "data -0.0000"),
        (math.inf, "data inf"),
        (math.nan, "data nan"),
        (1e300, "data 1.0000e+300"),
        (None, "data"),
        ("two", "data two"),
        (10**400, "data 1" + "0" * 36 + "..."),
        (Mute(), "data ?"),
    ],
)
def test_numbers_have_four_decimals_and_anything_else_is_shown_as_it_is(
    data: object, shown: str
) -> None:
    assert nodes(draw_dot(Value(data))) == [[shown, "grad 0.0000"]]


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_rankdir_is_the_direction(rankdir: str) -> None:
    assert f"rankdir={rankdir}" in draw_dot(Value(1.0), rankdir=rankdir).dot


# --- text from learners


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "</text><script>alert(1)</script>",
        "\\",
        '\\"',
        "\\N \\G \\l",
        "a\\nb",
        "ends in \\",
        "&lt;&amp;&",
        "<b>bold</b>",
        "{<port> a|b}",
        "]; n0 -> n0; [",
        "node",
        "λ ∂L/∂w 😀",
        "%s %d ' `",
        "-->",
    ],
)
def test_text_stands_for_itself(text: str) -> None:
    """As label, as operator and as data: the SVG shows the learner's characters."""
    drawing = draw_dot(Value(text, (Value(1.0),), text, text))

    shown = parts(drawing.svg(), "node")
    assert [text, f"data {text}", "grad 0.0000"] == shown["n0"]
    assert [text] == shown["n0op"]


@pytest.mark.usefixtures("renderer")
def test_lines_stay_lines() -> None:
    drawing = draw_dot(Value(1.0, (Value(1.0),), "p\r\nq", "a\nb\n"))

    shown = parts(drawing.svg(), "node")
    assert shown["n0"] == ["a", "b", "data 1.0000", "grad 0.0000"]
    assert shown["n0op"] == ["p", "q"]


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x7f", "\ud800", "\uffff", "\x1b"])
def test_what_no_svg_can_hold_is_replaced(sign: str) -> None:
    drawing = draw_dot(Value(1.0, label=f"a{sign}b"))

    assert nodes(drawing) == [["a\ufffdb", "data 1.0000", "grad 0.0000"]]


def test_long_text_is_cut() -> None:
    drawing = draw_dot(Value(1.0, label="x" * 1000))

    assert parts(drawing.svg(), "node")["n0"][0] == "x" * 37 + "..."


# --- the learner's own trace


def as_lists(root: Any) -> Any:
    """Trace by identity; a list of nodes, a list of lists."""
    found: dict[int, Any] = {}
    todo = [root]
    while todo:
        node = todo.pop()
        if id(node) not in found:
            found[id(node)] = node
            todo.extend(node._prev)
    return list(found.values()), [[child, node] for node in found.values() for child in node._prev]


def as_sets(root: Any) -> Any:
    """Trace as the lecture does."""
    found, edges = as_lists(root)
    return [set(found), {(child, node) for child, node in edges}]


def as_views(root: Any) -> Any:
    found, edges = as_lists(root)
    return dict.fromkeys(found), iter(edges)


@pytest.mark.parametrize("trace", [as_lists, as_sets, as_views])
def test_a_trace_of_ones_own_draws_the_same_graph(trace: Callable[[Any], Any]) -> None:
    drawing = draw_dot(neuron(), trace=trace)

    assert nodes(draw_dot(neuron())) == nodes(drawing)
    assert arrows(draw_dot(neuron())) == arrows(drawing)
    assert "dashed" not in drawing.dot


def test_a_trace_in_sets_gives_the_same_drawing_every_time() -> None:
    drawings = {draw_dot(neuron(keep=set), trace=as_sets).dot for _ in range(20)}

    assert len(drawings) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_the_traces_edges_are_drawn_as_they_are(times: int) -> None:
    """`a + a` may give one edge or two."""
    a = Value(1.0, label="a")
    b = Value(2.0, (a, a), "+", "b")
    drawing = draw_dot(b, trace=lambda root: ([a, root], [(a, root)] * times))

    assert times == drawing.dot.count("n1 -> n0op")


def test_what_the_trace_forgets_is_seen() -> None:
    """A node missing from nodes is dashed, a missing edge is no arrow, a stray node is drawn."""
    a, b, stray = Value(1.0, label="a"), Value(2.0, label="b"), Value(3.0, label="stray")
    c = Value(3.0, (a, b), "+", "c")
    drawing = draw_dot(c, trace=lambda root: ([root, stray], [(a, root)]))

    assert arrows(drawing) == ["+ -> c", "a -> +"]
    assert [texts[0] for texts in nodes(drawing)] == ["+", "a", "c", "stray"]
    dashed = [line for line in drawing.dot.splitlines() if "dashed" in line]
    assert len(dashed) == 1
    assert "{a |" in dashed[0]


def test_edges_the_wrong_way_round_are_drawn_so() -> None:
    a = Value(1.0, label="a")
    b = Value(2.0, (a,), "exp", "b")
    drawing = draw_dot(b, trace=lambda root: ({a, root}, {(root, a)}))

    assert arrows(drawing) == ["b -> a", "exp -> b"]


def test_a_node_that_only_an_edge_mentions_is_drawn_wherever_it_is() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    drawing = draw_dot(b, trace=lambda root: ([], [(root, a)]))

    assert arrows(drawing) == ["b -> a"]
    assert drawing.dot.count("dashed") == 2


def test_the_learners_own_error_comes_through() -> None:
    def trace(root: Any) -> NoReturn:
        raise NotImplementedError(root.label)

    with pytest.raises(NotImplementedError):
        draw_dot(Value(1.0), trace=trace)
