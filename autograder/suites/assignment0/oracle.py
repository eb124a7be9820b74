"""Difference quotients: what they should be, and what the points at which f was called say.

The verdict comes from the numbers alone. The points only say in words what went wrong, since a
learner cannot see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.assertions.judge import of_what_kind
from autograder.expressions.compare import (
    FLOOR,
    close,
    in_words,
    is_number,
    rounding_of_quotient,
)
from autograder.expressions.expression import Expression
from autograder.remote.errors import LearnerError
from autograder.remote.functions import as_function
from autograder.remote.objects import Remote
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

FORWARD_STEP = 1e-3
CENTRAL_STEP = 1e-5
"""What h is where none is passed, as the first line of each function says."""

_STAND_IN = f"""
def partial_derivative(f, args, index, h={CENTRAL_STEP}):
    return (index + 1.5) * f(*args) + 100 * index + 1e6 * h
"""

SENSIBLE_STEPS = (1e-8, 1e-2)
"""Within these a difference of an everyday function is worth its name."""

Points = Sequence[tuple[object, ...]]


@dataclass(frozen=True)
class Quotient:
    """A difference quotient of an expression by one of its inputs, at the inputs' numbers.

    Attributes:
        expression: a function of its inputs.
        name: the input that moves.
        h: the step.
        central: whether f is looked at on both sides, or at the place and after it.
    """

    expression: Expression
    name: str
    h: float
    central: bool = True

    @property
    def place(self) -> float:
        """Where the input stands."""
        return dict(self.expression.inputs)[self.name]

    def _ends(self) -> tuple[dict[str, float], dict[str, float]]:
        """Every number in the expression at the far end of the run and at the near one."""
        left = self.place - self.h if self.central else self.place
        above = self.expression.by_floats(**{self.name: self.place + self.h})
        return above, self.expression.by_floats(**{self.name: left})

    @property
    def value(self) -> float:
        """Rise over run."""
        above, below = (numbers[self.expression.root] for numbers in self._ends())
        return (above - below) / (2 * self.h if self.central else self.h)

    def meets(self, yours: object) -> bool:
        """Whether a number is this quotient, up to what rounding may do to it."""
        above, below = self._ends()
        size = max(1.0, abs(self.place)) * self.value
        allowed = rounding_of_quotient(self.h, size, *above.values(), *below.values())
        return close(yours, self.value, absolute=max(allowed, FLOOR))


def assert_forward(learner: Learner, f: Expression, h: float | None = None) -> None:
    """forward_difference gives the rise over the run at the one input; raises Mismatch.

    Without h: at the step that is its default.
    """
    ((name, place),) = f.inputs
    yours = learner.forward_difference(as_function(f), place, *_passed(h))
    right = Quotient(f, name, FORWARD_STEP if h is None else h, central=False)
    if not right.meets(yours):
        raise _wrong(learner, yours, right, learner.points(), by_default=h is None)


def assert_central(learner: Learner, f: Expression, h: float | None = None) -> None:
    """central_difference gives the rise over the run on both sides of the one input; Mismatch.

    Without h: at the step that is its default.
    """
    ((name, place),) = f.inputs
    yours = learner.central_difference(as_function(f), place, *_passed(h))
    right = Quotient(f, name, CENTRAL_STEP if h is None else h)
    if not right.meets(yours):
        raise _wrong(learner, yours, right, learner.points(), by_default=h is None)


def assert_partial(
    learner: Learner, f: Expression, index: int, h: float | None = None, args: object = None
) -> None:
    """partial_derivative is the central difference by that input; raises Mismatch."""
    given = [value for _, value in f.inputs] if args is None else args
    yours = learner.partial_derivative(as_function(f), given, index, *_passed(h))
    right = Quotient(f, f.inputs[index][0], CENTRAL_STEP if h is None else h)
    if not right.meets(yours):
        raise _wrong(learner, yours, right, learner.points(), by_default=h is None)


def assert_all_partials(
    learner: Learner, f: Expression, h: float | None = None, args: object = None
) -> None:
    """gradient lists the central differences by every input; raises Mismatch.

    A tuple or an array of numbers is as good as a list. Who goes by the learner's own
    partial_derivative has that one's answers, and those of any other in its place.
    """
    numbers = [value for _, value in f.inputs]
    yours = learner.gradient(as_function(f), numbers if args is None else args, *_passed(h))
    look, points = learner.looked_at(), learner.points()
    if type(yours) not in (list, tuple, Remote):
        message = "gradient should return a list."
        raise learner.mismatch(message, *of_what_kind(yours, "list", look))
    if len(yours) != len(numbers):
        message = "gradient should contain one slope for each input."
        raise learner.mismatch(message, len(yours), len(numbers), f"len({look})")
    found = list(yours)
    for index, (name, _) in enumerate(f.inputs):
        right = Quotient(f, name, CENTRAL_STEP if h is None else h)
        if not right.meets(found[index]) and not _goes_by_partial(learner, f, h):
            where = f"{look}[{index}]"
            raise _wrong(learner, found[index], right, points, where, by_default=h is None)


def _passed(h: float | None) -> tuple[float, ...]:
    return () if h is None else (h,)


def _goes_by_partial(learner: Learner, f: Expression, h: float | None) -> bool:
    """Whether gradient lists what partial_derivative answers: one of ours, until the test ends."""
    learner.replace(_STAND_IN, "partial_derivative")
    place = [value for _, value in f.inputs]
    try:
        answer = learner.gradient(as_function(f), place, *_passed(h))
        theirs = list(answer) if isinstance(answer, (list, tuple, Remote)) else []
    except (LearnerError, Mismatch):
        return False
    value, step = f.by_floats()[f.root], CENTRAL_STEP if h is None else h
    wanted = [(index + 1.5) * value + 100 * index + 1e6 * step for index in range(len(place))]
    pairs = zip(theirs, wanted, strict=False)
    return len(theirs) == len(wanted) and all(close(yours, right) for yours, right in pairs)


def _wrong(
    learner: Learner,
    yours: object,
    right: Quotient,
    points: Points,
    look: str | None = None,
    *,
    by_default: bool,
) -> Mismatch:
    """What is said of a number that is not that quotient.

    Args:
        learner: the test's fixture.
        yours: the number, or what is in its place.
        right: the quotient.
        points: where f was called.
        look: the Python that shows it; by default what was last looked at.
        by_default: whether no h was passed.
    """
    run = 2 * right.h if right.central else right.h
    message = (
        _not_a_number(yours)
        or _how_called(right, points, by_default=by_default)
        or _factor(yours, right.value, run)
    )
    return learner.mismatch(message, yours, right.value, look)


def _not_a_number(yours: object) -> str:
    if is_number(yours):
        return ""
    hint = " Is a `return` missing?" if yours is None else ""
    return f"Expected a plain number, not {in_words(yours)}.{hint}"


def _size_of_step(sizes: Sequence[float], right: float) -> str:
    """What is wrong with a step that the learner chose, all of these at least in one call."""
    low, high = SENSIBLE_STEPS
    far = max(sizes)
    if far < low:
        return (
            f"h is {far:.1g} here, which is far too small: the values of f then differ "
            "only in their last digits, which are rounding errors."
        )
    if min(sizes) > high:
        return (
            f"h is {min(sizes):.2g} here, which is far too large: the slope itself "
            "changes over that distance."
        )
    if not 0.9 < far / right < 1.1:
        return f"When no h is passed, h should be {right:g}, but f was called {far:.3g} away."
    return ""


def _steps(points: Points, index: int, place: float) -> list[float]:
    """How far from the place that input was, in each call of f."""
    numbers = [point[index] for point in points if index < len(point)]
    return [float(n) - place for n in numbers if isinstance(n, (int, float))]


def _which_moved(f: Expression, index: int, points: Points) -> str:
    """Whether another input than that one was moved, or several; empty where it was that one."""
    moved = [_steps(points, number, place) for number, (_, place) in enumerate(f.inputs)]
    if any(len(steps) != len(points) for steps in moved):
        return "f takes plain numbers, one per input."
    for point, call in zip(points, zip(*moved, strict=True), strict=True):
        if sum(1 for step in call if step) > 1:
            return f"More than one input moved: f was called at {_in_brackets(point)}."
    others = [number for number, steps in enumerate(moved) if any(steps)]
    if others and index not in others:
        return f"The input that moved is number {others[0]}, counting from 0, not {index}."
    return ""


def _in_brackets(point: Sequence[object]) -> str:
    return f"({', '.join(in_words(number) for number in point)})"


def _how_called(right: Quotient, points: Points, *, by_default: bool) -> str:
    """What is odd about the points at which f was called; empty where nothing is."""
    if not points:
        return "f was never called."
    index = [name for name, _ in right.expression.inputs].index(right.name)
    wrong = _which_moved(right.expression, index, points)
    if wrong:
        return wrong
    steps = [step / right.h for step in _steps(points, index, right.place)]  # ahead is positive
    sizes = [abs(step * right.h) for step in steps if step]
    if not sizes:
        why = ": is h so small that x + h equals x?" if by_default else ": the input did not move."
        return f"Every call of f was at the same point{why}"
    if by_default and (size := _size_of_step(sizes, right.h)):
        return size
    if not 0.9 < max(sizes) / abs(right.h) < 1.1:
        return f"h is {right.h:g}, but f was called {max(sizes):.3g} away from the point."
    if right.central and not min(steps) < -1e-3 < 1e-3 < max(steps):
        return "f was called on one side of the point only; a central difference needs both."
    if not right.central and min(steps) < -1e-3:
        if right.h < 0:
            return "h is negative, but f was called after the point: the step should go to x + h."
        return (
            "f was called before the point; a forward difference needs the point itself "
            "and one ahead."
        )
    return ""


def _factor(yours: object, right: float, run: float | None) -> str:
    """What the wrong number is, compared with the right one."""
    assert isinstance(yours, (int, float))
    factors = {
        -1.0: "The sign is wrong.",
        2.0: "That is twice as much as it should be: how long is the run?",
        0.5: "That is half of what it should be: how long is the run?",
    }
    if run is not None:
        factors[run] = "That is the rise alone. How steep it is depends on how far you went."
    for factor, words in factors.items():
        if close(yours, factor * right, 1e-6, 0.0):
            return words
    return ""
