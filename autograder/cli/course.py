"""`course`: build and check the course."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import autograder
from autograder.cli import classroom
from autograder.cli.command import Group
from autograder.course import Assignment, Course, CourseError, find


def _course() -> Course:
    try:
        return find(Path.cwd())
    except CourseError as error:
        raise click.UsageError(str(error)) from None


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="course")
def main() -> None:
    """Build and check the course, judge a class. Run it inside the course's folder."""


for _command in (classroom.class_, classroom.regrade, classroom.export):
    main.add_command(_command)


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is not up to date.")
@click.option("--force", is_flag=True, help="Replace begun files too; the old ones are kept.")
def build(names: tuple[str, ...], *, check: bool, force: bool) -> None:
    """Make assignments/ from solutions/.

    \b
    course build               all assignments
    course build assignment3   one of them
    course build --check       exit 1 if anything would change

    A file that a learner has begun to fill in is left alone.
    """  # noqa: D301  click reads \b
    from autograder.authoring import build as builder
    from autograder.authoring.stub import StubError

    course = _course()
    try:
        chosen = [course.assignment(name) for name in names] or list(course.assignments)
        if check:
            lines = [line for assignment in chosen for line in builder.drift(course, assignment)]
            for line in lines:
                click.echo(line, err=True)
            sys.exit(1 if lines else 0)
        for assignment in chosen:
            for built in builder.build(course, assignment, force=force):
                _say(built, course)
    except (CourseError, StubError, builder.BuildError) as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--quick", is_flag=True, help="Leave out the slips that a tool makes.")
@click.option(
    "--matrix",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write wrong engines by tests as a page.",
)
def check(names: tuple[str, ...], *, quick: bool, matrix: Path | None) -> None:
    """Put the suites on trial.

    For every assignment: the stub fails, the solution and every right engine
    get full marks, every wrong engine loses points in the test that names it,
    every slip made by tool in the solution is noticed, hints are complete,
    nothing has drifted.

    Exit code 1 and a line for each violation, with where to mend it.
    """
    from autograder.authoring import check as checking
    from autograder.authoring import fingerprints
    from autograder.authoring.matrix import page

    course = _course()
    chosen = _chosen(course, names)
    total = sum(checking.workload(course, a, with_mutants=not quick) for a in chosen)
    verdicts = {}
    with click.progressbar(length=total, label="engines", file=sys.stderr) as bar:
        for assignment in chosen:
            verdicts[assignment.name] = checking.check(
                course, assignment, bar.update, with_mutants=not quick
            )
    violations = 0
    for assignment in chosen:
        verdict = verdicts[assignment.name]
        verdict.violations += fingerprints.violations(assignment)
        violations += len(verdict.violations)
        click.echo(
            f"{assignment.name}: {len(verdict.caught)} wrong engines caught, "
            f"{verdict.right - 1} right ones spared, {verdict.mutants} slips by tool, "
            f"{len(verdict.equivalent)} of them change nothing"
        )
        for violation in verdict.violations:
            click.secho(f"  {violation}", fg="red")
    if matrix is not None:
        matrix.write_text(page(course, verdicts), "utf-8")
        click.echo(f"{matrix} written")
    click.echo("All good." if not violations else f"{violations} to mend.")
    sys.exit(1 if violations else 0)


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
def fingerprints(names: tuple[str, ...]) -> None:
    """Store what wrong engines answer.

    Each known mistake has its own answers, by which reports name it.
    """
    from autograder.authoring import engines
    from autograder.authoring import fingerprints as prints

    course = _course()
    for assignment in _chosen(course, names):
        try:
            text = prints.make(course, assignment)
        except (prints.FingerprintError, engines.EngineError) as error:
            raise click.ClickException(str(error)) from None
        if text is not None:
            prints.path_of(assignment).write_text(text, "utf-8")
            click.echo(f"{prints.path_of(assignment)} written")


def _chosen(course: Course, names: tuple[str, ...]) -> list[Assignment]:
    try:
        return [course.assignment(name) for name in names] or list(course.assignments)
    except CourseError as error:
        raise click.UsageError(str(error)) from None


def _say(built: object, course: Course) -> None:
    from autograder.authoring.build import Built

    assert isinstance(built, Built)
    path = built.path.relative_to(course.root)
    if built.state == "begun":
        click.echo(f"{path} has been edited and is left alone (--force replaces it, keeping it).")
    else:
        aside = f", the old one is {built.kept.name}" if built.kept else ""
        click.echo(f"{path} {built.state}{aside}")
