"""Graphs that are large, cyclic or odd, and what cannot be drawn."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.kit import DrawingError, draw_dot
from tests.kit.test_drawing import as_sets

from .graphs import Value, arrows, chain, nodes


@pytest.mark.usefixtures("renderer")
def test_of_a_large_graph_the_nearest_nodes_are_drawn_and_the_rest_counted() -> None:
    drawing = draw_dot(chain(500), limit=10)

    texts = [texts[0] for texts in nodes(drawing) if texts[0].startswith("v")]
    assert sorted(f"v{step}" for step in range(490, 500)) == texts
    assert ["490 more nodes left out"] in nodes(drawing)
    assert arrows(drawing).count("... -> +") == 1
    assert not any(arrow.startswith("490") for arrow in arrows(drawing))


def test_one_node_left_out_is_one_node() -> None:
    assert ["1 more node left out"] in nodes(draw_dot(chain(6), limit=5))


def test_a_graph_at_the_limit_is_drawn_whole() -> None:
    drawing = draw_dot(chain(5), limit=5)

    assert "left out" not in drawing.dot
    assert "..." not in drawing.dot


@pytest.mark.parametrize("flip", [False, True])
def test_nearest_means_by_the_shortest_way(*, flip: bool) -> None:
    """Both operands of the root come before anything that lies behind one of them."""
    leaf = Value(1.0, label="leaf")
    far = leaf
    for _ in range(10):
        far = Value(1.0, (far,), "+", "far")
    operands = (leaf, far) if flip else (far, leaf)
    near, nearer = draw_dot(Value(1.0, operands, "+", "root"), limit=3), chain(9)
    fork = draw_dot(Value(1.0, (nearer, far) if flip else (far, nearer), "+", "root"), limit=3)

    names = ["+", "+", "...", "9 more nodes left out", "far", "leaf", "root"]
    assert names == [texts[0] for texts in nodes(near)]
    names = ["+", "+", "+", "...", "...", "18 more nodes left out", "far", "root", "v8"]
    assert names == [texts[0] for texts in nodes(fork)]


def test_by_default_two_hundred_values_are_drawn() -> None:
    assert ["100 more nodes left out"] in nodes(draw_dot(chain(300)))


def test_the_limit_holds_for_a_trace_too() -> None:
    root = chain(50)

    assert ["45 more nodes left out"] in nodes(draw_dot(root, trace=as_sets, limit=5))


def test_a_chain_deeper_than_recursion_is_walked() -> None:
    assert ["49800 more nodes left out"] in nodes(draw_dot(chain(50_000)))


def test_a_cycle_ends() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    a._prev, b._prev = (b, a), (a,)
    drawing = draw_dot(a)

    assert arrows(drawing) == ["a -> a", "a -> b", "b -> a"]


def test_a_graph_without_end_is_cut() -> None:
    """A `_prev` that makes new nodes at every look would never end."""

    class Endless:
        data = 1.0

        @property
        def _prev(self) -> list[Endless]:
            return [Endless()]

    assert ["at least 99997 more nodes left out"] in nodes(draw_dot(Endless(), limit=3))


def test_a_collection_without_end_is_cut() -> None:
    root = SimpleNamespace(data=1.0, _prev=count())

    assert ["at least 99997 more nodes left out"] in nodes(draw_dot(root, limit=3))


# --- what is refused


@pytest.mark.parametrize("root", [[Value(1.0)], 3.0, None, Value])
def test_a_root_that_is_no_value_is_named(root: object) -> None:
    kind = "None" if root is None else f"something of type {type(root).__name__}"

    with pytest.raises(DrawingError) as caught:
        draw_dot(root)
    assert str(caught.value) == (
        f"draw_dot draws a value (something with .data) but got {kind}:"
        " pass one value, such as the loss"
    )


def test_a_prev_that_is_no_collection_is_named() -> None:
    root = SimpleNamespace(data=1.0, _prev=Value(2.0))

    with pytest.raises(DrawingError) as caught:
        draw_dot(root)
    assert str(caught.value) == (
        "the _prev of a value should be a collection, not something of type Value"
    )


TRACED = "trace(root) should return "
EDGE = "each edge of trace(root) should be a pair (operand, result), not "


@pytest.mark.parametrize(
    ("traced", "message"),
    [
        (None, f"{TRACED}(nodes, edges), not None"),
        ({}, f"{TRACED}(nodes, edges), not something of type dict"),
        (([],), f"{TRACED}(nodes, edges), not something of type tuple"),
        ((None, []), "the nodes that trace(root) returns should be a collection, not None"),
        (([], None), "the edges that trace(root) returns should be a collection, not None"),
        (([], [3]), f"{EDGE}something of type int"),
        (([], {(1, 2, 3)}), f"{EDGE}something of type tuple"),
    ],
)
def test_a_trace_that_is_no_graph_is_named(traced: object, message: str) -> None:
    with pytest.raises(DrawingError) as caught:
        draw_dot(Value(1.0), trace=lambda _: traced)
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "gif"}, "format must be one of ('svg', 'png', 'pdf'), not 'gif'"),
        ({"rankdir": "UP"}, "rankdir must be one of ('LR', 'RL', 'TB', 'BT'), not 'UP'"),
        ({"limit": 0}, "limit must be a whole number of at least 1, not 0"),
        ({"limit": 2.5}, "limit must be a whole number of at least 1, not 2.5"),
    ],
)
def test_an_option_out_of_range_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        draw_dot(Value(1.0), **options)
    assert message == str(caught.value)
