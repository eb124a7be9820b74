"""What `grade` does beside judging one file: the whole course, reset, drawing, the finale."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from autograder.submission import files, handed_out
from autograder.submission import read as submissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.course import Assignment, Course
    from autograder.report import Report

    Judge = Callable[[Course, Assignment], Report]

USAGE, OUR_FAULT = 2, 3


def fail(message: str) -> NoReturn:
    """Say what was asked wrongly, and end."""
    click.echo(message, err=True)
    sys.exit(USAGE)


def remember(course: Course, report: Report) -> None:
    """Note the day on which an assignment was solved."""
    if report.full_marks:
        from datetime import date

        from autograder.feedback.remembered import State

        State(course).remember_solved(report.assignment, date.today())


def say_what_is_missing(report: Report, assignment: Assignment) -> None:
    """How to install the package without which a test was not run."""
    if any(test.status == "not_run" for test in report.tests):
        from autograder import extras

        for file in assignment.files:
            for package in file.own_packages:
                if (missing := extras.lacking(package, package)) is not None:
                    click.echo(missing)


def overview(course: Course, judge: Judge) -> int:
    """Show the learner's progress; a fresh course greets, and nothing is judged."""
    from autograder.feedback import progress
    from autograder.feedback.remembered import State

    fresh = [files.untouched(course, assignment) for assignment in course.assignments]
    if all(fresh):
        click.echo(progress.greeting(course))
        return 0
    reports: list[Report | None] = []
    for assignment, is_fresh in zip(course.assignments, fresh, strict=True):
        if is_fresh:
            reports.append(None)
            continue
        progress.announce(assignment)
        report = judge(course, assignment)
        remember(course, report)
        reports.append(report)
    progress.clear()
    click.echo(progress.render(course, reports, State(course).solved()))
    worst = max(report.exit_code for report in reports if report is not None)
    return worst if worst > USAGE else 0


def everything(course: Course, judge: Judge, *, as_json: bool) -> int:
    """Judge every assignment; returns the worst exit code."""
    from autograder.feedback import progress
    from autograder.report import to_json

    reports = []
    for assignment in course.assignments:
        if not as_json:
            progress.announce(assignment)
        reports.append(judge(course, assignment))
    if as_json:
        click.echo(json.dumps([json.loads(to_json(report)) for report in reports], indent=2))
    else:
        progress.clear()
        click.echo(progress.render(course, reports))
    return max(report.exit_code for report in reports)


def reset(course: Course, assignment: Assignment) -> int:
    """Bring an assignment's stubs back. A file that was begun is kept beside the new one."""
    try:
        given = handed_out_files(course, assignment)
        if not any(path.suffix == ".ipynb" for path in given):
            click.echo("Only scripts come back: notebooks are made with `pip install jupytext`.")
        for path, content in given.items():
            built = files.put(path, content, force=True)
            kept = f" Your file is kept: {built.kept.name}" if built.kept else ""
            click.echo(f"{path.relative_to(course.root)} is a stub again.{kept}")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.")
    return 0


def handed_out_files(course: Course, assignment: Assignment) -> dict[Path, bytes]:
    """What learners were given, by where it lies in the course's folder.

    In a clone it is made from the solution, else it is kept in the package.
    """
    folder = course.root / "assignments" / assignment.name
    if not (course.root / "solutions" / assignment.name).is_dir():
        return {folder / name: text for name, text in handed_out.kept(assignment.name).items()}
    from autograder.authoring import build

    try:
        if find_spec("jupytext") is None:
            texts = build.stubs(course, assignment)
        else:
            texts = build.made(course, assignment)
    except (build.BuildError, build.StubError) as error:
        fail(str(error))
    return {path: text.encode() for path, text in texts.items()}


def draw(
    assignment: Assignment, place: Path, name: str, output: Path | None, *, sandboxed: bool
) -> int:
    """Draw the graph that hangs off a name of the learner's file, or play it, where asked for."""
    from autograder.feedback import draw as graphs
    from autograder.kit import DrawingError
    from autograder.remote.errors import SandboxFailed

    path = output or Path(f"{name}.svg")
    try:
        show = graphs.record if path.suffix.lower() in {".html", ".htm"} else graphs.draw
        click.echo(f"{show(assignment, place, name, sandboxed=sandboxed).save(path)} written")
    except (submissions.Ungradable, DrawingError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.")
    except SandboxFailed as error:
        click.echo(f"The learner's process: {error}.", err=True)
        return OUR_FAULT
    return 0


def finale(course: Course, *, solution: bool) -> int:
    """Let the learner's three files work together and show what comes of it."""
    from autograder.feedback.plots import save_finale
    from autograder.finale import run

    folder = course.root / ("solutions" if solution else "assignments")
    if sys.stderr.isatty():
        click.echo("Training two moons with your own code; about ten seconds …", err=True)
    try:
        result = run.run(course, folder)
    except submissions.Ungradable as error:
        click.echo(str(error))
        return USAGE
    path = Path("finale.png")
    save_finale(result, path)
    click.secho(f"Your engine: {result.engine_lines} lines.", bold=True)
    click.echo(f"micrograd's README on it: g {result.data:.4f}, ", nl=False)
    click.echo(", ".join(f"{name}.grad {slope:.4f}" for name, slope in result.grads.items()))
    click.echo(f"Two moons, {len(result.losses)} steps of your training loop: ", nl=False)
    click.echo(f"loss {result.losses[0]:.3f} → {result.losses[-1]:.3f}, ", nl=False)
    click.echo(f"{result.accuracy:.0%} right.")
    click.echo(f"The curve and the boundary: {path}")
    return 0
