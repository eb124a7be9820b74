"""The answer of `trace` judged, on graphs that are whole: each node and each edge, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import contents, kind_of
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


def see_to_operands(
    learner: Learner, nodes: AbstractSet[Any], edges: AbstractSet[tuple[Any, Any]]
) -> None:
    """Where a node does not hold its operands in `_prev`, give them to it.

    What `Value` forgets is no fault of `trace`.

    Args:
        learner: the test's fixture.
        nodes: the nodes of a graph.
        edges: pairs of operand and result, all that are in it.
    """
    operands: dict[Any, set[Any]] = {node: set() for node in nodes}
    for operand, result in edges:
        operands[result].add(operand)
    try:
        held = [contents(each) for each in learner.read_each(list(operands), "_prev")]
    except LearnerError:
        held = [None] * len(operands)
    lost = [
        node
        for node, found in zip(operands, held, strict=True)
        if found is None or {*filter(_is_node, found)} != operands[node]
    ]
    if lost:
        learner.set_each(lost, "_prev", [tuple(operands[node]) for node in lost])


def _is_node(item: object) -> bool:
    return isinstance(item, Remote)


def assert_trace(
    learner: Learner,
    root: Any,
    nodes: set[Any],
    edges: set[tuple[Any, Any]],
    doubled: AbstractSet[tuple[Any, Any]] = frozenset(),
) -> None:
    """trace(root) gives these nodes and edges, each once; raises Mismatch.

    `doubled`: edges that may be listed twice, as the operand is used twice for one result.
    """
    answer = learner.trace(root)
    look = f"trace({source_text(root)})"
    both = in_order(learner, answer)
    if both is None or len(both) != 2:
        raise learner.mismatch(
            "trace should return two things: nodes and edges.",
            kind_of(answer),
            "nodes, edges",
            look,
        )
    found_nodes, found_edges = contents(both[0]), contents(both[1])
    if found_nodes is None or found_edges is None:
        kinds = f"{kind_of(both[0])}, {kind_of(both[1])}"
        raise learner.mismatch("trace should return two collections.", kinds, "nodes, edges", look)
    if not all(isinstance(node, Remote) for node in found_nodes):
        raise learner.mismatch(
            "The nodes should be the Values themselves.", "something else", "Values", f"{look}[0]"
        )
    if set(found_nodes) != nodes or len(found_nodes) != len(nodes):
        wrong = "nodes" if set(found_nodes) != nodes else "nodes, some twice"
        raise learner.mismatch(
            "The nodes are not those of the graph.",
            f"{len(found_nodes)} {wrong}",
            f"{len(nodes)} nodes",
            f"{look}[0]",
        )
    _assert_edges(learner, found_edges, edges, doubled, look)


def _assert_edges(
    learner: Learner,
    found_edges: Sequence[Any],
    edges: set[tuple[Any, Any]],
    doubled: AbstractSet[tuple[Any, Any]],
    look: str,
) -> None:
    """The edges that trace found are those of the graph, each once; raises Mismatch."""
    pairs = [pair for edge in found_edges if (pair := _pair(learner, edge)) is not None]
    if len(pairs) < len(found_edges):
        raise learner.mismatch(
            "An edge is a pair (operand, result).", "something else", "pairs", f"{look}[1]"
        )
    if {(b, a) for a, b in pairs} == edges and edges:
        raise learner.mismatch(
            "The edges run backwards.", "(result, operand)", "(operand, result)", f"{look}[1]"
        )
    if set(pairs) != edges:
        raise learner.mismatch(
            "The edges are not those of the graph.",
            f"{len(set(pairs))} edges",
            f"{len(edges)} edges",
            f"{look}[1]",
        )
    if any(count > 1 + (pair in doubled) for pair, count in Counter(pairs).items()):
        raise learner.mismatch(
            "Some edges are in there several times.",
            f"{len(pairs)} edges",
            f"{len(edges)} edges",
            f"{look}[1]",
        )


def in_order(learner: Learner, answer: object) -> list[Any] | None:
    """What a list, a tuple or a named tuple holds; None where there is no order, as in a set."""
    if type(answer) in (tuple, list):
        return contents(answer)
    if isinstance(answer, Remote) and learner.has_length(answer):  # a class of theirs
        return contents(answer)
    return None


def _pair(learner: Learner, edge: object) -> tuple[Any, Any] | None:
    """An edge as two Values in order; None where it is something else."""
    ends = in_order(learner, edge)
    if ends is None or len(ends) != 2 or not all(isinstance(end, Remote) for end in ends):
        return None
    return ends[0], ends[1]
