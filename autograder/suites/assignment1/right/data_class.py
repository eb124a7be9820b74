"""A dataclass that compares by identity, and a trace that merges what its children give."""
from __future__ import annotations

from dataclasses import InitVar, dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    _children: InitVar[tuple[Value, ...]] = ()
    _op: str = ""
    label: str = ""
    grad: float = field(default=0.0, init=False)
    _prev: list[Value] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self, _children):
        for child in _children:
            if not any(child is known for known in self._prev):
                self._prev.append(child)


def trace(root: Value) -> tuple[list[Value], set[tuple[Value, Value]]]:
    def visit(node, nodes):
        if node in nodes:
            return set()
        nodes.append(node)
        found = {(child, node) for child in node._prev}
        for child in node._prev:
            found |= visit(child, nodes)
        return found

    nodes: list[Value] = []
    return nodes, visit(root, nodes)
