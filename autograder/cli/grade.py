"""`grade`: a learner's work judged, and what to do next."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import autograder
from autograder import course as courses
from autograder import submission as submissions
from autograder.feedback import terminal

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report

USAGE, OUR_FAULT = 2, 3
FINALE = "finale"


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from autograder.learner import sandbox

    reason = sandbox.unavailable()
    click.echo(f"grade {autograder.__version__}, Python {sys.version.split()[0]}")
    if reason is None:
        click.echo("Sandbox: bubblewrap works here.")
    else:
        click.echo(f"Sandbox: a limited process. {reason}\n{sandbox.how_to_install()}")
    context.exit()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("assignment", required=False)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Grade every assignment.")
@click.option("--solution", is_flag=True, help="Grade the solution instead of your file.")
@click.option("--only", metavar="TEST", help="Run one test alone, by its name in --json.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, nothing else.")
@click.option("--hint", is_flag=True, help="Show the next hint for the first part not done.")
@click.option("--reset", is_flag=True, help="Bring the stub back; your file is kept beside it.")
@click.option("-v", "--verbose", is_flag=True, help="Show also what passed tests printed.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and which sandbox works here.",
)
def main(
    assignment: str | None,
    path: Path | None,
    *,
    everything: bool,
    solution: bool,
    only: str | None,
    as_json: bool,
    hint: bool,
    reset: bool,
    verbose: bool,
) -> None:
    """Grade your work.

    \b
    grade                      your progress over the course
    grade assignment3          your file in assignments/assignment3/
    grade assignment3 my.py    another file (.py or .ipynb)
    grade --all                every assignment
    grade finale               your engine, network and loop together

    Exit code: 0 full marks, 1 not yet, 2 nothing to grade, 3 our fault.
    """
    context = click.get_current_context()
    if os.environ.get("NO_COLOR"):
        context.color = False
    if sys.platform == "win32":
        _fail("Windows itself is not supported: run this inside WSL.")
    if everything and assignment:
        _fail("Name one assignment or say --all, not both.")
    if path and solution:
        _fail("Grade a file or the --solution, not both.")
    try:
        course = courses.find(Path.cwd())
        if assignment is None:
            if only or path or hint or reset:
                _fail("Name the assignment too, as in: grade assignment3 --hint")
            sys.exit(
                _whole_course(course, solution=solution, as_json=as_json, table=not everything)
            )
        if assignment == FINALE and course.finale is not None:
            sys.exit(_finale(course, solution=solution))
        chosen = course.assignment(assignment)
        if reset:
            sys.exit(_reset(course, chosen))
    except courses.CourseError as error:
        _fail(str(error))
    report = _judge(course, chosen, path, solution=solution, only=only)
    if as_json:
        from autograder.report import to_json

        click.echo(to_json(report))
    elif hint and report.status == "graded":
        from autograder.feedback.hints import next_hint
        from autograder.state import State

        click.echo(next_hint(report, State(course)))
    else:
        click.echo(terminal.render(report, chosen, verbose=verbose))
    sys.exit(report.exit_code)


def _judge(
    course: Course, assignment: Assignment, path: Path | None, *, solution: bool, only: str | None
) -> Report:
    from autograder import grading

    place = path or course.root / ("solutions" if solution else "assignments") / assignment.name
    try:
        handed_in = submissions.read(assignment, place)
    except submissions.Ungradable as error:
        return grading.refused(assignment, place.name, error)
    try:
        return grading.grade(course, assignment, handed_in, grading.Policy(only=only))
    except grading.UnknownTest as error:
        _fail(str(error))
    except grading.SuiteError as error:
        click.echo(str(error), err=True)
        sys.exit(OUR_FAULT)


def _whole_course(course: Course, *, solution: bool, as_json: bool, table: bool) -> int:
    """Grade every assignment; show a table, or a line each. Returns the worst exit code."""
    import json

    from autograder.feedback import progress
    from autograder.report import to_json

    reports = []
    for assignment in course.assignments:
        if not as_json:
            progress.announce(assignment)
        reports.append(_judge(course, assignment, None, solution=solution, only=None))
    if as_json:
        click.echo(json.dumps([json.loads(to_json(report)) for report in reports], indent=2))
    else:
        progress.clear()
        click.echo(progress.render(course, reports))
    codes = [report.exit_code for report in reports]
    if table and max(codes) <= USAGE:
        return 0
    return max(codes)


def _reset(course: Course, assignment: Assignment) -> int:
    """Bring an assignment's stubs back. A file that was begun is kept beside the new one."""
    from autograder.authoring import build

    try:
        for built in build.build(course, assignment, force=True):
            path = built.path.relative_to(course.root)
            kept = f" Your file is kept: {built.kept.name}" if built.kept else ""
            click.echo(f"{path} is a stub again.{kept}")
    except (build.BuildError, build.StubError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}.")
    return 0


def _finale(course: Course, *, solution: bool) -> int:
    """Let the learner's three files work together and show what comes of it."""
    from autograder.finale import picture, run

    folder = course.root / ("solutions" if solution else "assignments")
    if sys.stderr.isatty():
        click.echo("Training two moons with your own code; about ten seconds …", err=True)
    try:
        result = run.run(course, folder)
    except submissions.Ungradable as error:
        click.echo(str(error))
        return USAGE
    path = Path("finale.png")
    picture.save(result, path)
    click.secho(f"Your engine: {result.engine_lines} lines.", bold=True)
    click.echo(f"micrograd's README on it: g {result.data:.4f}, ", nl=False)
    click.echo(", ".join(f"{name}.grad {slope:.4f}" for name, slope in result.grads.items()))
    click.echo(f"Two moons, {len(result.losses)} steps of your training loop: ", nl=False)
    click.echo(f"loss {result.losses[0]:.3f} → {result.losses[-1]:.3f}, ", nl=False)
    click.echo(f"{result.accuracy:.0%} right.")
    click.echo(f"The curve and the boundary: {path}")
    return 0


def _fail(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(USAGE)
