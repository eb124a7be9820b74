"""Trains a network on two moons with the learner's own code, in its own process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.assertions.networks import found, layers_of, network, right_outputs, values_of
from autograder.expressions.compare import close, is_number
from autograder.expressions.expression import Expression, express
from autograder.expressions.right import right_answers
from autograder.kit.moons import two_moons
from autograder.remote.errors import LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.load_failure import load_failure
from autograder.remote.session import Session
from autograder.remote.wrong_answer import Mismatch
from autograder.report import TrainedNetwork
from autograder.submission.read import Source, read

if TYPE_CHECKING:
    from autograder.course import Course, Finale
    from autograder.remote.objects import Remote

POINTS, NOISE, SEED, RATE, STEPS = 50, 0.1, 3, 1.0, 100
SIZES = (2, [8, 1])
AT_ONCE = 5
"""How many steps the loop makes at a time; in between, progress is shown and the network read."""

_CALL_SECONDS, _TOTAL_SECONDS = 120.0, 300.0
_TRIED = ([[0.5, -1.0], [1.5, 0.5], [-0.5, 0.25]], [1.0, -1.0, 1.0], 0.1)
"""Inputs, targets and learning rate with which the loop is tried before it trains."""

Progress = Callable[[int, int], None]


class NotYet(Exception):
    """One of the learner's parts is wrong.

    Args:
        part: its assignment.
        said: what is wrong with it, in sentences.
        right: the results of the parts before it, each with its assignment.
    """

    def __init__(self, part: str, said: str, right: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(said)
        self.part, self.said, self.right = part, said, tuple(right)


@dataclass(frozen=True)
class FinaleResult:
    """The result of the finale.

    Attributes:
        parts: each part's assignment, and its result in words.
        engine_lines: how many lines the learner's class Value has.
        losses: the loss before each step.
        accuracy: the share of the training points classified correctly, from 0 to 1.
        network: the trained network, with its parameters on the way.
    """

    parts: tuple[tuple[str, str], ...]
    engine_lines: int
    losses: list[float]
    accuracy: float
    network: TrainedNetwork


def readme_expression() -> Expression:
    """The expression of micrograd's README: g 24.7041, a.grad 138.8338, b.grad 645.5773."""

    def formula(a: Any, b: Any) -> None:
        c = a + b
        d = a * b + b**3
        c = c + (c + 1)
        c = c + (1 + c + (-a))
        d = d + (d * 2 + (b + a).relu())
        d = d + (3 * d + (b - a).relu())
        e = c - d
        f = e**2
        g = f / 2.0
        g + 10.0 / f

    return express(formula, a=-4.0, b=2.0)


def run(course: Course, folder: Path, progress: Progress = lambda _done, _of: None) -> FinaleResult:
    """Run the learner's three files together: test each part, then train.

    Args:
        course: its finale names the three assignments.
        folder: `assignments` or `solutions` of the course.
        progress: called with the number of steps done and that of all steps.

    Raises:
        Ungradable: a file is missing, or does not load; the message says what to do.
        NotYet: one of the parts is wrong.
    """
    assert course.finale is not None
    engine = _text(course, folder, course.finale.engine)
    network = _text(course, folder, course.finale.nn)
    assignment = course.assignment(course.finale.training)
    source = read(assignment, folder / assignment.name).sources[0]
    modules = dict(zip(source.file.provides, (engine, network), strict=True))
    limits = msgspec.structs.replace(
        assignment.limits, call_seconds=_CALL_SECONDS, total_seconds=_TOTAL_SECONDS
    )
    session = Session(msgspec.structs.replace(source, provided=modules), limits, seed=SEED)
    try:
        session.load()
        session.begin_test()
        return _Finale(Learner(session), course.finale, _lines_of_value(engine), progress).result()
    except LearnerFault as fault:
        raise load_failure(fault, source.file.name) from None
    finally:
        session.close()


def _text(course: Course, folder: Path, name: str) -> str:
    source: Source = read(course.assignment(name), folder / name).sources[0]
    return "\n".join(block.text for block in source.blocks)


def _lines_of_value(engine: str) -> int:
    """How many lines class Value has, not counting blank lines and comments."""
    count, inside = 0, False
    for line in engine.split("\n"):
        if line and not line[0].isspace():
            inside = line.startswith("class Value")
        count += inside and line.strip() != "" and not line.lstrip().startswith("#")
    return count


class _Finale:
    """Tests the three parts, one after another; each error belongs to the part being tested."""

    def __init__(
        self, learner: Learner, names: Finale, engine_lines: int, progress: Progress
    ) -> None:
        self.learner, self.names, self.engine_lines = learner, names, engine_lines
        self.progress = progress
        self.parts: list[tuple[str, str]] = []

    def result(self) -> FinaleResult:
        """Test each part, then train."""
        self._try(self.names.engine, self._engine)
        self._try(self.names.nn, self._network)
        self._try(self.names.training, self._loop)
        return self._trained()

    def _try(self, name: str, part: Callable[[], str]) -> None:
        try:
            said = part()
        except (LearnerFault, Mismatch, _Wrong) as fault:
            raise NotYet(name, str(fault), self.parts) from None
        if said:
            self.parts.append((name, said))

    def _engine(self) -> str:
        """Test the engine on the example in micrograd's README, forward and backward."""
        expression = readme_expression()
        answers = self.learner.evaluate(expression, backward="backward")
        if answers.error is not None:
            raise answers.error
        slopes = right_answers(expression).grads
        if not all(close(answers.grads[name], slope) for name, slope in slopes.items()):
            raise _Wrong("Your engine's gradients aren't correct yet.")
        grads = ", ".join(f"{name}.grad {slope:.4f}" for name, slope in answers.grads.items())
        data = answers.data[expression.root]
        return (
            f"{self.engine_lines} lines; the example in micrograd's README gives g "
            f"{data:.4f}, {grads}"
        )

    def _network(self) -> str:
        """Test that the network's outputs are those of its parameters."""
        learner, layers = self.learner, layers_of("MLP", *SIZES)
        self.made = network(learner, "MLP", *SIZES)
        numbers = self._numbers()
        for x in _TRIED[0]:
            answer, right = self.made.itself(x).data, right_outputs(layers, numbers, x)[0]
            if not close(answer, right):
                raise _Wrong(f"The network returns {answer}, but its parameters give {right:.6g}.")
        return f"{len(numbers)} parameters; its outputs are correct"

    def _loop(self) -> str:
        """Test that two steps at once give the same as two single steps, and lower the loss."""
        learner, start = self.learner, self._numbers()
        xs, ys, rate = _TRIED
        losses = learner.train(self.made.itself, xs, ys, rate, 2)
        if not isinstance(losses, list) or len(losses) != 2 or not all(map(is_number, losses)):
            raise _Wrong("train should return a list of numbers, one per step.")
        at_once = self._numbers()
        if all(map(close, at_once, start)):
            raise _Wrong("Your loop doesn't change any parameter.")
        if not losses[1] < losses[0]:
            raise _Wrong(f"Your loop goes uphill: the loss rises from {losses[0]} to {losses[1]}.")
        self._set(start)
        for _ in range(2):
            learner.train(self.made.itself, xs, ys, rate, 1)
            learner.set_each(self._values(), "grad", [0.0] * len(start))
        if not all(map(close, self._numbers(), at_once)):
            raise _Wrong(
                "Your loop doesn't set the gradients to 0 before each backward pass: "
                "two steps in one call end somewhere else than two calls with "
                "zero_grad in between."
            )
        self._set(start)
        return ""

    def _trained(self) -> FinaleResult:
        learner, model = self.learner, self.made.itself
        points, labels = two_moons(POINTS, noise=NOISE, seed=SEED)
        losses: list[float] = []
        on_the_way = [tuple(self._numbers())]
        try:
            for done in range(0, STEPS, AT_ONCE):
                self.progress(done, STEPS)
                losses += learner.train(model, points, labels, RATE, AT_ONCE)
                on_the_way.append(tuple(self._numbers()))
            self.progress(STEPS, STEPS)
            accuracy = learner.accuracy(model, points, labels)
            if not is_number(accuracy) or not all(map(is_number, losses)):
                raise _Wrong("accuracy and the losses should be numbers.")
        except (LearnerFault, Mismatch, TypeError, _Wrong) as fault:
            raise NotYet(self.names.training, str(fault), self.parts) from None
        network = TrainedNetwork(
            sizes=(SIZES[0], *SIZES[1]),
            points=tuple((x, y) for x, y in points),
            labels=tuple(labels),
            yours=on_the_way[-1],
            expected=on_the_way[-1],
            on_the_way=tuple(on_the_way),
        )
        said = f"loss {losses[0]:.3f} to {losses[-1]:.3f} in {STEPS} steps, {accuracy:.0%} accuracy"
        self.parts.append((self.names.training, said))
        return FinaleResult(tuple(self.parts), self.engine_lines, losses, accuracy, network)

    def _values(self) -> list[Remote]:
        made = found(self.learner, self.made.itself, "MLP", *SIZES)
        return values_of(self.learner, made)

    def _numbers(self) -> list[float]:
        numbers = self.learner.read_each(self._values(), "data")
        if not all(map(is_number, numbers)):
            raise _Wrong("The network's parameters should contain numbers.")
        return numbers

    def _set(self, numbers: Sequence[float]) -> None:
        self.learner.set_each(self._values(), "data", numbers)
        self.learner.set_each(self._values(), "grad", [0.0] * len(numbers))


class _Wrong(Exception):
    """What is wrong with the part being tested."""
