"""Graph and edges as named tuples, found breadth first."""

from collections import namedtuple

Edge = namedtuple("Edge", "operand result")
Graph = namedtuple("Graph", "nodes edges")


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad = data, 0
        self._prev, self._op, self.label = frozenset(_children), _op, label

    def __repr__(self):
        return f"{self.data:.3f}"


def trace(root):
    nodes, edges, frontier = {root}, set(), {root}
    while frontier:
        found = {Edge(operand, result) for result in frontier for operand in result._prev}
        frontier = {edge.operand for edge in found} - nodes
        nodes |= frontier
        edges |= found
    return Graph(nodes, edges)
