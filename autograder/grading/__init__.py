"""Reaches a verdict: the one way from a submission to a report, for every caller."""

from autograder.grading.loop import UnknownTest, grade, grade_each, judge
from autograder.grading.options import Options, Pick
from autograder.grading.verdict import at_fault, lost, refused

__all__ = [
    "Options", "Pick", "UnknownTest", "at_fault", "grade", "grade_each", "judge", "lost", "refused",
]  # fmt: skip
