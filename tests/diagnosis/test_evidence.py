"""What an answer is worth as evidence: exceptions by type and form, absence as nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from autograder.diagnosis.evidence import UNKNOWN, canonical, form_of, form_of_message, take
from autograder.remote.errors import LearnerError

from .conftest import OpenLearner

SNIPPETS = {
    "(1).data": "AttributeError: 'int' object has no attribute 'data'",
    "None.grad += 1": "AttributeError: 'NoneType' object has no attribute 'grad'",
    "Value(1.0).chidlren": "AttributeError: 'Value' object has no attribute '…'",
    "1 + Value(1.0)": "TypeError: unsupported operand type(s) for +: 'int' and 'Value'",
    "set([Unhashable()])": "TypeError: unhashable type: '…'",
    "{Unhashable(): 1}": "TypeError: unhashable type: '…'",
    "math.exp(Value(1.0))": "TypeError: must be real number, not Value",
    "math.log(-1.0)": "ValueError: domain error",
    "math.log(0.0)": "ValueError: domain error",
    "math.exp(1000.0)": "OverflowError: range error",
    "10.0 ** 1000": "OverflowError: range error",
    "1 / 0": "ZeroDivisionError: division by zero",
    "1.0 / 0": "ZeroDivisionError: division by zero",
    "1.0 // 0": "ZeroDivisionError: division by zero",
    "1 // 0": "ZeroDivisionError: division by zero",
    "1 % 0": "ZeroDivisionError: division by zero",
    "1.0 % 0": "ZeroDivisionError: division by zero",
    "0.0 ** -1": "ZeroDivisionError: division by zero",
    "takes_one()": "TypeError: …() missing N required positional argument: '…'",
    "takes_one(1, 2)": "TypeError: …() takes N positional argument but N were given",
    "a, b = [1, 2, 3]": "ValueError: too many values to unpack",
    "a, b = [1]": "ValueError: not enough values to unpack (expected N, got N)",
    "list(Value(1.0))": "TypeError: 'Value' object is not iterable",
    "'a' in None": "TypeError: argument of type 'NoneType' is not iterable",
    "[1.0].index(2.0)": "ValueError: not in list",
    "max([])": "ValueError: …() of nothing",
    "math.acos(2.0)": "ValueError: domain error",
    "(1).grad = 2": "AttributeError: 'int' object has no attribute 'grad'",
    "len(3.0)": "TypeError: object of type 'float' has no …()",
    "[1, 2][5]": "IndexError: list index out of range",
    "(1, 2)[5]": "IndexError: tuple index out of range",
    "(1, 2).append(3)": "AttributeError: 'tuple' object has no attribute '…'",
    "{}['a']": "KeyError",
    "range(2.0)": "TypeError: 'float' object cannot be interpreted as an integer",
    "Value(1.0) < 0": "TypeError: '<' not supported between instances of 'Value' and 'int'",
    "None()": "TypeError: 'NoneType' object is not callable",
    "endless()": "RecursionError",
    "raise ValueError('Not so, 3!')": "ValueError, their own",
    "assert 1 == 2, 'only 2'": "AssertionError",
    "never_defined": UNKNOWN,
    "import no_such_module": UNKNOWN,
    "raise NotImplementedError": UNKNOWN,
}


class Value:
    def __init__(self, data: float) -> None:
        self.data = data


class Unhashable:
    __hash__ = None  # type: ignore[assignment]  # that is what it is for


def takes_one(x: object) -> object:
    return x


def endless() -> None:
    endless()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_an_exception_has_the_same_form_on_every_python(snippet):
    import math

    names = {"Value": Value, "math": math, "Unhashable": Unhashable}
    names |= {"takes_one": takes_one, "endless": endless}
    with pytest.raises(Exception) as raised:
        exec(compile(ast.parse(snippet), "snippet", "exec"), names)
    error = LearnerError(type(raised.value).__name__, str(raised.value), (("x", 1, snippet),))

    assert form_of(error) == SNIPPETS[snippet]


@pytest.mark.parametrize(
    ("message", "form"),
    [
        ("cannot use 'Value' as a set element (unhashable type: 'Value')", "unhashable type: 'Value'"),
        ("expected a positive input, got -1.0", "domain error"),
        ("zero to a negative power", "division by zero"),
        ("0.0 cannot be raised to a negative power", "division by zero"),
        ("(34, 'Numerical result out of range')", "range error"),
        ("(68, 'Result not representable')", "range error"),
        ("too many values to unpack (expected 2, got 3)", "too many values to unpack"),
        ("argument of type 'NoneType' is not a container or iterable",
         "argument of type 'NoneType' is not iterable"),
        ("list.index(x): x not in list", "not in list"),
        ("'int' object has no attribute 'grad' and no __dict__ for setting new attributes",
         "'int' object has no attribute 'grad'"),
        ("Value.backward() missing 1 required positional argument: 'grad'",
         "…() missing N required positional argument: 'grad'"),
    ],
)  # fmt: skip
def test_what_later_pythons_say_in_other_words_has_the_form_of_what_earlier_ones_say(message, form):
    assert form_of_message(message) == form


def test_kinds_of_answers_are_told_apart():
    answers = [None, True, 1.0, "1", [1.0], {"a": 1.0}]

    assert len({canonical(answer) for answer in answers}) == len(answers)
    assert canonical(2) == canonical(2.0)
    assert canonical(float("inf")) == canonical(10**400) == canonical(1e305)
    assert canonical((1, 2)) == canonical([1, 2])


ASKED = frozenset({"tanh", "exp", "Value", "backward", "__rsub__", "__neg__", "__init__"})
REMOVED = {
    "exp": ("Value.exp = exp\n", lambda learner: learner.Value(1.0).exp(), "absent: exp"),
    "rsub": ("Value.__rsub__ = rsub\n", lambda learner: 1 - learner.Value(1.0), "absent: __rsub__"),
    "neg": ("Value.__neg__ = neg\n", lambda learner: -learner.Value(1.0), "absent: __neg__"),
    "neg, in sub": (
        "Value.__neg__ = neg\n",
        lambda learner: learner.Value(2.0) - learner.Value(1.0),
        "absent: __neg__",
    ),
}


@pytest.mark.parametrize("what", REMOVED)
def test_what_is_not_there_is_absent_whoever_misses_it(learner_with: OpenLearner, what: str):
    line, probe, expected = REMOVED[what]
    learner = learner_with("assignment2", (f"\n{line}", "\n"))

    assert take(learner, {"it": probe}, ASKED) == {"it": expected}


def answers(learner_with: OpenLearner, probe: Callable[..., Any], *edits: tuple[str, str]) -> str:
    return take(learner_with("assignment2", *edits), {"it": probe}, ASKED)["it"]


def test_a_method_that_nobody_asks_for_is_no_absence(learner_with: OpenLearner):
    edit = ("    return Value(math.exp(self.data), (self,), 'exp')", "    return self.sigmoid()")

    answer = answers(learner_with, lambda learner: learner.Value(1.0).exp(), edit)

    assert answer == "AttributeError: 'Value' object has no attribute '…'"


def test_an_operator_that_is_there_and_refuses_is_no_absence(learner_with: OpenLearner):
    edit = ("Value.__rsub__ = rsub", "Value.__rsub__ = lambda self, other: NotImplemented")

    answer = answers(learner_with, lambda learner: 1 - learner.Value(1.0), edit)

    assert answer == "TypeError: unsupported operand type(s) for -: 'int' and 'Value'"


def test_a_plain_answer_where_an_object_was_expected_says_which(learner_with: OpenLearner):
    line = "    return Value(math.exp(self.data), (self,), 'exp')"
    answered = {
        text: answers(learner_with, lambda learner: learner.Value(1.0).exp().data, (line, text))
        for text in ("    pass", "    return 2.5", "    return 'e'", "    return [self]")
    }

    assert len(set(answered.values())) == 4
    assert answered["    pass"] == "answers NoneType"
    assert answers(learner_with, lambda learner: setattr(learner.Value(1.0).data, "grad", 1.0)) == (
        "answers float"
    )


@pytest.mark.parametrize("end", ["iterable", "a container or iterable"])
def test_what_our_own_python_says_of_an_answer_has_the_same_form_on_every_one(end, learner_with):
    def probe(learner):
        raise TypeError(f"argument of type 'NoneType' is not {end}")

    answer = answers(learner_with, probe)

    assert answer == "answers otherwise: argument of type 'NoneType' is not iterable"
