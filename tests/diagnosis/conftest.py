"""Solutions with a slip in them, in a real worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder import course
from autograder.authoring.engines import edited, solution_source
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.submission.read import of_texts

COURSE = course.load(Path(__file__).resolve().parents[2])

OpenLearner = Callable[..., Learner]


@pytest.fixture
def learner_with() -> Iterator[OpenLearner]:
    """`learner_with("assignment5", ("find", "replace"), …)`: the solution with these edits.

    `order=0` has its sets in a fixed order, as a diagnosis has.
    """
    sessions: list[Session] = []

    def open_learner(name: str, *edits: tuple[str, str], order: int | None = None) -> Learner:
        assignment = COURSE.assignment(name)
        file = assignment.files[0].name
        text = edited(solution_source(COURSE, assignment, file), edits)
        source = of_texts(assignment, {file: text}, file).sources[0]
        session = Session(source, assignment.limits)
        sessions.append(session)
        session.load()
        session.begin_test(order)
        return Learner(session)

    yield open_learner
    for session in sessions:
        session.close()
