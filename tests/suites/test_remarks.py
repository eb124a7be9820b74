"""What is right and gets a sentence all the same, and what is right and gets none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.assertions.judge import assert_all_gradients, assert_gradients
from autograder.assertions.remarks import (
    CLEARED,
    FOR_EACH_INPUT,
    MEASURED,
    TAPE,
    remark_on_inner,
    remark_on_outsiders,
    remark_on_work,
)
from autograder.expressions.expression import express
from autograder.remote.errors import LearnerError

from .conftest import remarks

if TYPE_CHECKING:
    from autograder.assertions.case import Backward

    from .conftest import Solved

EXP = "self.grad += out.data * out.grad"
TANH = "self.grad += (1 - out.data**2) * out.grad"
CURVE = express(lambda a: a.tanh() + a.tanh().exp(), a=0.5)
CENTRAL = "(math.exp(self.data + {h}) - math.exp(self.data - {h})) / (2 * {h})"
COMPLEX = "__import__('cmath').exp(complex(self.data, 1e-20)).imag / 1e-20"
DUAL = '''


def passes(root, leaf):
    """The slope of a root by one leaf, found by a walk from the leaves up."""
    known = {}

    def slope(node):
        if node not in known:
            known[node] = 1.0 if node is leaf else sum(map(rule(node), node._prev))
        return known[node]

    def rule(node):
        factor = math.exp(next(iter(node._prev)).data) if node._op == "exp" else 1.0
        return lambda operand: factor * slope(operand)

    return slope(root)


def backward(self):
    todo, leaves = [self], []
    for node in todo:
        todo.extend(node._prev)
        leaves += [] if node._prev else [node]
    for leaf in leaves:
        leaf.grad += passes(self, leaf)


Value.backward = backward
'''


@pytest.mark.parametrize("h", ["1e-3", "1e-4", "1e-5", "1e-6"])
def test_slopes_that_are_measured_are_right_and_cost_digits(solved: Solved, h: str) -> None:
    tanh = f"self.grad += (math.tanh(self.data + {h}) - math.tanh(self.data - {h})) / (2 * {h}) * out.grad"
    learner = solved("assignment5", (TANH, tanh))

    assert_gradients(learner, CURVE, backward="backward")

    assert remarks(learner) == [MEASURED]


def test_many_expressions_in_one_message_are_noticed_as_well(solved: Solved) -> None:
    h = "1e-5"
    learner = solved("assignment5", (EXP, f"self.grad += {CENTRAL.format(h=h)} * out.grad"))

    assert_all_gradients(learner, [(CURVE, (1.0,))], backward="backward")

    assert remarks(learner) == [MEASURED]


def test_a_step_too_large_is_no_slope(solved: Solved) -> None:
    learner = solved("assignment5", (EXP, f"self.grad += {CENTRAL.format(h='1e-2')} * out.grad"))

    with pytest.raises(AssertionError):
        assert_gradients(learner, CURVE, backward="backward")
    assert remarks(learner) == []


@pytest.mark.parametrize(
    "slope", [CENTRAL.format(h="1e-5"), COMPLEX], ids=["differences", "complex"]
)
def test_a_function_that_is_evaluated_again_is_noticed_by_its_calls(
    solved: Solved, slope: str
) -> None:
    learner = solved("assignment5", (EXP, f"self.grad += {slope} * out.grad"))

    remark_on_work(learner, "backward")

    assert remarks(learner) == [MEASURED]


def test_one_pass_for_each_input_is_noticed_by_its_calls(solved: Solved) -> None:
    learner = solved("assignment5", more=DUAL)

    assert_gradients(learner, express(lambda a, b: a.exp() + b, a=0.5, b=1.0), backward="backward")
    remark_on_work(learner, "backward")

    assert remarks(learner) == [FOR_EACH_INPUT]


@pytest.mark.parametrize(
    ("name", "backward"),
    [("assignment3", "closures"), ("assignment4", "backward"), ("assignment5", "backward")],
)
def test_formulas_get_no_remark(solved: Solved, name: str, backward: Backward) -> None:
    learner = solved(name)

    assert_gradients(learner, express(lambda a: a.tanh().exp(), a=6.5), backward=backward)
    remark_on_work(learner, backward)

    assert remarks(learner) == []


def test_an_exp_that_fails_is_no_remark(solved: Solved) -> None:
    learner = solved("assignment5", (EXP, "raise ValueError"))

    remark_on_work(learner, "backward")

    assert remarks(learner) == []


CLEARS = (
    """
            node._backward()

    def __neg__""",
    """
            node._backward()
            if node._prev:
                node.grad = 0.0

    def __neg__""",
)
INNER = express(lambda a, b: (a * b) * (a + b), a=2.0, b=3.0)


def test_gradients_cleared_once_they_are_sent_on(solved: Solved) -> None:
    learner = solved("assignment5", CLEARS)

    assert_gradients(learner, INNER, backward="backward")
    for _ in range(2):
        remark_on_inner(learner, INNER)

    assert remarks(learner) == [CLEARED]


def test_gradients_that_stay_get_no_remark(solved: Solved) -> None:
    learner = solved("assignment5")

    remark_on_inner(learner, INNER)

    assert remarks(learner) == []


def test_gradients_that_never_come_get_no_remark(solved: Solved) -> None:
    learner = solved("assignment5", (TANH, "raise KeyError"))

    remark_on_inner(learner, CURVE)

    assert remarks(learner) == []


def test_what_the_code_raises_while_it_is_counted_is_theirs(solved: Solved) -> None:
    learner = solved("assignment5", (EXP, "raise ValueError('no')"))

    with pytest.raises(LearnerError, match="no"):
        learner.evaluations(CURVE, "exp", backward="backward")
    assert learner.evaluations(INNER, "exp", backward="backward") == (0, 0)  # counting has ended


KEEPS_ALL = """


made, _init = [], Value.__init__


def __init__(self, *args, **kwargs):
    _init(self, *args, **kwargs)
    made.append(self)


def backward(self):
    for node in made:
        if node._prev:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(made):
        node._backward()
    AFTERWARDS


Value.__init__, Value.backward = __init__, backward
"""


@pytest.mark.parametrize(
    ("afterwards", "said"), [("", [TAPE]), ("made.clear()", [])], ids=["for ever", "for a while"]
)
def test_an_engine_that_keeps_all_that_it_made_is_told_what_that_costs(
    solved: Solved, afterwards: str, said: list[str]
) -> None:
    learner = solved("assignment5", more=KEEPS_ALL.replace("AFTERWARDS", afterwards))

    assert_gradients(learner, CURVE, backward="backward")
    remark_on_outsiders(learner)

    assert remarks(learner) == said


def test_a_walk_from_the_root_gets_no_remark(solved: Solved) -> None:
    learner = solved("assignment5")

    remark_on_outsiders(learner)

    assert remarks(learner) == []
