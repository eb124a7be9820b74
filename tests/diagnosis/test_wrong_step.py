"""The first wrong step: whose closure, which number, and what is right there."""

from __future__ import annotations

import pytest

from autograder.assertions.case import Case
from autograder.diagnosis.first_wrong import locate
from autograder.expressions.expression import Expression, express

from .conftest import OpenLearner

TWICE = express(lambda a: a + a, a=2.0)
SHARED = express(lambda a, b: (a * b).tanh() * a + b, a=0.5, b=-1.5)
_ADDS = "self.grad += out.grad\n            other.grad += out.grad"
ADD = ((_ADDS, _ADDS.replace("+=", "=")),)
TANH = ("self.grad += (1 - out.data**2)", "self.grad += (1 - self.data**2)")
FORGETS = ("other.grad += self.data * out.grad", "other.grad")
SEED = ("self.grad = 1.0", "self.grad = 2.0")


@pytest.mark.parametrize(
    ("expression", "edits", "node", "right", "says"),
    [
        (TWICE, ADD, "a", 2.0, "The earlier gradient is lost."),
        (SHARED, (TANH,), "c", 0.5 * (1 - 0.635148952387287**2), "c should receive 0.298293."),
        (SHARED, (FORGETS,), "a", -0.635148952387287, "Nothing is sent to a."),
        (SHARED, (SEED,), "g", 1.0, "This incoming gradient is wrong."),
    ],
)
def test_the_step_and_the_right_number(
    learner_with: OpenLearner,
    expression: Expression,
    edits: tuple[tuple[str, str], ...],
    node: str,
    right: float,
    says: str,
) -> None:
    graph = locate(Case(expression, "backward"), learner_with("assignment5", *edits))

    assert graph is not None
    assert graph.walk is not None
    wrong = graph.wrong_step
    assert wrong is not None
    assert graph.walk.nodes[wrong.node].name == node
    assert wrong.right == pytest.approx(right)
    assert wrong.says == says


def test_a_lost_number_is_marked_at_the_write_that_loses_it(learner_with: OpenLearner) -> None:
    graph = locate(Case(TWICE, "backward"), learner_with("assignment5", *ADD))

    assert graph is not None
    assert graph.walk is not None
    assert graph.wrong_step is not None
    step = graph.walk.steps[graph.wrong_step.step]
    assert graph.wrong_step.write == 1
    assert [write.overwrites for write in step.writes] == [False, True]


def test_a_right_engine_has_no_wrong_step(learner_with: OpenLearner) -> None:
    for expression in (TWICE, SHARED, express(lambda a, b: a - b / a, a=0.5, b=2.0)):
        graph = locate(Case(expression, "backward"), learner_with("assignment5"))

        assert graph is not None
        assert graph.walk is not None
        assert graph.wrong_step is None
