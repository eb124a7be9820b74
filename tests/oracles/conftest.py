"""A learner with the reference engine in their file, as it is or with one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import micrograd_ref.engine
from autograder.course import AssignmentFile, Limits
from autograder.learner.api import Learner
from autograder.learner.session import Session
from autograder.submission import Block, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Learner]

ENGINE = Path(micrograd_ref.engine.__file__).read_text("utf-8")
LIMITS = Limits(call_seconds=0.5)


@pytest.fixture
def make() -> Iterator[Make]:
    """make((old, new), …, more="…"): a learner whose engine.py differs in these places."""
    sessions = []

    def learner(*changes: tuple[str, str], more: str = "") -> Learner:
        text = ENGINE
        for old, new in changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new)
        text += more
        file = AssignmentFile(name="engine.py", asks=("Value",))
        session = Session(Source(file, (Block("engine.py", text, text),), text), LIMITS)
        sessions.append(session)
        session.load()
        session.begin_test()
        return Learner(session)

    yield learner
    for session in sessions:
        session.close()
