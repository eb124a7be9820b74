"""The answer of `trace` judged, on graphs that are whole: each node and each edge, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import contents, of_what_kind, operands_of, type_name
from autograder.assertions.smaller import told_by_shape
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, core_of, source_text
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.assertions.smaller import Shape
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


def assert_operands(learner: Learner, value: Any, operands: AbstractSet[Any], message: str) -> None:
    """`_prev` of a value holds these, and nothing else; raises Mismatch with that message."""
    look = f"{source_text(value)}._prev"
    found = operands_of(value)
    for operand in sorted(operands, key=_age):
        if operand not in found:
            look = f"any(each is {source_text(operand)} for each in {look})"
            raise learner.mismatch(message, False, True, look)  # noqa: FBT003  what it prints
    if len(set(found)) != len(operands):
        look = f"len(set(map(id, {look})))"
        raise learner.mismatch(message, len(set(found)), len(operands), look)


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
    try:
        _judge(learner, root, nodes, edges, doubled)
    except Mismatch as error:
        told_by_shape(error, nodes, edges, _ask)
        raise


def _ask(learner: Learner, shape: Shape, numbers: Sequence[float]) -> None:
    """The same of a graph of that shape."""
    made: list[Any] = []
    edges = set()
    for number, operands in zip(numbers, shape, strict=True):
        below = tuple(made[place] for place in operands)
        made.append(learner.Value(number, *([below, "+"] if below else [])))
        edges |= {(operand, made[-1]) for operand in below}
    see_to_operands(learner, set(made), edges)
    _judge(learner, made[-1], set(made), edges, frozenset())


def _judge(
    learner: Learner,
    root: Any,
    nodes: set[Any],
    edges: set[tuple[Any, Any]],
    doubled: AbstractSet[tuple[Any, Any]],
) -> None:
    answer = learner.trace(root)
    look = f"trace({source_text(root)})"
    both = in_order(learner, answer)
    if both is None or len(both) != 2:
        message = "trace should return two things: nodes and edges."
        if both is not None:
            raise learner.mismatch(message, len(both), 2, f"len({look})")
        raise learner.mismatch(message, *of_what_kind(answer, "tuple", look))
    found_nodes, found_edges = contents(both[0]), contents(both[1])
    for number, (held, found) in enumerate(zip(both, (found_nodes, found_edges), strict=True)):
        if found is None:
            kind = of_what_kind(held, "set", f"{look}[{number}]")
            raise learner.mismatch("trace should return two collections.", *kind)
    assert found_nodes is not None
    assert found_edges is not None
    _judge_nodes(learner, found_nodes, nodes, f"{look}[0]")
    _judge_edges(learner, found_edges, edges, doubled, f"{look}[1]")


def _judge_nodes(learner: Learner, found: Sequence[Any], nodes: set[Any], look: str) -> None:
    """The nodes that trace found are those of the graph, each once; raises Mismatch."""
    if not all(isinstance(node, Remote) for node in found):
        message = "The nodes should be the Values themselves."
        kinds = f"sorted({{type(node).__name__ for node in {look}}})"
        raise learner.mismatch(message, _kinds(found), "['Value']", kinds)
    message = "These are not the nodes of the graph"
    for node in sorted(nodes, key=_age):
        name, count = source_text(node), found.count(node)
        if count == 0:
            look = f"any(node is {name} for node in {look})"
            raise learner.mismatch(f"{message}: {name} is missing.", False, True, look)  # noqa: FBT003  what it prints
        if count > 1:
            look = f"sum(node is {name} for node in {look})"
            raise learner.mismatch(f"{message}: {name} is there {count} times.", count, 1, look)
    if len(found) > len(nodes):
        message += ": there are extra ones that it was not made from."
        raise learner.mismatch(message, len(found), len(nodes), f"len({look})")


def _judge_edges(
    learner: Learner,
    found: Sequence[Any],
    edges: set[tuple[Any, Any]],
    doubled: AbstractSet[tuple[Any, Any]],
    look: str,
) -> None:
    """The edges that trace found are those of the graph, each once; raises Mismatch."""
    pairs = [pair for edge in found if (pair := _pair(learner, edge)) is not None]
    if len(pairs) < len(found):
        raise _no_pair(learner, found, look)
    count = Counter(pairs)
    for pair in sorted({*edges, *pairs}, key=lambda pair: [_age(node) for node in reversed(pair)]):
        is_there, (operand, result) = count[pair], map(source_text, pair)
        among = f"start is {operand} and end is {result} for start, end in {look}"
        if pair not in edges or not is_there:
            if {(b, a) for a, b in pairs} == edges:
                wrong = "The edges point backwards."
            else:
                way = "is" if is_there else "is not"
                wrong = f"These are not the edges of the graph: ({operand}, {result}) {way} there."
            raise learner.mismatch(wrong, bool(is_there), pair in edges, f"any({among})")
        if is_there > 1 + (pair in doubled):
            message = "Some edges appear more than once."
            raise learner.mismatch(message, is_there, 1, f"sum({among})")


def _no_pair(learner: Learner, found: Sequence[Any], look: str) -> Mismatch:
    message = "An edge is a pair (operand, result)."
    ends = [in_order(learner, edge) for edge in found]
    if all(each is not None and len(each) == 2 for each in ends):
        kinds = sorted({type_name(end) for each in ends if each is not None for end in each})
        where = f"sorted({{type(end).__name__ for edge in {look} for end in edge}})"
        return learner.mismatch(message, str(kinds), "['Value']", where)
    if all(each is not None for each in ends):
        lengths = sorted({len(each) for each in ends if each is not None})
        where = f"sorted({{len(edge) for edge in {look}}})"
        return learner.mismatch(message, str(lengths), "[2]", where)
    where = f"sorted({{type(edge).__name__ for edge in {look}}})"
    return learner.mismatch(message, _kinds(found), "['tuple']", where)


def _kinds(found: Sequence[Any]) -> str:
    return str(sorted({type_name(each) for each in found}))


def _age(node: Remote) -> int:
    return core_of(node).handle.number


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
