"""Makes the report on a submission: points from outcomes, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import autograder
from autograder.grading.suite import hints, suite_sha256
from autograder.report import (
    VERSION,
    Misconception,
    PartTitle,
    Prediction,
    Report,
    SubmittedFile,
    TestReport,
    fault_in_words,
    writable,
)

if TYPE_CHECKING:
    from autograder.course import Assignment
    from autograder.diagnosis.match import Mistake
    from autograder.grading.attempt import Attempt
    from autograder.grading.pytest_plugin import Outcome, Task
    from autograder.report import Run
    from autograder.submission.read import Ungradable


def of_test(
    assignment: Assignment,
    task: Task,
    tasks: Mapping[str, Task],
    outcome: Outcome,
    mistake: Mistake | None,
) -> TestReport:
    """The report on one test.

    Args:
        assignment: has the hints.
        task: the test.
        tasks: all tests that ran, by name, as a blocked one names the one that it waits for.
        outcome: how it ended.
        mistake: the known mistake to report at it, if any.
    """
    share = 1.0 if outcome.status == "passed" else min(max(outcome.credit, 0.0), 1.0)
    ran = outcome.status != "not_run"
    hint = hints(assignment.name)[task.part]["idea"]
    message = outcome.message
    if outcome.status == "blocked":
        message = f"Waiting for another test to pass: {tasks[message].title}."
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
        place=outcome.place,
    )


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def report(
    attempt: Attempt,
    status: Any,
    *,
    reason: str | None = None,
    tests: Iterable[TestReport] = (),
    predictions: tuple[Prediction, ...] = (),
    run: Run | None = None,
) -> Report:
    """The report on an attempt.

    Args:
        attempt: the submission.
        status: "graded", "ungradable" or "grader_error".
        reason: why there is no verdict, if so.
        tests: the reports on its tests.
        predictions: the learner's guesses, with answers.
        run: a run of their whole loop.
    """
    tests = tuple(tests)
    return _report(
        attempt.assignment,
        SubmittedFile(writable(attempt.submission.name), attempt.submission.sha256),
        status,
        reason,
        score=_whole(round(sum(test.score for test in tests), 2)),
        max_score=_whole(sum(test.max_score for test in tests)),
        sandbox=attempt.sandbox,
        tests=tests,
        predictions=predictions,
        notes=_notes(attempt, tests),
        seed_sha256=attempt.seed_sha256,
        run=run,
        skipped=attempt.skipped(),
        parts=_parts(attempt.assignment, tests),
        remarks=attempt.remarks(),
    )


def _report(
    assignment: Assignment, submitted: SubmittedFile, status: Any, reason: str | None, **more: Any
) -> Report:
    """A report by this kit, without points unless `more` has them."""
    empty: dict[str, Any] = {"score": 0, "max_score": 0, "sandbox": "none", "tests": ()}
    return Report(
        schema_version=VERSION,
        kit_version=autograder.__version__,
        suite_sha256=suite_sha256(assignment.name),
        assignment=assignment.name,
        submission=submitted,
        status=status,
        reason=writable(reason) if reason is not None else None,
        judged_later=assignment.judged_later,
        **empty | more,
    )


def _parts(assignment: Assignment, tests: Iterable[TestReport]) -> tuple[PartTitle, ...]:
    known = hints(assignment.name)
    names = dict.fromkeys(test.part for test in tests)
    return tuple(PartTitle(name, known[name]["title"]) for name in names)


def _notes(attempt: Attempt, tests: Iterable[TestReport]) -> tuple[str, ...]:
    """Notes for the instructor on forged answers, which are no mere slips."""
    forged = [f"{test.name}: {test.message}" for test in tests if test.status == "tampered"]
    if attempt.forged is not None:
        forged.append(attempt.forged)
    return tuple(f"Forged, not just wrong. {writable(text)}" for text in forged)


def refused(assignment: Assignment, name: str, error: Ungradable) -> Report:
    """The report on a submission that could not be read.

    Args:
        assignment: what it is for.
        name: the submission's name.
        error: why.
    """
    return _report(assignment, SubmittedFile(writable(name), ""), "ungradable", str(error))


def at_fault(assignment: Assignment, name: str, fault: Exception) -> Report:
    """The report if the grader itself failed.

    Args:
        assignment: what the submission is for.
        name: the submission's name.
        fault: what was raised.
    """
    return lost(assignment, name, our_fault("Grading", fault))


def lost(assignment: Assignment, name: str, reason: str) -> Report:
    """The report if no grader reached a verdict.

    Args:
        assignment: what the submission is for.
        name: the submission's name.
        reason: why, in a sentence.
    """
    return _report(assignment, SubmittedFile(writable(name), ""), "grader_error", reason)


def our_fault(name: str, fault: BaseException) -> str:
    """The sentence for a failure of ours in `name`."""
    return f"{name} failed because of a bug in the grader: {fault_in_words(fault)}"
