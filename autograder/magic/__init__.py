"""Grading in a notebook: `%load_ext autograder.magic`, then `%grade assignment3`."""

from autograder.magic.command import (
    Feedback,
    GradeError,
    NotYet,
    check,
    grade,
    load_ipython_extension,
)

__all__ = ["Feedback", "GradeError", "NotYet", "check", "grade", "load_ipython_extension"]
