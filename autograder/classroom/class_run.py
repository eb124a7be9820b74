"""Judging a class: what was handed in is noted, and judged where there is no verdict yet.

A run that was stopped goes on where it stopped when the same command is given again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder import grading
from autograder.classroom.conditions import Conditions, here
from autograder.classroom.grader_socket import Job
from autograder.classroom.intake import HandIn, Intake
from autograder.classroom.journal import Journal, StoredReport
from autograder.classroom.names import order
from autograder.classroom.roster import Person, Roster
from autograder.report import Report, from_json, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.classroom.local import Executor, JobResult
    from autograder.classroom.timestamps import Due
    from autograder.course import Assignment, Course

_KEPT_EVERY = 0.5  # seconds; what is judged and not kept yet is judged again after a kill
_KEPT_AT = 100
_TRIES = 3  # of a submission whose graders end
_WAIT = 0.5


@dataclass(frozen=True)
class RunProgress:
    """How far a run is.

    Attributes:
        done: verdicts so far.
        total: how many it will be.
        aside: those without a verdict yet that take long, and are judged last.
    """

    done: int
    total: int
    aside: int


Tell = Callable[[RunProgress], None]


@dataclass(frozen=True)
class RunOptions:
    """How a class is judged.

    Attributes:
        workers: graders at a time on this machine; None: one for each processor.
        scheduler: the address of a Dask scheduler whose workers judge instead.
        sandboxed: whether the sandbox is required.
    """

    workers: int | None = None
    scheduler: str | None = None
    sandboxed: bool = True


@dataclass(frozen=True)
class Enrolled:
    """What an intake came to.

    Attributes:
        learners: how many.
        problems: those without a usable file.
        gone: those of earlier runs who are not there.
        left_out: what was not taken, and why.
        layout: whose archive it is, where one can tell.
        late: those whose work came late.
        around: what there is to say of one folder that holds all of it.
        people: how many are on the roster; 0 where there is none.
        missing: those of them who handed in nothing.
        strangers: learners whom the roster does not name, where there is one.
    """

    learners: int
    problems: int
    gone: int
    left_out: tuple[str, ...]
    layout: str | None
    late: int
    around: str | None
    people: int
    missing: tuple[Person, ...]
    strangers: tuple[str, ...]


def enrol(
    journal: Journal,
    submissions: Path,
    course: Course,
    assignment: Assignment,
    *,
    due: Due | None = None,
) -> Enrolled:
    """Note in the journal who handed in what.

    Args:
        journal: has the roster, where there is one.
        submissions: what was handed in.
        course: whose class it is.
        assignment: what is looked for.
        due: until when each may hand in; None: as course.toml says.

    Raises:
        IntakeError: it cannot be taken in.
        JournalError: the journal cannot be written.
    """
    problems = late = 0
    absent = set[str]()
    with Intake(submissions, course, assignment, due=due) as intake:

        def counted() -> Iterator[HandIn]:
            nonlocal problems, late
            for hand_in in intake:
                problems += hand_in.problem is not None
                late += hand_in.late
                if hand_in.problem is None and not hand_in.files:
                    absent.add(hand_in.learner)
                yield hand_in

        gone = journal.enrol(counted(), intake.layout or "")
    there = set(journal.learners()) - absent
    roster = Roster(journal.people, journal.layout)
    return Enrolled(
        len(intake) - len(absent),
        problems,
        gone,
        tuple(intake.left_out),
        intake.layout,
        late,
        intake.around,
        len(roster.people),
        (*roster.missing(there), *_others(absent, roster)),
        tuple(sorted(who for who in there if roster.people and roster.find(who) is None)),
    )


def _others(learners: set[str], roster: Roster) -> list[Person]:
    """Those whom the roster does not name, as people."""
    return [Person((who,)) for who in sorted(learners, key=order) if roster.find(who) is None]


def judge(journal: Journal, conditions: Conditions, how: RunOptions, tell: Tell) -> int:
    """Judge what has no verdict yet, and keep each.

    Args:
        journal: says what, and keeps the verdicts.
        conditions: under which.
        how: where.
        tell: is told how far it is.

    Returns:
        How many were judged.

    Raises:
        GraderError: nothing can be judged here.
        JournalError: the journal cannot be written.
    """
    pending = journal.pending()
    if not pending:
        return 0
    tell(RunProgress(0, len(pending), 0))
    executor = _executor(conditions, how)
    try:
        _Run(journal, conditions, executor, tell, pending)()
    finally:
        executor.close()
    return len(pending)


def _executor(conditions: Conditions, how: RunOptions) -> Executor:
    if how.scheduler is not None:
        from autograder.classroom.cluster import ClusterGraders

        return ClusterGraders(conditions, how.scheduler)
    from autograder.classroom.local import LocalGraders, usual_workers

    return LocalGraders(conditions, how.workers or usual_workers())


class _Run:
    """From the contents that wait to the verdicts on them."""

    def __init__(
        self,
        journal: Journal,
        conditions: Conditions,
        executor: Executor,
        tell: Tell,
        pending: list[str],
    ) -> None:
        self._journal, self._conditions, self._executor = journal, conditions, executor
        self._tell = tell
        self._waiting = deque(pending)
        self._aside: deque[str] = deque()
        self._flying: set[str] = set()
        self._late: set[str] = set()
        self._lost: dict[str, int] = {}
        self._unkept: list[StoredReport] = []
        self._kept_at = time.monotonic()
        self._done, self._total = 0, len(pending)

    def __call__(self) -> None:
        try:
            while self._waiting or self._aside or self._flying:
                self._hand_out()
                for result in self._executor.wait(_WAIT):
                    self._take(result)
                self._hand_out()  # first, since to keep takes a while
                self._keep()
                self._tell(RunProgress(self._done, self._total, len(self._late)))
        finally:
            self._keep(now=True)

    def _hand_out(self) -> None:
        while self._waiting and self._submit(self._waiting[0], patient=False):
            self._flying.add(self._waiting.popleft())
        while not self._waiting and self._aside and self._submit(self._aside[0], patient=True):
            self._flying.add(self._aside.popleft())

    def _submit(self, content: str, *, patient: bool) -> bool:
        return self._executor.submit(Job(content, self._journal.files(content)), patient=patient)

    def _take(self, result: JobResult) -> None:
        content = result.content
        self._flying.remove(content)
        if result.kind == "judged":
            self._note(content, from_json(result.report), result.report, result.seconds)
        elif result.kind == "waited":
            self._waiting.appendleft(content)
        elif result.kind == "set aside":
            self._put_aside(content)
        else:
            self._lost[content] = self._lost.get(content, 0) + 1
            if self._lost[content] < _TRIES:
                self._put_aside(content)
            else:
                assignment = self._conditions.assignment
                reason = f"The process that grades it ended or hung {_TRIES} times."
                report = grading.lost(assignment, assignment.files[0].name, reason)
                self._note(content, report, to_json(report).encode(), 0.0)

    def _put_aside(self, content: str) -> None:
        self._aside.append(content)
        self._late.add(content)

    def _note(self, content: str, report: Report, text: bytes, seconds: float) -> None:
        is_final = report.status != "grader_error"
        self._unkept.append(StoredReport(content, text, is_final, seconds))
        self._late.discard(content)
        self._done += 1

    def _keep(self, *, now: bool = False) -> None:
        waited = time.monotonic() - self._kept_at
        if now or len(self._unkept) >= _KEPT_AT or waited >= _KEPT_EVERY:
            reports, self._unkept = self._unkept, []
            if reports:
                self._journal.keep(reports)
            self._kept_at = time.monotonic()


def present_conditions(course: Course, assignment: Assignment, how: RunOptions) -> Conditions:
    """The conditions for a run now."""
    return here(assignment, course.seed, sandboxed=how.sandboxed)
