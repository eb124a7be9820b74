"""Equality and hash by identity, spelled out; grad as an attribute of the class until it is set."""


class Value(object):
    grad = 0
    label = ''

    def __init__(self, data, _children=(), _op='', label=''):
        self.data = data
        self._prev = frozenset(_children)
        self._op = _op
        if label:
            self.label = label

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def __str__(self):
        return str(self.data)

    __repr__ = __str__


def trace(root, nodes=None, edges=None):
    if nodes is None:
        nodes, edges = set(), set()
    nodes.add(root)
    for child in root._prev:
        edges.add((child, root))
        if child not in nodes:
            trace(child, nodes, edges)
    return nodes, edges
