"""Mistakes that only some numbers show: the suites choose their inputs so that any seed will do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from autograder import course as courses
from autograder.authoring.engines import edited, solution_source
from autograder.grading import Options, grade_each
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

if TYPE_CHECKING:
    from autograder.report import Report

COURSE = courses.find(Path(__file__))
SEEDS = ("third", "another", "a", "b", "c", "d")
MISTAKES = {
    ("assignment2", "test_relu"): [
        (
            "self.data if self.data > 0 else 0.0, (self,), 'relu'",
            f"min(max(0.0, self.data), {cap}), (self,), 'relu'",
        )
        for cap in (6.0, 9.0)
    ],
    ("assignment8", "test_accuracy"): [
        ("model(x).data > 0)", f"model(x).data > {threshold})")
        for threshold in (0.5, 0.25, -0.25, -0.5)
    ],
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "test"), MISTAKES)
def test_the_visible_test_catches_them(name: str, test: str, seed: str) -> None:
    assignment = COURSE.assignment(name)
    file = assignment.files[0].name
    solution = solution_source(COURSE, assignment, file)
    texts = [solution, *(edited(solution, [edit]) for edit in MISTAKES[name, test])]
    handed_in = [of_texts(assignment, {file: text}, file) for text in texts]
    reports: list[Report] = []

    course = msgspec.structs.replace(COURSE, seed=seed)
    grade_each(
        course,
        assignment,
        handed_in,
        reports.append,
        Options(only=test, sandbox=Limited(trusted=True)),
    )

    assert [report.full_marks for report in reports] == [True] + [False] * (len(texts) - 1)
