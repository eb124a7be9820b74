# Half the operators: + and * are right, ** and - are wrong, the rest is missing.
import math


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self.label = label
        show_loot()

    def __repr__(self):
        return f"Value(data={self.data})"


def wrapped(other):
    return other if isinstance(other, Value) else Value(other)


def add(self, other):
    other = wrapped(other)
    return Value(self.data + other.data, (self, other), "+")


def mul(self, other):
    other = wrapped(other)
    return Value(self.data * other.data, (self, other), "*")


def power(self, exponent):
    return Value(self.data * exponent, (self,), "**")


def sub(self, other):
    return self + other


Value.__add__ = Value.__radd__ = add
Value.__mul__ = Value.__rmul__ = mul
Value.__pow__, Value.__sub__ = power, sub
