"""What stands in a learner's file, found in whatever style it is written."""

from __future__ import annotations

import pytest

from autograder.diagnosis.claims import Claim
from autograder.diagnosis.code import Code, names_asked

INSIDE = """
import math

class Value:
    __slots__ = ("data",)
    def _init_(self, data):
        self.data = data
    def __neg__(self):
        return 0 - self
    def exp(self):
        out = Value(math.exp(self), (self), 'exp')
        def _backward():
            return 1
        out._backward = _backward
"""
OUTSIDE = """
def negate(v):
    return 0.0 - v
Value.__neg__ = negate
Value.exp = lambda v: Value(math.exp(v), (v))
setattr(Value, 'log', print)

def backward(v):
    helper(v)

def helper(v):
    order(v)
"""


@pytest.mark.parametrize("text", [INSIDE, OUTSIDE])
def test_a_shape_is_found_in_a_method_however_it_is_attached(text):
    code = Code([text])

    assert code.holds("0 - NAME", "neg")
    assert not code.holds("0 - NAME", "exp")
    assert code.holds("math.exp(NAME)", "exp")
    assert code.holds("Value(ANY, NAME, ...)", "exp")
    assert not code.holds("Value(NAME, ...)")
    assert not code.holds("0 - NAME", "no_such_function")


def test_a_return_counts_where_it_is_the_functions_own():
    code = Code([INSIDE])

    assert not code.holds("return ANY", "exp")
    assert code.holds("return ANY", "_backward")
    assert code.holds("return ANY", "neg")


def test_numbers_are_compared_as_numbers():
    code = Code(["x = 1.0 + y", "z = True + y"])

    assert code.holds("1 + NAME")
    assert code.holds("NUMBER + NAME")
    assert not code.holds("2 + NAME")
    assert not code.holds("0 + NAME")
    assert code.holds("True + NAME")
    assert not Code(["z = True + y"]).holds("1 + NAME")


def test_a_text_that_is_no_python_holds_nothing_and_stops_nothing():
    code = Code(["def broken(:", "x = 1", "\0"])

    assert code.holds("NAME = 1")


def test_a_function_mentions_what_it_uses_in_one_step_or_several():
    code = Code([OUTSIDE])

    assert code.mentions("backward", "order")
    assert not code.mentions("backward", "topological_order")
    assert code.mentions("not_there", "order")


def test_what_is_defined_and_what_is_left_out_of_every_class():
    code = Code([OUTSIDE])

    assert code.leaves_out("backward")
    assert not code.leaves_out("exp")
    assert not code.leaves_out("log")
    assert not Code([OUTSIDE, "Value.backward = backward"]).leaves_out("backward")
    assert Code([INSIDE]).defines("_init_")
    assert not Code([INSIDE]).defines("__init__")


def test_a_task_asks_for_functions_classes_and_methods():
    asked = names_asked([INSIDE, OUTSIDE, "a = Value(1.0)\na.data = 2.0\nValue.log = helper"])

    assert {"Value", "_init_", "__neg__", "log", "negate", "helper"} <= asked
    assert not {"_backward", "data"} & asked


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        (Claim(code="0 - NAME", inside="neg"), True),
        (Claim(code="0 - NAME", inside="exp"), False),
        (Claim(without="0 - NAME", inside="exp"), True),
        (Claim(without="0 - NAME", inside="neg"), False),
        (Claim(without="anything", inside="log"), False),
        (Claim(parameters=("self", "data"), inside="_init_"), True),
        (Claim(parameters=("data", "self"), inside="_init_"), False),
        (Claim(defines="_init_"), True),
        (Claim(defines="__str__"), False),
        (Claim(unattached="backward"), False),
        (Claim(printed=True), True),
        (Claim(printed=False), False),
        (Claim(code="0 - NAME", inside="neg", printed=False), False),
    ],
)
def test_a_claim_holds_where_all_that_it_says_is_so(claim, holds):
    assert claim.holds(Code([INSIDE]), "something") is holds
