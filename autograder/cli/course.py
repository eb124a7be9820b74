"""`course`: build and check the course."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import autograder
from autograder.course import Course, CourseError, find


def _course() -> Course:
    try:
        return find(Path.cwd())
    except CourseError as error:
        raise click.ClickException(str(error)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="course")
def main() -> None:
    """Build and check the course. Run it inside the course's folder."""


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
    """
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


def _say(built: object, course: Course) -> None:
    from autograder.authoring.build import Built

    assert isinstance(built, Built)
    path = built.path.relative_to(course.root)
    if built.state == "begun":
        click.echo(f"{path} has been edited and is left alone (--force replaces it, keeping it).")
    else:
        aside = f", the old one is {built.kept.name}" if built.kept else ""
        click.echo(f"{path} {built.state}{aside}")
