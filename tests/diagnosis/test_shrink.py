"""Counterexamples: as small as can be, still wrong, of the same mistake, at no kink."""

from __future__ import annotations

import random

import pytest

from autograder.assertions.case import Backward, Case, Finding
from autograder.diagnosis.as_run import VARIES, as_run
from autograder.diagnosis.examine import examine
from autograder.diagnosis.shrink import Budget, _smaller, shrink
from autograder.expressions.compare import close
from autograder.expressions.expression import express
from autograder.expressions.random_graphs import graph, tree
from autograder.operators import OPERATORS, values_of
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Graph

from .conftest import OpenLearner

SINGLE_OPERATOR = {
    "add overwrites on the left": ("self.grad += out.grad\n", "self.grad = out.grad\n"),
    "add overwrites on the right": ("other.grad += out.grad", "other.grad = out.grad"),
    "mul overwrites": ("self.grad += other.data * out.grad", "self.grad = other.data * out.grad"),
    "pow overwrites": ("self.grad += exponent *", "self.grad = exponent *"),
    "exp overwrites": ("self.grad += out.data * out.grad", "self.grad = out.data * out.grad"),
    "tanh overwrites": ("self.grad += (1 - out.data**2)", "self.grad = (1 - out.data**2)"),
    "relu overwrites": ("self.grad += out.grad if", "self.grad = out.grad if"),
    "relu always open": ("+= out.grad if self.data > 0 else 0.0", "+= out.grad"),
    "tanh by the operand": ("self.grad += (1 - out.data**2)", "self.grad += (1 - self.data**2)"),
    "pow forgets the coefficient": ("self.grad += exponent * self", "self.grad += self"),
    "exp by the operand": ("+= out.data * out.grad", "+= self.data * out.grad"),
    "sub adds": ("return self + (-other)", "return self + other"),
}


def first_failing(learner, backward: Backward, size: int = 8):
    """A finding on a random graph."""
    for seed in range(60):
        finding = Case(graph(random.Random(seed), size), backward).judge(learner)
        if finding is not None:
            return finding
    raise AssertionError("no random graph shows the mistake")


@pytest.mark.parametrize("name", SINGLE_OPERATOR)
def test_a_single_operators_mistake_shrinks_to_three_nodes(name, learner_with: OpenLearner):
    learner = learner_with("assignment5", SINGLE_OPERATOR[name])
    finding = first_failing(learner, "backward")

    small = shrink(finding, learner, Budget(300))

    assert len(small.case.expression.names) <= 3, small.case.lines
    assert small.kind == finding.kind


def examined(finding: Finding, learner: Learner) -> tuple[BaseException, Graph | None]:
    """What is told of a finding that is made each time."""
    error = finding.exception(learner)
    return examine(error, lambda _: (error, learner), Budget(300))


@pytest.mark.parametrize("name", SINGLE_OPERATOR)
def test_what_is_shown_is_still_wrong_smooth_and_no_larger(name, learner_with: OpenLearner):
    learner = learner_with("assignment5", SINGLE_OPERATOR[name], order=0)
    finding = first_failing(learner, "backward", 12)

    small = shrink(finding, learner, Budget(300))

    again = small.case.judge(learner)
    assert again is not None
    assert again == small
    assert small.case.expression.is_smooth_here()
    assert len(small.case.expression.names) <= len(finding.case.expression.names)
    assert small.kind == "data" or close(small.difference, small.expected, 1e-5)


@pytest.mark.parametrize("seed", [5, 9])
def test_a_smaller_case_is_in_every_domain_at_no_kink_and_of_ordinary_numbers(seed):
    rng = random.Random(seed)
    for case in (Case(graph(rng, 10), "backward"), Case(tree(rng, 10), "closures", -2.5)):
        for smaller in _smaller(case):
            expression = smaller.expression
            numbers = expression.by_floats()
            assert expression.is_smooth_here(), smaller.lines
            assert all(abs(number) <= 100 for number in numbers.values())
            for step in expression.steps:
                assert OPERATORS[step.op].domain(*values_of(step.operands, numbers))


def test_where_everything_is_used_once_the_example_does_too(learner_with: OpenLearner):
    """assignment3 may overwrite, so an example with fan-out would show another mistake."""
    edit = ("self.grad = (1 - out.data**2) * out.grad", "self.grad = (1 - out.data**2)")
    learner = learner_with("assignment3", edit)
    finding = None
    for seed in range(60):
        finding = finding or Case(tree(random.Random(seed), 9), "closures", -2.5).judge(learner)
    assert finding is not None

    small = shrink(finding, learner, Budget(300))

    used = [o for step in small.case.expression.steps for o in step.operands if isinstance(o, str)]
    assert len(used) == len(set(used))


def test_the_budget_is_kept(learner_with: OpenLearner):
    learner = learner_with("assignment5", SINGLE_OPERATOR["exp overwrites"])
    finding = first_failing(learner, "backward")
    asked = []
    judge = Case.judge

    def counting(self, learner, *, spread=0):
        asked.append(self)
        return judge(self, learner, spread=spread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Case, "judge", counting)
        shrink(finding, learner, Budget(7))

    assert len(asked) <= 7


def test_an_exception_shrinks_to_the_operator_that_raises(learner_with: OpenLearner):
    learner = learner_with("assignment5", ("return self + (-other)", "return self.minus(other)"))
    finding = first_failing(learner, "backward")
    assert finding.kind == "raised"

    error, graph_ = examined(finding, learner)

    assert isinstance(error, LearnerError)
    assert error.type_name == "AttributeError"
    assert len(error.example) <= 3
    assert graph_ is None


def test_a_number_that_depends_on_the_order_of_a_set_is_shown_as_varying(
    learner_with: OpenLearner,
):
    """The overwriting engine's gradient depends on which consumer of `a` runs last."""
    edits = (
        ("self.grad += (1 - out.data**2)", "self.grad = (1 - out.data**2)"),
        ("self.grad += out.data * out.grad", "self.grad = out.data * out.grad"),
    )
    learner = learner_with("assignment5", *edits)
    case = Case(express(lambda a: a.exp() * a.tanh(), a=0.5), "backward")
    finding = case.judge(learner)
    assert finding is not None

    error = finding.exception(learner)
    assert isinstance(error, Mismatch)
    as_run(error, learner, Budget(9))
    assert error.counterexample is not None
    assert str(error.counterexample.yours).endswith(VARIES)
    numbers = set()
    for spread in range(12):
        again = case.judge(learner, spread=spread)
        assert again is not None
        numbers.add(again.yours)

    assert len(numbers) > 1


@pytest.mark.parametrize("answer", ["'hello'", "None", "[1.0]"])
def test_an_answer_that_is_no_number_is_told_once(learner_with: OpenLearner, answer: str):
    edit = ("self.grad += (1 - out.data**2) * out.grad", f"self.grad = {answer}")
    learner = learner_with("assignment5", edit)
    finding = Case(express(lambda a: a.tanh(), a=0.5), "backward").judge(learner)
    assert finding is not None

    error, _ = examined(finding, learner)

    assert isinstance(error, Mismatch)
    assert error.counterexample is not None
    assert "or" not in str(error.counterexample.yours)
