"""`course class`, `course export`, `course regrade`: a whole class graded, and its results."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.actions import OUR_FAULT
from autograder.cli.command import INTERRUPTED
from autograder.cli.needs import need, need_sandbox
from autograder.cli.progress import (
    Progress,
    say_changes,
    say_enrolled,
    say_left_out,
    say_outdated,
    say_summary,
)
from autograder.course import Course, CourseError, find

if TYPE_CHECKING:
    from autograder.classroom.class_run import RunOptions
    from autograder.classroom.conditions import Conditions
    from autograder.classroom.grades import Grade
    from autograder.classroom.journal import Journal
    from autograder.classroom.results import Result
    from autograder.classroom.roster import Person
    from autograder.classroom.timestamps import Due
    from autograder.course import Assignment

_FORMATS = ("csv", "canvas", "gradescope", "junit")

_FOLDER = click.Path(file_okay=False, path_type=Path)


def _judging(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that grade."""
    for option in (
        click.option(
            "--unsafe-no-sandbox",
            is_flag=True,
            help="Grade without a sandbox: learners' code can then read and delete your files.",
        ),
        click.option("--anonymous", is_flag=True, help="Also write a page without names."),
        click.option("--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster."),
        click.option(
            "--workers",
            type=click.IntRange(1, 400),
            help="Graders to run at once.  [default: one per processor]",
        ),
    ):
        command = option(command)
    return command


@click.command("class")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--assignment", "name", required=True, metavar="NAME", help="The assignment to grade."
)
@click.option(
    "--out", required=True, metavar="DIR", type=_FOLDER, help="Where to write the results."
)
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of the people in the class, for their names and for who handed in nothing. "
    "It is remembered.",
)
@click.option(
    "--drop-missing", is_flag=True, help="Drop learners who are no longer in SUBMISSIONS."
)
@_judging
def class_(
    submissions: Path,
    name: str,
    out: Path,
    *,
    roster: Path | None,
    drop_missing: bool,
    **options: Any,
) -> None:
    """Grade everything a class handed in.

    \b
    course class submitted/ --assignment assignment3 --out results/

    \b
    SUBMISSIONS is a folder of files, LEARNER.py or .ipynb; one folder per
    learner; nbgrader's submitted/; or a zip or tar of one of those.

    DIR gets index.html, grades.csv, reports/ and a journal. Run the same command
    again to continue where it stopped; it only grades what is new.

    Exit code: 0 everything is graded, 1 DIR can't be used, 2 wrong usage,
    3 grader error, 130 stopped.
    """  # noqa: D301  click reads \b
    from autograder.classroom import class_run, journal

    with _told():
        course = find(Path.cwd())
        assignment = course.assignment(name)
        _refuse_inside(out, submissions)
        how = _how(**options)
        people, due = _known(out, submissions, name, roster)
        conditions = class_run.present_conditions(course, assignment, how)
        with journal.create(out, course, conditions) as kept:
            if kept.conditions() != conditions:
                changed = " and ".join(conditions.differences(kept.conditions()))
                click.echo(f"Changed since the last run: {changed}. Everything is graded again.")
                kept.use(conditions)
            if roster is not None or not kept.is_roster(people):
                kept.set_people(people, by_hand=roster is not None)
            enrolled = class_run.enrol(kept, submissions, course, assignment, due=due)
            say_enrolled(enrolled, drop=drop_missing)
            if drop_missing:
                kept.drop_missing()
            _judge_and_write(kept, course, assignment, how, anonymous=options["anonymous"])


@click.command()
@click.argument("results", type=_FOLDER)
@click.option(
    "--learner",
    "learners",
    multiple=True,
    metavar="NAME",
    help="Grade only this learner again. Repeat for more.",
)
@_judging
def regrade(results: Path, learners: tuple[str, ...], **options: Any) -> None:
    """Grade the submissions stored in RESULTS again.

    Use it after a change of the suite, the limits or the kit. It says whose points
    change.
    """
    from autograder.classroom import class_run, journal

    with _told():
        course = find(Path.cwd())
        with journal.resume(results, course) as kept:
            assignment = course.assignment(kept.assignment)
            how = _how(**options)
            before = _scores(kept) | _scores(kept, as_told=True)
            unknown = [name for name in learners if name not in before]
            if unknown:
                raise click.UsageError(f"{results} has no learner {unknown[0]!r}.")
            conditions = class_run.present_conditions(course, assignment, how)
            _begin_again(kept, conditions, learners)
            _judge_and_write(kept, course, assignment, how, anonymous=options["anonymous"])
            say_changes(before, _scores(kept))
            kept.tell()


@click.command()
@click.argument("results", type=_FOLDER)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), required=True, help="The format to write."
)
@click.option(
    "--to",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where to write.  [default: stdout]",
)
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gradebook exported from Canvas, to fill in.",
)
@click.option("--column", metavar="NAME", help="The assignment's column in it; else its title.")
def export(
    results: Path, form: str, to: Path | None, roster: Path | None, column: str | None
) -> None:
    """Write the points in RESULTS for another program.

    \b
    csv         a spreadsheet: one row per learner, one column per test
    canvas      a gradebook that Canvas can import
    gradescope  a folder with a results.json for each learner (needs --to)
    junit       JUnit XML: the tests alone

    If RESULTS belong to an nbgrader folder, its gradebook counts, including
    points by hand, extra credit and late penalties. Learners without a result
    or without a submission get no points, and are listed.
    """  # noqa: D301  click reads \b
    from autograder.classroom import exports, journal
    from autograder.classroom import results as written

    with _told():
        course = find(Path.cwd())
        with journal.look(results, course) as kept:
            assignment = course.assignment(kept.assignment)
            found = list(written.results(kept, assignment))
            layout = kept.layout
        if form == "junit":
            _put(exports.junit(found, assignment.name), to)
            return
        counted, is_gradebook = _grades(results, assignment, found)
        say_left_out(counted)
        by_learner = {grade.learner: grade for grade in counted} if is_gradebook else None
        if form == "gradescope":
            _export_gradescope(found, by_learner, to)
        elif form == "csv":
            _put(exports.table(written.with_others(found, counted), by_learner), to)
        else:
            text, notes = exports.canvas(counted, assignment.title, roster, layout, column=column)
            for note in notes:
                click.echo(note, err=True)
            _put(text, to)


def _put(text: str, to: Path | None) -> None:
    if to is None:
        click.echo(text, nl=False)
    else:
        to.write_text(text, "utf-8", newline="")


def _grades(results: Path, assignment: Assignment, found: list[Result]) -> tuple[list[Grade], bool]:
    """Each learner's grade, and whether it comes from nbgrader's gradebook."""
    from autograder.classroom import grades
    from autograder.classroom.bridge import class_book

    of_tests = list(grades.of_tests(found))
    if (root := class_book.root_of(results)) is None:
        return of_tests, False
    need("instructor", "nbgrader")
    in_books = class_book.grades_in(root, assignment.name)
    if in_books is None:
        return of_tests, False
    say_outdated(in_books, found, assignment.name)
    known = {grade.learner for grade in in_books}
    lost = [
        replace(grade, score=None, why=grade.why or class_book.NOT_IN_IT)
        for grade in of_tests
        if grade.learner not in known
    ]
    return [*in_books, *lost], True


def _export_gradescope(
    found: list[Result], grades: dict[str, Grade] | None, to: Path | None
) -> None:
    from autograder.classroom import exports

    if to is None:
        raise click.UsageError("Gradescope takes a file for each learner: give --to FOLDER.")
    for result in found:
        report, grade = result.report, None if grades is None else grades.get(result.learner)
        folder = to / result.stem
        is_lost = grades is not None and (grade is None or grade.score is None)
        if report is None or report.status == "grader_error" or is_lost:
            (folder / "results.json").unlink(missing_ok=True)  # of an earlier export
            continue
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(exports.gradescope(report, grade=grade), "utf-8")


def _known(
    out: Path, submissions: Path, name: str, roster: Path | None
) -> tuple[Sequence[Person], Due | None]:
    """The people in the class and the due date, from a roster or nbgrader's gradebook."""
    from autograder.classroom import roster as rosters
    from autograder.classroom.bridge import class_book

    listed = [] if roster is None else rosters.read(roster)
    if (root := class_book.root_of(out)) is None:
        return listed, None
    need("instructor", "nbgrader")
    known = class_book.enrolment_in(root, name, submissions)
    return listed or known.people, known.due


# --- judging ---------------------------------------------------------------------------------


def _how(
    *, workers: int | None, scheduler: str | None, unsafe_no_sandbox: bool, anonymous: bool
) -> RunOptions:
    from autograder.classroom.class_run import RunOptions

    assert isinstance(anonymous, bool)
    if scheduler:
        need("cluster", "distributed")
    if workers and scheduler:
        raise click.UsageError("A cluster has its own workers: leave out --workers.")
    if not (scheduler or unsafe_no_sandbox):
        need_sandbox()
    return RunOptions(workers, scheduler, sandboxed=not unsafe_no_sandbox)


def _judge_and_write(
    kept: Journal, course: Course, assignment: Assignment, how: RunOptions, *, anonymous: bool
) -> None:
    from autograder.classroom import class_run, results, similar

    if (lacking := similar.lacking()) is not None:
        click.echo(f"Near-identical work is not listed: {lacking}", err=True)
    with Progress() as progress:
        judged = class_run.judge(kept, kept.conditions(), how, progress.tell)
    click.echo(f"{judged} graded.")
    summary = results.write(kept, course, assignment, anonymous=anonymous)
    say_summary(summary, kept.folder)
    if any(row.status == "grader_error" for row in summary.learners):
        sys.exit(OUR_FAULT)


def _begin_again(kept: Journal, conditions: Conditions, learners: tuple[str, ...]) -> None:
    """Forget the verdicts that are to be made again."""
    rows = list(kept.rows())
    kept.use(conditions)
    again = [r.content for r in rows if r.content and (not learners or r.learner in learners)]
    kept.forget(again)


def _scores(kept: Journal, *, as_told: bool = False) -> dict[str, str]:
    """Everyone's points; with `as_told`, those that the last run of ours reported.

    Verdicts reached since then by other commands, such as `nbgrader autograde`, were not reported.
    """
    from autograder.report import from_json

    scores = {}
    for row in kept.rows(as_told=as_told):
        report = None if row.report is None else from_json(row.report)
        if report is not None and report.status == "graded":
            scores[row.learner] = f"{report.score:g}"
        elif report is not None or not as_told:
            scores[row.learner] = "no result"
    return scores


# --- what goes wrong ---------------------------------------------------------------------------


def _refuse_inside(out: Path, submissions: Path) -> None:
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise click.UsageError(
            "--out is inside SUBMISSIONS, where it would be taken for a learner's work."
        )


@contextmanager
def _told() -> Iterator[None]:
    """Report errors in a sentence with an exit code; SIGTERM stops as Ctrl+C does."""
    from autograder.classroom.database import JournalError
    from autograder.classroom.entries import IntakeError
    from autograder.classroom.exports import ExportError
    from autograder.classroom.graders import GraderError
    from autograder.classroom.roster import RosterError

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except (IntakeError, ExportError, RosterError, CourseError) as error:
        raise click.UsageError(str(error)) from None
    except JournalError as error:
        raise click.ClickException(str(error)) from None
    except GraderError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(OUR_FAULT)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror}.") from None
    except KeyboardInterrupt:
        click.echo("\nStopped. Run the same command to continue from here.", err=True)
        sys.exit(INTERRUPTED)
    finally:
        signal.signal(signal.SIGTERM, previous)
