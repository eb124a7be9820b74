"""`course handout`, `template`, `autograder`, `answers`: what an instructor gives out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.command import told
from autograder.cli.needs import need
from autograder.course import find

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

    Make = Callable[[Course, Assignment, Path], list[Assignment]]

_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.command()
@_FOLDER
@click.option("--upto", metavar="NAME", required=True, help="The last assignment to include.")
def handout(folder: Path, upto: str) -> None:
    """Make the handout for a class.

    DIR then holds the assignments up to NAME as scripts and notebooks, and `grade` with the visible
    tests, without solutions, hidden tests or later assignments. It can be installed by itself.
    """
    need("instructor", "jupytext", "tomli_w")
    from autograder.authoring.handout import handout as make

    _make(make, folder, upto)
    click.echo("Zip it and give it to the class. Its README.md tells learners how to begin.")


@click.command()
@click.argument("kind", metavar="github", type=click.Choice(["github"]))
@_FOLDER
@click.option("--upto", metavar="NAME", required=True, help="The last assignment to include.")
def template(kind: str, folder: Path, upto: str) -> None:
    """Make the template repository for a class on GitHub.

    DIR then holds a handout up to NAME (see `course handout`), and a workflow that grades each
    push: annotations at the learner's lines, a summary, points as JSON.
    """
    assert kind == "github"
    need("instructor", "jupytext", "tomli_w")
    from autograder.authoring.repository import for_github

    _make(for_github, folder, upto)
    click.echo(
        f"Next, in {folder}: git init, commit and push, then mark the repository as a template."
    )


@click.command("autograder")
@click.argument("name", metavar="ASSIGNMENT")
@click.option(
    "-o",
    "--output",
    metavar="FILE.zip",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("autograder.zip"),
    show_default=True,
    help="Where to write the zip.",
)
def autograder_(name: str, output: Path) -> None:
    """Make the zip from which Gradescope builds an autograder.

    It contains this grader, the suite of ASSIGNMENT with its hidden tests, and the scripts that
    install and run them. Upload it under "Configure Autograder", and don't share it with learners.
    """
    from autograder.classroom.gradescope_zip import make

    with told():
        course = find(Path.cwd())
        assignment = course.assignment(name)
        make(course, assignment, output)
    click.echo(f"{output} grades {assignment.name}. Upload it to Gradescope.")


@click.command()
@click.argument("name", metavar="ASSIGNMENT")
@click.option(
    "-o",
    "--output",
    metavar="FILE.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page.  [default: ASSIGNMENT-answers.html]",
)
def answers(name: str, output: Path | None) -> None:
    """Make a page for learners to compare their work with.

    It contains the answers to the questions, a solution, and one further task. Share it with the
    feedback, once nobody can hand in any more.
    """
    need("instructor", "bleach", "nbconvert")
    from autograder.classroom.answers import page

    with told():
        course = find(Path.cwd())
        assignment = course.assignment(name)
        path = output or Path(f"{assignment.name}-answers.html")
        path.write_text(page(course, assignment), "utf-8")
    click.echo(f"{path} contains a solution. Only share it once nobody can hand in any more.")


def _make(make: Make, folder: Path, upto: str) -> None:
    from autograder.authoring.build import BuildError, StubError
    from autograder.authoring.handout import HandoutError

    with told(BuildError, StubError, HandoutError):
        course = find(Path.cwd())
        chosen = make(course, course.assignment(upto), folder)
    click.echo(f"{folder} contains {', '.join(assignment.name for assignment in chosen)}.")
