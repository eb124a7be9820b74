"""`grade --format github`: annotations, a summary and points for a GitHub workflow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.actions import fail
from autograder.submission import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment, Course
    from autograder.feedback.github import JudgedAssignment
    from autograder.report import Report

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable with the file for a step's summary."""


def show(course: Course, chosen: Sequence[Assignment], points: Path | None) -> int:
    """Grade those of these assignments that have been started.

    Args:
        course: the repository's.
        chosen: the assignments.
        points: where to write the points as JSON, if anywhere.

    Returns:
        The worst exit code; 0 if nothing has been started.
    """
    from autograder.feedback import github

    judged = [_judged(course, assignment) for assignment in chosen]
    for line in github.marks(judged):
        click.echo(line)
    said = github.summary(judged)
    summary = os.environ.get(SUMMARY)
    try:
        if summary:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(said)
        if points is not None:
            points.write_text(github.points(judged), "utf-8")
    except OSError as error:
        fail(f"{error.filename} can't be written: {error.strerror}.")
    for each in judged:
        if each.report is not None:
            click.echo(f"{each.assignment.name}: {github.in_short(each.report)}")
    return max((each.report.exit_code for each in judged if each.report is not None), default=0)


def _judged(course: Course, assignment: Assignment) -> JudgedAssignment:
    from autograder import grading
    from autograder.feedback.github import JudgedAssignment

    folder = course.folder(assignment)
    report = None
    if not files.untouched(course, assignment):
        report = grading.judge(course, assignment, folder)
    path, text = _place(folder, assignment, report), ""
    if path.suffix == ".py" and path.is_file() and not path.is_symlink():
        text = path.read_bytes()[: assignment.limits.source_bytes].decode("utf-8", "replace")
    root = Path.cwd().resolve()
    shown = path.resolve().relative_to(root) if path.resolve().is_relative_to(root) else path
    return JudgedAssignment(assignment, shown, text, report)


def _place(folder: Path, assignment: Assignment, report: Report | None) -> Path:
    """The file that the verdict is about; if none could be read, the assignment's first file."""
    forms = files.both(folder, assignment.files[0])
    if report is not None and (folder / report.submission.name).is_file():
        return folder / report.submission.name
    return next((form for form in forms if form.is_file()), forms[0])
