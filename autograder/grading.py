"""grade(course, assignment, submission) → Report: the one way to a verdict, for every caller."""

from __future__ import annotations

import difflib
import hashlib
import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import autograder
from autograder.diagnosis import fingerprint
from autograder.diagnosis.examine import QUESTIONS, examine
from autograder.diagnosis.predictions import answered
from autograder.diagnosis.shrink import Budget
from autograder.learner.api import Learner
from autograder.learner.host import LearnerFault, SandboxFailed
from autograder.learner.session import Session, load_failure, open_sessions
from autograder.oracles.random_graphs import seeded
from autograder.report import (
    Misconception,
    Prediction,
    Report,
    SandboxName,
    SubmissionFacts,
    TestReport,
)
from autograder.submission import Submission, Ungradable

if TYPE_CHECKING:
    import pytest

    from autograder.course import Assignment, Course
    from autograder.diagnosis.fingerprint import Mistake
    from autograder.pytest_plugin import Bench, Task

SUITES = Path(__file__).resolve().parent / "suites"
NO_PYTEST_PLUGINS = (
    "cacheprovider",
    "junitxml",
    "doctest",
    "pastebin",
    "faulthandler",
    "logging",
    "terminal",
    "unraisableexception",
    "threadexception",
    "warnings",
)


@dataclass(frozen=True)
class Policy:
    """How to judge.

    Attributes:
        require_sandbox: never fall back to a limited process (for others' work).
        only: judge this test alone.
        slot: graders that run at once have different ones.
    """

    require_sandbox: bool = False
    only: str | None = None
    slot: int = 0


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


class SuiteError(Exception):
    """The suite itself cannot be used: a mistake of ours."""


def grade_each(
    course: Course,
    assignment: Assignment,
    submissions: Iterable[Submission],
    deliver: Callable[[Report], None],
    policy: Policy = Policy(),
) -> None:
    """Judge submissions one after another with the suite collected once.

    Args:
        course: gives the seed.
        assignment: gives the suite of its name, and the limits.
        submissions: may be endless and may wait; each is asked for when the last is delivered.
        deliver: is called with each report, in order.
        policy: how to judge.

    Raises:
        UnknownTest: `policy.only` names no test of the suite.
        SuiteError: the suite cannot be collected.
    """
    queue = iter(submissions)
    with ExitStack() as stack:
        first = next(queue, None)
        if first is None:
            return
        # The learner's process starts and loads while pytest is imported and collects.
        trial = _Trial(course, assignment, first, policy)
        stack.callback(trial.close)

        import pytest

        loop = _Loop(course, assignment, policy, trial, queue, deliver)
        suite = SUITES / assignment.name
        arguments = [str(suite), "-c", os.devnull, "--rootdir", str(SUITES)]
        arguments += ["-p", "autograder.pytest_plugin", "--import-mode=importlib"]
        arguments += ["--assert=plain", "--capture=no"]
        for name in NO_PYTEST_PLUGINS:
            arguments += ["-p", f"no:{name}"]
        previous = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        try:
            code = pytest.main(arguments, plugins=[loop])
        finally:
            if previous is None:
                del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
            else:
                os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = previous
        if loop.failure is not None:
            raise loop.failure
        if not loop.ran:
            raise SuiteError(
                f"The suite of {assignment.name} cannot be collected (pytest: {code})."
            )


class _Trial:
    """One submission on the bench: its workers, and what it comes to."""

    def __init__(
        self, course: Course, assignment: Assignment, submission: Submission, policy: Policy
    ) -> None:
        self.assignment, self.submission = assignment, submission
        self.sessions: dict[str | None, Session] = {}
        self.reason: str | None = None
        self.sandbox: SandboxName = "none"
        chance = int(seeded(course.seed, assignment.name).random() * 2**32)
        how: dict[str, Any] = {
            "seed": chance,
            "require_sandbox": policy.require_sandbox,
            "slot": policy.slot,
        }
        try:
            self.sessions = open_sessions(submission, assignment, **how)
        except Ungradable as error:
            self.reason = str(error)

    def load(self) -> None:
        """Wait until the learner's files have run; `reason` then says whether they can be judged."""
        if self.reason is not None:
            return
        for file in self.assignment.files:
            session = self.sessions.get(file.name)
            if session is None:
                continue
            try:
                session.load()
                self._expect_names(file.asks, session.names, file.name)
            except Ungradable as error:
                self.reason = str(error)
            except LearnerFault as error:
                self.reason = str(load_failure(error, file.name))
            self.sandbox = session.sandbox_name
            if self.reason is not None:
                return

    def _expect_names(self, asks: tuple[str, ...], names: tuple[str, ...], file_name: str) -> None:
        """One of the names that the assignment asks for must be there."""
        if not asks or any(name in names for name in asks):
            return
        wanted = ", ".join(f"`{name}`" for name in asks)
        near = {
            name: close[0]
            for name in asks
            if (close := difflib.get_close_matches(name, names, n=1, cutoff=0.6))
        }
        hint = "".join(f" Is `{is_}` meant to be `{should}`?" for should, is_ in near.items())
        raise Ungradable(
            f"{file_name} defines none of the names that {self.assignment.name} asks for: {wanted}."
            f"{hint or ' Is it the right file? Cells tagged demo do not count.'}"
        )

    def close(self) -> None:
        """End the learner's processes."""
        for session in self.sessions.values():
            session.close()


class _Loop:
    """Takes the place of pytest's own loop: the items once for each submission."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        policy: Policy,
        first: _Trial,
        queue: Iterable[Submission],
        deliver: Callable[[Report], None],
    ) -> None:
        self.course, self.assignment, self.policy = course, assignment, policy
        self.trial, self.queue, self.deliver = first, queue, deliver
        self.ran = False
        self.failure: Exception | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failure = SuiteError(f"{self.assignment.name}: {report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.failure is not None:
            return True
        from autograder.pytest_plugin import BENCH, Bench

        bench = session.config.stash[BENCH] = Bench(self.course.seed)
        self.ran = True
        try:
            items = self._chosen(session.items)
            while True:
                self.deliver(self._judge(self.trial, items, bench))
                following = next(iter(self.queue), None)
                if following is None:
                    return True
                self.trial = _Trial(self.course, self.assignment, following, self.policy)
        except Exception as error:  # noqa: BLE001  pytest would print it and go on
            self.failure = error
            return True

    def _chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The items to run, parts in course order, visible tests first."""
        from autograder.pytest_plugin import TASK

        parts = list(hints(self.assignment.name))
        for item in items:
            if TASK not in item.stash or item.stash[TASK].part not in parts:
                raise SuiteError(f"{item.nodeid}: its part has no entry in hints.toml.")
        ordered = sorted(
            items,
            key=lambda item: (parts.index(item.stash[TASK].part), not item.stash[TASK].visible),
        )
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

    def _judge(self, trial: _Trial, items: list[pytest.Item], bench: Bench) -> Report:
        from autograder.pytest_plugin import TASK

        try:
            trial.load()
            if trial.reason is not None:
                return _report(trial, "ungradable", reason=trial.reason)
            bench.sessions = trial.sessions
            budget = Budget(QUESTIONS)
            bench.examine = lambda finding, learner: examine(finding, learner, budget)
            for item in items:
                item._report_sections.clear()  # type: ignore[attr-defined]  # noqa: SLF001  else A's output is in B's report
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if bench.faults:
                name, fault = next(iter(bench.faults.items()))
                return _report(trial, "grader_error", reason=_our_fault(name, fault))
            tasks = {item.stash[TASK].name: item.stash[TASK] for item in items}
            mistakes = self._mistakes(trial, bench)
            tests = [
                _test_report(task, tasks, bench, self.assignment, mistakes)
                for task in tasks.values()
            ]
            guesses = answered(SUITES / self.assignment.name, trial.submission)
            return _report(trial, "graded", tests=tests, predictions=guesses)
        except SandboxFailed as error:
            return _report(trial, "grader_error", reason=f"The learner's process: {error}.")
        finally:
            bench.clear()
            trial.close()

    def _mistakes(self, trial: _Trial, bench: Bench) -> dict[str, Mistake]:
        """The known mistakes that the learner's code shows, by the failed test to report them at."""
        suite = SUITES / self.assignment.name
        failed = [n for n, o in bench.outcomes.items() if o.status in ("failed", "error")]
        known = fingerprint.table(suite)
        if not failed or known is None or self.policy.only is not None:
            return {}
        session = trial.sessions.get(None)
        if session is None:
            return {}
        try:
            session.begin_test()
            answers = fingerprint.take(Learner(session), fingerprint.probes(suite))
        except LearnerFault:
            return {}
        found: dict[str, Mistake] = {}
        for mistake in fingerprint.match(answers, known):
            free = [name for name in failed if name not in found]
            if free:
                found[mistake.caught_by if mistake.caught_by in free else free[0]] = mistake
        return found


def _test_report(
    task: Task,
    tasks: Mapping[str, Task],
    bench: Bench,
    assignment: Assignment,
    mistakes: Mapping[str, Mistake],
) -> TestReport:
    outcome = bench.outcomes[task.name]
    share = 1.0 if outcome.status == "passed" else min(max(outcome.credit, 0.0), 1.0)
    ran = outcome.status != "not_run"
    mistake = mistakes.get(task.name)
    hint = hints(assignment.name)[task.part]["idea"]
    message = outcome.message
    if outcome.status == "blocked":
        message = f"This waits for another one to pass: {tasks[message].title}."
    return TestReport(
        name=task.name,
        title=task.title,
        part=task.part,
        status=outcome.status,
        score=_whole(round(task.points * share, 2)) if ran else 0,
        max_score=_whole(task.points) if ran else 0,
        visible=task.visible,
        message=message,
        counterexample=outcome.counterexample,
        graph=outcome.graph,
        misconception=Misconception(mistake.family, mistake.text) if mistake else None,
        hint=hint if outcome.status not in ("passed", "blocked", "not_run") else None,
        output=outcome.output,
    )


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _report(
    trial: _Trial,
    status: Any,
    *,
    reason: str | None = None,
    tests: Iterable[TestReport] = (),
    predictions: tuple[Prediction, ...] = (),
) -> Report:
    tests = tuple(tests)
    return Report(
        schema_version=1,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(trial.assignment.name),
        assignment=trial.assignment.name,
        submission=SubmissionFacts(trial.submission.name, trial.submission.sha256),
        status=status,
        reason=reason,
        score=_whole(round(sum(test.score for test in tests), 2)),
        max_score=_whole(sum(test.max_score for test in tests)),
        sandbox=trial.sandbox,
        tests=tests,
        predictions=predictions,
    )


def refused(assignment: Assignment, name: str, error: Ungradable) -> Report:
    """The report on what could not even be read."""
    return Report(
        schema_version=1,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(assignment.name),
        assignment=assignment.name,
        submission=SubmissionFacts(name, ""),
        status="ungradable",
        reason=str(error),
        score=0,
        max_score=0,
        sandbox="none",
        tests=(),
    )


def _our_fault(name: str, fault: BaseException) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"{name} failed by a mistake of ours{where}: {type(fault).__name__}: {fault}"


@cache
def suite_sha256(assignment_name: str) -> str:
    """The hash of all files of a suite: two verdicts with the same one asked the same."""
    digest = hashlib.sha256()
    for path in sorted((SUITES / assignment_name).rglob("*")):
        if path.suffix in (".py", ".toml"):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@cache
def hints(assignment_name: str) -> dict[str, dict[str, str]]:
    """The hint ladder of each part, in course order: title, idea, place, line."""
    import tomllib

    path = SUITES / assignment_name / "hints.toml"
    parts: dict[str, dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["parts"]
    return parts
