"""Random expressions: the same for the same seed, used as they promise, tame, and never out of luck."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.expressions import random_graphs
from autograder.expressions.compare import MARGIN_AT_KINK
from autograder.expressions.random_graphs import (
    graph,
    is_tame,
    number,
    pick,
    seeded,
    tree,
)
from autograder.operators import BINARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.expressions.expression import Expression

MAKERS = pytest.mark.parametrize("make", [tree, graph], ids=["tree", "graph"])
SIZES = (1, 2, 3, 5, 8, 12, 20, 30)


def uses(expression: Expression) -> Counter[str]:
    """How often each name is an operand."""
    return Counter(o for step in expression.steps for o in step.operands if isinstance(o, str))


@MAKERS
def test_the_same_seed_gives_the_same_expression(make: Callable[..., Expression]) -> None:
    for size in SIZES:
        assert make(seeded("course", str(size)), size) == make(seeded("course", str(size)), size)
    assert make(seeded("a"), 8) != make(seeded("b"), 8)


@MAKERS
def test_it_is_the_same_on_every_machine(make: Callable[..., Expression]) -> None:
    """Pinned: another text here means that every course's questions changed."""
    inputs = "a = Value(-1.98); b = Value(1.52); c = Value(1.71)"
    pinned = {
        tree: "d = c / b; f = a - d; g = f / 1.97",
        graph: "d = b / b; f = a - d; g = f / 1.97; h = c + g",
    }

    assert make(seeded("spelled-out", "pinned"), 3).text == f"{inputs}; {pinned[make]}"


def test_chance_comes_from_random_alone() -> None:
    """`random()` is stable over versions of Python; `choice` and `uniform` are not promised."""

    class Only(random.Random):
        def getrandbits(self, k: int, /) -> NoReturn:
            raise AssertionError(f"{k} bits were asked for")

    graph(Only(1), 10)
    tree(Only(1), 10)
    pick(Only(1), "abc")
    number(Only(1), -1, 1)


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_uses_everything_exactly_once(size: int) -> None:
    for seed in range(40):
        expression = tree(random.Random(seed), size)
        once = dict.fromkeys(expression.names, 1)
        del once[expression.root]
        assert once == dict(uses(expression))
        assert len(expression.steps) >= size


@pytest.mark.parametrize("size", SIZES)
def test_a_graph_reaches_every_input(size: int) -> None:
    for seed in range(40):
        expression = graph(random.Random(seed), size)
        assert set(expression.up_to(expression.root).names) == set(expression.names)


def test_graphs_share_inputs_results_and_both_sides() -> None:
    shared = [graph(random.Random(seed), 10) for seed in range(60)]

    assert all(max(uses(e).values()) >= 2 for e in shared)
    assert any(uses(e)[step.name] >= 2 for e in shared for step in e.steps)
    assert any(
        step.operands[0] == step.operands[-1] and len(step.operands) == 2
        for e in shared
        for step in e.steps
    )


@MAKERS
def test_every_operator_turns_up(make: Callable[..., Expression]) -> None:
    found = Counter(s.op for seed in range(60) for s in make(random.Random(seed), 10).steps)

    assert set(found) == set(random_graphs.ALL)


@MAKERS
def test_plain_numbers_turn_up_on_both_sides(make: Callable[..., Expression]) -> None:
    steps = [s for seed in range(60) for s in make(random.Random(seed), 10).steps]
    steps = [step for step in steps if step.op in BINARY]

    assert any(isinstance(step.operands[0], float) for step in steps)
    assert any(isinstance(step.operands[1], float) for step in steps)
    assert all(any(isinstance(o, str) for o in step.operands) for step in steps)


@MAKERS
@given(seed=st.integers(0, 2**40), size=st.integers(1, 25))
def test_its_numbers_are_tame(make: Callable[..., Expression], seed: int, size: int) -> None:
    expression = make(random.Random(seed), size)
    numbers = expression.by_floats()

    assert expression.is_smooth_here()
    assert all(abs(value) <= 12 for value in numbers.values())
    assert all(abs(slope) <= 1e3 for slope in expression.by_reference().grads.values())
    for step in expression.steps:
        values = [numbers[o] if isinstance(o, str) else o for o in step.operands]
        assert is_tame(step.op, values)
    for name, value in expression.inputs:
        assert 0.2 <= abs(value) <= 3, name
        assert value == round(value, 2)


@MAKERS
def test_hundreds_of_seeds_never_run_out_of_luck(make: Callable[..., Expression]) -> None:
    for seed in range(300):
        make(random.Random(seed), 12, random_graphs.SMOOTH)
        make(random.Random(seed), 3, ("pow", "truediv", "log", "relu"))


def test_where_luck_cannot_help_it_says_so() -> None:
    class Stuck(random.Random):
        def random(self) -> float:
            return 0.7 if next(calls) % 2 else 0.999

    calls = iter(range(10**9))
    with pytest.raises(RuntimeError, match="no ordinary expression of 40 steps over exp"):
        tree(Stuck(), 40, ("exp",))


@given(st.integers(0, 2**40), st.floats(-9, -0.3), st.floats(0.3, 9))
def test_a_number_reads_easily_and_keeps_off_zero(seed: int, low: float, high: float) -> None:
    value = number(random.Random(seed), low, high)

    assert low - 0.005 <= value <= high + 0.005
    assert abs(value) >= 0.2
    assert len(repr(abs(value))) <= 4


@given(st.integers(0, 2**40), st.lists(st.integers(), min_size=1, max_size=9))
def test_pick_takes_one_of_the_items(seed: int, items: list[int]) -> None:
    assert pick(random.Random(seed), items) in items


def test_pick_takes_each_of_them() -> None:
    rng = random.Random(0)

    assert {pick(rng, "abcde") for _ in range(200)} == set("abcde")


def test_seeds_are_told_apart_by_every_part() -> None:
    chances = [seeded(*parts).random() for parts in (("a", "b"), ("ab",), ("a", "b", ""), ("b",))]

    assert len(set(chances)) == 4


@pytest.mark.parametrize(
    ("op", "values", "tame"),
    [
        ("truediv", (1.0, 0.3), True),
        ("truediv", (1.0, -0.29), False),
        ("pow", (-0.5, 3), True),
        ("pow", (-0.5, 0.5), False),
        ("pow", (0.05, 2), False),
        ("pow", (0.3, -2), True),
        ("log", (0.2,), True),
        ("log", (-1.0,), False),
        ("exp", (2.5,), True),
        ("tanh", (-2.6,), False),
        ("relu", (2 * MARGIN_AT_KINK,), False),
        ("relu", (-0.5,), True),
        ("add", (math.pi, -math.pi), True),
    ],
)
def test_tame_is_away_from_poles_and_kinks(
    op: str, values: tuple[float, ...], *, tame: bool
) -> None:
    assert is_tame(op, values) is tame


@pytest.mark.parametrize("seed", range(20))
def test_operators_of_one_operand_come_in_a_row(seed: int) -> None:
    expression = tree(random.Random(seed), 4, ("exp", "tanh", "relu"))

    assert len(expression.inputs) == 1
    assert [step.operands for step in expression.steps] == [(n,) for n in expression.names[:-1]]


@pytest.mark.parametrize(
    "ops", [("mul", "exp", "tanh"), ("add", "pow", "relu"), ("add", "sub", "mul", "neg")]
)
@pytest.mark.parametrize("make", [tree, graph])
def test_no_operator_but_those_that_are_given(
    make: Callable[..., Expression], ops: tuple[str, ...]
) -> None:
    for seed in range(20):
        expression = make(random.Random(seed), 6, ops)
        assert {step.op for step in expression.steps} <= set(ops)
