"""Difference quotients: what they should be, and what the points at which f was called say.

The verdict comes from the numbers alone. The points only say in words what went wrong, since a
learner cannot see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.expressions.compare import (
    FLOOR,
    close,
    in_words,
    is_number,
    near_slope,
    rounding_of_quotient,
)
from autograder.remote.functions import as_function
from autograder.remote.objects import Remote

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.learner import Learner

SENSIBLE_STEPS = (1e-8, 1e-2)
"""Within these a forward difference of an everyday function is worth its name."""

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

    def _ends(self) -> tuple[float, float]:
        root = self.expression.root
        left = self.place - self.h if self.central else self.place
        above = self.expression.by_floats(**{self.name: self.place + self.h})[root]
        return above, self.expression.by_floats(**{self.name: left})[root]

    @property
    def value(self) -> float:
        """Rise over run."""
        above, below = self._ends()
        return (above - below) / (2 * self.h if self.central else self.h)

    def meets(self, yours: object) -> bool:
        """Whether a number is this quotient, up to what rounding may do to it."""
        size = max(1.0, abs(self.place)) * self.value
        allowed = rounding_of_quotient(self.h, *self._ends(), size)
        return close(yours, self.value, absolute=max(allowed, FLOOR))


def assert_forward(learner: Learner, f: Expression, *h: float) -> None:
    """forward_difference gives the rise over the run at the one input; raises Mismatch.

    Without h: that of a step which makes sense.
    """
    ((name, place),) = f.inputs
    yours = learner.forward_difference(as_function(f), place, *h)
    if h:
        _assert_quotient(learner, yours, Quotient(f, name, h[0], central=False))
        return
    steps = _steps(learner.points(), 0, place)
    low, high = SENSIBLE_STEPS
    sensible = [step for step in steps if low <= abs(step) <= high]
    if not any(Quotient(f, name, step, central=False).meets(yours) for step in sensible):
        message = _not_a_number(yours) or _size_of_step(steps)
        usual = Quotient(f, name, 1e-3, central=False)
        raise learner.mismatch(message, yours, usual.value)


def assert_central(learner: Learner, f: Expression, *h: float) -> None:
    """central_difference gives the rise over the run on both sides of the one input.

    Without h: it is near the slope itself.

    Raises:
        Mismatch: it does not, or is not.
    """
    ((name, place),) = f.inputs
    yours = learner.central_difference(as_function(f), place, *h)
    _assert_entry(learner, yours, f, name, h)


def assert_partial(
    learner: Learner, f: Expression, index: int, *h: float, args: object = None
) -> None:
    """partial_derivative is the central difference by that input, or near the slope; Mismatch."""
    numbers = [value for _, value in f.inputs]
    given = numbers if args is None else args
    yours = learner.partial_derivative(as_function(f), given, index, *h)
    _assert_entry(learner, yours, f, f.inputs[index][0], h)


def assert_all_partials(learner: Learner, f: Expression, *h: float, args: object = None) -> None:
    """gradient lists the central differences by every input, or what is near the slopes; Mismatch.

    A tuple or an array of numbers is as good as a list.
    """
    numbers = [value for _, value in f.inputs]
    yours = learner.gradient(as_function(f), numbers if args is None else args, *h)
    look, points = learner.looked_at(), learner.points()
    if type(yours) not in (list, tuple, Remote):
        raise learner.mismatch("gradient should return a list.", yours, "a list", look)
    if len(yours) != len(numbers):
        message = "gradient should hold one slope for each input."
        raise learner.mismatch(message, len(yours), len(numbers), f"len({look})")
    found = list(yours)
    for index, (name, _) in enumerate(f.inputs):
        _assert_entry(learner, found[index], f, name, h, f"{look}[{index}]", points)


def _assert_entry(
    learner: Learner,
    yours: object,
    f: Expression,
    name: str,
    h: tuple[float, ...],
    look: str | None = None,
    points: Points | None = None,
) -> None:
    """The number is the central difference at h, or without h near the slope; raises Mismatch."""
    if h:
        _assert_quotient(learner, yours, Quotient(f, name, h[0]), look, points)
        return
    slopes = f.by_reference().grads
    right = slopes[name]
    if not near_slope(yours, right, max(map(abs, slopes.values()))):
        index = [each for each, _ in f.inputs].index(name)
        calls = learner.points() if points is None else points
        steps = _steps(calls, index, f.inputs[index][1])
        message = (
            _not_a_number(yours)
            or _which_moved(f, index, calls)
            or _size_of_step(steps)
            or _factor(yours, right, None)
        )
        raise learner.mismatch(message, yours, right, look)


def _assert_quotient(
    learner: Learner,
    yours: object,
    right: Quotient,
    look: str | None = None,
    points: Points | None = None,
) -> None:
    if not right.meets(yours):
        calls = learner.points() if points is None else points
        run = 2 * right.h if right.central else right.h
        message = (
            _not_a_number(yours) or _how_called(right, calls) or _factor(yours, right.value, run)
        )
        raise learner.mismatch(message, yours, right.value, look)


def _not_a_number(yours: object) -> str:
    if is_number(yours):
        return ""
    hint = " Is a `return` missing?" if yours is None else ""
    return f"A plain number was expected, not {in_words(yours)}.{hint}"


def _size_of_step(steps: Sequence[float]) -> str:
    """What is wrong with steps that the learner chose."""
    low, high = SENSIBLE_STEPS
    sizes = sorted({abs(step) for step in steps if step})
    if not steps:
        return "f was never called."
    if not sizes:
        return "Every call of f was at the same place: is h so small that x + h is x itself?"
    if sizes[-1] < low:
        return (
            f"h is {sizes[-1]:.1g} here, which is far too small: the values of f differ only in "
            "their last digits, and those are rounding."
        )
    if sizes[0] > high:
        return (
            f"h is {sizes[0]:.2g} here, which is far too large: over so long a stretch the slope "
            "itself changes."
        )
    return ""


def _steps(points: Points, index: int, place: float) -> list[float]:
    """How far from the place that input was, in each call of f."""
    numbers = [point[index] for point in points if index < len(point)]
    return [float(n) - place for n in numbers if isinstance(n, (int, float))]


def _which_moved(f: Expression, index: int, points: Points) -> str:
    """Whether another input than that one was moved, or several; empty where it was that one."""
    moved = [_steps(points, number, place) for number, (_, place) in enumerate(f.inputs)]
    if any(len(steps) != len(points) for steps in moved):
        return "f takes plain numbers, one for each input."
    for point, call in zip(points, zip(*moved, strict=True), strict=True):
        if sum(1 for step in call if step) > 1:
            return f"More than one input moved: f was called at {_in_brackets(point)}."
    others = [number for number, steps in enumerate(moved) if any(steps)]
    if others and index not in others:
        return f"The input that moved is number {others[0]}, counted from 0, and not {index}."
    return ""


def _in_brackets(point: Sequence[object]) -> str:
    return f"({', '.join(in_words(number) for number in point)})"


def _how_called(right: Quotient, points: Points) -> str:
    """What is odd about the points at which f was called; empty where nothing is."""
    if not points:
        return "f was never called."
    index = [name for name, _ in right.expression.inputs].index(right.name)
    wrong = _which_moved(right.expression, index, points)
    if wrong:
        return wrong
    steps, tiny = _steps(points, index, right.place), abs(right.h) * 1e-3
    if not any(steps):
        return "Every call of f was at the same place: the input did not move."
    far = max(abs(step) for step in steps)
    if not 0.9 < far / abs(right.h) < 1.1:
        return f"h is {right.h:g}, but f was called {far:.3g} away from the place."
    if right.central and not min(steps) < -tiny < tiny < max(steps):
        return "f was called on one side of the place only; a central difference looks at both."
    if not right.central and min(steps) < -tiny:
        return "f was called before the place; a forward difference looks at it and ahead."
    return ""


def _factor(yours: object, right: float, run: float | None) -> str:
    """What the wrong number is, compared with the right one."""
    assert isinstance(yours, (int, float))
    factors = {
        -1.0: "The sign is turned round.",
        2.0: "That is twice as much as it should be: how long is the run?",
        0.5: "That is half of what it should be: how long is the run?",
    }
    if run is not None:
        factors[run] = "That is the rise alone. How steep that is depends on how far you went."
    for factor, words in factors.items():
        if close(yours, factor * right, 1e-6, 0.0):
            return words
    return ""
