"""grade(course, assignment, submission) → Report: the one way to a verdict, for every caller."""

from __future__ import annotations

import difflib
import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

import autograder
from autograder.diagnosis.predictions import answered
from autograder.learner import slots
from autograder.learner.api import Learner
from autograder.learner.host import LearnerFault, SandboxFailed, Tampered
from autograder.learner.session import Session, load_failure, open_sessions, open_waiting
from autograder.oracles.random_graphs import seeded
from autograder.report import (
    Misconception,
    Prediction,
    Report,
    SandboxName,
    SubmissionFacts,
    TestReport,
    fault_in_words,
    writable,
)
from autograder.submission import Submission, Ungradable
from autograder.suite import (
    SuiteError,
    hints,
    in_course_order,
    run_suite,
    suite_folder,
    suite_sha256,
)

if TYPE_CHECKING:
    import pytest

    from autograder.course import Assignment, AssignmentFile, Course
    from autograder.diagnosis.fingerprint import Mistake
    from autograder.diagnosis.shrink import Budget
    from autograder.learner.host import Worker
    from autograder.oracles.case import Finding
    from autograder.pytest_plugin import Bench, Examine, Outcome, Task
    from autograder.report import Graph, Run

Pick = Callable[[Submission, "Sequence[Task]", "Mapping[str, Outcome]"], Iterable[str]]


_MOST_SKIPPED = 5
"""Cells of a notebook that raised, of which a report speaks."""
_LONGEST_ERROR = 300
"""Characters of what such a cell raised."""


class Policy(msgspec.Struct, frozen=True):
    """How to judge.

    Attributes:
        require_sandbox: never fall back to a limited process (for others' work).
        only: judge this test alone.
        slot: graders that run at once have different ones; None is this process's own.
        ahead: start the next submission's process while this one is judged. The next one is then
            asked for before this one is delivered.
        early: start the next submission's process before that is there: for who waits for it.
        run: let the learner's loop run as a whole too, where the suite has such a run; a second or
            two, for a picture.
        trusted: the work is ours: a limited process will do, which starts sooner.
        pick: names the tests to run for a submission, as outcomes come in; nothing is diagnosed.
            For who puts the suite itself on trial.
        loaded: is called when a submission's files have run, before anything is asked of them.
    """

    require_sandbox: bool = False
    only: str | None = None
    slot: int | None = None
    ahead: bool = False
    early: bool = False
    run: bool = False
    trusted: bool = False
    pick: Pick | None = None
    loaded: Callable[[], None] | None = None


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
            trial = _Trial(course, assignment, first, policy)
            stack.callback(trial.close)
        collector = stack.enter_context(_garbage_left_alone())

        import pytest

        loop = _Loop(course, assignment, policy, trial, queue, deliver, collector, begin)
        stack.callback(loop.close)
        code = run_suite(assignment, loop)
        if code == pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        if loop.failure is not None:
            raise loop.failure
        if not loop.ran:
            raise SuiteError(
                f"The suite of {assignment.name} cannot be collected (pytest: {code})."
            )


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


def _slot(policy: Policy, number: int) -> int:
    """With `ahead` two submissions live at once, so neighbours have different ones."""
    slot = slots.own() if policy.slot is None else policy.slot
    return 2 * slot + number % 2


class _Trial:
    """One submission on the bench: its workers, and what it comes to."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        submission: Submission,
        policy: Policy,
        number: int = 0,
        waiting: Mapping[str, Worker] | None = None,
    ) -> None:
        self.assignment, self.submission = assignment, submission
        self.sessions: dict[str | None, Session] = {}
        self.reason: str | None = None
        self.sandbox: SandboxName = "none"
        self.fault: OSError | None = None
        # the learner's code sees this one: it tells nothing about the course's seed
        chance = int(seeded("chance", assignment.name).random() * 2**32)
        self.seed_sha256 = hashlib.sha256(course.seed.encode()).hexdigest()
        self.forged: str | None = None
        self.broken: dict[str, str] = {}  # why a further file could not be loaded, by its name
        how: dict[str, Any] = {
            "seed": chance,
            "require_sandbox": policy.require_sandbox,
            "trusted": policy.trusted,
            "slot": _slot(policy, number),
        }
        try:
            self.sessions = open_sessions(submission, assignment, waiting, **how)
        except Ungradable as error:
            self.reason = str(error)
        except OSError as error:
            self.fault = error

    def load(self) -> None:
        """Wait until the learner's files have run; `reason` then says why they cannot be judged."""
        if self.fault is not None:
            raise self.fault
        if self.reason is not None:
            return
        first, alone = self.assignment.files[0], None not in self.sessions
        for file in self.assignment.files:
            session = self.sessions.get(file.name)
            if session is None:
                continue
            reason = self._load(session, file)
            self.sandbox = session.sandbox_name
            if reason is not None and (alone or file is first or self.forged is not None):
                self.reason = reason
                return
            if reason is not None:  # a further file loses its own tests, and no others
                self.broken[file.name] = reason
                self.sessions.pop(file.name).close()

    def _load(self, session: Session, file: AssignmentFile) -> str | None:
        """Wait for one file; returns why it cannot be judged, if so."""
        try:
            session.load()
            self._expect_names(file.asks, session.names, file.name)
        except Ungradable as error:
            return str(error)
        except LearnerFault as error:
            if isinstance(error, Tampered):
                self.forged = f"{file.name}: {error}"
            return str(load_failure(error, file.name))
        return None

    def skipped(self) -> tuple[str, ...]:
        """What is to be said of a notebook's cells that raised."""
        sessions = [each for name, each in self.sessions.items() if name is not None]
        said = []
        for session in sessions:
            file = session.source.file.module if len(sessions) > 1 else ""
            for error in session.skipped[:_MOST_SKIPPED]:
                where = next(
                    (f"{place}, line {line}," for place, line, _ in error.lines[:1]), "a cell"
                )
                text = f"{file} {where} raised {str(error)[:_LONGEST_ERROR].rstrip('.')}".strip()
                said.append(writable(f"{text[:1].upper()}{text[1:]}. It was skipped."))
        return tuple(said)

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
            f"{hint or ' Is it the right file? Demo cells do not count.'}"
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
        first: _Trial | None,
        queue: Iterator[Submission],
        deliver: Callable[[Report], None],
        collected: Callable[[], None],
        begin: Callable[[], Policy] | None,
    ) -> None:
        self.course, self.assignment, self.policy = course, assignment, policy
        self.queue, self.deliver, self.collected = queue, deliver, collected
        self.trial, self.begin = first, begin
        self.following: _Trial | None = None
        self.waiting: Mapping[str, Worker] = {}
        self.number = 0
        self.ran = False
        self.failure: Exception | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failure = SuiteError(f"{self.assignment.name}: {report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.failure is not None:
            return True
        from autograder.pytest_plugin import BENCH, Bench

        # else pytest parses the source of every frame of a failure, for a text that nobody reads
        session.config.option.tbstyle = "line"
        bench = session.config.stash[BENCH] = Bench(self.course.seed)
        self.ran = True
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

    def _next(self) -> _Trial | None:
        """The next submission, its process started; None at the end."""
        if self.policy.early:
            self.waiting = open_waiting(self.assignment, _slot(self.policy, self.number + 1))
        submission = next(self.queue, None)
        if submission is None:
            return None
        self.number += 1
        waiting, self.waiting = self.waiting, {}
        return _Trial(self.course, self.assignment, submission, self.policy, self.number, waiting)

    def close(self) -> None:
        """End the learners' processes."""
        for trial in (self.trial, self.following):
            if trial is not None:
                trial.close()
        for worker in self.waiting.values():
            worker.kill()

    def _chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The items to run, parts in course order, visible tests first."""
        from autograder.pytest_plugin import TASK

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

    def _judge(self, trial: _Trial, items: list[pytest.Item], bench: Bench) -> Report:
        from autograder.pytest_plugin import TASK

        try:
            trial.load()
            if self.policy.loaded is not None:
                self.policy.loaded()
            if trial.reason is not None:
                return _report(trial, "ungradable", reason=trial.reason)
            bench.sessions, bench.broken = trial.sessions, trial.broken
            items = self._run(trial, items, bench)
            if bench.faults:
                name, fault = next(iter(bench.faults.items()))
                return _report(trial, "grader_error", reason=_our_fault(name, fault))
            tasks = {item.stash[TASK].name: item.stash[TASK] for item in items}
            mistakes = self._mistakes(trial, tasks.values(), bench)
            tests = [
                _test_report(task, tasks, bench, self.assignment, mistakes)
                for task in tasks.values()
            ]
            guesses = answered(suite_folder(self.assignment.name), trial.submission)
            run = self._whole_run(trial) if self.policy.run and self.policy.only is None else None
            return _report(trial, "graded", tests=tests, predictions=guesses, run=run)
        except SandboxFailed as error:
            return _report(trial, "grader_error", reason=f"The learner's process: {error}.")
        except Exception as error:  # noqa: BLE001  ours: no score for this one, on with the next
            return _report(trial, "grader_error", reason=_our_fault("Grading", error))
        finally:
            bench.clear()
            trial.close()

    def _run(self, trial: _Trial, items: list[pytest.Item], bench: Bench) -> list[pytest.Item]:
        """Run the tests; returns those that ran."""
        from autograder.pytest_plugin import TASK

        chosen: Iterable[tuple[pytest.Item, pytest.Item | None]]
        if self.policy.pick is None:
            bench.examine = _examiner()
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

    def _mistakes(self, trial: _Trial, tasks: Iterable[Task], bench: Bench) -> dict[str, Mistake]:
        """The known mistakes that the learner's code shows, by the test to report them at."""
        suite = suite_folder(self.assignment.name)
        failed = [n for n, o in bench.outcomes.items() if o.status in ("failed", "error")]
        partial = self.policy.only is not None or self.policy.pick is not None
        if not failed or partial:
            return {}
        from autograder.diagnosis import fingerprint

        known = fingerprint.table(suite)
        if known is None:
            return {}
        found: dict[str, Mistake] = {}
        for file, wanted in fingerprint.probes(suite).items():
            lost = [task.name for task in tasks if task.file == file and task.name in failed]
            session = trial.sessions.get(file)
            if not lost or session is None:
                continue
            try:
                session.begin_test()
                answers = fingerprint.take(Learner(session), wanted)
            except LearnerFault:
                continue
            for mistake in fingerprint.match(answers, known, fingerprint.rests_on(suite)):
                free = [name for name in lost if name not in found]
                if free:
                    found[mistake.caught_by if mistake.caught_by in free else free[0]] = mistake
        return found

    def _whole_run(self, trial: _Trial) -> Run | None:
        """What the assignment's loop does as a whole; None where it does not come to its end."""
        from autograder.diagnosis import whole_run

        return whole_run.take(suite_folder(self.assignment.name), trial.sessions.get(None))


def _examiner() -> Examine:
    """The diagnosis for one submission; imported when it is needed, as most need none."""

    @cache
    def budget() -> Budget:
        from autograder.diagnosis.examine import QUESTIONS
        from autograder.diagnosis.shrink import Budget

        return Budget(QUESTIONS)

    def closer(finding: Finding, learner: Learner) -> tuple[Exception, Graph | None]:
        from autograder.diagnosis.examine import examine

        return examine(finding, learner, budget())

    return closer


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
    run: Run | None = None,
) -> Report:
    tests = tuple(tests)
    return Report(
        schema_version=1,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(trial.assignment.name),
        assignment=trial.assignment.name,
        submission=SubmissionFacts(writable(trial.submission.name), trial.submission.sha256),
        status=status,
        reason=writable(reason) if reason is not None else None,
        score=_whole(round(sum(test.score for test in tests), 2)),
        max_score=_whole(sum(test.max_score for test in tests)),
        sandbox=trial.sandbox,
        tests=tests,
        predictions=predictions,
        notes=_notes(trial, tests),
        seed_sha256=trial.seed_sha256,
        run=run,
        skipped=trial.skipped(),
    )


def _notes(trial: _Trial, tests: Iterable[TestReport]) -> tuple[str, ...]:
    """For the instructor: a forged answer is no slip, though a broken process may look like one."""
    forged = [f"{test.name}: {test.message}" for test in tests if test.status == "tampered"]
    if trial.forged is not None:
        forged.append(trial.forged)
    return tuple(f"Forged, not only wrong. {writable(text)}" for text in forged)


def refused(assignment: Assignment, name: str, error: Ungradable) -> Report:
    """The report on what could not even be read."""
    return _without_verdict(assignment, name, "ungradable", str(error))


def at_fault(assignment: Assignment, name: str, fault: Exception) -> Report:
    """The report where the grader itself failed, `name` being the submission's."""
    return _without_verdict(assignment, name, "grader_error", _our_fault("Grading", fault))


def _without_verdict(assignment: Assignment, name: str, status: Any, reason: str) -> Report:
    return Report(
        schema_version=1,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(assignment.name),
        assignment=assignment.name,
        submission=SubmissionFacts(writable(name), ""),
        status=status,
        reason=writable(reason),
        score=0,
        max_score=0,
        sandbox="none",
        tests=(),
    )


def _our_fault(name: str, fault: BaseException) -> str:
    return f"{name} failed by a mistake of ours: {fault_in_words(fault)}"
