"""Reach a verdict: the one way from a submission to a report, for every caller."""

from autograder.grading.loop import UnknownTest, grade, grade_each
from autograder.grading.options import Pick, Policy
from autograder.grading.verdict import at_fault, lost, refused

__all__ = ["Pick", "Policy", "UnknownTest", "at_fault", "grade", "grade_each", "lost", "refused"]
