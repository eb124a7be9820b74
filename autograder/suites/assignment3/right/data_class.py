"""A dataclass; backward steps are functions outside the class, bound with partial."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial


@dataclass(eq=False)
class Value:
    data: float
    _prev: tuple[Value, ...] = field(default=(), repr=False)
    _op: str = ""
    grad: float = 0.0
    _backward: Callable[[], None] | None = field(default=None, repr=False)

    def __add__(self, other: Value | float) -> Value:
        return _result(add_numbers, add_back, "+", self, other)

    def __mul__(self, other: Value | float) -> Value:
        return _result(mul_numbers, mul_back, "*", self, other)

    def __pow__(self, exponent: float) -> Value:
        out = Value(self.data**exponent, (self,), f"**{exponent}")
        out._backward = partial(pow_back, out, self, exponent)
        return out

    def exp(self) -> Value:
        out = Value(math.exp(self.data), (self,), "exp")
        out._backward = partial(chain, out, self, out.data)
        return out

    def tanh(self) -> Value:
        out = Value(math.tanh(self.data), (self,), "tanh")
        out._backward = partial(chain, out, self, 1 / math.cosh(self.data) ** 2)
        return out

    def relu(self) -> Value:
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")
        out._backward = partial(chain, out, self, 1.0 if self.data > 0 else 0.0)
        return out

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -1.0 * other

    def __truediv__(self, other: Value | float) -> Value:
        return self * (other**-1)

    def __radd__(self, other: float) -> Value:
        return Value(other) + self

    def __rmul__(self, other: float) -> Value:
        return Value(other) * self

    def __rsub__(self, other: float) -> Value:
        return Value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return Value(other) / self


def _result(forward, back, op: str, left: Value, right: Value | float) -> Value:
    right = right if isinstance(right, Value) else Value(right)
    out = Value(forward(left.data, right.data), (left, right), op)
    out._backward = partial(back, out, left, right)
    return out


def add_numbers(x: float, y: float) -> float:
    return x + y


def mul_numbers(x: float, y: float) -> float:
    return x * y


def chain(out: Value, operand: Value, slope: float) -> None:
    operand.grad += slope * out.grad


def add_back(out: Value, left: Value, right: Value) -> None:
    chain(out, left, 1.0)
    chain(out, right, 1.0)


def mul_back(out: Value, left: Value, right: Value) -> None:
    chain(out, left, right.data)
    chain(out, right, left.data)


def pow_back(out: Value, base: Value, exponent: float) -> None:
    chain(out, base, exponent * base.data ** (exponent - 1))


def manual_gradients(a: float = 2.0, b: float = -3.0, c: float = 10.0, f: float = -2.0) -> dict:
    grads: dict[str, float] = {"L": 1.0}
    grads["d"], grads["f"] = f, a * b + c
    grads["e"] = grads["c"] = grads["d"]
    grads["a"], grads["b"] = b * grads["e"], a * grads["e"]
    return grads
