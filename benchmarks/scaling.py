"""What a second worker and a second processor gain, and what endless loops cost the others."""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom import class_run, journal
from autograder.classroom.class_run import RunOptions
from autograder.classroom.conditions import content_sha256, here
from autograder.classroom.grader_socket import Job
from autograder.classroom.graders import Forkserver
from autograder.classroom.intake import HandIn
from autograder.classroom.local import LocalGraders
from autograder.sandbox import bubblewrap
from benchmarks import Row
from benchmarks.handed_in import assignment, course, of_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.classroom.conditions import Conditions

CLASS = 60
COLD = 6  # verdicts that are not timed: processes start, and usual times are learned
_PATIENCE = 60.0


def conditions() -> Conditions:
    """The conditions of the measurements."""
    return here(assignment(), course().seed, sandboxed=True)


def without_ahead(workers: int, number: int) -> float:
    """The seconds for each right submission, if graders start no sandbox ahead of time.

    Args:
        workers: how many graders there are.
        number: how many submissions are graded.
    """
    file = assignment().files[0].name
    handed_in = [{file: text.encode()} for text in of_kind("right", number)]
    jobs = {content_sha256(files): Job(content_sha256(files), files) for files in handed_in}
    waiting, moments = deque(jobs.values()), list[float]()
    with Forkserver(conditions(), prefetch=False) as forkserver:
        graders = LocalGraders(conditions(), workers, forkserver)
        try:
            while len(moments) < number:
                while waiting and graders.submit(waiting[0], patient=False):
                    waiting.popleft()
                for outcome in graders.wait(_PATIENCE):
                    if outcome.kind == "judged":
                        moments.append(time.perf_counter())
                    else:  # another program used the processors: once more
                        waiting.append(jobs[outcome.content])
        finally:
            graders.close()
    return (moments[-1] - moments[COLD - 1]) / (number - COLD)


def at_best(right: int, loops: int = 0) -> float:
    """The seconds that `course class` takes for each right submission, with its usual settings.

    Args:
        right: how many right ones there are.
        loops: how many endless loops are spread evenly among them.
    """
    file = assignment().files[0].name
    texts = of_kind("right", right)
    every = right // loops if loops else right
    for number, loop in enumerate(of_kind("loop", loops)):
        texts.insert(number * (every + 1) + every // 2, loop)
    moments: dict[int, float] = {}

    def tell(progress: class_run.RunProgress) -> None:
        moments.setdefault(progress.done, time.perf_counter())

    handed_in = (HandIn(f"{n:05}", {file: t.encode()}, None, "") for n, t in enumerate(texts))
    with (
        tempfile.TemporaryDirectory() as name,
        journal.create(Path(name) / "out", course(), conditions()) as kept,
    ):
        kept.enrol(handed_in)
        class_run.judge(kept, conditions(), RunOptions(), tell)
    first = min(done for done in moments if done >= COLD)
    last = min(done for done in moments if done >= right)
    return (moments[last] - moments[first]) / (last - first)


@contextmanager
def processors(number: int) -> Iterator[None]:
    """Restrict this process and its children to that many processors."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_of_them)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def two_workers(rounds: int) -> Row:
    """Two graders compared with one."""
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(without_ahead(1, CLASS))
        ours.append(without_ahead(2, CLASS))
    return Row("two workers / one, none starts a sandbox early", ours, theirs, 1 / 1.8)


def two_processors(rounds: int) -> Row:
    """Two processors compared with one, each with the best settings."""
    ours, theirs = [], []
    for _ in range(rounds):
        with processors(1):
            theirs.append(at_best(CLASS))
        with processors(2):
            ours.append(at_best(CLASS))
    return Row("two processors / one, best settings", ours, theirs, 1 / 1.6)


def beside_loops(rounds: int) -> Row:
    """The others in a class where one in ten never ends, compared with a class without loops."""
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(at_best(9 * CLASS // 5))
        ours.append(at_best(9 * CLASS // 5, CLASS // 5))
    return Row("one endless loop in ten: the others / without loops", ours, theirs, 1 / 0.8)


def rows(rounds: int) -> Iterator[Row]:
    """A row for each measurement that this machine allows."""
    if bubblewrap.unavailable() is not None:
        return
    few = max(2, rounds // 3)
    if len(os.sched_getaffinity(0)) > 1:
        yield two_workers(few)
        yield two_processors(few)
    yield beside_loops(few)
