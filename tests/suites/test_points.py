"""What single slips leave: each part is worth its own points."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.authoring import engines
from autograder.grading import grade
from autograder.report import Report
from autograder.submission.read import of_texts

COURSE = courses.find(Path(__file__))


def graded(name: str, text: str) -> Report:
    assignment = COURSE.assignment(name)
    return grade(COURSE, assignment, of_texts(assignment, {assignment.files[0].name: text}, "slip"))


def solution(name: str, *edits: tuple[str, str]) -> str:
    """The solution's text with these edits."""
    assignment = COURSE.assignment(name)
    text = engines.solution_source(COURSE, assignment, assignment.files[0].name)
    return engines.edited(text, edits)


def lost(report: Report) -> set[str]:
    """The tests that did not give all their points."""
    return {test.name for test in report.tests if test.score < test.max_score}


@pytest.mark.parametrize(
    ("name", "mistake", "kept"),
    [
        ("assignment0", "D7", 18),  # all inputs move at once
        ("assignment1", "F-children-lost", 18),
        ("assignment1", "F9", 17),  # the number is made whole
        ("assignment2", "O28", 27),  # the product adds
        ("assignment2", "O28-op", 34),
        ("assignment2", "O-mul-leaf", 30),
        ("assignment3", "C9-own", 22),  # a factor's own number as its slope
        ("assignment5", "A-mul", 24),  # the product overwrites
    ],
)
def test_a_slip_leaves_the_points_of_what_is_right(name: str, mistake: str, kept: float) -> None:
    wrong = engines.wrong_engines(COURSE, COURSE.assignment(name))
    (text,) = (each.source for each in wrong if each.id == mistake)

    assert graded(name, text).score >= kept


ASKED_FOR_TOGETHER = {"test_functions_together", "test_all_together"}


@pytest.mark.parametrize(
    ("missing", "costs"),
    [
        (["__rsub__"], {"test_rsub", "test_rsub_again"}),
        (
            ["__rsub__", "relu"],
            {"test_rsub", "test_rsub_again", "test_relu", "test_relu_again", *ASKED_FOR_TOGETHER},
        ),
        (["exp"], {"test_exp", "test_exp_again", *ASKED_FOR_TOGETHER}),
        (["__rtruediv__"], {"test_rtruediv", "test_rtruediv_again"}),
    ],
)
def test_an_operator_that_is_missing_costs_its_own_points(
    missing: list[str], costs: set[str]
) -> None:
    attached = [f"Value.{name} = {name.strip('_')}\n" for name in missing]
    text = solution("assignment2", *[(line, "") for line in attached])

    assert lost(graded("assignment2", text)) == costs


def test_a_text_that_is_not_written_yet_is_not_yet() -> None:
    """__init__ is written, __repr__ is still the stub."""
    text, count = re.subn(
        r"### BEGIN SOLUTION: Return the text.*?### END SOLUTION",
        'raise NotImplementedError("Return the text.")',
        solution("assignment1"),
        flags=re.DOTALL,
    )
    assert count == 1

    report = graded("assignment1", text)

    (of_repr,) = (test for test in report.tests if test.name in lost(report))
    assert (of_repr.name, of_repr.status) == ("test_repr", "not_implemented")
    assert (of_repr.message, of_repr.misconception) == ("Return the text.", None)


def test_a_tanh_that_is_flat_far_out_is_noticed() -> None:
    right = "return Value(math.tanh(self.data), (self,), 'tanh')"
    flat = right.replace("math.tanh(self.data)", "math.tanh(max(-5, min(5, self.data)))")

    assert lost(graded("assignment2", solution("assignment2", (right, flat)))) == {
        "test_tanh_again"
    }
