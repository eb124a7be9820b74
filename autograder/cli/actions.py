"""What `grade` does besides grading one file: the whole course, reset, drawing, the finale."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from autograder.course import FINALE
from autograder.submission import files
from autograder.submission import read as submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograder.course import Assignment, Course
    from autograder.feedback.wording import State
    from autograder.finale.run import FinaleResult
    from autograder.report import Report

    Judge = Callable[[Course, Assignment], Report]

USAGE, OUR_FAULT = 2, 3


def fail(message: str) -> NoReturn:
    """Print the message on stderr and exit with code 2, wrong usage."""
    click.echo(message, err=True)
    sys.exit(USAGE)


def remember(course: Course, report: Report) -> None:
    """Remember the day on which an assignment was solved, if the report has full marks."""
    if report.full_marks:
        from datetime import date

        from autograder.feedback.remembered import State

        State(course).remember_solved(report.assignment, date.today())


def say_what_is_missing(report: Report, assignment: Assignment) -> None:
    """Print how to install the packages without which tests were not run."""
    if any(test.status == "not_run" for test in report.tests):
        from autograder import extras

        for file in assignment.files:
            for package in file.own_packages:
                if find_spec(package) is None:
                    click.echo(f"To install {package}:\n    {extras.install(package)}")


def overview(course: Course, judge: Judge) -> int:
    """Show the learner's progress, or a greeting if nothing has been started.

    Args:
        course: the learner's.
        judge: grades an assignment.

    Returns:
        The exit code: 0, or 3 for a fault of ours.
    """
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
    """Grade every assignment and show the results.

    Args:
        course: the learner's.
        judge: grades an assignment.
        as_json: print the reports as one JSON list.

    Returns:
        The worst exit code.
    """
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
    """Restore an assignment's stubs. A file that was edited is kept next to the new one.

    Returns:
        The exit code, 0.
    """
    try:
        given = handed_out_files(course, assignment)
        if not course.works:  # learners of a class may have fetched one form only
            given = {path: text for path, text in given.items() if path.is_file()} or given
        if not any(path.suffix == ".ipynb" for path in given):
            click.echo("Only the scripts are restored: notebooks need `pip install jupytext`.")
        for path, content in given.items():
            built = files.put(path, content, force=True)
            kept = f" Your file was saved as {built.kept.name}." if built.kept else ""
            click.echo(f"{path.relative_to(course.root)} is back to the stub.{kept}")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.")
    return 0


def handed_out_files(course: Course, assignment: Assignment) -> dict[Path, bytes]:
    """The files that learners were given, by path in the course's folder.

    In a clone they are made from the solution, else they are kept in the package.
    """
    folder = course.folder(assignment)
    if not (course.root / "solutions" / assignment.name).is_dir():
        from autograder.submission import handed_out

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
    """Save a drawing, or a recording, of the graph behind a name in the learner's file.

    Args:
        assignment: whose file it is.
        place: the file, or its folder.
        name: of the root.
        output: where to save it, by default NAME.svg; .html saves a recording.
        sandboxed: run the file in a sandbox only.

    Returns:
        The exit code: 0, or 3 if the learner's process could not be started.
    """
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
        click.echo(f"The learner's process failed: {error}.", err=True)
        return OUR_FAULT
    return 0


def finale(course: Course, html: Path | None, other: Sequence[object], *, solution: bool) -> int:
    """Run the learner's three files together, and show the result.

    Args:
        course: the learner's.
        html: where to write a page, if anywhere.
        other: other arguments given, none of which is allowed.
        solution: use the solutions instead.

    Returns:
        The exit code: 0, or 2 if a file does not work yet.
    """
    if any(other):
        fail(f"The {FINALE} is not an assignment. It only takes --html FILE and --solution.")
    from autograder.feedback.plots import save_finale
    from autograder.feedback.style import SIGNS, Style
    from autograder.finale import run

    style = Style.here()

    def say(state: State, name: str, text: str) -> None:
        sign, ascii_sign, colour = SIGNS[state]
        title = course.assignment(name).title
        lines = list(style.wrap(style.readable(f"{name}, {title}: {text}"), "  "))
        mark = click.style(sign if style.unicode else ascii_sign, fg=colour)
        click.echo("\n".join([f"{mark} {lines[0].lstrip()}", *lines[1:]]))

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            text = f"\rTraining on two moons with your own code: {done} of {of} steps{end}"
            click.echo(text, err=True, nl=False)

    folder = course.root / ("solutions" if solution else course.works)
    try:
        result = run.run(course, folder, progress)
    except submissions.Ungradable as error:
        click.echo(str(error))
        return USAGE
    except run.NotYet as problem:
        for name, text in problem.right:
            say("passed", name, text)
        say("wrong", problem.part, problem.said)
        click.echo(f"Finish it first: grade {problem.part}")
        return USAGE
    for name, text in result.parts:
        say("passed", name, text)
    try:
        if html is not None:
            _finale_page(result, html)
        save_finale(result, path := Path("finale.png"))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.")
    click.echo(f"The loss curve and the decision boundary: {path}")
    if html is not None:
        click.echo(f"The boundary at each step: {html}")
    return 0


def _finale_page(result: FinaleResult, path: Path) -> None:
    from autograder.feedback.learning import learning
    from autograder.kit import player

    notes = [f"{name}: {text}." for name, text in result.parts]
    figure = learning(result.network, result.losses, "Your engine, your network, your loop", notes)
    assert figure is not None  # its numbers were checked
    path.write_text(player.page(figure), "utf-8")
