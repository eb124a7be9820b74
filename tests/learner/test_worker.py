"""The learner's code over there, as a suite meets it: what it answers, raises, prints and sees."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.learner.api import Learner
from autograder.learner.host import CallTimeout, LearnerError, LearnerFault, WorkerEnded
from autograder.learner.protocol import Bag, Function
from autograder.learner.remote import Remote
from autograder.learner.session import Session
from autograder.mismatch import Mismatch
from autograder.oracles.expression import express
from autograder.submission import Block, Source

from .conftest import QUICK, Room, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINE = """
import math

class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self.label = data, 0.0, label
        self._prev, self._op = set(_children), _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value({self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __pow__(self, n):
        return Value(self.data**n, (self,), "**")

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")
        def _backward():
            self.grad += (1 - out.data**2) * out.grad
        out._backward = _backward
        return out

    def __neg__(self): return self * -1
    def __sub__(self, other): return self + (-other)
    def __truediv__(self, other): return self * other**-1
    def __radd__(self, other): return self + other
    def __rmul__(self, other): return self * other
    def __rsub__(self, other): return other + (-self)
    def __rtruediv__(self, other): return other * self**-1

    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node._prev:
                    visit(operand)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
"""
SHORT = {"call_seconds": 0.5, "load_seconds": 5, "total_seconds": 60, "memory_mb": 512}


# --- remote objects -------------------------------------------------------------------------


def test_a_future_import_holds_in_the_cells_after_it_as_in_a_notebook() -> None:
    cells = ("from __future__ import annotations", "class Value:\n    before: Value")
    blocks = tuple(Block(f"cell {n}", cell, cell, tolerant=True) for n, cell in enumerate(cells))
    session = Session(Source(source_of("").file, blocks, ""), QUICK, seed=0)

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


# --- plain data -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("None", None),
        ("True", True),
        ("-0.0", -0.0),
        ("10**300", 10**300),
        ("float('inf')", math.inf),
        ("'é \\U0001f600'", "é \U0001f600"),
        ("(1, [2, (3,)], {'a': {1: None}})", (1, [2, (3,)], {"a": {1: None}})),
        ("{1: 2}.items().__len__()", 1),
        ("__import__('collections').OrderedDict(a=1)", {"a": 1}),
        ("__import__('collections').defaultdict(list, a=[1])", {"a": [1]}),
        ("__import__('http').HTTPStatus.OK", 200),
        ("frozenset([1])", [1]),
    ],
)
def test_plain_answers_arrive_with_plain_types(limited: Room, expression: str, value: Any) -> None:
    answer = limited.run(f"def run(): return {expression}")

    assert answer == value
    assert type(answer) is (Bag if "set" in expression else type(value))


def test_a_learners_own_number_is_no_number(limited: Room) -> None:
    learner = limited.learner("""
        class Number(float):
            def __eq__(self, other): return True
        class Many(list): pass
    """)

    assert isinstance(learner.Number(2.0), Remote)
    assert isinstance(learner.Many(), Remote)


def test_a_learners_own_text_is_the_text_that_it_holds(limited: Room) -> None:
    learner = limited.learner("""
        import enum
        class Text(str):
            def __str__(self): return "y"
            def __eq__(self, other): return True
        class Op(str, enum.Enum):
            ADD = "+"
        def both(): return [Text("x"), Op.ADD]
    """)

    answers = learner.both()

    assert answers == ["x", "+"]
    assert {type(answer) for answer in answers} == {str}


def test_numpy_is_importable_where_allowed_and_its_scalars_are_plain_numbers(room: Room) -> None:
    pytest.importorskip("numpy")
    learner = room.learner(
        """
        import numpy as np
        def run():
            return [np.float64(1.5), np.float32(0.5), np.int64(3), np.bool_(True), np.array(2.0),
                    np.float64("nan"), np.str_("x"), np.float16(2)]
        def array(): return np.arange(3.0)
        def total(x): return np.sum(x)
        """,
        limits(memory_mb=1024),
        packages=("numpy",),
    )

    answers = learner.run()
    array = learner.array()

    assert [type(x) for x in answers] == [float, float, int, bool, float, float, str, float]
    assert answers[:5] == [1.5, 0.5, 3, True, 2.0]
    assert isinstance(array, Remote)
    assert (len(array), list(array), learner.total(array)) == (3, [0, 1, 2], 3.0)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        pytest.param("deep(20)", "too large to look at", id="deep"),
        pytest.param("deep(900)", "too large to look at", id="deeper"),
        pytest.param("deep(None)", "too large to look at", id="in itself"),
        pytest.param("[0] * 10**6", "too large to look at", id="long"),
        pytest.param("['x' * 20000] * 1000", "too large to look at", id="much text"),
        pytest.param("object.__new__(Evil)", "requires a 'float' object", id="a class that lies"),
    ],
)
def test_answers_that_are_too_much_are_errors_and_the_worker_lives(
    room: Room, expression: str, message: str
) -> None:
    learner = room.learner(f"""
        def deep(n):
            value = []
            if n is None:
                value.append(value)
                return value
            for _ in range(n): value = [value]
            return value
        class Meta(type):
            __module__ = "builtins"
            __name__ = property(lambda self: 1 / 0)
        class Evil(metaclass=Meta):
            __module__ = "numpy"
            __class__ = property(lambda self: float)
        def run(): return {expression}
        def ok(): return 1
    """)

    with pytest.raises(LearnerFault, match=message):
        learner.run()
    assert learner.ok() == 1


def test_a_huge_number_stays_over_there_and_can_be_looked_at(room: Room) -> None:
    number = room.run("def run(): return 10**5000")

    assert isinstance(number, Remote)
    assert repr(number) == "<int>"
    with pytest.raises(Mismatch, match="a int, which cannot be compared"):
        assert number == 10


# --- exceptions -----------------------------------------------------------------------------


def test_an_exception_arrives_with_type_message_and_the_lines_of_their_file(room: Room) -> None:
    fault = room.fault("""
        class Oops(Exception): pass

        def inner(x):
            raise Oops(f"bad {x}")  # here

        def run():
            return [inner(x) for x in (5,)]
    """)

    assert isinstance(fault, LearnerError)
    assert (fault.type_name, fault.message, str(fault)) == ("Oops", "bad 5", "Oops: bad 5")
    assert fault.lines[0] == ("work.py", 8, "return [inner(x) for x in (5,)]")
    assert fault.lines[-1] == ("work.py", 5, 'raise Oops(f"bad {x}")  # here')
    assert (fault.example, fault.look) == (("from autograder.yours.work import run",), "run()")


@pytest.mark.parametrize(
    ("statement", "type_name", "message"),
    [
        ("raise SystemExit(3)", "SystemExit", "3"),
        ("import sys; sys.exit()", "SystemExit", ""),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("raise GeneratorExit", "GeneratorExit", ""),
        ("raise BaseException('x')", "BaseException", "x"),
        ("raise NotImplementedError('write me')", "NotImplementedError", "write me"),
        ("run()", "RecursionError", "maximum recursion depth exceeded"),
        ("raise ValueError('x' * 10**6)", "ValueError", "x" * 20_000),
        ("raise ValueError(chr(0xd800))", "ValueError", "?"),
        ("raise ValueError(object())", "ValueError", "<object object at 0x…>"),
        ("raise type('X' * 1000, (Exception,), {})", "X" * 200, ""),
        ("raise Mute", "Mute", ""),
        ("exec('x = = 1')", "SyntaxError", "invalid syntax (<string>, line 1)"),
        ("input('a?')", "RuntimeError", "input() cannot be answered while your work is graded."),
        ("breakpoint()", "RuntimeError", "breakpoint() cannot be answered while your work is"),
        ("open('/nowhere')", "FileNotFoundError", "[Errno 2]"),
        ("raise ExceptionGroup('g', [ValueError()])", "ExceptionGroup", "g (1 sub-exception)"),
    ],
)
def test_whatever_is_raised_arrives_as_one_class_and_the_worker_lives(
    limited: Room, statement: str, type_name: str, message: str
) -> None:
    learner = limited.learner(f"""
        class Mute(Exception):
            def __str__(self): raise SystemExit
        def run():
            {statement}
        def ok(): return 1
    """)

    with pytest.raises(LearnerError) as caught:
        learner.run()

    assert caught.value.type_name == type_name
    assert caught.value.message.startswith(message)
    assert learner.ok() == 1


@pytest.mark.parametrize("call", ["input()", "breakpoint()"])
def test_what_needs_a_keyboard_says_to_run_the_file_itself(room: Room, call: str) -> None:
    fault = room.fault(f"def run(): {call}")

    assert "Run the file itself instead: python work.py" in str(fault)


def test_standard_input_is_empty(room: Room) -> None:
    assert room.run("import sys\ndef run(): return sys.stdin.read()") == ""


# --- what they print ------------------------------------------------------------------------


def test_what_is_printed_is_kept_for_each_test_apart(room: Room) -> None:
    session = room.session("""
        import os, sys
        print("while importing")
        def run(text):
            print(text)
            print("to stderr", file=sys.stderr)
            os.write(1, b"raw \\xff\\n")
    """)
    session.begin_test()
    learner = Learner(session)

    learner.run("one")
    first = session.output()
    learner.run("two")
    both = session.output()
    session.begin_test()

    assert first == "one\nto stderr\nraw \ufffd\n"
    assert both == first + first.replace("one", "two")
    assert session.output() == ""


def test_what_a_test_printed_before_the_process_ended_is_kept(room: Room) -> None:
    session = room.session("""
        import os
        def run():
            print("last words")
            os._exit(0)
    """)
    session.begin_test()
    with pytest.raises(WorkerEnded):
        Learner(session).run()

    assert session.output() == "last words\n"


def test_output_is_cut_and_says_so(room: Room) -> None:
    session = room.session("def run(): print('x' * 300_000)", limits(output_kb=4))
    session.begin_test()
    Learner(session).run()

    output = session.output()

    assert output == "x" * 4096 + "\n… 295,905 more bytes were printed"


def test_addresses_in_what_is_printed_are_the_same_in_every_run(limited: Room) -> None:
    session = limited.session("def run(): print(object())")
    session.begin_test()
    Learner(session).run()

    assert session.output() == "<object object at 0x…>\n"


@pytest.mark.parametrize(
    "statement",
    [
        "sys.stdout.close()",
        "sys.stdout = None",
        "sys.stdout = io.StringIO()",
        "os.close(1); os.close(2)",
        "sys.stdout = Broken()",
    ],
)
def test_who_closes_or_replaces_the_output_is_still_judged(room: Room, statement: str) -> None:
    learner = room.learner(f"""
        import io, os, sys
        class Broken:
            def write(self, text): pass
            def flush(self): raise SystemExit
        def run():
            {statement}
            return 1
        def ok(): return 2
    """)

    assert (learner.run(), learner.ok()) == (1, 2)


# --- functions, engines, the recorder -------------------------------------------------------


def function(source: str, formula: Callable[..., Any], **inputs: float) -> Function:
    return express(formula, **inputs).as_function(source)


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


# --- bulk evaluation ------------------------------------------------------------------------


def test_a_whole_expression_travels_as_one_message(room: Room) -> None:
    learner = room.learner(ENGINE)
    expression = express(lambda a, b: (a * b + b).tanh(), a=2.0, b=-0.5)

    answers = learner.evaluate(expression, backward="backward", every_gradient=True, spread=2)

    right = expression.by_reference()
    assert answers.failed is None
    assert answers.data[expression.root] == pytest.approx(right.data[expression.root])
    assert answers.grads["a"] == pytest.approx(right.grads["a"])
    assert set(answers.grads) == set(expression.names)


def test_the_step_that_raises_is_named_with_what_was_reached(room: Room) -> None:
    learner = room.learner(ENGINE.replace("math.tanh(self.data)", "math.tan(self)"))
    expression = express(lambda a, b: (a * b).tanh(), a=2.0, b=-0.5)

    answers = learner.evaluate(expression, backward="backward")

    assert answers.failed == expression.root
    assert answers.data == {expression.steps[0].name: -1.0}
    assert answers.error is not None
    assert answers.error.type_name == "TypeError"
    assert answers.error.lines[-1][2] == 'out = Value(math.tan(self), (self,), "tanh")'


def test_closures_are_called_results_first_from_the_gradient_given(limited: Room) -> None:
    learner = limited.learner(ENGINE.replace("def backward", "def unused"))
    expression = express(lambda a, b, c: (a * b) + c, a=2.0, b=-0.5, c=1.0)

    answers = learner.evaluate(expression, backward="closures", upstream=-2.0)

    assert answers.grads == {"a": 1.0, "b": -4.0, "c": -2.0}


# --- the world of the worker ----------------------------------------------------------------


def test_nothing_of_ours_is_in_the_environment_or_on_the_path(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "42")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    learner = room.learner("""
        import os, sys
        def environment(): return dict(os.environ)
        def path(): return sys.path
        def modules(): return list(sys.modules)
        def arguments(): return sys.argv
        def files(): return sorted(os.listdir("."))
        def flags(): return [sys.flags.dont_write_bytecode, sys.flags.no_site]
    """)

    allowed = {"PYTHONHASHSEED", "LC_ALL", "LC_CTYPE", "PWD"}
    extra = {name for name in learner.environment() if not name.endswith("_NUM_THREADS")}
    assert extra <= allowed
    assert not [
        p for p in learner.path() if "-packages" in p or "work/main" in p or p == "/nowhere"
    ]
    assert not {"site", "autograder", "pytest", "msgspec"} & set(learner.modules())
    assert learner.arguments() == ["work.py"]
    assert learner.files() == ["work.py"]
    assert learner.flags() == [1, 1]


def test_no_descriptor_of_ours_is_open_over_there(room: Room, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        found = room.run("""
            import os
            def run():
                own = os.open("/proc/self/fd", os.O_RDONLY)
                names = {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, own}
                links = {name: os.readlink(f"/proc/self/fd/{name}") for name in names
                         if os.path.lexists(f"/proc/self/fd/{name}")}
                return [links[name].split(":")[0] for name in sorted(links)]
        """)

    assert found == ["pipe", "pipe"]


def test_provided_modules_lie_beside_the_file(room: Room) -> None:
    learner = room.learner(
        "from engine import Value\nimport neural\ndef run(): return (Value(2.0) * 3).data",
        provides=("engine", "neural"),
    )

    assert learner.run() == 6.0
    assert (learner.Value(2.0) + 1).data == 3.0


@pytest.mark.parametrize("name", ["requests", "autograder", "pytest", "msgspec", "micrograd_ref"])
def test_a_refused_import_names_what_is_allowed(room: Room, name: str) -> None:
    text = f"def run():\n    import {name}"

    fault = room.fault(text, provides=("engine",), packages=("numpy",))

    assert isinstance(fault, LearnerError)
    assert fault.type_name == "ModuleNotFoundError"
    assert fault.message == (
        f"`{name}` cannot be imported here. Allowed: the standard library, `engine`, `numpy`."
    )
    assert fault.lines == (("work.py", 2, f"import {name}"),)


def test_a_package_that_is_allowed_but_missing_says_so(limited: Room) -> None:
    fault = limited.fault("def run(): import nosuchpackage", packages=("nosuchpackage",))

    assert str(fault) == "ModuleNotFoundError: `nosuchpackage` is not installed here."


def test_an_optional_import_can_be_caught(limited: Room) -> None:
    assert limited.run("""
        try:
            import torch
        except ImportError:
            torch = None
        def run(): return torch is None
    """)


CHANCE = """
import random
first = random.random()
def run():
    return [first, random.random(), random.gauss(0, 1)]
"""
LATE_CHANCE = """
def run():
    import random
    return [random.random()]
"""
NUMPY_CHANCE = """
import numpy as np
first = np.random.rand()
def run():
    return [first, np.random.rand()]
"""


@pytest.mark.parametrize("text", [CHANCE, LATE_CHANCE, NUMPY_CHANCE], ids=["", "late", "numpy"])
def test_chance_is_the_same_in_every_worker_and_in_every_test(limited: Room, text: str) -> None:
    packages: tuple[str, ...] = ()
    if "numpy" in text:
        pytest.importorskip("numpy")
        packages = ("numpy",)
    found = []
    for seed in (7, 7, 8):
        session = limited.session(text, limits(memory_mb=1024), seed=seed, packages=packages)
        for _ in range(2):
            session.begin_test()
            found.append(Learner(session).run())

    assert found[0] == found[1] == found[2] == found[3]
    assert found[4] == found[5] != found[0]


def test_sets_of_text_have_the_same_order_in_every_worker(limited: Room) -> None:
    text = "def run(): return list({str(n) for n in range(50)})"

    assert limited.run(text) == limited.run(text)


def limits(**changed: float) -> Any:
    import msgspec

    return msgspec.structs.replace(QUICK, **changed)
