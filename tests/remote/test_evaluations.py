"""Whole expressions in one message: what is computed, in which order, and where it fails."""

from __future__ import annotations

import math

import pytest

from autograder.expressions.expression import express

from .conftest import Room
from .engine import ENGINE

SMALL = """
    import math
    class Value:
        def __init__(self, data, children=(), slope=0.0):
            self.data, self.grad, self._prev, self.slope = data, 0.0, children, slope
        def exp(self):
            y = math.exp(self.data)
            return Value(y, (self,), y)
        def backward(self):
            self.grad = 1.0
            if self._prev:
                (operand,) = self._prev
                math.exp(0.5)
                operand.grad += self.slope * self.grad
"""
EXP = express(lambda a: a.exp(), a=0.0)


def test_the_nodes_of_an_expression_in_one_message(room: Room) -> None:
    learner = room.learner(SMALL)

    nodes = learner.make(EXP, spread=2)

    assert list(nodes) == ["a", "b"]
    assert nodes["b"].data == 1.0
    assert list(nodes["b"]._prev) == [nodes["a"]]
    assert repr(learner.mismatch("", look="b.data").counterexample).count("b.data")


def test_what_is_no_value_is_made_as_it_is(limited: Room) -> None:
    learner = limited.learner(SMALL.replace("return Value(y, (self,), y)", "pass"))

    assert learner.make(EXP)["b"] is None


def test_the_same_inputs_again_beside_new_ones(room: Room) -> None:
    learner = room.learner(
        SMALL.replace(
            "y = math.exp(self.data)", "y = self.__dict__.setdefault('y', math.exp(self.data))"
        )
    )

    ((fresh, again),) = learner.evaluate_again([(EXP, (1.0,))], backward="backward", spread=1)

    assert (fresh.data["b"], again.data["b"]) == (math.exp(1.0), 1.0)
    assert (fresh.grads["a"], again.grads["a"]) == (math.exp(1.0), 1.0)


def test_how_often_a_function_is_evaluated(room: Room) -> None:
    learner = room.learner(SMALL)
    assert learner.evaluations(EXP, "exp", backward="backward") == (1, 0)
    assert learner.evaluations(EXP, "log", backward="backward") == (0, 0)

    learner = room.learner(SMALL.replace("math.exp(0.5)", "__import__('cmath').exp(1j)"))
    assert learner.evaluations(EXP, "exp", backward="backward") == (0, 1)


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
