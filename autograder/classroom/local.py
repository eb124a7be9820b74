"""Graders on this machine, several at a time: the one way in which submissions meet a suite.

A cluster's worker uses the same graders; see `cluster.py`.
"""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from autograder.classroom.graders import Forkserver, Grader
from autograder.classroom.patience import Patience

if TYPE_CHECKING:
    from autograder.classroom.conditions import Conditions
    from autograder.classroom.grader_socket import Job

_LOOK = 0.01  # seconds between looks at who takes too long
_RENEWED = 500  # submissions after which a grader makes way for a fresh copy


Kind = Literal["judged", "set aside", "lost", "waited"]


@dataclass(frozen=True)
class JobResult:
    """What became of a job: a verdict; set aside as it takes long; lost with its grader.

    Or it waited behind one of those, and nothing is known of it.
    """

    content: str
    kind: Kind
    report: bytes = b""
    seconds: float = 0.0


class Executor(Protocol):
    """Where submissions are judged."""

    def submit(self, job: Job, *, patient: bool) -> bool:
        """Take a job if there is room; a patient one is never set aside."""

    def wait(self, seconds: float) -> list[JobResult]:
        """What became of the jobs, after at most so many seconds; may be empty."""

    def close(self) -> None:
        """End all that was started."""


def usual_workers() -> int:
    """The number of processors available to us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hardest(conditions: Conditions) -> float:
    """Seconds after which a grader itself must be stuck: more than any submission may take."""
    limits = conditions.assignment.limits
    return 120.0 + 4 * limits.total_seconds * len(conditions.assignment.files)


class LocalGraders:
    """Graders on this machine.

    Alone, a grader starts the next sandbox while it judges; with others beside it that would only
    take their time.

    Args:
        conditions: what is judged and how.
        workers: how many at a time.
        forkserver: from which they come; by default one of their own.

    Raises:
        GraderError: nothing can be judged here.
    """

    def __init__(
        self, conditions: Conditions, workers: int, forkserver: Forkserver | None = None
    ) -> None:
        self._workers = workers
        self._prefetch = forkserver is None and workers == 1 and usual_workers() > 1
        self._depth = 3 if self._prefetch else 2  # so that none waits for us
        self._may_set_aside = conditions.sandboxed  # else what a learner started would stay
        self._hardest = hardest(conditions)
        self._patience = Patience()
        self._patient: set[str] = set()
        self._graders: list[Grader] = []
        self._selector = selectors.DefaultSelector()
        self._looked = 0.0
        self._is_own = forkserver is None
        self._forkserver = forkserver or Forkserver(conditions, prefetch=self._prefetch)

    def submit(self, job: Job, *, patient: bool) -> bool:
        """Take a job if there is room; a patient one is never set aside."""
        open_ = [g for g in self._graders if not g.is_closing]
        depth = 1 if patient else self._depth
        grader = min(open_, key=lambda g: len(g.jobs), default=None)
        if len(self._graders) < self._workers and (grader is None or grader.jobs):
            grader = self._forkserver.grader()
            self._graders.append(grader)
            self._selector.register(grader.channel, selectors.EVENT_READ, grader)
        if grader is None or len(grader.jobs) >= depth or self._holds_patient(grader):
            return False
        if patient:
            self._patient.add(job.content)
        grader.post(job)
        if patient or grader.taken >= _RENEWED:
            grader.finish()
        return True

    def _holds_patient(self, grader: Grader) -> bool:
        return any(job.content in self._patient for job in grader.jobs)

    def wait(self, seconds: float) -> list[JobResult]:
        """What became of the jobs, after at most so many seconds; may be empty."""
        deadline = time.monotonic() + seconds
        for grader in self._graders:
            if self._prefetch and not grader.is_closing and len(grader.jobs) == 1:
                grader.finish()  # it waits for a second one before it judges the first
        while True:
            found: list[JobResult] = []
            left = max(0.0, deadline - time.monotonic())
            for key, events in self._selector.select(min(left, _LOOK)):
                grader = key.data
                if events & selectors.EVENT_WRITE:
                    grader.channel.push()
                if events & selectors.EVENT_READ:
                    found += self._hear(grader)
            found += self._set_aside()
            self._listen()
            if found or time.monotonic() >= deadline or not self._graders:
                return found

    def _listen(self) -> None:
        for grader in self._graders:
            more = selectors.EVENT_WRITE if grader.channel.is_waiting else 0
            self._selector.modify(grader.channel, selectors.EVENT_READ | more, grader)

    def _hear(self, grader: Grader) -> Iterable[JobResult]:
        """The verdicts that a grader has sent; where it is gone, what it had not judged."""
        alive = grader.channel.pull()
        while (taken := grader.take()) is not None:
            judged, slept = taken
            if judged.content in self._patient:
                self._patient.remove(judged.content)
            else:
                self._patience.learn(judged.seconds, slept)
            yield JobResult(judged.content, "judged", judged.report, judged.seconds)
        if not alive:
            yield from self._remove(grader, "lost")

    def _set_aside(self) -> Iterable[JobResult]:
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        for grader in [g for g in self._graders if g.jobs]:
            seconds, phase, still = grader.progress()
            if seconds > self._hardest:
                yield from self._remove(grader, "lost")
            elif grader.jobs[0].content in self._patient or not self._may_set_aside:
                continue
            elif self._patience.is_over(seconds, phase, still):
                yield from self._remove(grader, "set aside")

    def _remove(self, grader: Grader, kind: Kind) -> Iterable[JobResult]:
        """End a grader. Only its first job caused that; the others were waiting behind it."""
        self._selector.unregister(grader.channel)
        self._graders.remove(grader)
        grader.kill()
        for number, job in enumerate(grader.jobs):
            self._patient.discard(job.content)
            yield JobResult(job.content, kind if number == 0 else "waited")

    def close(self) -> None:
        """End all that was started."""
        self._selector.close()
        for grader in self._graders:
            grader.kill()
        if self._is_own:
            self._forkserver.close()
