"""What assignment4 says of a wrong order, of a list or of calls; and what it does not believe."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from autograder.assertions.remarks import CLEARED
from autograder.expressions.expression import Expression, express
from autograder.expressions.random_graphs import graph
from autograder.remote.errors import LearnerError
from autograder.remote.wrong_answer import Mismatch
from autograder.suites.assignment4.calls import assert_backward, assert_called_in_order
from autograder.suites.assignment4.oracle import (
    Finding,
    assert_settled,
    assert_sorted,
    assert_sorted_after_backward,
)

from .conftest import remarks

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

    from .conftest import Solved

ROW = express(lambda a: a.exp().tanh(), a=0.5)
SUM = express(lambda a, b: a + b, a=2.0, b=3.0)


def shared(a, b):
    c, d = a + b, a * b
    return (c + d) + (c * d)


Y = express(shared, a=2.0, b=3.0)
MIXED = express(lambda a, b: ((a - b) / (b + 2.0) + a.relu()) * a, a=2.0, b=3.0)
ORDER = """
    return order
"""
LOOP = """
    for node in reversed(topological_order(self)):
        node._backward()
"""


def said(check: Callable[[], object]) -> str:
    """The message of what a check finds."""
    with pytest.raises(Mismatch) as caught:
        check()
    return caught.value.message


def listed(change: str) -> tuple[str, str]:
    """An edit after which topological_order answers something else."""
    return ORDER, f"\n    return {change}\n"


def walked(body: str) -> tuple[str, str]:
    """An edit after which backward goes another way."""
    return LOOP, body


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "answer", "message"),
    [
        (ROW, "None", "It should return a list of nodes. Is a `return` missing?"),
        (ROW, "set(order)", "A set has no order."),
        (ROW, "[node.data for node in order]", "The list should contain the nodes themselves."),
        (
            ROW,
            "[*order, Value(1.0)]",
            "The list contains a node that the root was not made from.",
        ),
        (ROW, "[*order, order[0]]", "a is in the list 2 times."),
        (ROW, "order[1:]", "a is not in the list."),
        (SUM, "order[2:]", "a, b are not in the list."),
        (ROW, "order[::-1]", "The list is the wrong way round: the root should be last."),
        (ROW, "[order[1], order[0], order[2]]", "b comes before its operand a."),
    ],
)
def test_what_is_wrong_with_a_list(
    solved: Solved, expression: Expression, answer: str, message: str
) -> None:
    learner = solved("assignment4", listed(answer))

    assert said(lambda: assert_sorted(learner, expression)) == message


def test_many_nodes_that_are_missing_are_not_all_named(solved: Solved) -> None:
    learner = solved("assignment4", listed("[root]"))
    sums = express(lambda a, b: sum([a + step for step in range(1, 20)], b), a=1.0, b=2.0)

    message = said(lambda: assert_sorted(learner, sums))

    assert message.endswith(", … are not in the list.")
    assert message.count(",") == 12


def test_an_order_that_varies_is_not_told_as_a_fact(solved: Solved) -> None:
    learner = solved(
        "assignment4", listed("[*order, order[len(order) * (id(root) // 16 % 3) // 3]]")
    )

    assert said(lambda: assert_sorted(learner, ROW)) in (
        "It is wrong in a way that changes from run to run, with the order of a set.",
        "a is in the list 2 times.",
        "b is in the list 2 times.",
        "c is in the list 2 times.",
    )


def test_the_example_has_its_own_lines_where_the_expressions_are_too_many(solved: Solved) -> None:
    learner = solved("assignment4", listed("order[1:]"))

    with pytest.raises(Mismatch) as caught:
        assert_sorted(learner, ROW, lines=("a = …",))

    example = caught.value.counterexample
    assert example is not None
    assert example.lines[2:] == ("a = …", "names(topological_order(c))")


def test_an_exception_has_the_lines_that_lead_there(solved: Solved) -> None:
    learner = solved("assignment4", listed("1 / 0"))

    with pytest.raises(LearnerError) as caught:
        assert_sorted(learner, ROW)

    assert caught.value.look == "topological_order(c)"
    assert caught.value.example is not None
    assert caught.value.example[1:] == ("a = Value(0.5)", "b = a.exp()", "c = b.tanh()")


@pytest.mark.parametrize("expression", [ROW, SUM, Y, MIXED], ids=["row", "sum", "y", "mixed"])
def test_what_the_code_says_of_its_graph_is_no_evidence(
    solved: Solved, expression: Expression
) -> None:
    """`_prev` is emptied, or it is empty for whoever is not this file."""
    emptied = ("    order = []\n", "    root._prev = set()\n    return [root]\n    order = []\n")
    hidden = ("self._prev = set(_children)", "self._kids = set(_children)")
    prop = """
import sys
Value._prev = property(
    lambda self: self._kids if sys._getframe(1).f_code.co_name == "elsewhere" else set()
)
"""
    for edit, more in ((emptied, ""), (hidden, prop)):
        learner = solved("assignment4", edit, more=more)
        with pytest.raises(Mismatch, match="not in the list"):
            assert_sorted(learner, expression)


def test_nodes_that_only_the_learner_knows_must_be_listed_in_order_too(solved: Solved) -> None:
    minus = express(lambda a, b: a - b, a=2.0, b=3.0)
    without = listed("[n for n in order if n in (root,) or not n._prev]")
    late = listed("sorted(order, key=lambda n: (n is root, n._op == '*', bool(n._prev)))")

    assert said(lambda: assert_sorted(solved("assignment4", without), minus)) == (
        "a node without a name is not in the list."
    )
    assert_sorted(solved("assignment4", late), minus)
    nested = express(lambda a, b: a - (a - b), a=2.0, b=3.0)
    assert "comes before its operand" in said(
        lambda: assert_sorted(solved("assignment4", late), nested)
    )


def test_the_order_of_birth_is_an_order(solved: Solved) -> None:
    birth = (
        "        self.data = data\n",
        "        self.data, Value.born = data, Value.born + 1\n        self.birth = Value.born\n",
    )
    learner = solved(
        "assignment4",
        birth,
        listed("sorted(order, key=lambda n: n.birth)"),
        more="\nValue.born = 0\n",
    )

    for seed in range(3):
        assert_sorted(learner, graph(random.Random(seed), 9))


def test_an_order_after_backward(solved: Solved) -> None:
    cached = (
        "def topological_order(root):",
        "from functools import cache\n\n\n@cache\ndef topological_order(root):",
    )
    emptied = walked(
        "\n    order = topological_order(self)\n    while order:\n        order.pop()._backward()\n"
    )

    assert_sorted_after_backward(solved("assignment4", cached), ROW)
    assert_sorted_after_backward(solved("assignment4", emptied), ROW)
    learner = solved("assignment4", cached, emptied)
    assert (
        said(lambda: assert_sorted_after_backward(learner, ROW)) == "a, b, c are not in the list."
    )


# --- calls ----------------------------------------------------------------------------------------

PREORDER = """
    seen = set()

    def walk(node):
        if node not in seen:
            seen.add(node)
            node._backward()
            for operand in sorted(node._prev, key=lambda n: -n.data):
                walk(operand)

    walk(self)
"""
PATHS = """
    def walk(node):
        node._backward()
        for operand in node._prev:
            walk(operand)

    walk(self)
"""


@pytest.mark.parametrize(
    ("expression", "body", "message"),
    [
        (Y, PATHS, "The closure of c was called 2 times."),
        (ROW, "\n    self._backward()\n", "The closure of b was never called."),
        (Y, PREORDER, "The closure of d ran before that of f, which is made from d."),
        (
            ROW,
            LOOP.replace(
                "node._backward()",
                "node._backward()\n        Value(0.0).grad = 0.0\n        node.grad = 0.0",
            ),
            "`a` did not get the gradient it would get if each closure ran once, in order.",
        ),
    ],
    ids=["again", "never", "early", "lost"],
)
def test_what_is_wrong_with_calls(
    solved: Solved, expression: Expression, body: str, message: str
) -> None:
    learner = solved("assignment4", walked(body))

    assert said(lambda: assert_called_in_order(learner, expression)) == message


CLEARING = walked(LOOP + "        if node._prev:\n            node.grad = 0.0\n")
SKIPPING_ZERO = walked(LOOP.replace("node._backward()", "node.grad and node._backward()"))


@pytest.mark.parametrize(
    "edit",
    [
        None,
        CLEARING,
        SKIPPING_ZERO,
        ("self.grad = 1.0\n", "self.grad = self.data\n"),
        ("self.grad = 1.0\n", "pass\n"),
        ("self.grad = other.data * out.grad", "self.grad += other.data * out.grad"),
        ("    return order\n", "    return order[:-1]\n"),
        ("    return order\n", "    return [n for n in order if n._prev]\n"),
        ("    return order\n", "    return 1 / 0\n"),
    ],
    ids=["as it is", "cleared", "zeros skipped", "seeded with its number", "no seed", "adds",
         "no root listed", "no leaf listed", "no list at all"],
)  # fmt: skip
@pytest.mark.parametrize("expression", [Y, MIXED], ids=["y", "mixed"])
def test_calls_in_order_are_right_whatever_else_is_wrong(
    solved: Solved, expression: Expression, edit: tuple[str, str] | None
) -> None:
    learner = solved("assignment4", *([edit] if edit else []))

    for spread in range(3):
        assert_called_in_order(learner, expression, slow=spread == 1)

    assert remarks(learner) == ([CLEARED] if edit is CLEARING else [])


def test_an_order_given_in_place_of_theirs_is_taken_back(solved: Solved) -> None:
    learner = solved("assignment4", listed("1 / 0"))

    assert_called_in_order(learner, Y)

    with pytest.raises(LearnerError, match="ZeroDivisionError"):
        learner.topological_order(learner.Value(1.0))


def test_who_stops_at_a_leaf_is_not_saved_by_an_order_that_ends_with_leaves(solved: Solved) -> None:
    body = LOOP.replace(
        "node._backward()", "if not node._prev:\n            break\n        node._backward()"
    )
    learner = solved(
        "assignment4",
        walked(body),
        listed("[n for n in order if not n._prev] + [n for n in order if n._prev][::-1]"),
    )
    products = express(lambda a, b, c: (a * b).tanh() * c, a=0.5, b=2.0, c=3.0)

    with pytest.raises(Mismatch):
        assert_called_in_order(learner, products)


def test_gradients_of_a_tree_with_a_right_order_in_place_of_a_wrong_one(solved: Solved) -> None:
    assert_backward(solved("assignment4", listed("order[::-1]")), MIXED.up_to(MIXED.steps[2].name))

    learner = solved(
        "assignment4", listed("order[::-1]"), ("self.grad = 1.0\n", "self.grad = 2.0\n")
    )
    with pytest.raises(Mismatch):
        assert_backward(learner, ROW)


def test_several_roots_one_after_the_other(solved: Solved) -> None:
    seen = ("    visited = set()\n", "    visited = Value.seen\n")
    b, c = (step.name for step in ROW.steps)

    assert_called_in_order(solved("assignment4"), ROW, b, c, b, c)
    learner = solved(
        "assignment4",
        seen,
        walked(LOOP.replace("topological_order(self)", "list(topological_order(self))")),
        more="\nValue.seen = set()\n",
    )
    assert_called_in_order(learner, ROW, b, c, b)  # a right order in the place of theirs is enough


# --- calls that nobody sees -----------------------------------------------------------------------

HIDDEN = [
    ("self._backward = lambda: None", "self.pull = lambda: None"),
    *(
        (
            f"        out._backward = _backward\n        return out\n\n    def {following}",
            f"        out.pull = _backward\n        return out\n\n    def {following}",
        )
        for following in ("__mul__", "__pow__", "exp", "tanh", "relu", "__neg__")
    ),
]


def hidden(solved: Solved, body: str, *more: tuple[str, str]) -> Learner:
    """A learner whose closures have another name, and whose backward goes this way."""
    return solved("assignment4", *HIDDEN, walked(body.replace("_backward()", "pull()")), *more)


def test_hidden_closures_in_order_are_right(solved: Solved) -> None:
    for expression in (Y, MIXED):
        assert_called_in_order(hidden(solved, LOOP), expression)


@pytest.mark.parametrize(
    "body", [PREORDER, LOOP.replace("reversed", "list")], ids=["pre-order", "forwards"]
)
def test_hidden_closures_out_of_order_are_wrong(solved: Solved, body: str) -> None:
    learner = hidden(solved, body)

    with pytest.raises(Mismatch) as caught:
        assert_called_in_order(learner, Y)

    if body is PREORDER:
        message = (
            "A node is used twice, here and further down, and it sends its gradient back too early."
        )
        assert caught.value.message == message


def test_a_recorder_that_says_what_one_wants_to_hear_is_no_evidence(solved: Solved) -> None:
    """It notes each node once, in order, and the closures run by every way."""
    forged = """

import gc, types
modules = [each for each in gc.get_objects() if isinstance(each, types.ModuleType)]
recorder = next(each for each in modules if each.__name__.endswith("recorder")).Calls

def take_back(self, taken_back=recorder.take_back):
    self.calls[:] = sorted(self.index.values(), reverse=True)
    taken_back(self)

recorder.entered = lambda self, number: None
recorder.take_back = take_back
"""
    learner = solved("assignment4", walked(PATHS), more=forged)

    with pytest.raises(Mismatch):
        assert_called_in_order(learner, Y)


def test_no_lines_are_shown_that_use_what_is_not_there(solved: Solved) -> None:
    learner = solved("assignment4", ("def topological_order(root):", "def sorted_by_me(root):"))

    with pytest.raises(LearnerError, match="does not define `topological_order`") as caught:
        assert_sorted(learner, express(lambda a: a.tanh(), a=0.5))

    assert not caught.value.example


# --- luck -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lucky", [{0}, {0, 1}, {1}], ids=str)
def test_who_is_right_by_the_order_of_a_set_is_found_out(lucky):
    wrong = Finding("x ran before y.", "x, y", "y, x")

    def ask(spread: int):
        return (("f.backward()",), [], "") if spread in lucky else (("calls(f)",), [wrong], "x, y")

    found = said(lambda: assert_settled(ask, SUM))

    assert found == "It is wrong in a way that changes from run to run, with the order of a set."


def test_who_is_wrong_each_time_is_told_what():
    wrong = Finding("x ran before y.", "x, y", "y, x")

    assert said(lambda: assert_settled(lambda _: (("f",), [wrong], "x"), SUM)) == wrong.message


def test_who_is_right_is_asked_again_only_where_sets_are_few():
    asked: list[int] = []

    def ask(spread: int):
        asked.append(spread)
        return (), [], ""

    assert_settled(ask, SUM)
    again = len(asked)
    assert_settled(ask, MIXED)

    assert (again, len(asked) - again) == (3, 1)
