import math
from dataclasses import dataclass, field


def nothing():
    return None


@dataclass(eq=False, repr=False)
class Value:
    data: float
    _children: tuple = ()
    _op: str = ""
    label: str = ""
    grad: float = field(default=0.0, init=False)
    _backward: object = field(default_factory=lambda: nothing, init=False)

    def __post_init__(self):
        self._prev = frozenset(self._children)

    def __repr__(self):
        return f"Value({self.data:.4f} | {self.grad:.4f})"

    def receive(self, share):
        self.grad += share

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            for operand in (self, other):
                operand.receive(out.grad)

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.receive(other.data * out.grad)
            other.receive(self.data * out.grad)

        out._backward = _backward
        return out

    def unary(self, data, slope, op):
        out = Value(data, (self,), op)
        out._backward = lambda: self.receive(slope * out.grad)
        return out

    def __pow__(self, n):
        return self.unary(math.pow(self.data, n), n * math.pow(self.data, n - 1), f"**{n}")

    def exp(self):
        return self.unary(math.exp(self.data), math.exp(self.data), "exp")

    def tanh(self):
        return self.unary(math.tanh(self.data), 1 / math.cosh(self.data) ** 2, "tanh")

    def relu(self):
        return self.unary(abs(self.data) if self.data > 0 else 0.0, float(self.data > 0), "relu")

    def __neg__(self):
        return 0 - self

    def __sub__(self, other):
        return self + other * -1

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return self * -1 + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order = []
        done = set()

        def visit(node: Value):
            done.add(id(node))
            for operand in node._children:
                if id(operand) not in done:
                    visit(operand)
            order.insert(0, node)

        visit(self)
        self.receive(1.0 - self.grad)
        for node in order:
            node._backward()
