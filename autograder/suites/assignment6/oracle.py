"""Gradient descent judged: every loss on the way, and where the parameters end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from autograder.assertions.alone import Ours, assert_alone
from autograder.assertions.judge import assert_kept, of_what_kind
from autograder.assertions.networks import items
from autograder.expressions.compare import close, in_words
from autograder.expressions.expression import express
from autograder.expressions.right import right_answers
from autograder.remote.functions import as_loss
from autograder.remote.objects import Remote, source_text
from autograder.report import Run, curve

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.learner import Learner

_FEW = 6
LoopMistake = Literal["keeps gradients", "uphill", "steps late"] | None
What = Literal["losses", "ends"]

_OURS = Ours(
    """
def zero_grad(parameters):
    for parameter in parameters:
        parameter.grad = 0.0


def gradient_step(parameters, learning_rate):
    for parameter in parameters:
        parameter.data -= learning_rate * parameter.grad
""",
    ("zero_grad", "gradient_step"),
)
"""`descend` is judged by what it makes of the other two, whoever wrote them."""


def assert_descent(
    learner: Learner,
    formula: Callable[..., Any],
    start: Sequence[float],
    rate: float,
    steps: int,
    *,
    what: Sequence[What] = ("losses", "ends"),
    fixed: Sequence[float] = (),
    rounds: int = 1,
) -> None:
    """descend(loss, parameters, rate, steps) returns each loss and leaves the right parameters.

    A list of several parameters is the caller's and stays as it is.

    Args:
        learner: the test's fixture.
        formula: the loss, of the parameters and of what is fixed.
        start: where the parameters begin.
        rate: the learning rate.
        steps: how many.
        what: the losses, where the parameters end, or both.
        fixed: numbers of further Values in the loss, which are no parameters.
        rounds: how often it is asked; each time goes on where the last one ended.

    Raises:
        Mismatch: the first thing that is wrong; known mistakes are told by what the numbers show.
    """

    def judge() -> None:
        _judge(learner, formula, start, rate, steps, what=what, fixed=fixed, rounds=rounds)

    assert_alone(learner, _OURS, judge)


def _judge(
    learner: Learner,
    formula: Callable[..., Any],
    start: Sequence[float],
    rate: float,
    steps: int,
    *,
    what: Sequence[What],
    fixed: Sequence[float],
    rounds: int,
) -> None:
    values = [learner.Value(number) for number in (*start, *fixed)]
    names = [source_text(value) for value in values]
    expression = express(
        lambda **given: formula(*given.values()),
        **dict(zip(names, (*start, *fixed), strict=True)),
    )
    loss = as_loss(expression, dict(zip(names, values, strict=True)))
    moving = values[: len(start)]
    kept = learner.keep(moving) if len(moving) > 1 else None  # one needs no name in an example
    plan = _Plan(expression, names[: len(start)], rate, steps)
    for again in range(rounds):
        if again:
            plan = plan.going_on()
            learner.set_each(values, "grad", [0.0] * len(values))
        answer = learner.descend(loss, moving if kept is None else kept, rate, steps)
        if "losses" in what:
            _judge_losses(learner, answer, plan)
        if "ends" in what:
            _judge_ends(learner, learner.read_each(values, "data"), plan)
        if kept is not None:
            assert_kept(learner, kept, moving)


def descent_run(
    learner: Learner, formula: Callable[..., Any], start: Sequence[float], rate: float, steps: int
) -> Run:
    """A whole descent of the learner's beside ours, judged by nobody; arguments as above.

    Raises:
        LearnerFault: it does not come to its end.
        Mismatch: it returns no list.
    """
    values = [learner.Value(number) for number in start]
    names = [source_text(value) for value in values]
    expression = express(
        lambda **given: formula(*given.values()), **dict(zip(names, start, strict=True))
    )
    loss = as_loss(expression, dict(zip(names, values, strict=True)))
    answer = learner.descend(loss, values, rate, steps)
    losses = items(learner, answer, learner.looked_at())
    plan = _Plan(expression, names, rate, steps)
    return Run(curve(f"loss before each of {steps} steps", losses[:steps], plan.losses()))


class _Plan:
    """A descent: what is to be made small, by moving what, how."""

    def __init__(
        self, expression: Expression, moving: Sequence[str], rate: float, steps: int
    ) -> None:
        self.expression, self.moving, self.rate, self.steps = expression, moving, rate, steps

    def losses(self, mistake: LoopMistake = None, extra: int = 0) -> list[float]:
        """The loss before each step, and before `extra` further ones."""
        return self._run(mistake, self.steps + extra)[0]

    def ends(self, extra: int = 0) -> dict[str, float]:
        """The inputs' numbers after the last step, or after `extra` further ones."""
        return self._run(None, self.steps + extra)[1]

    def going_on(self) -> _Plan:
        """The same once more, from where it ends."""
        further = replace(self.expression, inputs=tuple(self.ends().items()))
        return _Plan(further, self.moving, self.rate, self.steps)

    def _run(self, mistake: LoopMistake, steps: int) -> tuple[list[float], dict[str, float]]:
        numbers, losses = dict(self.expression.inputs), []
        gradients = dict.fromkeys(self.moving, 0.0)
        rate = -self.rate if mistake == "uphill" else self.rate
        for _ in range(steps):
            now = right_answers(replace(self.expression, inputs=tuple(numbers.items())))
            losses.append(now.data[self.expression.root])
            for name in self.moving:
                kept = gradients[name]
                gradients[name] = now.grads[name] + (kept if mistake == "keeps gradients" else 0.0)
                numbers[name] -= rate * (kept if mistake == "steps late" else gradients[name])
        return losses, numbers


def _judge_losses(learner: Learner, answer: object, plan: _Plan) -> None:
    """The learner's list is that of the plan; raises Mismatch."""
    look = learner.looked_at()
    losses = items(learner, answer, look)
    for position, loss in enumerate(losses):
        if isinstance(loss, Remote):
            message = "The losses should be plain numbers."
            kind = of_what_kind(loss, "float", f"{look}[{position}]")
            raise learner.mismatch(message, *kind)
    if len(losses) != plan.steps:
        message = "There should be one loss per step: the loss before it."
        raise learner.mismatch(message, len(losses), plan.steps, f"len({look})")
    for position, (loss, expected) in enumerate(zip(losses, plan.losses(), strict=True)):
        if not close(loss, expected):
            mismatch = learner.mismatch(_odd(losses, plan), loss, expected, f"{look}[{position}]")
            raise mismatch.with_curve("loss before each step", losses, plan.losses())


def _judge_ends(learner: Learner, found: Sequence[object], plan: _Plan) -> None:
    """The inputs' numbers are those of the plan; raises Mismatch."""
    for yours, (name, expected) in zip(found, plan.ends().items(), strict=True):
        if close(yours, expected):
            continue
        message = f"{name} ends at the wrong number."
        if name not in plan.moving:
            message = f"{name} is not one of the parameters, but it changed."
        elif close(yours, plan.ends(-1)[name]):
            message = f"{name} ends one step short."
        elif close(yours, plan.ends(1)[name]):
            message = f"{name} ends one step too far."
        raise learner.mismatch(message, yours, expected, f"{name}.data")


def _odd(losses: Sequence[object], plan: _Plan) -> str:
    """What wrong losses show, where it is something that we know."""

    def are(expected: Sequence[float]) -> bool:
        return all(close(loss, right) for loss, right in zip(losses, expected, strict=True))

    seen = ", ".join(_short(loss) for loss in losses[:_FEW])
    seen += ", …" if len(losses) > _FEW else ""
    if are(plan.losses("keeps gradients")):
        return (
            f"Your losses are {seen}. The first step is correct. From the second on, "
            "each step uses the slopes of all steps so far, not just its own."
        )
    if len(losses) > 1 and all(close(loss, plan.losses()[0]) for loss in losses):
        return f"Your loss never changes: {seen}."
    if are(plan.losses("uphill")):
        return f"Your losses are {seen}: they go up, so your step goes in the wrong direction."
    if are(plan.losses(extra=1)[1:]):
        return f"Your losses are {seen}: these are the losses after each step, not before it."
    if are(plan.losses("steps late")):
        return f"Your losses are {seen}. Each step uses the slope of the previous step."
    return f"Your losses are {seen}."


def _short(loss: object) -> str:
    return f"{round(loss, 3):g}" if isinstance(loss, (int, float)) else in_words(loss)
