"""What `course check` cannot see: the same report every time, whatever was judged before.

That each wrong engine is caught and no right one refused is the business of `course check`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from autograder import course as courses
from autograder import report as reports
from autograder.authoring import engines
from autograder.grading import grade_each
from autograder.submission.read import of_texts
from tests.tiers import sample

if TYPE_CHECKING:
    from autograder.report import Report

COURSE = courses.find(Path(__file__))
RUNS = 3


def graded(assignment: courses.Assignment, *each: dict[str, str]) -> list[Report]:
    """The reports on these, one after another in one process."""
    found: list[Report] = []
    handed_in = [of_texts(assignment, texts, "same") for texts in each]
    grade_each(COURSE, assignment, handed_in, found.append)
    return found


@pytest.mark.parametrize("assignment", sample(COURSE.assignments, of=3), ids=lambda a: a.name)
def test_right_engines_get_the_same_report_byte_for_byte(assignment: courses.Assignment) -> None:
    """Solution, another one, the solution again, and so on: nothing of one gets into the next."""
    (file, *_) = assignment.files
    solution = {file.name: engines.solution_source(COURSE, assignment, file.name)}
    other = engines.right_engines(COURSE, assignment)[0]

    found = graded(assignment, *[solution, {other.file: other.source}] * RUNS)

    texts = [reports.to_json(report) for report in found]
    assert texts[::2] == [texts[0]] * RUNS
    assert texts[1::2] == [texts[1]] * RUNS
    same = msgspec.structs.replace(found[1], submission=found[0].submission)
    assert len(assignment.files) > 1 or reports.to_json(same) == texts[0]


RELIES_ON_ORDER = (
    """
        self.grad = other.data * out.grad
        other.grad = self.data * out.grad
""",
    """
        first, second = out._prev
        first.grad = other.data * out.grad
        second.grad = self.data * out.grad
""",
)


def test_who_takes_operands_out_of_a_set_in_order_is_never_lucky() -> None:
    """The order of a set of nodes differs from run to run; the verdict does not."""
    assignment = COURSE.assignment("assignment3")
    (file,) = assignment.files
    solved = engines.solution_source(COURSE, assignment, file.name)
    texts = {file.name: engines.edited(solved, [RELIES_ON_ORDER])}

    found = graded(assignment, *[texts] * 8)

    assert len({tuple((t.name, t.status) for t in report.tests) for report in found}) == 1
    assert {t.status for report in found for t in report.tests if t.name == "test_mul"} == {
        "failed"
    }
