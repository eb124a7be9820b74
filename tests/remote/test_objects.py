"""The learner's objects, as a suite meets them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from autograder.remote.errors import LearnerError, WorkerEnded
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.remote.wrong_answer import Mismatch
from autograder.submission.read import Block, Source

from .conftest import QUICK, Room, limits, source_of
from .engine import ENGINE, SHORT

if TYPE_CHECKING:
    from collections.abc import Callable


# --- remote objects -------------------------------------------------------------------------


def test_a_future_import_holds_in_the_cells_after_it_as_in_a_notebook() -> None:
    cells = ("from __future__ import annotations", "class Value:\n    before: Value")
    blocks = tuple(Block(f"cell {n}", cell, cell, tolerant=True) for n, cell in enumerate(cells))
    session = Session(Source(source_of("").file, blocks, "", name="work.py"), QUICK, seed=0)

    session.load()
    session.close()

    assert "Value" in session.names


def test_arithmetic_runs_over_there_on_both_sides(room: Room) -> None:
    learner = room.learner(ENGINE)
    a, b = learner.Value(6.0), learner.Value(-3.0)

    results = [a + b, a - b, a * b, a / b, a**2, -a, 1 + a, 1 - a, 2 * a, 3 / a, a + 1, a / 2]

    assert [r.data for r in results] == [3, 9, -18, -2, 36, -6, 7, -5, 12, 0.5, 7, 3]


def test_a_graph_reads_as_if_it_ran_here(room: Room) -> None:
    learner = room.learner(ENGINE)
    a = learner.Value(2.0, label="a")
    b = (a * 3.0 + a).tanh()
    b.backward()

    assert (a.data, a.label, b._op) == (2.0, "a", "tanh")
    assert a.grad == pytest.approx(4 * (1 - math.tanh(8.0) ** 2))
    (operand,) = b._prev
    assert a in operand._prev
    assert learner.is_instance(operand, "Value")
    assert not learner.is_instance(2.0, "Value")


def test_attributes_can_be_set_and_read_many_at_once(room: Room) -> None:
    learner = room.learner(ENGINE)
    nodes = [learner.Value(x) for x in (1.0, 2.0, 3.0)]

    nodes[0].grad = 0.5
    learner.set_each(nodes[1:], "grad", [1.5, math.inf])

    assert learner.read_each(nodes, "grad") == [0.5, 1.5, math.inf]
    with pytest.raises(LearnerError, match="AttributeError"):
        learner.read_each(nodes, "slope")


def test_calls_take_positions_names_and_objects(room: Room) -> None:
    learner = room.learner("""
        def f(*args, **kwargs): return [args, kwargs]
        def same(x): return x
        class Adder:
            def __init__(self, n): self.n = n
            def __call__(self, x, *, twice=False): return self.n + x * (1 + twice)
        adders = [Adder(1), Adder(2)]
    """)
    adder = learner.Adder(10)

    assert adder(1) == 11
    assert adder(1, twice=True) == 12
    assert learner.f(1, [2.5, None], (True,), k={"a": math.inf}) == [
        (1, [2.5, None], (True,)),
        {"k": {"a": math.inf}},
    ]
    assert learner.same(adder) == adder
    assert learner.same([adder, {"x": adder}]) == [adder, {"x": adder}]
    assert learner.same(learner.same)(3) == 3


def test_the_same_object_is_the_same_however_it_is_reached(room: Room) -> None:
    learner = room.learner(ENGINE)
    a, b = learner.Value(1.0), learner.Value(1.0)
    c = a + b

    assert a == a  # noqa: PLR0124  that is the question
    assert a != b
    assert {a, b} == set(c._prev)
    assert len({a, b, c, *c._prev}) == 3
    assert a in [b, a]


def test_objects_of_one_test_are_not_those_of_another(limited: Room) -> None:
    session = limited.session(ENGINE)
    found = []
    for _ in range(2):
        session.begin_test()
        found.append(Learner(session).Value(1.0))

    assert found[0] != found[1]


def test_length_items_and_iteration(room: Room) -> None:
    learner = room.learner("""
        class Row:
            def __init__(self, *items): self.items = list(items)
            def __len__(self): return len(self.items)
            def __iter__(self): return iter(self.items)
            def __getitem__(self, i): return self.items[i]
        class Table(dict): pass
        def count(n):
            yield from range(n)
    """)
    inner = learner.Row(1, 2.5)
    row = learner.Row(1, "two", inner)
    table = learner.Table([("a", 1)])

    assert len(row) == 3
    assert list(row) == [1, "two", inner]
    assert (row[1], row[-1], table["a"]) == ("two", inner, 1)
    assert list(learner.count(4)) == [0, 1, 2, 3]
    with pytest.raises(LearnerError, match="IndexError"):
        row[5]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("__iter__ = lambda self: iter(int, 1)", "does not seem to end"),
        ("__iter__ = lambda self: 5", "non-iterator"),
        ("__len__ = lambda self: -1", "should return >= 0"),
        ("__len__ = lambda self: 'x'", "cannot be interpreted as an integer"),
        ("pass", "not iterable|has no len"),
    ],
)
def test_iteration_and_length_that_go_wrong_are_the_learners(
    limited: Room, body: str, message: str
) -> None:
    thing = limited.learner(f"class Thing:\n    {body}").Thing()

    with pytest.raises(LearnerError, match=message):
        list(thing) if "iter" in body else len(thing)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("def __repr__(self): return 'Thing!'", "Thing!"),
        ("pass", "<work.Thing object at 0x…>"),
        ("def __repr__(self): raise ValueError", "<Thing>"),
        ("def __repr__(self): return 5", "<Thing>"),
        ("def __repr__(self): return 'x' * 10**6", "x" * 20_000),
        ("def __repr__(self): return chr(0xd800)", "?"),
        ("def __repr__(self): raise SystemExit", "<Thing>"),
        ("def __repr__(self):\n        while True: pass", "<Thing>"),
        ("def __repr__(self): __import__('os')._exit(0)", "<Thing>"),
    ],
)
def test_repr_asks_and_never_raises(room: Room, body: str, text: str) -> None:
    thing = room.learner(f"class Thing:\n    {body}", limits(**SHORT)).Thing()

    assert repr(thing) == text


def test_a_worker_that_is_gone_leaves_a_fixed_text_and_one_kind_of_error(room: Room) -> None:
    learner = room.learner(ENGINE + "\ndef leave():\n    import os; os._exit(7)\n")
    a = learner.Value(1.0)
    with pytest.raises(WorkerEnded, match=r"leave\(\) ended the process \(exit code 7\)"):
        learner.leave()

    assert repr(a) == "<Value>"
    attempts: list[Callable[[], object]] = [
        lambda: a.data,
        lambda: a + 1,
        lambda: len(a),
        lambda: list(a),
        lambda: learner.Value(1.0),
        lambda: learner.graph(a),
        lambda: learner.is_instance(a, "Value"),
    ]
    for attempt in attempts:
        with pytest.raises(WorkerEnded, match="the process has ended"):
            attempt()
    assert repr(a) == "<Value>"


def test_an_ended_worker_does_not_read_what_now_has_its_descriptors(limited: Room) -> None:
    learner = limited.learner(ENGINE)
    a = learner.Value(1.0)
    limited.sessions[0].close()
    other = limited.learner(ENGINE)  # takes over the numbers of the closed pipes
    b = other.Value(2.0)

    with pytest.raises(WorkerEnded):
        a.data  # noqa: B018  asking is enough
    assert b.data == 2.0


@pytest.mark.parametrize(
    "misuse",
    [
        pytest.param(lambda a: a == 2.0, id="== number"),
        pytest.param(lambda a: 2.0 == a, id="number =="),  # noqa: SIM300  that way round
        pytest.param(lambda a: a != "x", id="!= text"),
        pytest.param(lambda a: a == None, id="== None"),  # noqa: E711  that is the question
        pytest.param(lambda a: a == pytest.approx(2.0), id="== approx"),
        pytest.param(lambda a: a == [a], id="== list"),
        pytest.param(lambda a: a in [1, 2], id="in list"),
        pytest.param(lambda a: 1 in a, id="in it"),
        pytest.param(bool, id="bool"),
        pytest.param(lambda a: not a, id="not"),
        pytest.param(lambda a: a < 3, id="<"),
        pytest.param(lambda a: 3 < a, id="number <"),  # noqa: SIM300  that way round
        pytest.param(lambda a: a >= a, id=">="),  # noqa: PLR0124  that is the question
        pytest.param(lambda a: sorted([a, a]), id="sorted"),
        pytest.param(max, id="max"),
    ],
)
def test_an_object_that_always_agrees_is_never_asked(
    limited: Room, misuse: Callable[[Any], object]
) -> None:
    learner = limited.learner("""
        class Yes:
            def __eq__(self, other): return True
            __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
            def __bool__(self): return True
            def __hash__(self): return 2
            def __iter__(self): return iter([self, self])
    """)
    yes = learner.Yes()

    with pytest.raises(Mismatch, match=r"a is a Yes, which cannot be"):
        misuse(yes)
    assert {yes: 1}.get(2) is None


def test_a_result_that_is_no_object_is_a_finding(limited: Room) -> None:
    learner = limited.learner("""
        class Value:
            def __init__(self, data): self.data = data
            def __add__(self, other): Value(self.data + other.data)
            def __mul__(self, other): return 3
    """)
    a = learner.Value(2.0)

    with pytest.raises(Mismatch, match=r"a \+ a should be a Value, yours is None \(is a `return`"):
        a + a
    with pytest.raises(Mismatch, match=r"a \* 2 should be a Value, yours is 3"):
        a * 2


def test_names_that_the_file_lacks(limited: Room) -> None:
    learner = limited.learner(ENGINE)

    assert learner.defines("Value")
    assert not learner.defines("Node")
    with pytest.raises(LearnerError, match=r"work.py does not define `Valeu`. It has `Value`"):
        learner.Valeu  # noqa: B018  asking is enough
    with pytest.raises(LearnerError, match=r"work.py does not define `backpropagation`.$"):
        learner.backpropagation  # noqa: B018  asking is enough


def test_a_list_can_stay_over_there(limited: Room) -> None:
    learner = limited.learner("def grow(x): x.append(len(x))")
    kept = learner.keep([5.0])

    learner.grow(kept)
    learner.grow(kept)

    assert list(kept) == [5.0, 1, 2]
