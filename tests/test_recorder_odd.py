"""The recorder on engines that are built otherwise, raise, or never end."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pytest

from autograder.recorder import Calls, by_hand, plain
from autograder.worker.worker import operands_first
from tests.test_recorder import OVERWRITING, value_of, walked


def node(cls, data, *operands):
    made = cls(data)
    made._prev = operands
    return made


class InOneLoop:
    """No closure anywhere: backward does it all."""

    def __init__(self, data):
        self.data, self.grad = data, 0.0
        self._prev: Any = ()

    def backward(self):
        self.grad = 1.0
        for result in operands_first(self)[::-1]:
            upstream = result.grad
            for operand in result._prev:
                operand.grad += 2 * upstream


def test_without_closures_the_reads_tell_who_wrote():
    a = InOneLoop(1.0)
    b = node(InOneLoop, 2.0, a)
    c = node(InOneLoop, 3.0, b, a)
    nodes, _, steps = walked(c)
    where = {id(each): number for number, each in enumerate(nodes)}

    assert [(s[0], s[1], s[3]) for s in steps] == [
        (None, None, "read"),
        (where[id(c)], 1.0, "read"),
        (where[id(b)], 2.0, "read"),
    ]
    assert steps[2][2] == [(where[id(a)], 2.0, 6.0, True)]


class Behind(InOneLoop):
    """Writes past every attribute."""

    def backward(self):
        self.__dict__["grad"] = 1.0
        for operand in self._prev:
            operand.__dict__["grad"] = 4.0


def test_what_was_not_seen_is_found_afterwards_and_said_to_be():
    a = Behind(1.0)
    _, _, steps = walked(node(Behind, 2.0, a))

    assert steps == [(None, None, [(0, 0.0, 1.0, None), (1, 0.0, 4.0, None)], "after")]


class Cell:
    """A property over a slot of another name; the closure goes past it."""

    __slots__ = ("_g", "_prev", "data", "step")

    def __init__(self, data):
        self.data, self._g = data, 0.0
        self._prev: Any = ()

    @property
    def grad(self):
        return self._g

    @grad.setter
    def grad(self, number):
        self._g = number

    def _backward(self):
        for operand in self._prev:
            operand._g += 3 * self._g


def test_a_closure_that_writes_past_a_property_is_seen_when_it_ends():
    a = Cell(1.0)
    root = node(Cell, 2.0, a)
    _, _, steps = walked(root)

    assert steps[1] == (0, 1.0, [(1, 0.0, 3.0, None)], "called")
    assert isinstance(vars(Cell)["grad"], property)
    assert (root.grad, a.grad) == (0.0, 0.0)


@dataclass(eq=False)
class Base:
    data: float
    grad: float = 0.0
    _prev: tuple[Any, ...] = field(default=())

    def _backward(self):
        for operand in self._prev:
            operand.grad = operand.grad + self.grad


class Derived(Base):
    pass


class Slotted:
    __slots__ = ("_prev", "data", "grad")
    __init__ = Cell.__init__
    _g = None


def test_a_class_and_its_heir_in_one_graph_are_each_noted_once():
    a = Base(1.0)
    root = node(Derived, 2.0, a, a)
    _, _, steps = walked(root)

    assert steps[1][2] == [(1, 0.0, 1.0, True), (1, 1.0, 2.0, True)]
    assert Base.grad == Derived.grad == 0.0
    assert "grad" not in vars(Derived)


def test_what_the_learner_raises_comes_through_and_all_is_taken_back():
    class Raises(Base):
        def _backward(self):
            self.grad = 7.0
            raise ZeroDivisionError("theirs")

    a = Base(1.0)
    root = node(Raises, 2.0, a)
    with pytest.raises(ZeroDivisionError, match="theirs"):
        walked(root)

    assert "grad" not in vars(Raises)
    assert root.grad == 0.0


def test_a_gradient_from_before_takes_no_part():
    a = InOneLoop(1.0)
    root = node(InOneLoop, 2.0, a)
    a.grad, root.grad = 9.0, 8.0
    _, _, steps = walked(root)

    assert steps[1][2] == [(1, 0.0, 2.0, True)]
    assert (a.grad, root.grad) == (9.0, 8.0)


def test_a_closure_that_runs_too_early_is_recorded_as_it_ran():
    cls = value_of(OVERWRITING)
    a, b, c, f = cls(2.0), cls(-3.0), cls(10.0), cls(-2.0)
    e = a * b
    d = e + c
    root = d * f
    nodes, _, steps = walked(root, by_hand(root, [e, d, root]))
    where = {id(each): number for number, each in enumerate(nodes)}

    assert [(s[0], s[1]) for s in steps[1:]] == [
        (where[id(e)], 0.0),
        (where[id(d)], 0.0),
        (where[id(root)], 1.0),
    ]


def test_an_engine_without_end_is_not_followed_for_ever():
    class Again(Base):
        def backward(self):
            self.grad = 1.0
            for _ in range(100_000):
                self._backward()

    _, _, steps = walked(node(Again, 2.0, Base(1.0)))

    assert len(steps) < 6_000


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, None),
        (3, 3.0),
        (True, 1.0),
        (math.inf, "inf"),
        (math.nan, "nan"),
        ("3", "<str>"),
        ([1], "<list>"),
        (10**400, "<int>"),
    ],
)
def test_what_is_no_number_is_said(value, said):
    assert plain(value) == said


def test_calls_alone_leave_gradients_alone():
    a = Base(1.0)
    root = node(Base, 2.0, a)
    calls = Calls([root, a])
    for each in (root, a):
        calls.watch(each)
    by_hand(root, [root, a])()
    calls.take_back()

    assert calls.calls == [0, 1]
    assert "_backward" not in vars(root)
    assert a.grad == 1.0
