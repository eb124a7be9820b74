"""Nodes told by the names of the variables that hold them, as an example's lines do."""

from __future__ import annotations

from autograder.kit import below, calls, names
from micrograd_ref import Value


class Node:
    def __init__(self, *operands: Node) -> None:
        self._prev = operands

    def _backward(self) -> None: ...

    def backward(self) -> None:
        for node in below(self):
            node._backward()


def test_names_are_those_of_the_caller() -> None:
    a, b = Value(1.0), Value(2.0)

    assert names([b, a, Value(3.0)]) == "b, a, …"
    assert names([]) == "none"
    assert names([a] * 20).count("a") == 12


def test_calls_are_told_in_order_and_taken_back() -> None:
    a = Node()
    b = Node(a)
    own = dict(vars(b))

    assert calls(b) == "b, a"
    assert vars(b) == own


def test_below_is_all_that_it_was_made_from_each_once() -> None:
    a = Node()
    b = Node(a, a)

    assert below(b) == [b, a]
