"""An expression is one thing to all its readers, and to the learner who pastes it."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.expressions import random_graphs
from autograder.expressions.compare import RELATIVE_TO_DIFFERENCE, RELATIVE_TO_REFERENCE, close
from autograder.expressions.expression import Expression, Step, express, is_ordinary, names_after
from autograder.remote.functions import as_function
from micrograd_ref import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYTHING = (*random_graphs.ALL, "log")
SEEDS = st.integers(0, 10**9)


@st.composite
def expressions(draw: st.DrawFn, *, shared: bool | None = None) -> Expression:
    """What the suites ask: a tree or a graph from a seed."""
    rng = random.Random(draw(SEEDS))
    size = draw(st.integers(1, 14))
    if shared is None:
        shared = draw(st.booleans())
    return (random_graphs.graph if shared else random_graphs.tree)(rng, size, EVERYTHING)


def pasted(expression: Expression) -> dict[str, Any]:
    """The names after the lines ran as Python with nothing but Value at hand."""
    names: dict[str, Any] = {"Value": Value}
    exec("\n".join(expression.lines), names)
    return names


@given(expressions())
def test_reference_forward_mode_and_plain_floats_agree(expression: Expression) -> None:
    floats, reference, duals = (
        expression.by_floats(),
        expression.by_reference(),
        expression.by_duals(),
    )

    assert tuple(floats) == expression.names
    assert set(reference.data) == set(duals.data) == set(expression.names)
    for name in expression.names:
        assert close(reference.data[name], floats[name], RELATIVE_TO_REFERENCE)
        assert duals.data[name] == floats[name]
    for name in dict(expression.inputs):
        assert close(reference.grads[name], duals.grads[name], RELATIVE_TO_REFERENCE)


@given(expressions())
def test_central_differences_agree_with_forward_mode(expression: Expression) -> None:
    assert expression.is_smooth_here()
    grads = expression.by_duals().grads
    assert list(grads) == [name for name, _ in expression.inputs]
    for name, slope in grads.items():
        assert close(slope, expression.central_difference(name), RELATIVE_TO_DIFFERENCE)


@given(expressions())
def test_what_is_printed_is_python_that_gives_the_same_numbers(expression: Expression) -> None:
    names, right = pasted(expression), expression.by_reference()
    names[expression.root].backward()

    assert {name: names[name].data for name in expression.names} == right.data
    assert {name: names[name].grad for name, _ in expression.inputs} == right.grads
    one_line: dict[str, Any] = {"Value": Value}
    exec(expression.text, one_line)
    assert one_line[expression.root].data == right.data[expression.root]


@given(expressions())
def test_the_formula_is_python_over_plain_numbers_that_gives_the_same(
    expression: Expression,
) -> None:
    names = {**dict(expression.inputs), "math": math, "__builtins__": {"max": max}}

    assert eval(expression.formula, names) == expression.by_floats()[expression.root]


@given(expressions(), st.data())
def test_up_to_a_step_is_all_that_it_needs_and_no_more(
    expression: Expression, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([step.name for step in expression.steps]))
    part = expression.up_to(name)

    assert part.root == name
    assert set(part.names) <= set(expression.names)
    assert part.by_floats()[name] == expression.by_floats()[name]
    used = {o for step in part.steps for o in step.operands if isinstance(o, str)}
    assert set(part.names) - used == {name}
    assert expression.up_to(expression.root).by_floats().keys() <= expression.by_floats().keys()


@given(expressions())
def test_every_gradient_holds_the_inputs_gradients(expression: Expression) -> None:
    every = expression.by_duals(every_gradient=True).grads
    names = pasted(expression)
    names[expression.root].backward()

    assert set(every) == set(expression.names)
    assert every[expression.root] == 1.0
    assert expression.by_duals().grads == {name: every[name] for name, _ in expression.inputs}
    assert all(close(names[name].grad, slope) for name, slope in every.items())


@given(expressions())
def test_as_a_function_it_keeps_steps_and_result(expression: Expression) -> None:
    function = as_function(expression)
    names = [name for name, _ in expression.inputs]

    assert list(function.parameters) == names
    assert function.result == expression.root
    assert len(function.steps) == len(expression.steps)
    parts = eval(function.text, {"math": math})
    assert parts(*dict(expression.inputs).values()) == expression.by_floats()[expression.root]
    assert as_function(expression, "f").text == "f"


def test_express_writes_a_formula_down() -> None:
    expression = express(lambda a, b: (a * b + b).tanh(), a=2.0, b=-0.5)

    assert expression.text == (
        "a = Value(2.0); b = Value(-0.5); c = a * b; d = c + b; f = d.tanh()"
    )
    assert expression.root == "f"
    assert expression.formula == "math.tanh(a * b + b)"


def test_every_operator_can_be_written_on_either_side() -> None:
    def formula(a: Any, b: Any) -> Any:
        left = (1 + a) * (2 - a) + 3 * a - 4 / a
        right = (a + 1) * (a - 2) + a * 3 - a / 4
        return -((left + right - b / a) ** 2) + b.exp().log() + b.relu()

    expression = express(formula, a=1.5, b=0.5)

    a, b = 1.5, 0.5
    left = (1 + a) * (2 - a) + 3 * a - 4 / a
    right = (a + 1) * (a - 2) + a * 3 - a / 4
    expected = -((left + right - b / a) ** 2) + b + b
    assert expression.by_floats()[expression.root] == pytest.approx(expected, rel=1e-12)
    assert pasted(expression)[expression.root].data == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("op", "operands", "source"),
    [
        ("add", ("a", 3), "a + 3"),
        ("sub", (-2.5, "a"), "-2.5 - a"),
        ("mul", ("a", "a"), "a * a"),
        ("truediv", (1, "a"), "1 / a"),
        ("pow", ("a", -1), "a ** -1"),
        ("neg", ("a",), "-a"),
        ("relu", ("a",), "a.relu()"),
    ],
)
def test_a_step_reads_as_python(op: str, operands: tuple[str | float, ...], source: str) -> None:
    assert Step("b", op, operands).source == source


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (lambda a, b: (a + b) * a, "(a + b) * a"),
        (lambda a, b: a - (b - a), "a - (b - a)"),
        (lambda a, b: a / (b * a), "a / (b * a)"),
        (lambda a, b: (-a) ** 2 + b, "(-a)**2 + b"),
        (lambda a, b: -(a**2) * b, "-a**2 * b"),
        (lambda a, b: -(a + b), "-(a + b)"),
        (lambda a, b: (a**2) ** 3 + b, "(a**2)**3 + b"),
        (lambda a, b: -2 * a + b * -3, "-2 * a + b * -3"),
        (lambda a, b: a.relu() + b.exp(), "max(a, 0.0) + math.exp(b)"),
    ],
)
def test_a_formula_has_the_brackets_that_it_needs(formula: Any, text: str) -> None:
    expression = express(formula, a=1.5, b=0.5)

    assert expression.formula == text
    names = {"a": 1.5, "b": 0.5, "math": math}
    assert eval(text, names) == expression.by_floats()[expression.root]


def test_a_change_of_inputs_changes_the_numbers_but_not_the_expression() -> None:
    expression = express(lambda a, b: a * b, a=2.0, b=3.0)

    assert expression.by_floats(a=5.0) == {"a": 5.0, "b": 3.0, "c": 15.0}
    assert expression.by_floats()["c"] == 6.0


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        (lambda a: a**0.5, ValueError),
        (lambda a: a.log(), ValueError),
        (lambda a: 1 / (a + 2), ZeroDivisionError),
        (lambda a: (a * -1000).exp(), OverflowError),
    ],
)
def test_where_no_real_number_is_the_floats_say_so(formula: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        express(formula, a=-2.0).by_floats()


def test_near_a_kink_it_is_not_smooth() -> None:
    assert not express(lambda a: a.relu(), a=0.005).is_smooth_here()
    assert not express(lambda a, b: (a - b).relu(), a=1.0, b=1.0).is_smooth_here()
    assert express(lambda a: a.relu(), a=-0.5).is_smooth_here()
    assert express(lambda a: a.tanh(), a=0.0).is_smooth_here()


def test_the_step_of_a_difference_grows_with_the_input() -> None:
    """At 1e8 a step of 1e-5 would be lost in rounding."""
    expression = express(lambda a: a * 3.0, a=1e8)

    assert close(expression.central_difference("a"), 3.0, RELATIVE_TO_DIFFERENCE)


def test_names_skip_what_is_used_and_what_reads_as_something_else() -> None:
    def first(names: Iterator[str], count: int) -> list[str]:
        return [next(names) for _ in range(count)]

    assert first(names_after(["a", "c"]), 4) == ["b", "d", "f", "g"]
    many = first(names_after(()), 40)
    assert len(set(many)) == 40
    assert not {"e", "l", "o"} & set(many)
    assert many[23:25] == ["v1", "v2"]


@pytest.mark.parametrize(
    ("number", "ordinary"),
    [(0.0, True), (-12.0, True), (12.5, False), (math.inf, False), (math.nan, False)],
)
def test_ordinary_numbers(number: float, *, ordinary: bool) -> None:
    assert is_ordinary(number, 12.0) is ordinary
