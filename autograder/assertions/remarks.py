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
    "Your gradients are correct, but they seem to be measured: your code evaluates a "
    "function a second time at a nearby point. That works for any function, but it "
    "doubles the work of each operator and loses about half of the digits. A formula "
    "does neither."
)
FOR_EACH_INPUT = (
    "Your gradients are correct, but backward evaluates the whole expression again for "
    "each input. With a hundred inputs that is a hundred passes, and a network has "
    "millions. One walk back from the root finds all gradients at once, for about the "
    "cost of one pass."
)
CLEARED = (
    "Your gradients are correct, but after backward() those between the root and the "
    "leaves are 0. PyTorch doesn't keep those either, to save memory. But they are "
    "what you print or draw when you look for a wrong gradient."
)
TAPE = (
    "Your gradients are right, and backward also runs the closures of results that the root was "
    "not made from, those from before an earlier backward() among them. So your engine keeps "
    "everything that it has ever made: in a training memory fills up, and each step takes longer "
    "than the one before it. A walk from the root reaches what the root was made from, and nothing "
    "else."
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


def remark_on_outsiders(learner: Learner) -> None:
    """Notice where backward runs the closure of what was made before, and not for this root."""
    a = learner.Value(2.0)
    b = a * 3.0
    outsider = b * 5.0
    try:
        outsider.backward()
        recording = learner.record_backward(b * b, {outsider: [b]})
    except LearnerError:
        return  # where it matters, a test says so
    if outsider in [recording.nodes[number] for number in recording.calls]:
        learner.remark(TAPE)
