"""A learner with the reference engine in their file, as it is or with one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import micrograd_ref.engine
from autograder.course import AssignmentFile, Limits
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.submission.read import Block, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Learner]
    Pick = Callable[[str], Learner]

ENGINE = Path(micrograd_ref.engine.__file__).read_text("utf-8")
LIMITS = Limits(call_seconds=0.5)


ANSWERING = """
class Other:
    def __repr__(self): return "an Other"

chosen = None

def choose(answer):
    global chosen
    chosen = answer

def answer():
    return eval(chosen)

def trace(root):
    a, b = sorted(root._prev, key=lambda node: node.data)
    return eval(chosen, globals(), {"root": root, "a": a, "b": b})

def manual_gradients(a=2.0, b=-3.0, c=10.0, f=-2.0):
    grad = {"L": 1.0, "d": f, "f": a * b + c, "e": f, "c": f, "a": f * b, "b": f * a}
    return eval(chosen, {**globals(), "grad": grad})
"""


def opened(text: str) -> Session:
    """The learner's file of that text, in a worker."""
    file = AssignmentFile(name="engine.py", asks=("Value",))
    session = Session(
        Source(file, (Block("engine.py", text, text),), text, name="engine.py"), LIMITS
    )
    session.load()
    return session


@pytest.fixture(scope="module")
def many_answers() -> Iterator[Session]:
    """One worker for all answers that can be chosen there."""
    session = opened(ENGINE + ANSWERING)
    yield session
    session.close()


@pytest.fixture
def answering(many_answers: Session) -> Pick:
    """answering("expression"): a learner whose `answer`, `trace` and so on return that."""

    def learner(answer: str) -> Learner:
        many_answers.begin_test()
        Learner(many_answers).choose(answer)
        return Learner(many_answers)

    return learner


@pytest.fixture
def make() -> Iterator[Make]:
    """make((old, new), …, more="…"): a learner whose engine.py differs in these places."""
    sessions = []

    def learner(*changes: tuple[str, str], more: str = "") -> Learner:
        text = ENGINE
        for old, new in changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new)
        session = opened(text + more)
        sessions.append(session)
        session.begin_test()
        return Learner(session)

    yield learner
    for session in sessions:
        session.close()
