"""Remarks on correct answers: they get full marks, and a sentence worth telling the learner."""

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
    "Your gradients are correct, but backward also runs the closures of results that the root was "
    "not made from, such as those from before an earlier backward(). So your engine keeps "
    "everything it has ever made: during training, memory fills up, and each step takes longer "
    "than the one before. A walk from the root only reaches what the root was made from."
)
_EXPONENTIALS = express(
    lambda a, b, c, d: a.exp() + b.exp() + c.exp() + d.exp(), a=1, b=2, c=0, d=3
)


def remark_on_work(learner: Learner, backward: Backward) -> None:
    """Add a remark if gradients are measured, or computed input by input.

    It counts how often `exp` is evaluated, which a formula needs at most once for each node.
    Numbers may not show it, as complex steps and dual numbers lose no digits.
    """
    count = len(_EXPONENTIALS.inputs)
    try:
        real, others = learner.evaluations(_EXPONENTIALS, "exp", backward=backward)
    except LearnerError:
        return  # if it matters, a test reports it
    if max(real, others) >= count * count:
        learner.remark(FOR_EACH_INPUT)
    elif real > count or others:
        learner.remark(MEASURED)


def remark_on_inner(learner: Learner, expression: Expression) -> None:
    """Add a remark if gradients between the root and the inputs are cleared by the end."""
    answers = learner.evaluate(expression, backward="backward", every_gradient=True)
    inner = [answers.grads.get(step.name) for step in expression.steps[:-1]]
    reached = any(answers.grads.get(name) for name, _ in expression.inputs)
    if answers.error is None and reached and not any(inner):
        learner.remark(CLEARED)


def remark_on_outsiders(learner: Learner) -> None:
    """Add a remark if backward runs closures of results outside of the root's graph."""
    a = learner.Value(2.0)
    b = a * 3.0
    outsider = b * 5.0
    try:
        outsider.backward()
        recording = learner.record_backward(b * b, {outsider: [b]})
    except LearnerError:
        return  # if it matters, a test reports it
    if outsider in [recording.nodes[number] for number in recording.calls]:
        learner.remark(TAPE)
