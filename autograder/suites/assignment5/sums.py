"""Whether shares of a gradient add up: within one root, and from one root to the next."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograder.assertions.case import Case
from autograder.assertions.judge import assert_gradient, assert_judged
from autograder.expressions.compare import close
from autograder.expressions.expression import express
from autograder.remote.objects import source_text

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Operator = Callable[[Any], Any]
_JOINTS: tuple[Callable[[Any, Any], Any], ...] = (operator.add, operator.mul)


def assert_accumulates(learner: Learner, apply: Operator, number: float) -> None:
    """An operator of one operand adds to its gradient: used twice on the same Value.

    The results are joined by + and again by *, each of them once, so that nothing depends on
    whether the joint accumulates. A joint that is wrong by itself is left out, unless both are.

    Args:
        learner: the test's fixture.
        apply: the operator.
        number: what it is used on.

    Raises:
        Mismatch: a number or a gradient is wrong.
        LearnerError: what the learner's code raised.
    """
    _assert_joined(learner, [lambda join, a, _: join(apply(a), apply(a))], number)


def assert_accumulates_within(learner: Learner, apply: Operator, *numbers: float) -> None:
    """The same for an operator beside its own operand, thrice, within itself, and further down.

    Raises:
        Mismatch: a number or a gradient is wrong.
        LearnerError: what the learner's code raised.
    """
    for number in numbers:
        _assert_joined(
            learner,
            [
                lambda join, a, _: join(apply(a), apply(a)),
                lambda join, a, _: join(apply(a), a),
                lambda join, a, _: join(a, apply(a)),
                lambda join, a, _: join(join(apply(a), apply(a)), apply(a)),
                lambda join, a, b: join(join(apply(a), b), apply(a)),
                lambda join, a, _: join(apply(apply(a)), apply(a)),
            ],
            number,
        )


def _assert_joined(
    learner: Learner, formulas: Sequence[Callable[[Any, Any, Any], Any]], number: float
) -> None:
    """Formulas of a joint and two numbers are right; see above."""
    cases = [
        (
            join,
            Case(express(lambda a, b, f=f, join=join: f(join, a, b), a=number, b=-1.5), "backward"),
        )
        for join in _JOINTS
        for f in formulas
    ]
    pairs = [(case.expression, (1.0,)) for _, case in cases]
    answers = learner.evaluate_all(pairs, backward="backward")
    judged = [(join, case, answer) for (join, case), (answer,) in zip(cases, answers, strict=True)]
    wrong = {join for join, case, answer in judged if case.judged(answer) is not None}
    left_out = {join for join in wrong if not _works(learner, join)}
    for join, case, answer in judged:
        if join not in left_out or left_out == set(_JOINTS):
            assert_judged(learner, case, answer)


def _works(learner: Learner, join: Callable[[Any, Any], Any]) -> bool:
    """Whether a joint is right where everything is used once."""
    expression = express(lambda a, b, c: join(join(a, b), c), a=2.0, b=-3.0, c=0.5)
    return Case(expression, "backward").judge(learner) is None


def assert_roots_add_up(learner: Learner) -> None:
    """Two roots that share a leaf, one by one: both gradients are in it; raises Mismatch."""
    a = learner.Value(2.0)
    (a * 3.0).backward()
    assert_gradient(learner, a, 3.0)
    (a * 5.0).backward()
    if close(a.grad, 5.0) and _adds_within_a_root(learner):
        message = (
            "Within one backward pass the shares of `a` add up, but each backward() "
            "first clears what the last one left. That way nobody can forget to clear "
            "it, but the gradients of two losses can never add up, which section 5 and "
            "assignment6 both need."
        )
        a.grad  # noqa: B018  what was looked at last is what the example shows
        raise learner.mismatch(message, 5.0, 8.0)
    assert_gradient(learner, a, 8.0)


def _adds_within_a_root(learner: Learner) -> bool:
    expression = express(lambda a: (a * 3.0) * (a * 5.0), a=2.0)
    return Case(expression, "backward").judge(learner) is None


def assert_outsiders_change_nothing(learner: Learner) -> None:
    """What else was made of the same nodes leaves a root's gradients alone; raises Mismatch."""
    message = "The root was not made from {}, which is made of the same nodes."
    for early in (True, False):
        a = learner.Value(2.0)
        b = a * 3.0
        others = [b * 5.0] if early else []
        root = b * b
        if not early:
            others += [b * 5.0, root * 0.5]
        root.backward()
        if not close(a.grad, 36.0):
            name = source_text(others[-1])
            look = f"{source_text(a)}.grad"
            raise learner.mismatch(message.format(name), a.grad, 36.0, look, after=name)
