"""The table of operators: each is written as Python computes it, and asked where it is smooth."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import operators
from autograder.expressions.compare import MARGIN_AT_KINK, RELATIVE_TO_DIFFERENCE
from autograder.expressions.expression import Symbol
from autograder.expressions.overload import overload
from autograder.expressions.random_graphs import is_tame
from autograder.operators import BINARY, OPERATORS, apply, values_of
from autograder.remote.objects import Remote
from micrograd_ref import Value

EACH = pytest.mark.parametrize("op", OPERATORS.values(), ids=OPERATORS)
NUMBERS = st.floats(-12, 12).map(lambda number: round(number, 2))
EXPONENTS = st.sampled_from((2, 3, -1, 0.5, -2, 1.5))


def operands(data, op):
    """Numbers that a suite may ask the operator about."""
    numbers = st.tuples(NUMBERS, EXPONENTS if op.with_number else NUMBERS)
    return data.draw(numbers.map(lambda n: n[: op.arity]).filter(lambda n: is_tame(op.name, n)))


@EACH
@given(st.data())
def test_it_is_written_as_python_that_gives_the_same(op, data):
    numbers = operands(data, op)
    names = dict(zip("ab", numbers, strict=False))
    right = op.function(*numbers)

    value = apply(op.name, [Value(numbers[0]), *numbers[1:]])
    assert value.data == pytest.approx(right, rel=1e-12)
    values = {"a": Value(numbers[0]), "b": Value(numbers[-1])}
    written = eval(op.written(*names), {**values, **({"b": numbers[-1]} if op.with_number else {})})
    assert written.data == pytest.approx(right, rel=1e-12)
    assert apply(op.name, numbers) == right
    if op.plain:
        assert eval(op.plain.format("a"), {"math": math, **names}) == right


@EACH
@given(st.data())
def test_where_it_is_asked_a_difference_is_its_slope(op, data):
    """So no kink and no pole is near: the slope is that of the reference."""
    first, *rest = operands(data, op)
    h = 1e-5 * max(1.0, abs(first))
    above, below = (op.function(first + step, *rest) for step in (h, -h))
    value = Value(first)
    apply(op.name, [value, *rest]).backward()

    difference = (above - below) / (2 * h)
    assert value.grad == pytest.approx(difference, rel=RELATIVE_TO_DIFFERENCE, abs=1e-7)


@EACH
def test_its_facts_hang_together(op):
    assert op.is_method == (op.symbol == op.name) == bool(op.plain)
    assert op.arity == (2 if op.name in BINARY or op.with_number else 1)
    if op.kink is not None:
        assert not is_tame(op.name, (op.kink + 2 * MARGIN_AT_KINK,))
        assert is_tame(op.name, (op.kink + 2.1 * MARGIN_AT_KINK,))


@EACH
def test_symbols_and_remote_objects_take_part_in_it(op):
    dunder = f"__{op.name}__"
    if op.is_method:
        assert hasattr(Symbol, op.name)
    else:
        assert hasattr(Symbol, dunder)
        assert hasattr(Remote, dunder)
    reflected = f"__r{op.name}__"
    assert hasattr(Symbol, reflected) == hasattr(Remote, reflected) == (op.name in BINARY)


def test_what_is_done_with_an_object_is_told_with_the_operands_in_order():
    class Told:
        pass

    overload(Told, lambda told, op, *operands: (op.name, *operands))
    told: Any = Told()

    assert told - 2.0 == ("sub", told, 2.0)
    assert 2.0 - told == ("sub", 2.0, told)
    assert told**2 == ("pow", told, 2)
    assert -told == ("neg", told)
    with pytest.raises(TypeError):
        2**told
    assert not hasattr(told, "tanh")
    overload(Told, lambda told, op, *operands: (op.name, *operands), methods=True)
    assert told.tanh() == ("tanh", told)


def test_a_value_that_is_a_float_keeps_its_own_methods():
    class Own(float):
        def tanh(self):
            return "its own"

    assert apply("tanh", [Own(0.5)]) == "its own"
    assert apply("exp", [Own(0.5)]) == math.exp(0.5)


def test_operands_are_names_or_numbers():
    assert values_of(("a", 2.0, "b", 3), {"a": 1, "b": None}) == [1, 2.0, None, 3]


def test_it_loads_no_module_that_a_bare_interpreter_has_not():
    code = "import sys; bare = set(sys.modules); exec(open(sys.argv[1]).read()); print(*set(sys.modules) - bare)"
    command = [sys.executable, "-I", "-S", "-c", code, operators.__file__]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert set(loaded) <= {"__future__", "math", "operator", "_operator"}
