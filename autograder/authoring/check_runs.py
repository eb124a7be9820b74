"""Grades many engines with the suites, in several processes."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Literal

import msgspec

from autograder.expressions.right import cross_checked
from autograder.grading import Options, at_fault, grade_each
from autograder.grading.suite import SuiteError
from autograder.sandbox.limited import Limited
from autograder.submission.read import Submission, Ungradable, of_texts

if TYPE_CHECKING:
    from autograder.course import Assignment, Course, Limits
    from autograder.grading.pytest_plugin import Outcome, Task
    from autograder.report import Report

Tests = Literal["all", "until one fails"]

_BATCH = 24  # each costs one collection of its suite
_SLOW_BATCH = 4  # of engines that import something large
_DEADLINE = 1.0  # seconds a call may take: a slip that hangs counts as noticed


@dataclass(frozen=True)
class Candidate:
    """An engine to grade.

    Attributes:
        label: unique in its assignment.
        texts: its files' texts by file name; tests of other files are left out.
        tests: which ones to run: all, or one after another until one fails, with a short deadline
            for each call.
        shrink: whether examples are shrunk, and what they ask is cross-checked, too.
    """

    label: str
    texts: dict[str, str]
    tests: Tests = "all"
    shrink: bool = True


def run(
    course: Course,
    candidates: Mapping[str, Sequence[Candidate]],
    advance: Callable[[int], object] = lambda _: None,
    *,
    workers: int | None = None,
) -> dict[str, dict[str, Report]]:
    """Grade the candidates. Their reports name no mistakes.

    On every expression that a suite uses or that an example is shrunk to, forward mode, the
    reference and central differences must agree; if not, the report is a grader error.

    Args:
        course: has the suites.
        candidates: the engines by assignment.
        advance: called with the number of engines just finished.
        workers: how many processes; by default one for each processor.

    Returns:
        The reports by assignment and label.
    """
    batches = sorted(_batches(course, candidates), key=lambda batch: -batch.cost)
    reports: dict[str, dict[str, Report]] = {name: {} for name in candidates}
    stop = multiprocessing.Event()
    count = min(workers or os.cpu_count() or 1, max(1, len(batches)))
    with ProcessPoolExecutor(count, initializer=_begin, initargs=(stop,)) as pool:
        try:
            with _uninterrupted():
                futures = [pool.submit(_judged, course, batch) for batch in batches]
            for future in as_completed(futures):
                name, done = future.result()
                reports[name].update(done)
                advance(len(done))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return reports


@dataclass(frozen=True)
class _Batch:
    """Engines that one process grades after collecting the suite once."""

    assignment: Assignment
    candidates: tuple[Candidate, ...]
    slot: int
    cost: int


def _batches(course: Course, candidates: Mapping[str, Sequence[Candidate]]) -> Iterator[_Batch]:
    """Batches of similar cost; candidates with short deadlines are batched separately."""
    slots = itertools.count()
    for name, each in candidates.items():
        assignment = course.assignment(name)
        hasty = msgspec.structs.replace(assignment, limits=_short(assignment))
        slow = {file.name for file in assignment.files if file.own_packages}

        def kind(candidate: Candidate, slow: AbstractSet[str] = slow) -> tuple[bool, bool, bool]:
            in_haste = candidate.tests == "until one fails"
            return bool(slow & candidate.texts.keys()), in_haste, candidate.shrink

        for (is_slow, in_haste, _), group in itertools.groupby(sorted(each, key=kind), kind):
            size = _SLOW_BATCH if is_slow else _BATCH
            while batch := tuple(itertools.islice(group, size)):
                cost = len(batch) * (_BATCH // _SLOW_BATCH if is_slow else 1)
                yield _Batch(hasty if in_haste else assignment, batch, next(slots), cost)


def _short(assignment: Assignment) -> Limits:
    limits = assignment.limits
    return msgspec.structs.replace(limits, call_seconds=min(_DEADLINE, limits.call_seconds))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started in the block ignore SIGINT; we receive it when the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_stop: Event
"""Set to make a pool's processes stop after the engine they are judging."""


def _begin(stop: Event) -> None:
    global _stop  # noqa: PLW0603  a pool's initializer cannot return it
    _stop = stop


def _judged(course: Course, batch: _Batch) -> tuple[str, dict[str, Report]]:
    """Grade a batch in this process."""
    reports: list[Report] = []
    haste = _Haste()
    first = batch.assignment.files[0].name

    def pick(
        submission: Submission, tasks: Sequence[Task], outcomes: Mapping[str, Outcome]
    ) -> Iterable[str]:
        candidate = batch.candidates[int(submission.name)]
        named = {task.name: task for task in tasks if (task.file or first) in candidate.texts}
        if candidate.tests == "all":
            return named
        return haste.until_one_fails(named, outcomes)

    shrink = all(candidate.shrink for candidate in batch.candidates)
    sandbox = Limited(trusted=True)
    options = Options(slot=batch.slot, sandbox=sandbox, shrink=shrink, pick=pick)
    try:
        with cross_checked():  # a disagreement becomes a grader error without a score
            grade_each(course, batch.assignment, _handed_in(batch), reports.append, options)
    except SuiteError as error:
        reports = [
            at_fault(batch.assignment, candidate.label, error) for candidate in batch.candidates
        ]
    done = zip((e.label for e in batch.candidates), reports, strict=False)  # fewer when stopped
    return batch.assignment.name, dict(done)


def _handed_in(batch: _Batch) -> Iterator[Submission]:
    for number, candidate in enumerate(batch.candidates):
        if _stop.is_set():
            return
        try:
            yield of_texts(batch.assignment, candidate.texts, str(number))
        except Ungradable as error:
            raise AssertionError(f"{candidate.label}: {error}") from None


def _with_needs(name: str, tasks: Mapping[str, Task]) -> list[str]:
    """The test's name, preceded by those of all tests that it needs."""
    needed = [need for direct in tasks[name].needs for need in _with_needs(direct, tasks)]
    return [*dict.fromkeys(needed), name]


class _Haste:
    """Tries first the test that failed last, then the fastest ones."""

    def __init__(self) -> None:
        self._last = ""
        self._seconds: dict[str, float] = {}

    def until_one_fails(
        self, tasks: Mapping[str, Task], outcomes: Mapping[str, Outcome]
    ) -> Iterator[str]:
        """Names of tests up to the first that fails.

        Args:
            tasks: the tests by name.
            outcomes: those of the tests that ran; it grows while this generator runs.
        """
        order = sorted(tasks, key=lambda name: (name != self._last, self._seconds.get(name, 0.0)))
        for wanted in order:
            for name in _with_needs(wanted, tasks):
                if name in outcomes:
                    continue
                began = time.monotonic()
                yield name
                self._seconds[name] = time.monotonic() - began
                if outcomes[name].status not in ("passed", "not_run"):
                    self._last = name
                    return
