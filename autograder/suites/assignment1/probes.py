"""assignment1: what a Value and its trace are asked to tell one mistake from another."""

import re
from collections.abc import Callable
from typing import Any

from autograder.assertions.probing import ByPart, Probe
from autograder.remote.learner import Learner
from autograder.suites.assignment1.oracle import in_order

Traced = tuple[Any, list[Any], set[tuple[Any, Any]]]
Shape = Callable[[Learner], Traced]


def leaf(attribute: str) -> Probe:
    """An attribute of a fresh leaf."""
    return lambda learner: getattr(learner.Value(2.5), attribute)


def few(count: int) -> object:
    """What all Values share holds ever more: more than a few are many."""
    return count if count <= 4 else "many"


def kept_by(learner: Learner, *operands: Any) -> list[Any]:
    """`_prev` of a result, made after others."""
    for number in (1.0, 2.0, 3.0):
        learner.Value(number, (learner.Value(number), learner.Value(-number)), "*")
    return list(learner.Value(6.0, operands, "*")._prev)


def children(*numbers: float) -> Probe:
    """How `_prev` looks for operands with these numbers."""

    def probe(learner: Learner) -> object:
        made = [learner.Value(number) for number in numbers]
        kept = kept_by(learner, *made)
        return [few(len(kept)), sum(child in made for child in kept)]

    return probe


def kinds(learner: Learner) -> object:
    """What `_prev` holds."""
    kept = kept_by(learner, learner.Value(2.0), learner.Value(3.0))
    return sorted({type(child).__name__ for child in kept})


def after_others(learner: Learner) -> object:
    """The operands of a leaf that is made after a node with operands."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    kept_by(learner, a, b)
    return [few(len(learner.Value(9.0)._prev)), few(len(a._prev))]


def field(attribute: str, *args: object, **options: object) -> Probe:
    """An attribute of a node that was made with these arguments."""
    return lambda learner: getattr(learner.Value(6.0, *args, **options), attribute)


def grads(learner: Learner) -> object:
    """The gradients of two Values after one of them was changed."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    a.grad = 1.5
    return [a.grad, b.grad]


def shown(number: float) -> Probe:
    """Whether the number occurs in its repr, else what does."""

    def probe(learner: Learner) -> object:
        text = learner.repr_of(learner.Value(number))
        found = [float(part) for part in re.findall(r"-?\d+\.?\d*", text)]
        if " object at " in text:
            return "no text of its own"
        if number in found:
            return "shown"
        if found:
            return found[0]
        return "brackets" if "{" in text else "no number"

    return probe


def traced(shape: Shape) -> Probe:
    """How many nodes and edges trace finds, how many are the graph's, and which way edges run.

    What a walk remembers of others depends on how many there were: more than twice too many is
    too many.
    """

    def probe(learner: Learner) -> object:
        root, nodes, edges = shape(learner)
        answer = in_order(learner, learner.trace(root))
        if answer is None or len(answer) != 2:
            return "not two things"
        found = [list(part) for part in answer]
        pairs = [tuple(in_order(learner, edge) or [edge]) for edge in found[1]]
        backwards = {(b, a) for a, b in edges}
        if any(isinstance(end, float) for pair in pairs for end in pair):
            return "numbers for ends"
        return [
            "too many" if len(found[0]) > 2 * len(nodes) else len(found[0]),
            sum(node in found[0] for node in nodes),
            "too many" if len(pairs) > 2 * len(edges) else len(pairs),
            sum(edge in pairs for edge in edges),
            sum(edge in pairs for edge in backwards),
        ]

    return probe


def alone(learner: Learner) -> Traced:
    a = learner.Value(2.0)
    return a, [a], set()


def small(learner: Learner) -> Traced:
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = learner.Value(6.0, (a, b), "*")
    return c, [a, b, c], {(a, c), (b, c)}


def chain(learner: Learner) -> Traced:
    nodes = [learner.Value(1.0)]
    for number in (2.0, 3.0, 4.0):
        nodes.append(learner.Value(number, (nodes[-1],), "+"))
    return nodes[-1], nodes, set(zip(nodes, nodes[1:], strict=False))


def long_chain(learner: Learner) -> Traced:
    nodes = [learner.Value(1.0)]
    for number in (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0):
        nodes.append(learner.Value(number, (nodes[-1],), "+"))
    return nodes[-1], nodes, set(zip(nodes, nodes[1:], strict=False))


def labelled(learner: Learner) -> Traced:
    a, b = learner.Value(2.0, (), "", "a"), learner.Value(3.0, (), "", "b")
    c = learner.Value(6.0, (a, b), "*", "c")
    return c, [a, b, c], {(a, c), (b, c)}


def shared(learner: Learner) -> Traced:
    """A node with operands of its own is used twice."""
    a, b = learner.Value(2.0), learner.Value(5.0)
    c = learner.Value(10.0, (a, b), "*")
    d, e = learner.Value(3.0, (c,), "+"), learner.Value(4.0, (c,), "*")
    f = learner.Value(7.0, (d, e), "+")
    return f, [a, b, c, d, e, f], {(a, c), (b, c), (c, d), (c, e), (d, f), (e, f)}


def equals(learner: Learner) -> Traced:
    a, b = learner.Value(2.0), learner.Value(2.0)
    c = learner.Value(4.0, (a, b), "+")
    return c, [a, b, c], {(a, c), (b, c)}


def diamond(learner: Learner) -> Traced:
    a = learner.Value(2.0)
    b, c = learner.Value(3.0, (a,), "+"), learner.Value(4.0, (a,), "*")
    d = learner.Value(7.0, (b, c), "+")
    return d, [a, b, c, d], {(a, b), (a, c), (b, d), (c, d)}


def after(shape: Shape, before: Shape) -> Probe:
    """What trace finds after another graph was traced."""

    def probe(learner: Learner) -> object:
        root, _, _ = before(learner)
        learner.trace(root)
        return traced(shape)(learner)

    return probe


def again(learner: Learner) -> object:
    """What repr shows after the number has changed."""
    a = learner.Value(2.5)
    a.data = 0.5
    return "0.5" in learner.repr_of(a)


def twice(learner: Learner) -> object:
    """How much trace finds when it is asked twice for the same graph."""
    root, _, _ = diamond(learner)
    learner.trace(root)
    found = [len(list(part)) for part in learner.trace(root)]
    return "too many" if max(found) > 8 else found


def twice_on_a_ladder(learner: Learner) -> object:
    """Whether an edge is listed twice where each node is used at once and a step later."""
    rung = learner.Value(1.0)
    for number in range(6):
        aside = learner.Value(2.0 + number, (rung,), "+")
        rung = learner.Value(20.0 + number, (rung, aside), "*")
    edges = [tuple(in_order(learner, edge) or [edge]) for edge in learner.trace(rung)[1]]
    return len(edges) > len(set(edges))


def after_trace(learner: Learner) -> object:
    """How many operands a node has after it was traced."""
    root, nodes, _ = small(learner)
    learner.trace(root)
    return [few(len(root._prev)), few(len(nodes[0]._prev))]


PROBES: ByPart = {
    "data": {
        "data": leaf("data"),
        "data, many digits": lambda learner: learner.Value(2.123456).data,
        "data, whole": lambda learner: learner.Value(3).data,
        "data, negative": lambda learner: learner.Value(-0.75).data,
    },
    "grad": {"grad": leaf("grad"), "grads": grads},
    "op": {"_op of a leaf": leaf("_op"), "_op": field("_op", (), "*")},
    "label": {
        "label of a leaf": leaf("label"),
        "label of a result": field("label", (), "*"),
        "label": field("label", (), "", label="a"),
    },
    "operands": {
        "operands, what": kinds,
        "operands of a leaf": children(),
        "operands": children(2.0, 3.0),
        "operands, equal": children(2.0, 2.0),
        "operands, later": after_others,
    },
    "repr": {
        "repr": shown(2.5),
        "repr, negative": shown(-0.75),
        "repr, again": again,
    },
    "trace": {
        "trace of a leaf": after(alone, long_chain),
        "trace": traced(small),
        "trace of a chain": traced(chain),
        "trace of equals": traced(equals),
        "trace of a diamond": traced(diamond),
        "trace of a long chain": traced(long_chain),
        "trace of labelled nodes": traced(labelled),
        "trace of a shared node": traced(shared),
        "trace twice": twice,
        "trace of a ladder": twice_on_a_ladder,
        "operands after trace": after_trace,
        "trace again": after(small, chain),
        "trace of its like": after(small, small),
    },
}
RESTS_ON = {"repr": ["data"], "trace": ["operands", "label"], "operands": ["data"]}
