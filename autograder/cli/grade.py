"""`grade`: grades a learner's work, and says what to do next."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

import autograder
from autograder import course as courses
from autograder.cli import actions, completion, github, start
from autograder.cli.actions import OUR_FAULT, fail
from autograder.cli.command import Command
from autograder.cli.own_work import is_own_work

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  click's signature
    if not wanted or context.resilient_parsing:
        return
    from autograder.sandbox import choice

    click.echo(f"grade {autograder.__version__}, Python {sys.version.split()[0]}")
    click.echo(f"Sandbox: {choice.what_works()}")
    context.exit()


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("assignment", required=False, shell_complete=completion.assignments)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--watch", is_flag=True, help="Grade again each time you save, until you press q.")
@click.option("--hint", is_flag=True, help="Show the next hint for the first unfinished part.")
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path), help="Also write an HTML page."
)
@click.option("--with-run", is_flag=True, hidden=True)  # for notebooks, which show what --html does
@click.option("--draw", metavar="NAME", help="Draw the graph of a value in your file.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where --draw saves it: .svg, .png, .pdf, .dot, or .html (animated).",
)
@click.option(
    "--reset", is_flag=True, help="Start over from the stub; your file is kept next to it."
)
@click.option("--all", "everything", is_flag=True, help="Grade every assignment.")
@click.option("--solution", is_flag=True, help="Grade the solution instead of your file.")
@click.option("--only", metavar="TEST", help="Run only this test or part, by name or title.")
@click.option("--json", "as_json", is_flag=True, help="Print only the report, as JSON.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["github"]),
    help="For a GitHub workflow: annotations and a summary of what has been started.",
)
@click.option(
    "--points",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --format: also write the points as JSON.",
)
@click.option(
    "--mine",
    is_flag=True,
    help="The file is your own work: without a sandbox it runs with your permissions.",
)
@click.option("-v", "--verbose", is_flag=True, help="List every test and what it printed.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and which sandbox is available.",
)
def main(
    assignment: str | None,
    path: Path | None,
    *,
    watch: bool,
    hint: bool,
    html: Path | None,
    with_run: bool,
    draw: str | None,
    output: Path | None,
    reset: bool,
    everything: bool,
    solution: bool,
    only: str | None,
    as_json: bool,
    shape: str | None,
    points: Path | None,
    mine: bool,
    verbose: bool,
) -> None:
    """Grade your work.

    \b
    grade                      your progress in the course and what comes next
    grade assignment3          your file in assignments/assignment3/
    grade assignment3 my.py    another file (.py or .ipynb)
    grade --all                every assignment
    grade finale               your engine, network and loop together
    grade start DIR            a new course folder, to work in

    \b
    Examples:
      grade assignment3 --watch               grade each time you save
      grade assignment3 --hint                the next hint when you are stuck
      grade assignment3 --html report.html    an HTML page with your graph
      grade assignment2 --draw L -o L.svg     the graph of your value L
      grade assignment4 --draw L -o L.html    its gradients, step by step
      grade assignment3 --reset               start over; your file is kept

    Exit code: 0 full marks, 1 not yet, 2 nothing to grade, 3 grader error.
    """  # noqa: D301  click reads \b
    context = click.get_current_context()
    if os.environ.get("NO_COLOR"):
        context.color = False
    acts = {"--watch": watch, "--hint": hint, "--draw": draw, "--reset": reset, "--json": as_json}
    acts["--format"] = shape
    said = [name for name, given in acts.items() if given]
    for wrong, message in (
        (sys.platform == "win32", "Windows is only supported through WSL: run this inside WSL."),
        (everything and assignment, "Name an assignment or use --all, not both."),
        (path and solution, "Name a file or use --solution, not both."),
        (output and not draw, "-o goes with --draw. To write an HTML page: --html FILE"),
        (points and not shape, "--points only works with --format github."),
        (
            shape and (path or solution or only),
            "--format github always grades your own files, in full.",
        ),
        (len(said) > 1, f"Use only one of {' and '.join(said)}."),
        (
            assignment == start.START and (said or html or only or solution),
            "grade start only takes a folder, for example: grade start micrograd",
        ),
    ):
        _refuse(wrong, message)
    if assignment == start.START:
        sys.exit(start.start(path))
    try:
        course = courses.of_work(Path.cwd(), anywhere=path is not None)
        if shape:
            asked = [course.assignment(assignment)] if assignment else course.assignments
            sys.exit(github.show(course, asked, points))
        if assignment is None:
            alone = only or path or html or set(said) - {"--json"}
            _refuse(alone, "Name an assignment too, for example: grade assignment3 --hint")
            sys.exit(
                _whole_course(course, everything=everything, solution=solution, as_json=as_json)
            )
        if assignment == courses.FINALE and course.finale is not None:
            sys.exit(actions.finale(course, html, [*said, path, only], solution=solution))
        chosen = course.assignment(assignment)
    except courses.CourseError as error:
        fail(str(error))
    place = path or _place(course, chosen, solution=solution)
    _refuse(solution and not place.is_dir(), "This course folder has no solutions.")
    if reset:
        sys.exit(actions.reset(course, chosen))
    sandboxed = not (path is None or mine or is_own_work(course, path))
    if draw:
        sys.exit(actions.draw(chosen, place, draw, output, sandboxed=sandboxed))
    if watch:
        sys.exit(_watch(course, chosen, place, only=only, html=html, sandboxed=sandboxed))
    run = with_run or html is not None
    report = _judge(course, chosen, place, only=only, sandboxed=sandboxed, run=run)
    whole = path is None and not solution and only is None  # one's own assignment, in full
    if whole:
        actions.remember(course, report)
    if as_json:
        _show_json(report)
    elif hint and report.status == "graded":
        _show_hint(course, report)
    else:
        example = None if solution or report.full_marks else _write_example(course, report, place)
        _show(report, chosen, course if whole else None, verbose=verbose, example=example)
    if html is not None:
        _write_page(report, chosen, html, quiet=as_json)
    sys.exit(report.exit_code)


def _refuse(wrong: object, message: str) -> None:
    if wrong:
        fail(message)


def _place(course: Course, assignment: Assignment, *, solution: bool) -> Path:
    return course.root / "solutions" / assignment.name if solution else course.folder(assignment)


def _whole_course(course: Course, *, everything: bool, solution: bool, as_json: bool) -> int:
    def judge(course: Course, assignment: Assignment) -> Report:
        return _judge(course, assignment, _place(course, assignment, solution=solution))

    if not course.works:  # of a class's assignments, those that have been fetched
        there = tuple(each for each in course.assignments if course.folder(each).is_dir())
        course = msgspec.structs.replace(course, assignments=there)
    if everything or as_json or solution:
        code = actions.everything(course, judge, as_json=as_json)
        return 0 if not everything and code <= actions.USAGE else code
    return actions.overview(course, judge)


def _judge(
    course: Course,
    assignment: Assignment,
    place: Path,
    *,
    only: str | None = None,
    sandboxed: bool = False,
    run: bool = False,
) -> Report:
    from autograder import grading

    options = grading.Options(only=only, require_sandbox=sandboxed, with_training_run=run)
    try:
        return grading.judge(course, assignment, place, options)
    except grading.UnknownTest as error:
        fail(str(error))


def _show(
    report: Report,
    assignment: Assignment,
    course: Course | None,
    *,
    verbose: bool,
    example: str | None,
) -> None:
    from autograder.feedback import terminal

    click.echo(terminal.render(report, assignment, verbose=verbose, course=course, example=example))
    actions.say_what_is_missing(report, assignment)


def _show_json(report: Report) -> None:
    from autograder.report import to_json

    click.echo(to_json(report).encode())  # UTF-8, whatever the terminal's encoding


def _show_hint(course: Course, report: Report) -> None:
    from autograder.feedback.hints import next_hint
    from autograder.feedback.remembered import State

    click.echo(next_hint(report, State(course)))


def _write_example(course: Course, report: Report, place: Path) -> str | None:
    from autograder.feedback import example

    return example.write(course, report, place)


def _write_page(report: Report, assignment: Assignment, path: Path, *, quiet: bool) -> None:
    from autograder.feedback.html import page

    try:
        path.write_text(page(report, assignment), "utf-8")
    except OSError as error:
        fail(f"{path} can't be written: {error.strerror}.")
    if not quiet:
        click.echo(f"HTML page: {path}")


def _watch(
    course: Course,
    assignment: Assignment,
    place: Path,
    *,
    only: str | None,
    html: Path | None,
    sandboxed: bool,
) -> int:
    from autograder import grading
    from autograder.feedback.watch import Watch
    from autograder.grading.suite import SuiteError

    own = place == _place(course, assignment, solution=False)
    try:
        watch = Watch(course, assignment, place, own=own, only=only, html=html, sandboxed=sandboxed)
        return watch.run()
    except grading.UnknownTest as error:
        fail(str(error))
    except SuiteError as error:
        click.echo(str(error), err=True)
        return OUR_FAULT
