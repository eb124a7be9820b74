"""Train two moons with the learner's own code, in its own process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.expressions.compare import close, is_number
from autograder.expressions.expression import Expression, express
from autograder.expressions.right import right_answers
from autograder.kit.moons import two_moons
from autograder.remote.errors import LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.load_failure import load_failure
from autograder.remote.session import Session
from autograder.submission.read import Source, Ungradable, read

if TYPE_CHECKING:
    from autograder.course import Course, Finale

POINTS, NOISE, SEED, SHAPE, RATE, STEPS = 50, 0.1, 3, (8, 1), 1.0, 100
GRID = 40
_CALL_SECONDS, _TOTAL_SECONDS = 120.0, 300.0


@dataclass(frozen=True)
class FinaleResult:
    """What came of it.

    Attributes:
        engine_lines: how many lines the learner's class Value has.
        data: the number of micrograd's README expression.
        grads: its gradients by a and b.
        losses: before each step.
        accuracy: on the points that it was trained on.
        points: the moons' points.
        labels: -1 or 1 for each.
        xs: the grid's columns.
        ys: the grid's rows.
        outputs: the network's answer at each place of the grid, a row a list.
    """

    engine_lines: int
    data: float
    grads: dict[str, float]
    losses: list[float]
    accuracy: float
    points: list[list[float]]
    labels: list[float]
    xs: list[float]
    ys: list[float]
    outputs: list[list[float]]


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


def run(course: Course, folder: Path) -> FinaleResult:
    """Join the learner's three files and let them work.

    Args:
        course: names the three assignments.
        folder: `assignments` or `solutions` of the course.

    Raises:
        Ungradable: a file is missing or not finished; the message says which to do first.
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
        return _work(Learner(session), _lines_of_value(engine), course.finale)
    except LearnerFault as fault:
        names = (course.finale.engine, course.finale.nn, course.finale.training)
        raise Ungradable(
            f"The three do not work together yet: {fault}\n"
            f"The finale needs all of {', '.join(names)}; `grade` shows which is not done."
            if session.has_loaded
            else str(load_failure(fault, source.file.name))
        ) from None
    finally:
        session.close()


def _text(course: Course, folder: Path, name: str) -> str:
    source: Source = read(course.assignment(name), folder / name).sources[0]
    return "\n".join(block.text for block in source.blocks)


def _lines_of_value(engine: str) -> int:
    """The lines of class Value that are neither empty nor a comment."""
    count, inside = 0, False
    for line in engine.split("\n"):
        if line and not line[0].isspace():
            inside = line.startswith("class Value")
        count += inside and line.strip() != "" and not line.lstrip().startswith("#")
    return count


def _work(learner: Learner, engine_lines: int, parts: Finale) -> FinaleResult:
    expression = readme_expression()
    answers = learner.evaluate(expression, backward="backward")
    if answers.error is not None:
        raise answers.error
    slopes = right_answers(expression).grads
    if not all(close(answers.grads[name], slope) for name, slope in slopes.items()):
        raise Ungradable(f"Your engine's gradients are not right yet. {_first(parts.engine)}")
    points, labels = two_moons(POINTS, noise=NOISE, seed=SEED)
    model = learner.MLP(2, list(SHAPE))
    losses = learner.train(model, points, labels, RATE, STEPS)
    accuracy = learner.accuracy(model, points, labels)
    if not isinstance(losses, list) or not all(is_number(loss) for loss in losses):
        raise Ungradable(f"train should return a list of numbers. {_first(parts.training)}")
    xs, ys = _axis([x for x, _ in points]), _axis([y for _, y in points])
    outputs = [[_number(model([x, y]), parts.nn) for x in xs] for y in ys]
    return FinaleResult(
        engine_lines,
        answers.data[expression.root],
        answers.grads,
        losses,
        accuracy,
        points,
        labels,
        xs,
        ys,
        outputs,
    )


def _axis(numbers: list[float]) -> list[float]:
    low, high = min(numbers) - 0.4, max(numbers) + 0.4
    return [low + (high - low) * step / (GRID - 1) for step in range(GRID)]


def _first(name: str) -> str:
    return f"Finish {name} first: grade {name}"


def _number(answer: Any, name: str) -> float:
    data = (answer[0] if isinstance(answer, list) else answer).data
    if not is_number(data):
        raise Ungradable(f"The network should answer with a Value. {_first(name)}")
    return float(data)
