"""Collects a suite once, and runs its tests for one submission after another."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from autograder.diagnosis.predictions import answered
from autograder.grading import verdict
from autograder.grading.attempt import Attempt, slot_of
from autograder.grading.diagnose import examiner, mistakes, whole_run
from autograder.grading.options import Options
from autograder.grading.suite import hints, in_course_order, run_suite, suite_folder
from autograder.remote.errors import SandboxFailed
from autograder.remote.session import open_waiting
from autograder.submission.read import Ungradable, read

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from autograder.course import Assignment, Course
    from autograder.grading.pytest_plugin import SuiteRun, Task
    from autograder.remote.client import WorkerClient
    from autograder.report import Report
    from autograder.submission.read import Submission


def grade(
    course: Course, assignment: Assignment, submission: Submission, options: Options = Options()
) -> Report:
    """Grade one submission.

    Args:
        course: has the seed.
        assignment: has the suite of its name, and the limits.
        submission: what was handed in.
        options: how to grade.

    Returns:
        The report; its status says whether there is a verdict.

    Raises:
        UnknownTest: `options.only` names neither test nor part of the suite.
    """
    reports: list[Report] = []
    grade_each(course, assignment, [submission], reports.append, options)
    return reports[0]


def judge(
    course: Course, assignment: Assignment, place: Path, options: Options = Options()
) -> Report:
    """Read a learner's file and grade it; whatever goes wrong is in the report.

    Args:
        course: has the seed.
        assignment: what the file is for.
        place: the file, or its folder.
        options: how to grade.

    Raises:
        UnknownTest: `options.only` names neither test nor part of the suite.
    """
    try:
        submission = read(assignment, place)
    except Ungradable as error:
        return verdict.refused(assignment, place.name, error)
    try:
        return grade(course, assignment, submission, options)
    except UnknownTest:
        raise
    except Exception as error:  # noqa: BLE001  a bug of ours becomes a report without a score
        return verdict.at_fault(assignment, place.name, error)


class UnknownTest(Exception):
    """There is no test or part of that name; the message lists all tests."""


def grade_each(
    course: Course,
    assignment: Assignment,
    submissions: Iterable[Submission],
    deliver: Callable[[Report], None],
    options: Options = Options(),
    *,
    begin: Callable[[], Options] | None = None,
) -> None:
    """Grade submissions one after another, after collecting the suite once.

    Args:
        course: has the seed.
        assignment: has the suite of its name, and the limits.
        submissions: may be endless and may block; each is requested when the last report was
            delivered, but see `Options.prefetch`.
        deliver: called with each report, in order.
        options: how to grade.
        begin: called when the suite is collected, before the first submission is requested; may
            fork this process. The options that it returns apply from then on.

    Raises:
        UnknownTest: `options.only` names neither test nor part of the suite.
        SuiteError: the suite cannot be collected.
    """
    queue = iter(submissions)
    with ExitStack() as stack:
        attempt = None
        if begin is None:
            first = next(queue, None)
            if first is None:
                return
            # The learner's process starts and loads while pytest is imported and collects tests.
            attempt = Attempt(course, assignment, first, options)
            stack.callback(attempt.close)
        collected = stack.enter_context(_garbage_left_alone())
        loop = Loop(course, assignment, options, attempt, queue, deliver, collected, begin)
        stack.callback(loop.close)
        run_suite(assignment, loop)
        if loop.failure is not None:
            raise loop.failure


@contextmanager
def _garbage_left_alone() -> Iterator[Callable[[], None]]:
    """Pause garbage collection while modules are imported; yields a function that ends it early."""
    was_on = gc.isenabled()
    gc.disable()

    def as_before() -> None:
        if was_on:
            gc.enable()

    try:
        yield as_before
    finally:
        as_before()


class Loop:
    """Replaces pytest's own loop: runs the tests once for each submission."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        options: Options,
        first: Attempt | None,
        queue: Iterator[Submission],
        deliver: Callable[[Report], None],
        collected: Callable[[], None],
        begin: Callable[[], Options] | None,
    ) -> None:
        self.course, self.assignment, self.options = course, assignment, options
        self.queue, self.deliver, self.collected = queue, deliver, collected
        self.attempt, self.begin = first, begin
        self.following: Attempt | None = None
        self.waiting: Mapping[str, WorkerClient] = {}
        self.number = 0
        self.failure: Exception | None = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from autograder.grading.pytest_plugin import SUITE_RUN, SuiteRun

        # otherwise pytest parses the source of every frame of a failure, for text nobody reads
        session.config.option.tbstyle = "line"
        suite_run = session.config.stash[SUITE_RUN] = SuiteRun(self.course.seed)
        self.collected()
        try:
            items = self._chosen(session.items)
            if self.begin is not None:
                self.options = self.begin()
                self.attempt = self._next()
            while self.attempt is not None:
                if self.options.prefetch:
                    self.following = self._next()
                self.deliver(self._judge(self.attempt, items, suite_run))
                self.attempt = self.following if self.options.prefetch else self._next()
        except Exception as error:  # noqa: BLE001  pytest would print it and continue
            self.failure = error
        return True

    def _next(self) -> Attempt | None:
        """The next submission, its process started; None at the end."""
        if self.options.prestart:
            self.waiting = open_waiting(self.assignment, slot_of(self.options, self.number + 1))
        submission = next(self.queue, None)
        if submission is None:
            return None
        self.number += 1
        waiting, self.waiting = self.waiting, {}
        return Attempt(self.course, self.assignment, submission, self.options, self.number, waiting)

    def close(self) -> None:
        """End the learners' processes."""
        for attempt in (self.attempt, self.following):
            if attempt is not None:
                attempt.close()
        for worker in self.waiting.values():
            worker.kill()

    def _chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The items to run, parts in course order, visible tests first."""
        from autograder.grading.pytest_plugin import TASK

        ordered = in_course_order(items, self.assignment)
        only = self.options.only
        if only is None:
            return ordered
        labels = {item: self._labels(item.stash[TASK]) for item in ordered}
        chosen = [item for item in ordered if only.casefold() in map(str.casefold, labels[item])]
        if not chosen:
            known = [label for of_item in labels.values() for label in of_item]
            near = difflib.get_close_matches(only, known, n=1, cutoff=0.4)
            listed = "\n".join(f"  {item.name}  {item.stash[TASK].title}" for item in ordered)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UnknownTest(
                f"{self.assignment.name} has no test or part called {only!r}.{hint}\n{listed}"
            )
        return chosen

    def _labels(self, task: Task) -> tuple[str, ...]:
        """The texts that choose a test: its name and title, its part's name and title."""
        part = hints(self.assignment.name)[task.part]
        return (task.name, task.title, task.part, part.get("title", task.part))

    def _judge(self, attempt: Attempt, items: list[pytest.Item], suite_run: SuiteRun) -> Report:
        from autograder.grading.pytest_plugin import TASK

        try:
            attempt.load()
            if self.options.on_loaded is not None:
                self.options.on_loaded()
            if attempt.reason is not None:
                return verdict.report(attempt, "ungradable", reason=attempt.reason)
            suite_run.sessions, suite_run.broken = attempt.sessions, attempt.broken
            items = self._run(attempt, items, suite_run)
            if suite_run.faults:
                name, fault = next(iter(suite_run.faults.items()))
                return verdict.report(
                    attempt, "grader_error", reason=verdict.our_fault(name, fault)
                )
            tasks = {item.stash[TASK].name: item.stash[TASK] for item in items}
            whole = self.options.only is None and self.options.pick is None
            named = mistakes(attempt, tasks.values(), suite_run) if whole else {}
            outcomes = suite_run.outcomes
            tests = [
                verdict.of_test(self.assignment, task, tasks, outcomes[name], named.get(name))
                for name, task in tasks.items()
            ]
            return verdict.report(
                attempt,
                "graded",
                tests=tests,
                predictions=answered(suite_folder(self.assignment.name), attempt.submission),
                run=whole_run(attempt) if self.options.with_training_run and whole else None,
            )
        except SandboxFailed as error:
            return verdict.report(
                attempt, "grader_error", reason=f"The learner's process failed: {error}."
            )
        except Exception as error:  # noqa: BLE001  a bug of ours: no score for this one; continue with the next
            return verdict.report(
                attempt, "grader_error", reason=verdict.our_fault("Grading", error)
            )
        finally:
            suite_run.clear()
            attempt.close()

    def _run(
        self, attempt: Attempt, items: list[pytest.Item], suite_run: SuiteRun
    ) -> list[pytest.Item]:
        """Run the tests; returns those that ran."""
        from autograder.grading.pytest_plugin import TASK

        chosen: Iterable[tuple[pytest.Item, pytest.Item | None]]
        suite_run.examine = examiner() if self.options.shrink else None
        if self.options.pick is None:
            chosen = zip(items, [*items[1:], None], strict=True)
        else:
            named = {item.name: item for item in items}
            tasks = [item.stash[TASK] for item in items]
            picked = self.options.pick(attempt.submission, tasks, suite_run.outcomes)
            chosen = ((named[name], None) for name in picked)
        ran = []
        for item, following in chosen:
            item._report_sections.clear()  # noqa: SLF001  or A's output would be in B's report
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            ran.append(item)
        return ran
