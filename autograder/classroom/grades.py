"""What counts for each learner: the tests' points, or what nbgrader's gradebook makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.classroom.summary import MISSING, NOT_JUDGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from autograder.classroom.results import Result
    from autograder.report import Report

_WHY = {
    "ungradable": "cannot be graded",
    "grader_error": "no result, because the grader failed",
    NOT_JUDGED: NOT_JUDGED,
    MISSING: MISSING,
}
NOT_RUN = "tests did not run because a package is missing here"


@dataclass(frozen=True)
class Grade:
    """What counts for one learner.

    Attributes:
        learner: who.
        score: points; None where nothing is known that could count.
        max_score: of so many.
        why: why there is no score; empty where there is one.
        name: what people call them; empty where that is not known.
        tests: of the score, what the tests gave.
        by_hand: what a person gave or took: answers in words, overrides, extra credit.
        penalty: what late work costs.
        waiting: how many answers wait for a person's points, and count 0 until then.
    """

    learner: str
    score: float | None
    max_score: float
    why: str = ""
    name: str = ""
    tests: float = 0
    by_hand: float = 0
    penalty: float = 0
    waiting: int = 0


def of_tests(results: Iterable[Result]) -> Iterator[Grade]:
    """What the tests alone give: nothing where some of them did not run."""
    for each in results:
        report = each.report
        if report is None or report.status != "graded":
            yield Grade(each.learner, None, 0, _WHY[each.status], each.name)
        elif not is_whole(report):
            yield Grade(each.learner, None, 0, NOT_RUN, each.name)
        else:
            score = report.score
            yield Grade(each.learner, score, report.max_score, name=each.name, tests=score)


def is_whole(report: Report) -> bool:
    """Whether all tests ran: else the points are of another sum than everybody expects."""
    return all(test.status != "not_run" for test in report.tests)
