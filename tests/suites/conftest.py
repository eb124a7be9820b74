"""A learner with an assignment's solution in their file, as it is or with one thing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.authoring.engines import edited, solution_source
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

COURSE = courses.find(Path(__file__))
Solved = Callable[..., Learner]


@pytest.fixture
def solved() -> Iterator[Solved]:
    """solved("assignment5", (old, new), …): a learner whose file differs from the solution there."""
    sessions = []

    def learner(name: str, *edits: tuple[str, str], more: str = "") -> Learner:
        assignment = COURSE.assignment(name)
        (file,) = assignment.files
        text = edited(solution_source(COURSE, assignment, file.name), list(edits)) + more
        source = of_texts(assignment, {file.name: text}, file.name).source(file.name)
        assert source is not None
        sessions.append(Session(source, assignment.limits, sandbox=Limited()))
        sessions[-1].load()
        sessions[-1].begin_test()
        return Learner(sessions[-1])

    yield learner
    for session in sessions:
        session.close()


def remarks(learner: Learner) -> list[str]:
    """What tests had to say to this learner."""
    session: Session = vars(learner)["_Learner__session"]
    return session.remarks
