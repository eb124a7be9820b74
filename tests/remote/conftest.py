"""Runs a learner's code in a real worker, in each sandbox that is available."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from autograder.course import AssignmentFile, Limits
from autograder.remote.client import WorkerClient
from autograder.remote.errors import LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.sandbox import bubblewrap
from autograder.sandbox.base import Sandbox
from autograder.sandbox.limited import Limited
from autograder.sandbox.process import Process
from autograder.submission.read import Block, Source

if TYPE_CHECKING:
    from autograder.report import SandboxName

QUICK = Limits(load_seconds=5, call_seconds=5, total_seconds=60, memory_mb=512)


def source_of(text: str, provides: tuple[str, ...] = (), packages: tuple[str, ...] = ()) -> Source:
    """A learner's file `work.py` with that text."""
    text = textwrap.dedent(text)
    file = AssignmentFile(name="work.py", asks=(), provides=provides, packages=packages)
    return Source(file, (Block("work.py", text, text),), text, name="work.py")


class Room:
    """Starts workers in one sandbox, and ends all of them.

    Attributes:
        sandbox: where they run.
        workers: those that were started by hand.
    """

    def __init__(self, name: SandboxName) -> None:
        sandbox = Limited() if name == "limited" else bubblewrap.present()
        assert sandbox is not None
        self.sandbox: Sandbox = sandbox
        self.slot = os.getpid() % 900 + 50  # another user than graders that run meanwhile
        self.workers: list[WorkerClient] = []
        self.sessions: list[Session] = []

    def worker(self, text: str, limits: Limits = QUICK, **file: Any) -> WorkerClient:
        """A worker that loads this text."""
        worker = WorkerClient(source_of(text, **file), limits, self.sandbox, 0, self.slot)
        self.workers.append(worker)
        return worker

    def session(self, text: str, limits: Limits = QUICK, *, seed: int = 0, **file: Any) -> Session:
        """A session that has loaded this text."""
        source = source_of(text, **file)
        session = Session(source, limits, seed=seed, slot=self.slot, sandbox=self.sandbox)
        self.sessions.append(session)
        session.load()
        assert session.sandbox == self.sandbox
        return session

    def learner(self, text: str, limits: Limits = QUICK, **file: Any) -> Learner:
        """What a test of a suite gets."""
        session = self.session(text, limits, **file)
        session.begin_test()
        return Learner(session)

    def run(self, text: str, limits: Limits = QUICK, **file: Any) -> Any:
        """What `run()` of this text answers."""
        return self.learner(text, limits, **file).run()

    def fault(self, text: str, limits: Limits = QUICK, **file: Any) -> LearnerFault:
        """What stops `run()` of this text."""
        learner = self.learner(text, limits, **file)
        with pytest.raises(LearnerFault) as caught:
            learner.run()
        return caught.value

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        for session in self.sessions:
            session.close()


BUBBLEWRAP = pytest.param("bubblewrap", marks=pytest.mark.requires("sandbox"))


@pytest.fixture(params=["limited", BUBBLEWRAP])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """Each sandbox in turn."""
    room = Room(request.param)
    yield room
    room.close()


@pytest.fixture(params=[BUBBLEWRAP])
def sandboxed() -> Iterator[Room]:
    """Only bubblewrap."""
    room = Room("bubblewrap")
    yield room
    room.close()


@pytest.fixture
def limited() -> Iterator[Room]:
    """Only the limited process, for tests that do not depend on the sandbox."""
    room = Room("limited")
    yield room
    room.close()


def limits(**changed: float) -> Limits:
    """The limits of most tests, with some changed."""
    return msgspec.structs.replace(QUICK, **changed)


def process_of(worker: WorkerClient) -> Process:
    """The process behind a worker."""
    assert isinstance(worker._channel, Process)
    return worker._channel


def ask(worker: WorkerClient, name: str = "run", *arguments: object, seconds: float = 5) -> Any:
    """Call a function of a loaded worker."""
    call = {"target": {"name": name}, "args": list(arguments), "kwargs": []}
    return worker.ask("call", call, f"{name}()", seconds, lambda handle: handle)[0]
