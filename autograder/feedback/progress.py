"""The whole course at a glance: what is done, what comes next, and how to start it."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from autograder.feedback import steps
from autograder.feedback.remembered import FOLDER
from autograder.feedback.style import Style, bar
from autograder.feedback.wording import parts, points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autograder.course import Assignment, Course
    from autograder.report import Report

_SHORTEST_TITLE = 8  # a shorter one would say nothing
_CLEAR_LINE = "\r\x1b[K"
_LATEST = 3
"""How many of the assignments solved last are named."""


def announce(assignment: Assignment) -> None:
    """Print what is being graded, if stderr is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"{_CLEAR_LINE}grading {assignment.name} …", nl=False, err=True)


def clear() -> None:
    """Clear the last announcement."""
    if sys.stderr.isatty():
        click.echo(_CLEAR_LINE, nl=False, err=True)


def greeting(course: Course) -> str:
    """What learners see before they have started."""
    style = Style.here()
    first = course.assignments[0]
    lines = [
        click.style(f"Welcome: {course.title}", bold=True),
        "",
        *style.wrap(
            f"There are {len(course.assignments)} assignments, from {first.title} to "
            f"{course.assignments[-1].title}. Each one is a file for you to complete.",
            "",
        ),
        "",
        *style.wrap(f"Open {steps.file_of(course, first)} in your editor and run:", ""),
        "",
        f"    {click.style(f'grade {first.name} --watch', bold=True)}",
        "",
        *style.wrap("It tells you what to do next and grades again each time you save.", ""),
    ]
    return "\n".join(lines)


def render(
    course: Course,
    reports: Sequence[Report | None],
    solved: Mapping[str, date] | None = None,
    today: date | None = None,
) -> str:
    """A line for each assignment, the total, what was solved last, and what to do next.

    Args:
        course: has the assignments.
        reports: one for each; None if it has not been started.
        solved: the day on which each was solved, earliest first.
        today: for the streak; by default the current day.
    """
    style = Style.here()
    lines = [click.style(course.title, bold=True), ""]
    width = max(len(a.name) for a in course.assignments)
    results = [_result(report, style) for report in reports]
    room = style.width - width - max(len(click.unstyle(result)) for result in results) - 8
    title_width = min(room, max(len(a.title) for a in course.assignments))
    for assignment, report, result in zip(course.assignments, reports, results, strict=True):
        line = f"  {_sign(report, style)} {assignment.name:<{width}}  "
        if title_width >= _SHORTEST_TITLE:
            line += f"{style.fit(assignment.title, title_width):<{title_width}}  "
        lines.append(line + result)
    there = [report for report in reports if report is not None]
    done = sum(report.full_marks for report in there)
    total = points(round(sum(report.score for report in there), 2))
    lines += ["", f"{done} of {len(reports)} done, {total} points."]
    if solved:
        lines += style.wrap(_solved_last(solved, today or date.today()), "")
    lines += style.wrap(_next(course, reports), "")
    if solved:
        forget = f"Your progress is stored in {FOLDER}/. Delete that folder to clear it."
        lines += [click.style(line, fg="bright_black") for line in style.wrap(forget, "")]
    return "\n".join(lines)


def _result(report: Report | None, style: Style) -> str:
    if report is None:
        return "not started"
    if report.status != "graded":
        return "can't be graded yet"
    score = f"{points(report.score)}/{points(report.max_score)}"
    lacking = [part for part in parts(report) if part.state == "not run"]
    if lacking:
        score += f", {len(lacking)} part{'s' * (len(lacking) > 1)} not run"
    return f"{bar(report.score, report.max_score, style, 10)} {score}"


def _sign(report: Report | None, style: Style) -> str:
    if report is not None and report.full_marks:
        return click.style("✓" if style.unicode else "+", fg="green", bold=True)
    if report is None or (report.status == "graded" and report.score == 0):
        return click.style("·" if style.unicode else ".", fg="bright_black")
    return click.style("…" if style.unicode else "~", fg="yellow")


def _solved_last(solved: Mapping[str, date], today: date) -> str:
    latest = list(solved.items())[::-1][:_LATEST]
    text = (
        "Recently solved: " + ", ".join(f"{name} {_day(day, today)}" for name, day in latest) + "."
    )
    days = streak(solved, today)
    return f"{text} That's {days} days in a row." if days > 1 else text


def streak(solved: Mapping[str, date], today: date) -> int:
    """On how many days in a row something was solved, up to today or yesterday.

    Args:
        solved: the day on which each assignment was solved.
        today: the current day.
    """
    days = set(solved.values())
    day = today if today in days else today - timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count


def _day(day: date, today: date) -> str:
    ago = (today - day).days
    if ago in {0, 1}:
        return "yesterday" if ago else "today"
    return f"{ago} days ago" if 1 < ago < 7 else f"on {day.day} {day:%B}"


def _next(course: Course, reports: Sequence[Report | None]) -> str:
    notebook = False
    for assignment, report in zip(course.assignments, reports, strict=True):
        if report is not None:  # the next one will be done in the same form
            notebook = report.submission.name.endswith(".ipynb")
        if report is None or not report.full_marks:
            what = "open" if report is None else "continue with"
            return f"Next: {steps.start(course, assignment, what, notebook=notebook)}"
    count = len(course.assignments)
    return f"All {count} assignments are complete. {steps.at_the_end(course)}".rstrip()
