"""A dataclass with type hints; a decorator wraps plain numbers."""
from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Callable, Union

Number = Union[int, float]


def wrapping(method: Callable[[Value, Value], Value]):
    @functools.wraps(method)
    def wrapped(self: Value, other: Value | Number) -> Value:
        return method(self, other if isinstance(other, Value) else Value(data=other))

    return wrapped


@dataclass(eq=False, repr=True)
class Value:
    data: Number
    _prev: tuple[Value, ...] = field(default=(), repr=False)
    _op: str = ""
    label: str = ""
    grad: float = 0.0

    @wrapping
    def __add__(self, other: Value) -> Value:
        return Value(data=self.data + other.data, _prev=(self, other), _op="+")

    @wrapping
    def __mul__(self, other: Value) -> Value:
        return Value(data=self.data * other.data, _prev=(self, other), _op="*")

    def __pow__(self, exponent: Number) -> Value:
        return Value(data=math.pow(self.data, exponent), _prev=(self,), _op="**")

    def __neg__(self) -> Value:
        return -1 * self

    @wrapping
    def __sub__(self, other: Value) -> Value:
        return self + -1 * other

    @wrapping
    def __truediv__(self, other: Value) -> Value:
        return self * other ** (-1)

    @wrapping
    def __radd__(self, other: Value) -> Value:
        return other + self

    @wrapping
    def __rmul__(self, other: Value) -> Value:
        return other * self

    @wrapping
    def __rsub__(self, other: Value) -> Value:
        return other - self

    @wrapping
    def __rtruediv__(self, other: Value) -> Value:
        return other / self

    def exp(self) -> Value:
        return Value(data=math.e**self.data, _prev=(self,), _op="exp")

    def tanh(self) -> Value:
        up, down = math.exp(self.data), math.exp(-self.data)
        return Value(data=(up - down) / (up + down), _prev=(self,), _op="tanh")

    def relu(self) -> Value:
        return Value(data=self.data * (self.data > 0), _prev=(self,), _op="relu")
