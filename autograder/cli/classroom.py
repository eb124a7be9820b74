"""`course class`, `course export`, `course regrade`: a whole class judged, and what comes of it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.actions import OUR_FAULT
from autograder.cli.command import INTERRUPTED
from autograder.cli.needs import need, need_sandbox
from autograder.cli.progress import Progress, say_changes, say_enrolled, say_summary
from autograder.course import Course, CourseError, find

if TYPE_CHECKING:
    from autograder.classroom.class_run import RunOptions
    from autograder.classroom.conditions import Conditions
    from autograder.classroom.journal import Journal
    from autograder.course import Assignment

_FORMATS = ("csv", "canvas", "gradescope", "junit")

_FOLDER = click.Path(file_okay=False, path_type=Path)


def _judging(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of what judges."""
    for option in (
        click.option(
            "--unsafe-no-sandbox",
            is_flag=True,
            help="Judge without a sandbox: learners' code can then read and delete your files.",
        ),
        click.option("--anonymous", is_flag=True, help="Write a page without names, too."),
        click.option("--scheduler", metavar="ADDRESS", help="Judge on a Dask cluster."),
        click.option(
            "--workers", type=click.IntRange(1, 400), help="Graders at a time; one a processor."
        ),
    ):
        command = option(command)
    return command


@click.command("class")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--assignment", "name", required=True, metavar="NAME", help="What was handed in.")
@click.option("--out", required=True, metavar="DIR", type=_FOLDER, help="Where results go.")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of who belongs to the class: names, and who handed in nothing. It is kept.",
)
@click.option("--drop-missing", is_flag=True, help="Forget who is not in SUBMISSIONS any more.")
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
    """Judge all that a class handed in.

    \b
    course class submitted/ --assignment assignment3 --out results/

    \b
    SUBMISSIONS is a folder of files, LEARNER.py or .ipynb; a folder a learner;
    nbgrader's submitted/; or a zip or tar of one of those.

    DIR gets index.html, grades.csv, reports/ and a journal. The same command
    again goes on where it stopped, and judges only what is new.

    Exit code: 0 all is judged, 1 DIR cannot be used, 2 wrong use, 3 our fault,
    130 stopped.
    """  # noqa: D301  click reads \b
    from autograder.classroom import class_run, journal
    from autograder.classroom import roster as rosters

    with _told():
        course = find(Path.cwd())
        assignment = course.assignment(name)
        _refuse_inside(out, submissions)
        how = _how(**options)
        people = None if roster is None else rosters.read(roster)
        conditions = class_run.present_conditions(course, assignment, how)
        with journal.create(out, course, conditions) as kept:
            if kept.conditions() != conditions:
                changed = " and ".join(conditions.differences(kept.conditions()))
                click.echo(f"Changed since the last run: {changed}. All is judged again.")
                kept.use(conditions)
            if people is not None:
                kept.set_people(people)
            enrolled = class_run.enrol(kept, submissions, course, assignment)
            say_enrolled(enrolled, drop=drop_missing)
            if drop_missing:
                kept.drop_missing()
            _judge_and_write(kept, course, assignment, how, anonymous=options["anonymous"])


@click.command()
@click.argument("results", type=_FOLDER)
@click.option("--learner", "learners", multiple=True, metavar="NAME", help="Only them; again.")
@_judging
def regrade(results: Path, learners: tuple[str, ...], **options: Any) -> None:
    """Judge again what was handed in, as it is kept in RESULTS.

    After a change of the suite, the limits or the kit. Says whose points change.
    """
    from autograder.classroom import class_run, journal

    with _told():
        course = find(Path.cwd())
        with journal.resume(results, course) as kept:
            assignment = course.assignment(kept.assignment)
            how = _how(**options)
            before = _scores(kept)
            unknown = [name for name in learners if name not in before]
            if unknown:
                raise click.UsageError(f"{results} has no {unknown[0]!r}.")
            conditions = class_run.present_conditions(course, assignment, how)
            _begin_again(kept, conditions, learners)
            _judge_and_write(kept, course, assignment, how, anonymous=options["anonymous"])
            say_changes(before, _scores(kept))


@click.command()
@click.argument("results", type=_FOLDER)
@click.option("--format", "form", type=click.Choice(_FORMATS), required=True, help="For whom.")
@click.option("--to", metavar="PATH", type=click.Path(path_type=Path), help="Else to stdout.")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gradebook as Canvas exports it, to fill in.",
)
def export(results: Path, form: str, to: Path | None, roster: Path | None) -> None:
    """Write the points in RESULTS for another program.

    \b
    csv         a spreadsheet: a line a learner, a column a test
    canvas      what Canvas imports as a gradebook
    gradescope  a folder with a results.json for each learner (needs --to)
    junit       JUnit XML
    """  # noqa: D301  click reads \b
    from autograder.classroom import exports, journal
    from autograder.classroom import results as written
    from autograder.classroom.names import shown

    with _told():
        course = find(Path.cwd())
        with journal.look(results, course) as kept:
            assignment = course.assignment(kept.assignment)
            found = written.results(kept, assignment)
            if form == "gradescope":
                _export_gradescope(found, to)
                return
            if form == "canvas":
                text, unknown = exports.canvas(found, assignment.title, roster, kept.layout)
                for learner in unknown:
                    click.echo(f"Not in {roster}: {shown(learner)}", err=True)
            else:
                text = (
                    exports.table(found) if form == "csv" else exports.junit(found, assignment.name)
                )
        if to is None:
            click.echo(text, nl=False)
        else:
            to.write_text(text, "utf-8", newline="")


def _export_gradescope(found: Iterator[Any], to: Path | None) -> None:
    from autograder.classroom import exports
    from autograder.classroom.names import shown

    if to is None:
        raise click.UsageError("Gradescope takes a file for each learner: give --to FOLDER.")
    for result in found:
        if result.report is None or result.report.status == "grader_error":
            click.echo(f"No verdict: {shown(result.learner)}", err=True)
            continue
        folder = to / result.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(exports.gradescope(result.report), "utf-8")


# --- judging ---------------------------------------------------------------------------------


def _how(
    *, workers: int | None, scheduler: str | None, unsafe_no_sandbox: bool, anonymous: bool
) -> RunOptions:
    from autograder.classroom.class_run import RunOptions

    assert isinstance(anonymous, bool)
    if scheduler:
        need("cluster", "distributed")
    if workers and scheduler:
        raise click.UsageError("The cluster has workers of its own: leave out --workers.")
    if not (scheduler or unsafe_no_sandbox):
        need_sandbox()
    return RunOptions(workers, scheduler, sandboxed=not unsafe_no_sandbox)


def _judge_and_write(
    kept: Journal, course: Course, assignment: Assignment, how: RunOptions, *, anonymous: bool
) -> None:
    from autograder.classroom import class_run, results, similar

    if (lacking := similar.lacking()) is not None:
        click.echo(f"Near-identical work is left out: {lacking}", err=True)
    with Progress() as progress:
        judged = class_run.judge(kept, kept.conditions(), how, progress.tell)
    click.echo(f"{judged} judged.")
    summary = results.write(kept, course, assignment, anonymous=anonymous)
    say_summary(summary, kept.folder)
    if any(row.status == "grader_error" for row in summary.learners):
        sys.exit(OUR_FAULT)


def _begin_again(kept: Journal, conditions: Conditions, learners: tuple[str, ...]) -> None:
    """Have what is asked for judged again."""
    rows = list(kept.rows())
    kept.use(conditions)
    again = [r.content for r in rows if r.content and (not learners or r.learner in learners)]
    kept.forget(again)


def _scores(kept: Journal) -> dict[str, str]:
    from autograder.report import from_json

    scores = {}
    for row in kept.rows():
        scores[row.learner] = "no verdict"
        if row.report is not None:
            report = from_json(row.report)
            if report.status == "graded":
                scores[row.learner] = f"{report.score:g}"
    return scores


# --- what goes wrong ---------------------------------------------------------------------------


def _refuse_inside(out: Path, submissions: Path) -> None:
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise click.UsageError("--out lies in SUBMISSIONS: it would be taken for a learner's work.")


@contextmanager
def _told() -> Iterator[None]:
    """Errors as a sentence and an exit code; a request to stop as such."""
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
        click.echo("\nStopped. The same command goes on from here.", err=True)
        sys.exit(INTERRUPTED)
    finally:
        signal.signal(signal.SIGTERM, previous)
