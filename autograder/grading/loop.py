"""The suite collected once, and its items run for one submission after another."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from autograder.diagnosis.predictions import answered
from autograder.grading import verdict
from autograder.grading.attempt import Trial, slot_of
from autograder.grading.diagnose import examiner, mistakes, whole_run
from autograder.grading.options import Policy
from autograder.grading.suite import in_course_order, run_suite, suite_folder
from autograder.remote.errors import SandboxFailed
from autograder.remote.session import open_waiting

if TYPE_CHECKING:
    import pytest

    from autograder.course import Assignment, Course
    from autograder.grading.pytest_plugin import Bench
    from autograder.remote.client import WorkerClient
    from autograder.report import Report
    from autograder.submission.read import Submission


def grade(
    course: Course, assignment: Assignment, submission: Submission, policy: Policy = Policy()
) -> Report:
    """Judge one submission.

    Args:
        course: gives the seed.
        assignment: gives the suite of its name, and the limits.
        submission: what was handed in.
        policy: how to judge.

    Returns:
        The report; its status says whether there is a verdict.

    Raises:
        UnknownTest: `policy.only` names no test of the suite.
    """
    reports: list[Report] = []
    grade_each(course, assignment, [submission], reports.append, policy)
    return reports[0]


class UnknownTest(Exception):
    """There is no test of that name; the message lists those that there are."""


def grade_each(
    course: Course,
    assignment: Assignment,
    submissions: Iterable[Submission],
    deliver: Callable[[Report], None],
    policy: Policy = Policy(),
    *,
    begin: Callable[[], Policy] | None = None,
) -> None:
    """Judge submissions one after another with the suite collected once.

    Args:
        course: gives the seed.
        assignment: gives the suite of its name, and the limits.
        submissions: may be endless and may wait; each is asked for when the last is delivered,
            but see `Policy.ahead`.
        deliver: is called with each report, in order.
        policy: how to judge.
        begin: is called when the suite is collected, before the first submission is asked for; may
            fork this process. The policy that it returns holds from then on.

    Raises:
        UnknownTest: `policy.only` names no test of the suite.
        SuiteError: the suite cannot be collected.
    """
    queue = iter(submissions)
    with ExitStack() as stack:
        trial = None
        if begin is None:
            first = next(queue, None)
            if first is None:
                return
            # The learner's process starts and loads while pytest is imported and collects.
            trial = Trial(course, assignment, first, policy)
            stack.callback(trial.close)
        collected = stack.enter_context(_garbage_left_alone())
        loop = Loop(course, assignment, policy, trial, queue, deliver, collected, begin)
        stack.callback(loop.close)
        run_suite(assignment, loop)
        if loop.failure is not None:
            raise loop.failure


@contextmanager
def _garbage_left_alone() -> Iterator[Callable[[], None]]:
    """No garbage collection while much is imported that stays; yields what ends that early."""
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
    """Takes the place of pytest's own loop: the items once for each submission."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        policy: Policy,
        first: Trial | None,
        queue: Iterator[Submission],
        deliver: Callable[[Report], None],
        collected: Callable[[], None],
        begin: Callable[[], Policy] | None,
    ) -> None:
        self.course, self.assignment, self.policy = course, assignment, policy
        self.queue, self.deliver, self.collected = queue, deliver, collected
        self.trial, self.begin = first, begin
        self.following: Trial | None = None
        self.waiting: Mapping[str, WorkerClient] = {}
        self.number = 0
        self.failure: Exception | None = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from autograder.grading.pytest_plugin import BENCH, Bench

        # else pytest parses the source of every frame of a failure, for a text that nobody reads
        session.config.option.tbstyle = "line"
        bench = session.config.stash[BENCH] = Bench(self.course.seed)
        self.collected()
        try:
            items = self._chosen(session.items)
            if self.begin is not None:
                self.policy = self.begin()
                self.trial = self._next()
            while self.trial is not None:
                if self.policy.ahead:
                    self.following = self._next()
                self.deliver(self._judge(self.trial, items, bench))
                self.trial = self.following if self.policy.ahead else self._next()
        except Exception as error:  # noqa: BLE001  pytest would print it and go on
            self.failure = error
        return True

    def _next(self) -> Trial | None:
        """The next submission, its process started; None at the end."""
        if self.policy.early:
            self.waiting = open_waiting(self.assignment, slot_of(self.policy, self.number + 1))
        submission = next(self.queue, None)
        if submission is None:
            return None
        self.number += 1
        waiting, self.waiting = self.waiting, {}
        return Trial(self.course, self.assignment, submission, self.policy, self.number, waiting)

    def close(self) -> None:
        """End the learners' processes."""
        for trial in (self.trial, self.following):
            if trial is not None:
                trial.close()
        for worker in self.waiting.values():
            worker.kill()

    def _chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The items to run, parts in course order, visible tests first."""
        from autograder.grading.pytest_plugin import TASK

        ordered = in_course_order(items, self.assignment)
        only = self.policy.only
        if only is None:
            return ordered
        chosen = [item for item in ordered if item.name == only]
        if not chosen:
            names = [item.name for item in ordered]
            near = difflib.get_close_matches(only, names, n=1, cutoff=0.4)
            listed = "\n".join(f"  {item.name}  {item.stash[TASK].title}" for item in ordered)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UnknownTest(f"{self.assignment.name} has no test {only!r}.{hint}\n{listed}")
        return chosen

    def _judge(self, trial: Trial, items: list[pytest.Item], bench: Bench) -> Report:
        from autograder.grading.pytest_plugin import TASK

        try:
            trial.load()
            if self.policy.loaded is not None:
                self.policy.loaded()
            if trial.reason is not None:
                return verdict.report(trial, "ungradable", reason=trial.reason)
            bench.sessions, bench.broken = trial.sessions, trial.broken
            items = self._run(trial, items, bench)
            if bench.faults:
                name, fault = next(iter(bench.faults.items()))
                return verdict.report(trial, "grader_error", reason=verdict.our_fault(name, fault))
            tasks = {item.stash[TASK].name: item.stash[TASK] for item in items}
            whole = self.policy.only is None and self.policy.pick is None
            named = mistakes(trial, tasks.values(), bench) if whole else {}
            outcomes = bench.outcomes
            tests = [
                verdict.of_test(self.assignment, task, tasks, outcomes[name], named.get(name))
                for name, task in tasks.items()
            ]
            return verdict.report(
                trial,
                "graded",
                tests=tests,
                predictions=answered(suite_folder(self.assignment.name), trial.submission),
                run=whole_run(trial) if self.policy.run and whole else None,
            )
        except SandboxFailed as error:
            return verdict.report(trial, "grader_error", reason=f"The learner's process: {error}.")
        except Exception as error:  # noqa: BLE001  ours: no score for this one, on with the next
            return verdict.report(trial, "grader_error", reason=verdict.our_fault("Grading", error))
        finally:
            bench.clear()
            trial.close()

    def _run(self, trial: Trial, items: list[pytest.Item], bench: Bench) -> list[pytest.Item]:
        """Run the tests; returns those that ran."""
        from autograder.grading.pytest_plugin import TASK

        chosen: Iterable[tuple[pytest.Item, pytest.Item | None]]
        bench.examine = examiner() if self.policy.shrink else None
        if self.policy.pick is None:
            chosen = zip(items, [*items[1:], None], strict=True)
        else:
            named = {item.name: item for item in items}
            tasks = [item.stash[TASK] for item in items]
            picked = self.policy.pick(trial.submission, tasks, bench.outcomes)
            chosen = ((named[name], None) for name in picked)
        ran = []
        for item, following in chosen:
            item._report_sections.clear()  # noqa: SLF001  else A's output is in B's report
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            ran.append(item)
        return ran
