"""An abstract base, and operations that are members of an enum of texts."""

import abc
import enum


class Op(str, enum.Enum):
    LEAF = ""
    ADD = "+"
    MUL = "*"


class Node(abc.ABC):
    @abc.abstractmethod
    def __repr__(self): ...


class Value(Node):
    def __init__(self, data, _children=(), _op=Op.LEAF, label=""):
        self.data, self.grad = data, 0.0
        self._prev = frozenset(_children)
        self._op = Op(_op) if _op in tuple(Op) else _op
        self.label = label

    def __repr__(self):
        return f"Value(data={self.data})"


def trace(root):
    def below(node, seen):
        if node not in seen:
            seen.add(node)
            for child in node._prev:
                below(child, seen)
        return seen

    nodes = below(root, set())
    return nodes, {(child, node) for node in nodes for child in node._prev}
