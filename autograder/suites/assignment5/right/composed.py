"""As few rules as possible: everything else is composed of + * ** and exp."""

import math


def number(x):
    return x.data if isinstance(x, Value) else x


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = list(_children)
        self._op = _op
        self.label = label
        self.slopes = []

    def _backward(self):
        for operand, slope in zip(self._prev, self.slopes):
            operand.grad += slope * self.grad

    def __repr__(self):
        return "Value(" + str(self.data) + ")"

    def made(self, op, data, *pairs):
        out = Value(data, [operand for operand, _ in pairs], op)
        out.slopes = [slope for _, slope in pairs]
        return out

    def __add__(self, other):
        if isinstance(other, Value):
            return self.made("+", self.data + other.data, (self, 1.0), (other, 1.0))
        return self.made("+", self.data + other, (self, 1.0))

    def __mul__(self, other):
        if isinstance(other, Value):
            return self.made("*", self.data * other.data, (self, other.data), (other, self.data))
        return self.made("*", self.data * other, (self, other))

    def __pow__(self, n):
        return self.made("**", self.data**n, (self, n * self.data ** (n - 1)))

    def exp(self):
        y = math.exp(self.data)
        return self.made("exp", y, (self, y))

    def relu(self):
        return self.made("relu", max(0.0, self.data), (self, float(self.data > 0)))

    def tanh(self):
        return 1 - 2 / ((self * 2).exp() + 1)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * (other**-1)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        for node in topological_order(self):
            if node._prev:  # leaves keep what other roots have sent
                node.grad = 0.0
        self.grad = 1.0
        for node in topological_order(self)[::-1]:
            if node._prev:
                node._backward()


def topological_order(root):
    seen = []

    def visit(node):
        for operand in reversed(node._prev):
            if all(operand is not other for other in seen):
                visit(operand)
        seen.append(node)

    visit(root)
    return tuple(seen)


def check_accumulation(Value):
    x, y = Value(3.0), Value(5.0)
    z = x + y
    w = x + y
    (z * 2 + w * 3).backward()
    assert math.isclose(x.grad, 5, rel_tol=1e-6), "left of +"
    assert math.isclose(y.grad, 5, rel_tol=1e-6), "right of +"

    x, y = Value(3.0), Value(5.0)
    (x * y + (x * y) * 2).backward()
    assert math.isclose(x.grad, 15, rel_tol=1e-6), "left of *"
    assert math.isclose(y.grad, 9, rel_tol=1e-6), "right of *"

    x = Value(2.0)
    (x**2 - x**3).backward()
    assert math.isclose(x.grad, 4 - 12, rel_tol=1e-6), "**"

    for name, f, slope in (
        ("exp", lambda v: v.exp(), math.exp(0.3)),
        ("tanh", lambda v: v.tanh(), 1 - math.tanh(0.3) ** 2),
        ("relu", lambda v: v.relu(), 1.0),
    ):
        x = Value(0.3)
        (f(x) + f(x) + f(x)).backward()
        assert math.isclose(x.grad, 3 * slope, rel_tol=1e-6), name
