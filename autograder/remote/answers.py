"""Answers about an expression or a graph, validated before use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.remote.objects import Remote
from autograder.worker import protocol
from autograder.worker.worker import MAX_ITEMS

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.errors import LearnerError
    from autograder.remote.session import Session

Wrap = Callable[[protocol.Handle], Remote]
_WRONG = (KeyError, TypeError, ValueError, AttributeError, protocol.ProtocolError)


class Evaluation(msgspec.Struct, frozen=True):
    """What the learner's code computed for an expression.

    Attributes:
        data: the number of each step that was reached, by the step's name.
        grads: the gradient of each input, by its name; of each step, too, if it was asked for.
        failed: the name of the step that failed, `"backward"`, or None.
        error: what was raised there, or None.
    """

    data: dict[str, Any]
    grads: dict[str, Any]
    failed: str | None
    error: LearnerError | None


class RemoteGraph(msgspec.Struct, frozen=True):
    """The nodes reachable from a root through `_prev`.

    Attributes:
        nodes: each node once, the root first.
        edges: pairs of operand and result, as positions in `nodes`.
    """

    nodes: tuple[Any, ...]
    edges: tuple[tuple[int, int], ...]


class BackwardCalls(RemoteGraph, frozen=True):
    """The calls of `_backward` during one `backward()`.

    Attributes:
        calls: positions of the nodes in the order in which their `_backward` was called.
        grads: each node's gradient afterwards. Contributions were summed, even if the learner's
            line overwrites. Empty if only the graph was asked for.
    """

    calls: tuple[int, ...]
    grads: tuple[Any, ...]


def evaluation(
    session: Session,
    wrap: Wrap,
    answer: Any,
    expression: Expression,
    backward: str | None,
    *,
    every_gradient: bool = False,
) -> Evaluation:
    """Check and decode the worker's answer about an expression.

    Args:
        session: is told of an invalid answer, and describes errors.
        wrap: makes an object of a handle.
        answer: the JSON that came.
        expression: what was asked about.
        backward: as for `Learner.evaluate`.
        every_gradient: as for `Learner.evaluate`.

    Raises:
        Tampered: it is not an evaluation of that expression.
    """
    try:
        data = {name: protocol.decode(value, wrap) for name, value in answer["data"].items()}
        grads = {name: protocol.decode(value, wrap) for name, value in answer["grads"].items()}
        failed, described = answer["failed"], answer["error"]
        error = session.describe(described) if described is not None else None
        steps = [step.name for step in expression.steps]
        if failed is None:
            differentiated = expression.names if every_gradient else dict(expression.inputs)
            complete = all(name in data for name in steps) and (
                backward is None or all(name in grads for name in differentiated)
            )
        else:
            complete = failed in steps or (failed == "backward" and backward is not None)
        if (failed is None) != (error is None) or not complete:
            raise protocol.ProtocolError("incomplete")
    except _WRONG as fault:
        raise session.tampered(f"unreadable ({type(fault).__name__})") from None
    return Evaluation(data, grads, failed, error)


def recording(session: Session, wrap: Wrap, answer: Any, *, called: bool) -> BackwardCalls:
    """Check and decode the worker's answer about a graph.

    Args:
        session: is told of an invalid answer.
        wrap: makes an object of a handle.
        answer: the JSON that came.
        called: whether calls of `_backward` were asked for, too.

    Raises:
        Tampered: it is not such an answer.
    """
    try:
        nodes = tuple(protocol.decode(node, wrap) for node in answer["nodes"])
        edges = tuple((_index(a, nodes), _index(b, nodes)) for a, b in answer["edges"])
        calls = tuple(_index(call, nodes) for call in answer.get("calls", ()))
        grads = tuple(protocol.decode(grad, wrap) for grad in answer.get("grads", ()))
        if not all(isinstance(node, Remote) for node in nodes):
            raise protocol.ProtocolError("no node")
        if len(nodes) > 2 * MAX_ITEMS or len(calls) > MAX_ITEMS:
            raise protocol.ProtocolError("more than can be recorded")
        if len(grads) != (len(nodes) if called else 0):
            raise protocol.ProtocolError("not one for each node")
    except _WRONG as fault:
        raise session.tampered(f"unreadable ({type(fault).__name__})") from None
    return BackwardCalls(nodes, edges, calls, grads)


def _index(value: object, nodes: tuple[Any, ...]) -> int:
    if type(value) is not int or not 0 <= value < len(nodes):
        raise ValueError("not a node")
    return value
