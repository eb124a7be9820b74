"""Dicts keep an order and hold a key once; breadth first, with a queue."""
from collections import deque


class Value:
    def __init__(self, data, _children=(), _op='', label='', **extras):
        self.data = data
        self.grad = 0.0
        self._prev = dict.fromkeys(_children)
        self._op = _op
        self.label = label
        self.extras = extras

    def __repr__(self):
        return 'Value({:.4f} | grad {:.4f})'.format(self.data, self.grad)


def trace(root):
    nodes, edges = {root: 0}, {}
    queue = deque([root])
    while queue:
        node = queue.popleft()
        for child in node._prev:
            edges[child, node] = len(edges)
            if child not in nodes:
                nodes[child] = len(nodes)
                queue.append(child)
    return nodes.keys(), edges.keys()
