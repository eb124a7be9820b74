"""What a report says beyond points: smaller examples, mistakes by name, the whole run of a loop.

What that takes is imported when there is something to say, as most submissions need none of it.
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
    """The diagnosis for one submission; imported when it is needed, as most need none."""

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
    """The known mistakes that the learner's code shows, by the test to report them at."""
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
    """What the assignment's loop does as a whole; None where it does not come to its end."""
    from autograder.diagnosis.whole_run import take

    return take(suite_folder(attempt.assignment.name), attempt.sessions.get(None))
