"""Slots, a tuple of children, lists for an answer: `a + a` has two edges here."""


class Value:
    __slots__ = ("data", "grad", "_prev", "_op", "label", "__weakref__")

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad = data, 0.0
        self._prev = tuple(_children)
        self._op, self.label = _op, label

    def __repr__(self):
        return "<{} {!r}>".format(self.label or "Value", self.data)


def trace(root):
    nodes, edges, seen = [], [], set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        nodes.append(node)
        edges.extend([operand, node] for operand in node._prev)
        stack.extend(node._prev)
    return [nodes, edges]
