"""A scalar that remembers how it was computed, and computes the derivatives by its inputs."""

from __future__ import annotations

import math


def _nothing() -> None:
    """The backward step of a leaf."""


class Value:
    """A number in a computation graph, with the derivative of the root by it.

    A program written for the `micrograd` package's `Value` runs on this one unchanged. `_children`
    are the operands that it was computed from and `_op` is their operator, `()` and `''` for a
    leaf; `label` is a name for drawings.
    """

    def __init__(
        self,
        data: float,
        _children: tuple[Value, ...] | set[Value] = (),
        _op: str = "",
        label: str = "",
    ) -> None:
        self.data = data
        self.grad: float = 0
        self.label = label
        self._operands: tuple[Value, ...] | set[Value] = tuple(_children)
        self._op = _op
        self._backward = _nothing

    @property
    def _prev(self) -> set[Value]:
        """The distinct operands, as a set that may be changed, as in micrograd; made on demand."""
        if not isinstance(self._operands, set):
            self._operands = set(self._operands)
        return self._operands

    @_prev.setter
    def _prev(self, operands: set[Value]) -> None:
        self._operands = operands

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, exponent: float) -> Value:
        """`self ** exponent`; raises TypeError if the exponent is not a plain number."""
        if not isinstance(exponent, (int, float)):
            raise TypeError("only int and float exponents are supported")
        out = Value(self.data**exponent, (self,), f"**{exponent}")

        def _backward() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = _backward
        return out

    def _unary(self, data: float, op: str, slope: float) -> Value:
        out = Value(data, (self,), op)

        def _backward() -> None:
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    def exp(self) -> Value:
        """The exponential function, its own derivative; raises OverflowError beyond floats."""
        result = math.exp(self.data)
        return self._unary(result, "exp", result)

    def log(self) -> Value:
        """The natural logarithm, with derivative 1/x; raises ValueError unless x > 0."""
        return self._unary(math.log(self.data), "log", 1 / self.data)

    def tanh(self) -> Value:
        """The hyperbolic tangent; its derivative is 1 - tanh²."""
        result = math.tanh(self.data)
        return self._unary(result, "tanh", 1 - result * result)

    def relu(self) -> Value:
        """max(0, x); its derivative at 0 is taken as 0, as in micrograd."""
        return self._unary(max(self.data, 0), "ReLU", self.data > 0)

    def backward(self) -> None:
        """Add the derivative of this value by each node below to its `grad`; its own becomes 1."""
        self.grad = 1
        for node in reversed(self._topological_order()):
            node._backward()

    def _topological_order(self) -> list[Value]:
        """The nodes, operands first; without recursion, so that a chain may be a million long."""
        order: list[Value] = []
        entered: set[Value] = set()
        pending: list[Value | None] = [self]
        while pending:
            node = pending.pop()
            if node is None:  # the node below it has all its operands placed
                order.append(pending.pop())  # type: ignore[arg-type]  # no None lies on a None
            elif node not in entered:
                entered.add(node)
                if node._operands:
                    pending += (node, None)
                    pending += node._operands
                else:
                    order.append(node)
        return order

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Value:
        return other + (-self)

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"
