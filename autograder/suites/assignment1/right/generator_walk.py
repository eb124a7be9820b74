"""A generator yields nodes after their operands; children are kept as pairs, shown as a property."""


class Node:
    def walk(self, seen):
        if self not in seen:
            seen.add(self)
            for operand in self._prev:
                yield from operand.walk(seen)
            yield self


class Value(Node):
    def __init__(self, data, _children=(), _op="", label="", requires_grad=True):
        self.data = data
        self.grad = 0.0
        self.requires_grad = requires_grad
        self._operands = list(_children)
        self._op = _op
        self.label = label

    @property
    def _prev(self):
        return list(dict.fromkeys(self._operands))

    def __repr__(self):
        name = f"{self.label}=" if self.label else ""
        return f"{name}{self.data!r}"


def trace(root):
    nodes = list(root.walk(set()))
    edges = [(operand, node) for node in nodes for operand in node._operands]
    return nodes, edges
