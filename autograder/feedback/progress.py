"""The whole course at a glance: what is done, what is begun, what comes next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from autograder.feedback.style import Style, bar
from autograder.feedback.wording import points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment, Course
    from autograder.report import Report

_CLEAR_LINE = "\r\x1b[K"


def announce(assignment: Assignment) -> None:
    """Say on a terminal what is being graded; a pipe sees nothing."""
    if sys.stderr.isatty():
        click.echo(f"{_CLEAR_LINE}grading {assignment.name} …", nl=False, err=True)


def clear() -> None:
    """Take the last announcement back."""
    if sys.stderr.isatty():
        click.echo(_CLEAR_LINE, nl=False, err=True)


def render(course: Course, reports: Sequence[Report]) -> str:
    """A line for each assignment, the sum, and what to do next."""
    style = Style.here()
    lines = [click.style(course.title, bold=True), ""]
    width = max(len(a.name) for a in course.assignments)
    title_width = max(len(a.title) for a in course.assignments)
    room = style.width - width - 24
    for assignment, report in zip(course.assignments, reports, strict=True):
        title = style.fit(assignment.title, max(8, min(title_width, room)))
        name = f"  {_sign(report, style)} {assignment.name:<{width}}  {title:<{title_width}}"
        if report.status == "graded":
            score = f"{points(report.score)}/{points(report.max_score)}"
            lines.append(f"{name}  {bar(report.score, report.max_score, style, 10)} {score}")
        else:
            lines.append(f"{name}  {'cannot be graded yet'}")
    done = sum(report.full_marks for report in reports)
    lines += ["", f"{done} of {len(reports)} done.", *style.wrap(_next(course, reports), "")]
    return "\n".join(lines)


def _sign(report: Report, style: Style) -> str:
    if report.full_marks:
        return click.style("✓" if style.unicode else "+", fg="green", bold=True)
    if report.status == "graded" and report.score == 0:
        return click.style("·" if style.unicode else ".", fg="bright_black")
    return click.style("…" if style.unicode else "~", fg="yellow")


def _next(course: Course, reports: Sequence[Report]) -> str:
    for assignment, report in zip(course.assignments, reports, strict=True):
        if not report.full_marks:
            file = f"assignments/{assignment.name}/{assignment.files[0].name}"
            return f"Next: open {file}, then run: grade {assignment.name}"
    return "All done. What a walk that was."
