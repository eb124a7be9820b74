"""What assignment5 says of shares that do not add up, and what it puts down to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.assertions.judge import assert_nothing_remembered
from autograder.expressions.expression import express
from autograder.remote.errors import LearnerError
from autograder.remote.wrong_answer import Mismatch
from autograder.suites.assignment5.sums import (
    assert_accumulates,
    assert_accumulates_within,
    assert_outsiders_change_nothing,
    assert_roots_add_up,
)

if TYPE_CHECKING:
    from .conftest import Solved

ADD = ("self.grad += out.grad\n            other.grad += out.grad", "self.grad = other.grad = 7.0")
MUL = ("self.grad += other.data * out.grad", "self.grad += other.grad * out.grad")
EXP = ("self.grad += out.data * out.grad", "self.grad = out.data * out.grad")


def exp(a):
    return a.exp()


@pytest.mark.parametrize("joints", [(), (ADD,), (MUL,)], ids=["both", "no +", "no *"])
def test_an_operator_is_judged_by_whichever_joint_is_right(
    solved: Solved, joints: tuple[tuple[str, str], ...]
) -> None:
    right = solved("assignment5", *joints)
    assert_accumulates(right, exp, 0.5)
    assert_accumulates_within(right, exp, 0.5, -1.0)

    wrong = solved("assignment5", *joints, EXP)
    with pytest.raises(Mismatch):
        assert_accumulates(wrong, exp, 0.5)
    with pytest.raises(Mismatch):
        assert_accumulates_within(wrong, exp, 0.5)


def test_with_no_joint_at_all_nothing_can_be_said_for_it(solved: Solved) -> None:
    with pytest.raises(Mismatch):
        assert_accumulates(solved("assignment5", ADD, MUL), exp, 0.5)


def test_an_operator_that_raises(solved: Solved) -> None:
    learner = solved("assignment5", ("self.grad += out.data * out.grad", "raise KeyError('exp')"))

    with pytest.raises(LearnerError, match="KeyError"):
        assert_accumulates(learner, exp, 0.5)


def test_roots_that_add_up(solved: Solved) -> None:
    assert_roots_add_up(solved("assignment5"))


CLEARS = (
    "        self.grad = 1.0\n",
    "        for node in order:\n            node.grad = 0.0\n        self.grad = 1.0\n",
)


def test_a_backward_that_clears_first_is_told_what_that_gains_and_costs(solved: Solved) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_roots_add_up(solved("assignment5", CLEARS))

    assert "nobody can forget to clear" in caught.value.message
    assert "can never add up" in caught.value.message
    example = caught.value.counterexample
    assert example is not None
    assert (example.input, example.yours, example.expected) == ("a.grad", 5.0, 8.0)
    assert example.lines[-1] == "a.grad"


def test_a_product_that_overwrites_is_not_told_that_it_clears(solved: Solved) -> None:
    overwrites = ("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")

    with pytest.raises(Mismatch) as caught:
        assert_roots_add_up(solved("assignment5", overwrites))

    assert caught.value.message == ""


def test_a_product_that_raises_is_not_told_that_it_clears(solved: Solved) -> None:
    once = """
            if self.grad:
                raise KeyError("again")
            self.grad += other.data * out.grad
"""
    learner = solved(
        "assignment5", CLEARS, ("\n            self.grad += other.data * out.grad\n", once)
    )

    with pytest.raises(Mismatch) as caught:
        assert_roots_add_up(learner)

    assert caught.value.message == ""


COUNTS = (
    "        self._prev = set(_children)\n",
    "        self._prev = tuple(_children)\n        self.users = 0\n        for child in _children:\n            child.users += 1\n",
)
WAITS = (
    "        for node in reversed(order):\n            node._backward()\n",
    """        ready = [self]
        for node in ready:
            node._backward()
            for operand in node._prev:
                operand.users -= 1
                if operand.users == 0:
                    ready.append(operand)
""",
)


def test_what_else_is_made_of_the_same_nodes(solved: Solved) -> None:
    assert_outsiders_change_nothing(solved("assignment5"))

    with pytest.raises(Mismatch) as caught:
        assert_outsiders_change_nothing(solved("assignment5", COUNTS, WAITS))

    assert caught.value.message.startswith("The root was not made from ")
    example = caught.value.counterexample
    assert example is not None
    assert any("* 5.0" in line for line in example.lines)  # without it, the example would be right
    assert (example.yours, example.expected) == (0.0, 36.0)


# --- what is remembered ---------------------------------------------------------------------------

CURVES = [
    (express(lambda a: a.exp() + a.exp(), a=2.0), (-0.5,)),
    (express(lambda a: a.tanh() + a.tanh(), a=2.0), (-0.5,)),
]
MADE = 'out = Value(math.exp(self.data), (self,), "exp")'
KEEPS = (
    MADE,
    f"if hasattr(self, 'kept'):\n            return self.kept\n        self.kept = {MADE}",
)


def test_an_answer_that_is_remembered(solved: Solved) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_nothing_remembered(solved("assignment5", KEEPS), CURVES, backward="backward")

    assert caught.value.message == (
        "After its data changed, the Value still gives a different answer from a new "
        "Value with the same data."
    )
    example = caught.value.counterexample
    assert example is not None
    assert example.lines[1:6] == (
        "a = Value(2.0)", "b = a.exp()", "c = a.exp()", "d = b + c", "d.backward()",
    )  # fmt: skip
    assert example.lines[6] == "a.data, a.grad = -0.5, 0.0"
    assert example.input == example.lines[-1] == "b.data"


def test_an_exception_at_the_second_time(solved: Solved) -> None:
    once = (
        MADE,
        f"{MADE}\n        out.data /= not hasattr(self, 'kept')\n        self.kept = self.data > 0\n        self.kept or delattr(self, 'kept')",
    )

    with pytest.raises(LearnerError, match="ZeroDivisionError") as caught:
        assert_nothing_remembered(
            solved("assignment5", once),
            [(express(lambda a: a.exp(), a=2.0), (-0.5,))],
            backward="backward",
        )

    assert caught.value.example is not None
    assert "a.data, a.grad = -0.5, 0.0" in caught.value.example


def test_only_their_own_answers_are_compared(solved: Solved) -> None:
    assert_nothing_remembered(solved("assignment5", EXP), CURVES, backward="backward")


def test_where_nothing_is_right_nothing_is_earned(solved: Solved) -> None:
    tanh = ("self.grad += (1 - out.data**2) * out.grad", "self.grad = (1 - out.data**2) * out.grad")

    with pytest.raises(Mismatch):
        assert_nothing_remembered(solved("assignment5", EXP, tanh), CURVES, backward="backward")
    assert_nothing_remembered(solved("assignment5", EXP, tanh), CURVES, backward=None)


def test_an_answer_that_varies_with_the_order_of_a_set_is_not_remembered(solved: Solved) -> None:
    varies = (
        "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad\n",
        "            first, *_, second = out._prev\n            first.grad += other.data * out.grad\n            second.grad += self.data * out.grad\n",
    )
    product = (express(lambda a, b: a * b, a=2.0, b=-3.0), (0.5, 4.0))
    learner = solved("assignment5", varies)

    for _ in range(8):
        assert_nothing_remembered(learner, [product, *CURVES], backward="backward")
