"""Reads a learner's graph: its values, and the operands of each."""

from collections import deque
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

WALK_CAP = 100_000
ABSENT = object()
_TEXT_CAP = 40


class DrawingError(Exception):
    """The graph cannot be drawn; the message says why and what to do."""


@dataclass
class Box:
    node: object  # kept alive, so that its id stays its own
    operands: list[object]
    listed: bool = True


# Learners define __eq__ and __hash__ as they like, so nodes are compared by id.
Boxes = dict[int, Box]


def follow_prev(root: object) -> Boxes:
    def operands(node: object) -> list[object]:
        previous = read(node, "_prev")
        if previous is None:
            return []
        return _in_order(previous, "the _prev of a value", _node_key)

    return _nearest_first(root, operands)


def follow_trace(root: object, trace: Callable[[Any], Any]) -> Boxes:
    traced = trace(root)
    if not isinstance(traced, tuple | list) or len(traced) != 2:
        raise DrawingError(f"trace(root) should return (nodes, edges), not {kind_of(traced)}")
    nodes = _in_order(traced[0], "the nodes that trace(root) returns", _node_key)
    pairs = _in_order(traced[1], "the edges that trace(root) returns", _edge_key)
    edges = [_edge(pair) for pair in pairs]
    operands: dict[int, list[object]] = {}
    for operand, result in edges:
        operands.setdefault(id(result), []).append(operand)

    def operands_of(node: object) -> list[object]:
        return operands.get(id(node), [])

    boxes = _nearest_first(root, operands_of)
    for node in [*nodes, *(end for edge in edges for end in edge)]:
        boxes.setdefault(id(node), Box(node, operands_of(node)))
    listed = {id(node) for node in nodes}
    for key, box in boxes.items():
        box.listed = key in listed
    return boxes


def _nearest_first(root: object, operands: Callable[[object], list[object]]) -> Boxes:
    """Walk the graph breadth first; stop at the cap, as some never end."""
    boxes: Boxes = {}
    queue = deque([root])
    while queue and len(boxes) < WALK_CAP:
        node = queue.popleft()
        if id(node) not in boxes:
            boxes[id(node)] = Box(node, operands(node))
            queue.extend(boxes[id(node)].operands)
    return boxes


def _in_order(items: object, name: str, key: Callable[[object], tuple[str, ...]]) -> list[object]:
    """List a collection; a set, which has no order, is sorted by what will be shown."""
    if not isinstance(items, Iterable):
        raise DrawingError(f"{name} should be a collection, not {kind_of(items)}")
    found = list(islice(items, WALK_CAP))
    return sorted(found, key=key) if isinstance(items, AbstractSet) else found


def _edge(pair: object) -> tuple[object, object]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise DrawingError(
            f"each edge of trace(root) should be a pair (operand, result), not {kind_of(pair)}"
        )
    return pair[0], pair[1]


def _node_key(node: object) -> tuple[str, ...]:
    return (
        text_of(read(node, "label")),
        number(read(node, "data")),
        text_of(read(node, "_op")),
    )


def _edge_key(pair: object) -> tuple[str, ...]:
    operand, result = _edge(pair)
    return _node_key(operand) + _node_key(result)


def read(node: object, name: str, default: object = None) -> object:
    try:
        return getattr(node, name, default)
    except Exception:  # noqa: BLE001  a learner's property may raise anything
        return default


def number(value: object) -> str:
    try:
        text = f"{value:.4f}"
        return text if len(text) <= 16 else f"{value:.4e}"
    except Exception:  # noqa: BLE001  data may be anything, with any __format__
        return text_of(value)


def text_of(value: object) -> str:
    try:
        text = "" if value is None else str(value)
    except Exception:  # noqa: BLE001  a learner's __str__ may raise anything
        text = "?"
    return text if len(text) <= _TEXT_CAP else text[: _TEXT_CAP - 3] + "..."


def kind_of(value: object) -> str:
    return "None" if value is None else f"something of type {type(value).__name__}"
