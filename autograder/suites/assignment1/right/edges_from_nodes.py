"""First all nodes, level by level, then the edges of each in one expression."""
import numpy as np


class Value:
    def __init__(self, data, _children=(), _op='', label=''):
        self.data = np.float64(data)
        self.grad = np.float64(0)
        self._prev = set() if len(_children) == 0 else set(_children)
        self._op = _op
        self.label = label

    def __repr__(self):
        return "Value(data=%g)" % self.data


def trace(root):
    nodes, level = frozenset(), frozenset([root])
    while level:
        nodes = nodes | level
        level = frozenset(child for node in level for child in node._prev) - nodes
    return nodes, frozenset((child, node) for node in nodes for child in node._prev)
