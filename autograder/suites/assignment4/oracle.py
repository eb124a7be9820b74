"""Orders judged: a list in which operands come first, and closures called from the root back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograder.assertions.judge import assert_gradients
from autograder.expressions.expression import express
from autograder.operators import apply, values_of
from autograder.remote.objects import Remote, core_of, source_text
from autograder.worker.protocol import Bag

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.answers import Recording
    from autograder.remote.learner import Learner

_TREE = express(lambda a, b, c, d: ((a * b + c) * d).tanh(), a=0.5, b=-3.0, c=2.0, d=-1.5)
_MOST_NAMES = 12


def build(learner: Learner, expression: Expression) -> Any:
    """The expression made of the learner's objects, one line each; returns its root."""
    names: dict[str, Any] = {name: learner.Value(value) for name, value in expression.inputs}
    for step in expression.steps:
        names[step.name] = apply(step.op, values_of(step.operands, names))
    return names[expression.root]


def assert_sorted(learner: Learner, root: Any) -> None:
    """topological_order(root) has every node once, operands first; any such order is right.

    Raises:
        Mismatch: the first thing that is wrong with the list.
        LearnerError: what the learner's code raised.
    """
    answer = learner.topological_order(root)
    look = f"topological_order({source_text(root)})"
    found = _items(learner, answer, look)
    graph = learner.graph(root)
    nodes = set(graph.nodes)
    strange = [item for item in found if item not in nodes]
    twice = _oldest(node for node, count in Counter(found).items() if count > 1)
    missing = _oldest(nodes.difference(found))
    place = {node: number for number, node in enumerate(found)}
    message = ""
    if strange:
        message = "There is a node in the list that the root was not made from."
    elif twice:
        message = f"{_name(twice[0])} is in the list {found.count(twice[0])} times."
    elif missing:
        message = f"{_names(missing)} {'is' if len(missing) == 1 else 'are'} not in the list."
    else:
        pairs = [(graph.nodes[a], graph.nodes[b]) for a, b in graph.edges]
        early = [(a, b) for a, b in pairs if a != b and place[a] > place[b]]
        if early and len(early) == len(pairs):
            message = "The list runs the wrong way: the root should be last."
        elif early:
            operand, result = min(early, key=lambda pair: [_age(node) for node in pair])
            message = f"{_name(result)} stands before {_name(operand)}, its operand."
    if message:
        raise learner.mismatch(message, _names(found), "operands before results, each once", look)


def assert_called_in_order(learner: Learner, root: Any) -> None:
    """root.backward() calls each result's closure once, after those of all that was made from it.

    Leaves may be called or not. Where no call could be recorded, the gradients of a tree judge:
    an engine may keep its closures in a place that we don't know.

    Raises:
        Mismatch: the oldest node that was called wrongly.
        LearnerError: what the learner's code raised.
    """
    recording = learner.record_backward(root)
    if not recording.calls:
        assert_gradients(learner, _TREE, backward="backward")
        return
    look = f"{source_text(root)}.backward()"
    finding = _wrong_call(recording)
    if finding is not None:
        raise learner.mismatch(*finding, look)


def _wrong_call(recording: Recording) -> tuple[str, str, str] | None:
    """What is wrong with the calls, in words, and what was done, and what is right."""
    nodes, times = recording.nodes, Counter(recording.calls)
    results = sorted({result for _, result in recording.edges}, key=lambda n: _age(nodes[n]))
    for number in results:
        if times[number] != 1:
            name, count = _name(nodes[number]), times[number]
            done = "was never called" if count == 0 else f"was called {count} times"
            return f"The closure of {name} {done}.", f"{count} calls", "1 call"
    place = {node: number for number, node in enumerate(recording.calls)}
    for operand in results:
        for result in sorted(b for a, b in recording.edges if a == operand):
            if place[result] > place[operand]:
                first, then = _name(nodes[operand]), _name(nodes[result])
                message = (
                    f"The closure of {first} ran before that of {then}, which is made from it."
                )
                return message, f"{first}, then {then}", f"{then}, then {first}"
    return None


def _items(learner: Learner, answer: object, look: str) -> list[Remote]:
    """The nodes of the learner's list; raises Mismatch where it is none."""
    if isinstance(answer, Remote) and not learner.is_instance(answer, "Value"):
        answer = list(answer)
    if not isinstance(answer, (list, tuple)) or isinstance(answer, Bag):
        what = "A set has no order." if isinstance(answer, Bag) else ""
        hint = " Is a `return` missing?" if answer is None else ""
        message = what or f"It should return a list of nodes.{hint}"
        raise learner.mismatch(message, "a set" if what else answer, "a list", look)
    if not all(isinstance(item, Remote) for item in answer):
        raise learner.mismatch("The list should hold the nodes themselves.", answer, "nodes", look)
    return list(answer)


def _age(node: Remote) -> int:
    """Nodes that the suite made, in the order in which it made them, come before all others."""
    return core_of(node).handle.number


def _oldest(nodes: Iterable[Remote]) -> list[Remote]:
    return sorted(nodes, key=_age)


def _name(node: Remote) -> str:
    text = source_text(node)
    return text if text.isidentifier() else "a node without a name"


def _names(nodes: Sequence[Remote]) -> str:
    if not nodes:
        return "an empty list"
    names = [text if (text := source_text(node)).isidentifier() else "…" for node in nodes]
    more = ", …" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
