"""Programs of the kind that learners ask about, and what each keeps and loses.

They lie in `cases/`, a folder for each assignment. Names for what is wrong are tested with diagnosis.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import course as courses
from autograder.assertions.remarks import CLEARED
from autograder.grading import grade_each
from autograder.report import to_json
from autograder.submission.read import of_texts

if TYPE_CHECKING:
    from autograder.report import Report

CASES = Path(__file__).with_name("cases")
COURSE = courses.find(Path(__file__))


def judged(case: str, times: int = 1) -> list[Report]:
    """The reports on a case, judged so often."""
    assignment = COURSE.assignment(case.split("/", maxsplit=1)[0])
    text = (CASES / f"{case}.py").read_text("utf-8")
    handed_in = [of_texts(assignment, {assignment.files[0].name: text}, case)] * times
    reports: list[Report] = []
    grade_each(COURSE, assignment, handed_in, reports.append)
    return reports


def lost(report: Report) -> dict[str, str]:
    """The tests that lose points, but for those that wait, and how they ended."""
    return {t.name: t.status for t in report.tests if t.status not in ("passed", "blocked")}


RIGHT = {
    # clearing what is below the root before each pass: on single roots nothing shows
    "assignment4/zero_first": (),
    # an inner gradient is cleared once it has been sent on
    "assignment4/clear_inner": (CLEARED,),
    "assignment5/clear_inner": (CLEARED,),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_design_keeps_full_marks_and_may_get_a_remark(case: str) -> None:
    (report,) = judged(case)

    assert report.full_marks, lost(report)
    assert report.remarks == RIGHT[case]


WRONG = {
    "assignment4/bfs": {"test_order_of_a_ladder": "failed"},
    "assignment5/zero_first": {"test_two_roots": "failed"},
    "assignment5/refs_with": {"test_outsiders": "failed", "test_backward_again": "failed"},
    # right slopes by every way: 2 to the 150 of them
    "assignment5/paths_with": {"test_deep": "timeout"},
    # through exp and log, which has nothing to say of a base that is not positive
    "assignment5/value_exponent": {
        "test_pow_of_0_and_below": "error",
        "test_destination": "error",
        "test_random_powers": "error",
    },
    "assignment5/pow_overwrites_no_relu": {
        "test_pow": "failed",
        "test_relu": "error",
        "test_truediv": "failed",
        "test_destination": "error",
        "test_random_powers": "error",
    },
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_design_loses_its_own_points(case: str) -> None:
    (report,) = judged(case)

    assert lost(report) == WRONG[case]


@pytest.mark.parametrize(
    "case", ["grad_is_one", "dataclass", "requires_grad", "never_attached", "upstream_frozen"]
)
def test_where_no_gradient_is_right_the_learners_own_test_keeps_its_points(case: str) -> None:
    (report,) = judged(f"assignment5/{case}")

    kept = {test.part for test in report.tests if test.status == "passed"}
    assert kept <= {"check", "together"}  # what was remembered may be asked of what is wrong
    assert {t.name for t in report.tests if t.part == "check" and t.status == "passed"} == {
        "test_check_on_a_few",
        "test_check",
    }


def test_a_method_that_names_its_class_unquoted_is_ungradable() -> None:
    (report,) = judged("assignment5/hints")

    assert report.status == "ungradable"
    assert "name 'Value' is not defined" in (report.reason or "")


def test_an_order_by_breadth_is_told_in_the_same_words_each_time() -> None:
    """What varies with the order of a set is not told as a fact."""
    texts = {to_json(report) for report in judged("assignment4/bfs", times=6)}

    assert len(texts) == 1


def test_of_what_does_not_end_its_size_and_the_line_are_told() -> None:
    (report,) = judged("assignment5/paths_with")

    (test,) = (test for test in report.tests if test.status == "timeout")
    assert test.message.startswith("An expression of 302 nodes, run backward, did not finish")
    assert "It was running accumulation.py:" in test.message
