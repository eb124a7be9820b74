"""What crosses to the learner's code as a whole: functions, engines, recorders, expressions."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import pytest

from autograder.expressions.expression import express
from autograder.remote.errors import CallTimeout, LearnerError, WorkerEnded
from autograder.remote.functions import as_function
from autograder.worker.protocol import Bag, Function

from .conftest import Room, limits
from .engine import ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable


# --- functions, engines, the recorder -------------------------------------------------------


def function(source: str, formula: Callable[..., Any], **inputs: float) -> Function:
    return as_function(express(formula, **inputs), source)


def test_a_function_crosses_as_an_expression_and_returns_its_points(room: Room) -> None:
    learner = room.learner("""
        def slope(f, x, h):
            return (f(x + h) - f(x)) / h
        def name(f): return f.__name__
        def bad(f): return f(1, 2, 3)
    """)
    f = function("lambda x: 3 * x**2", lambda x: 3 * x**2, x=0.0)

    assert learner.slope(f, 3.0, 1.0) == 21.0
    assert learner.points() == ((4.0,), (3.0,))
    assert learner.name(f) == "f"
    assert learner.points() == ()
    with pytest.raises(LearnerError, match="f takes 1 arguments, got 3"):
        learner.bad(f)


def test_a_function_of_several_numbers_uses_every_operator(limited: Room) -> None:
    learner = limited.learner("def call(f, *args): return f(*args)")
    f = function(
        "f", lambda a, b: ((a - b) / b + (-a)).exp().tanh() * a.relu().log() + 1 - a, a=0.0, b=0.0
    )
    a, b = 2.0, 0.5

    expected = math.tanh(math.exp((a - b) / b - a)) * math.log(a) + 1 - a
    assert learner.call(f, a, b) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(LearnerError, match="ZeroDivisionError"):
        learner.call(f, a, 0.0)


def test_a_function_runs_on_the_learners_values_and_captures_them(room: Room) -> None:
    learner = room.learner(ENGINE + "\ndef call(f, *args): return f(*args)\n")
    a, b = learner.Value(3.0), learner.Value(4.0)
    product = function("f", lambda x: x * x, x=0.0)
    loss = Function(
        (), (("w", a), ("k", 2.0)), (("d", "sub", ("w", "k")), ("e", "pow", ("d", 2))), "e"
    )

    out = learner.call(product, b)
    lost = learner.call(loss)

    assert (out.data, out._op, lost.data) == (16.0, "*", 1.0)
    assert out._prev == Bag([b])
    assert learner.call(product, a).data == 9.0
    assert learner.points() == ((a,),)


def test_a_test_finds_no_source_of_the_engine_that_it_is_given(room: Room) -> None:
    learner = room.learner("""
        import sys

        def found(value, depth=8):
            if isinstance(value, str):
                return "MARK" in value
            if isinstance(value, dict):
                return depth and any(found(each, depth - 1) for each in [*value, *value.values()])
            return isinstance(value, (list, tuple)) and depth and any(found(each, depth - 1) for each in value)

        def check(Value):
            frame = sys._getframe().f_back
            while frame:
                assert not found(dict(frame.f_locals))
                frame = frame.f_back
    """)

    assert learner.try_on_engines("check", ["class Value: 'MARK'"]) == [None]


def test_an_engine_crosses_as_source_into_a_fresh_worker(room: Room) -> None:
    learner = room.learner("""
        met = []
        def check(Value):
            met.append(1)
            assert len(met) == 1, "not fresh"
            assert Value.__name__ == "Value"
            print("trying", Value(2).data)
            assert Value(2).data == 2, f"data is {Value(2).data}"
    """)
    right = "class Value:\n    def __init__(self, data): self.data = data"
    wrong = right.replace("= data", "= -data")
    ends = right.replace("self.data = data", "__import__('os')._exit(0)")
    exits = right.replace("self.data = data", "raise SystemExit")

    answers = learner.try_on_engines("check", [right, wrong, ends, exits, right])

    assert [type(answer) for answer in answers] == [
        type(None), LearnerError, WorkerEnded, LearnerError, type(None),
    ]  # fmt: skip
    assert str(answers[1]) == "AssertionError: data is -2"
    assert str(answers[3]) == "SystemExit"
    assert room.sessions[0].output() == "trying 2\ntrying -2\ntrying 2\n"


def test_a_check_that_is_missing_says_so(limited: Room) -> None:
    learner = limited.learner("x = 1")

    with pytest.raises(LearnerError, match="does not define `check`"):
        learner.try_on_engines("check", ["class Value: ..."])


def test_a_check_that_never_ends_uses_up_the_time_of_the_submission(limited: Room) -> None:
    learner = limited.learner(
        "def check(Value):\n    while True: pass",
        limits(call_seconds=0.3, total_seconds=0.8),
    )
    started = time.monotonic()

    with pytest.raises(CallTimeout, match=r"All answers together took more than 0\.8 seconds"):
        learner.try_on_engines("check", ["class Value: ..."] * 20)

    assert time.monotonic() - started < 3


def node_class(kind: str) -> str:
    """An engine with + alone, whose `_backward` lives in different places."""
    head = "__slots__ = ('data', 'grad', '_prev', '_op', '_backward')" if kind == "slots" else ""
    method = "def _backward(self): self.push()"
    if kind == "frozen slots":
        head = "__slots__ = ('data', 'grad', '_prev', '_op')"
    own = (
        ""
        if kind in ("method", "frozen slots", "inherited", "static")
        else ("out._backward = lambda: out.push()")
    )
    return f"""
class Base:
    {"__slots__ = ('_backward',)" if kind == "slots in a base" else "__slots__ = ()"}
    {method if kind == "inherited" else ""}

class Value(Base):
    {head}
    def __init__(self, data, prev=()):
        self.data, self.grad, self._prev = data, 0.0, prev
        {"self._backward = lambda: None" if own else ""}
    {method if kind in ("method", "frozen slots") else ""}
    def push(self):
        for operand in self._prev: operand.grad += self.grad
    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))
        {own}
        return out
    def backward(self):
        order = []
        def visit(node):
            if not any(node is o for o in order):
                for operand in node._prev: visit(operand)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order): node._backward()

def state(node):
    return [
        "_backward" in getattr(node, "__dict__", {{}}),
        "_backward" in vars(Value),
        getattr(node._backward, "__qualname__", "?"),
    ]
def nudge(node): node._backward()
"""


KINDS = ["closures", "slots", "slots in a base", "method", "frozen slots", "inherited"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_recorder_notes_the_calls_and_is_taken_back(room: Room, kind: str) -> None:
    learner = room.learner(node_class(kind))
    a, b = learner.Value(1.0), learner.Value(2.0)
    c = a + b
    d = c + a
    before = learner.state(d)

    recording = learner.record_backward(d)

    nodes = list(recording.nodes)
    assert {nodes.index(n) for n in (a, b, c, d)} == {0, 1, 2, 3}
    assert {(nodes[i], nodes[j]) for i, j in recording.edges} == {(a, c), (b, c), (c, d), (a, d)}
    called = [nodes[i] for i in recording.calls]
    assert [n for n in called if n in (c, d)] == [d, c]
    assert learner.read_each([a, b, c, d], "grad") == [2.0, 1.0, 1.0, 1.0]
    assert learner.state(d) == before
    learner.nudge(c)  # what was there before is there again
    assert learner.read_each([a, b], "grad") == [3.0, 2.0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_recorder_is_taken_back_after_an_exception(limited: Room, kind: str) -> None:
    text = node_class(kind).replace("self.grad = 1.0\n", "self.grad = 1.0; raise KeyError\n")
    learner = limited.learner(text)
    a = learner.Value(1.0)
    c = a + a
    before = learner.state(c)

    with pytest.raises(LearnerError, match="KeyError"):
        learner.record_backward(c)

    assert learner.state(c) == before


def test_nodes_that_take_no_recorder_at_all_are_left_as_they_are(limited: Room) -> None:
    learner = limited.learner("""
        class Meta(type):
            def __setattr__(cls, name, value): raise TypeError("no")
        class Value(metaclass=Meta):
            _prev = ()
            done = False
            def _backward(self): pass
            def __setattr__(self, name, value): raise RuntimeError("frozen")
            def backward(self): self._backward()
    """)

    recording = learner.record_backward(learner.Value())

    assert (len(recording.nodes), recording.calls) == (1, ())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("_prev = property(lambda self: [Value()])", "has more than 20000 nodes, or no end"),
        ("pass", "has no attribute '_prev'"),
        ("_prev = 5", "not iterable"),
    ],
)
def test_a_graph_that_is_none_is_the_learners_error(limited: Room, body: str, message: str) -> None:
    learner = limited.learner(f"class Value:\n    {body}")
    root = learner.Value()

    with pytest.raises(LearnerError, match=message):
        learner.graph(root)


def test_a_call_adds_what_it_sends_also_where_the_learners_line_overwrites(limited: Room) -> None:
    learner = limited.learner(node_class("closures").replace("+= out.grad", "= out.grad"))
    a, b = learner.Value(1.0), learner.Value(2.0)
    c = a + b
    d = c + a

    recording = learner.record_backward(d)

    grads = dict(zip(recording.nodes, recording.grads, strict=True))
    assert [grads[node] for node in (a, b, c, d)] == [2.0, 1.0, 1.0, 1.0]


def test_nodes_that_are_known_are_watched_whatever_the_code_says_of_them(limited: Room) -> None:
    learner = limited.learner("""
        class Value:
            grad = 0.0
            _prev = property(lambda self: 1 / 0)
            def __init__(self, *operands): self.operands = operands
            def _backward(self):
                for operand in self.operands: operand.grad = self.grad
            def backward(self):
                self._backward()
                self.operands[0]._backward()
    """)
    a = learner.Value()
    b = learner.Value(a)
    c = learner.Value(b, a)

    recording = learner.record_backward(c, {a: [], b: [a], c: [b, a]}, seed=2.0)

    nodes = list(recording.nodes)
    assert set(nodes) == {a, b, c}
    assert {(nodes[i], nodes[j]) for i, j in recording.edges} == {(a, b), (b, c), (a, c)}
    assert [nodes[call] for call in recording.calls] == [c, b]
    assert [recording.grads[nodes.index(node)] for node in (a, b, c)] == [4.0, 2.0, 2.0]


def test_an_order_that_is_given_takes_the_place_of_the_learners_for_one_call(limited: Room) -> None:
    learner = limited.learner("""
        asked = []
        def topological_order(root): return asked
        class Value:
            _prev = ()
            def _backward(self): pass
            def backward(self, more=None): asked.append(topological_order(self, 5))
        def last(): return asked[-1]
    """)
    a, b = learner.Value(), learner.Value()

    learner.record_backward(b, order=[a, b])

    assert learner.last() == [a, b]
    assert len(learner.topological_order(a)) == 1  # theirs again
    with pytest.raises(LearnerError, match="positional"):
        learner.record_backward(b)
