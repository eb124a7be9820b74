"""Before a stub holds an engine, a class has no reference: suites judge without one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course as courses

COURSE = courses.find(Path(__file__))
GRADE = """
import sys
sys.modules["micrograd_ref"] = None  # an import of it raises
from pathlib import Path
from autograder import course as courses
from autograder.authoring.engines import solution_source
from autograder.grading import grade
from autograder.submission.read import of_texts

course = courses.find(Path.cwd())
assignment = course.assignment(sys.argv[1])
texts = {f.name: solution_source(course, assignment, f.name) for f in assignment.files}
broken = {name: text.replace(*sys.argv[2:]) for name, text in texts.items()}
for each in (texts, broken):
    report = grade(course, assignment, of_texts(assignment, each, "solution"))
    print(report.status, report.full_marks)
"""
SLIPS = {
    "assignment0": ("2 * h", "3 * h"),
    "assignment1": ("self.grad = 0.0", "self.grad = 1.0"),
    "assignment2": ("self.data * other.data", "self.data + other.data"),
    "assignment3": ("other.data * out.grad", "other.data + out.grad"),
    "assignment4": ("reversed(", "list("),
    "assignment5": ("+= other.data * out.grad", "= other.data * out.grad"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_right_and_wrong_files_are_judged_as_ever(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GRADE, name, *SLIPS[name]],
        cwd=COURSE.root, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.splitlines() == ["graded True", "graded False"], done.stderr
