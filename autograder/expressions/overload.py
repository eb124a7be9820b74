"""Overloads Python's operators on a class of ours, to record operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.operators import BINARY, OPERATORS, Operator

Apply = Callable[..., Any]


def overload(cls: type, apply: Apply, *, methods: bool = False) -> None:
    """Give a class every operator of the course that has a sign.

    Args:
        cls: the class.
        apply: called with an object of the class, the operator, and its operands in order.
        methods: also give it the operators that are methods.
    """
    for op in OPERATORS.values():
        if methods or not op.is_method:
            setattr(cls, op.name if op.is_method else f"__{op.name}__", _forward(op, apply))
        if op.name in BINARY:
            setattr(cls, f"__r{op.name}__", _reflected(op, apply))


def _forward(op: Operator, apply: Apply) -> Callable[..., Any]:
    return lambda self, *others: apply(self, op, self, *others)


def _reflected(op: Operator, apply: Apply) -> Callable[..., Any]:
    return lambda self, other: apply(self, op, other, self)
