"""What a report has besides points: smaller examples, recognised mistakes, a run of the whole loop.

Diagnosis is imported lazily, as most submissions do not need it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from autograder.grading.suite import suite_folder

if TYPE_CHECKING:
    from autograder.diagnosis.match import Mistake
    from autograder.diagnosis.shrink import Budget
    from autograder.grading.attempt import Attempt
    from autograder.grading.pytest_plugin import Again, Examine, SuiteRun, Task
    from autograder.report import Graph, Run


def examiner() -> Examine:
    """The diagnosis for one submission, as `SuiteRun.examine`."""

    @cache
    def budget() -> Budget:
        from autograder.diagnosis.examine import QUESTIONS
        from autograder.diagnosis.shrink import Budget

        return Budget(QUESTIONS)

    def closer(error: BaseException, again: Again) -> tuple[BaseException, Graph | None]:
        from autograder.diagnosis.examine import examine

        return examine(error, again, budget())

    return closer


def mistakes(attempt: Attempt, tasks: Iterable[Task], suite_run: SuiteRun) -> dict[str, Mistake]:
    """The known mistakes that the learner's code makes, by the test to report them at.

    Args:
        attempt: the submission.
        tasks: the tests that ran.
        suite_run: how they ended.
    """
    suite = suite_folder(attempt.assignment.name)
    if not any(o.status in _LOST for o in suite_run.outcomes.values()):
        return {}
    from autograder.diagnosis import fingerprint

    known = fingerprint.table(suite)
    if known is None:
        return {}
    found: dict[str, Mistake] = {}
    for file, plan in fingerprint.plans(suite).items():
        lost = {
            t.name for t in tasks if t.file == file and suite_run.outcomes[t.name].status in _LOST
        }
        session = attempt.sessions.get(file)
        if lost and session is not None:
            from autograder.grading.naming import Naming

            found |= Naming(known, plan, session, suite_run.outcomes).names(lost)
    return found


_LOST = ("failed", "error", "timeout")


def whole_run(attempt: Attempt) -> Run | None:
    """A run of the learner's whole loop; None if there is none, or it does not finish."""
    from autograder.diagnosis.whole_run import take

    return take(suite_folder(attempt.assignment.name), attempt.sessions.get(None))
