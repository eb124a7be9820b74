"""Many engines through one suite, several processes at a time."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder import course as courses
from autograder.grading import Policy, grade_each
from autograder.report import Report
from autograder.submission import Ungradable, of_texts

_BATCH = 12
_DEADLINE = 1.0  # seconds a call may take: a mutant that hangs is as good as caught


@dataclass(frozen=True)
class Entrant:
    """An engine on trial: a label, and its files' texts by file name."""

    label: str
    texts: dict[str, str]


def run(
    course: courses.Course,
    assignment: courses.Assignment,
    entrants: Sequence[Entrant],
    advance: Callable[[int], object],
    *,
    hurried: bool = False,
    workers: int | None = None,
) -> dict[str, Report]:
    """The reports by label.

    Args:
        course: where the assignment is found again by each process.
        assignment: whose suite judges.
        entrants: the engines; their labels differ.
        advance: is told how many more are done.
        hurried: with a short deadline for each call.
        workers: processes; by default one for each processor.
    """
    batches = list(_batches(entrants))
    reports: dict[str, Report] = {}
    count = workers or os.cpu_count() or 1
    with ProcessPoolExecutor(min(count, max(1, len(batches)))) as pool:
        futures = [
            pool.submit(_batch, course.root, assignment.name, batch, hurried=hurried, slot=slot)
            for slot, batch in enumerate(batches)
        ]
        for future in as_completed(futures):
            done = future.result()
            reports.update(done)
            advance(len(done))
    return reports


def _batches(entrants: Sequence[Entrant]) -> Iterator[list[Entrant]]:
    remaining = iter(entrants)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch


def _batch(
    root: Path, name: str, entrants: Sequence[Entrant], *, hurried: bool, slot: int
) -> dict[str, Report]:
    """Judge a batch in this process, the suite collected once."""
    course = courses.load(root)
    assignment = course.assignment(name)
    if hurried:
        short = min(_DEADLINE, assignment.limits.call_seconds)
        limits = msgspec.structs.replace(assignment.limits, call_seconds=short)
        assignment = msgspec.structs.replace(assignment, limits=limits)
    reports: list[Report] = []
    handed_in = []
    for entrant in entrants:
        try:
            handed_in.append(of_texts(assignment, entrant.texts, entrant.label))
        except Ungradable as error:
            raise AssertionError(f"{entrant.label}: {error}") from None
    grade_each(course, assignment, handed_in, reports.append, Policy(slot=slot))
    return dict(zip((e.label for e in entrants), reports, strict=True))
