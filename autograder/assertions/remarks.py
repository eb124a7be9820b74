"""Remarks on answers that are right: full marks, and a sentence worth telling the learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.expressions.expression import express
from autograder.remote.errors import LearnerError

if TYPE_CHECKING:
    from autograder.assertions.case import Backward
    from autograder.expressions.expression import Expression
    from autograder.remote.learner import Learner

MEASURED = (
    "Your gradients are right, and it seems that their slopes are measured: a function is "
    "evaluated again, a little to the side. That works for any function. It costs twice the work "
    "for each operator, and differences also lose about half of the digits. A formula does neither."
)
FOR_EACH_INPUT = (
    "Your gradients are right, and backward evaluates the whole expression again for each input. "
    "With a hundred inputs that is a hundred passes, and a network has millions. One walk back "
    "from the root finds all gradients together, for about the price of one pass."
)
CLEARED = (
    "Your gradients are right, and between the root and the leaves they read 0 after backward(). "
    "PyTorch does not keep those either, to save memory. But they are what one prints, or draws, "
    "to find out where a gradient goes wrong."
)
_EXPONENTIALS = express(
    lambda a, b, c, d: a.exp() + b.exp() + c.exp() + d.exp(), a=1, b=2, c=0, d=3
)


def remark_on_work(learner: Learner, backward: Backward) -> None:
    """Notice where slopes are measured or found input by input, by how often `exp` is evaluated.

    A formula needs it once for each node at the most; numbers may hide it, as complex steps and
    dual numbers lose no digits.
    """
    count = len(_EXPONENTIALS.inputs)
    try:
        real, others = learner.evaluations(_EXPONENTIALS, "exp", backward=backward)
    except LearnerError:
        return  # where it matters, a test says so
    if max(real, others) >= count * count:
        learner.remark(FOR_EACH_INPUT)
    elif real > count or others:
        learner.remark(MEASURED)


def remark_on_inner(learner: Learner, expression: Expression) -> None:
    """Notice where gradients between the root and the inputs are cleared once they are sent on."""
    answers = learner.evaluate(expression, backward="backward", every_gradient=True)
    inner = [answers.grads.get(step.name) for step in expression.steps[:-1]]
    reached = any(answers.grads.get(name) for name, _ in expression.inputs)
    if answers.error is None and reached and not any(inner):
        learner.remark(CLEARED)
