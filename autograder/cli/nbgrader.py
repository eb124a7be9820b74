"""`course init-nbgrader`, `course release`: the course in nbgrader."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.actions import OUR_FAULT
from autograder.cli.command import told
from autograder.cli.needs import need
from autograder.course import find

if TYPE_CHECKING:
    from autograder.classroom.bridge.folder import Written

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("init-nbgrader")
@click.argument("folder", metavar="DIR", type=_FOLDER)
def init_nbgrader(folder: Path) -> None:
    """Set up DIR as your nbgrader folder.

    \b
    DIR is inside the course's folder. It gets nbgrader's configuration, yours
    and the learners', and every assignment as a notebook without solutions.

    Run it again after a change of course.toml. Files you edited are left alone.
    """  # noqa: D301  click reads \b
    from autograder.classroom.bridge import folder as folders

    need("instructor", "nbgrader", "jupytext")
    with _told():
        course = find(Path.cwd())
        _say(folders.init(course, folder))
    first = course.assignments[0].name
    click.echo(f"Next, in {_shown(folder)}: course release {first}")


@click.command()
@click.argument("name", metavar="ASSIGNMENT")
def release(name: str) -> None:
    """Release an assignment through nbgrader.

    Builds it, generates it, and puts it into the exchange. Run this command in the folder made by
    `course init-nbgrader`.
    """
    from autograder.classroom.bridge import release as releasing

    need("instructor", "nbgrader", "jupytext")
    with _told():
        course = find(Path.cwd())
        _say(releasing.release(course, course.assignment(name), Path.cwd()))
    click.echo(
        f"{name} is released. Learners fetch it with: nbgrader fetch_assignment {name}\n"
        "Once they have submitted:\n"
        f"  nbgrader collect {name}\n"
        f"  nbgrader autograde {name}\n"
        f"  nbgrader generate_feedback {name}\n"
        f"  nbgrader release_feedback {name}"
    )


def _say(written: list[Written]) -> None:
    for each in written:
        path = _shown(each.path)
        if each.state == "written":
            click.echo(f"{path} written")
        elif each.state == "edited":
            click.echo(
                f"{path} was edited, so it is left alone. To regenerate it, move it "
                "away and run the same command again."
            )


def _shown(path: Path) -> str:
    return os.path.relpath(path)


@contextmanager
def _told() -> Iterator[None]:
    """Report errors in a sentence with an exit code."""
    from autograder.authoring.build import BuildError, StubError
    from autograder.authoring.notebook import NotebookError
    from autograder.classroom.bridge.folder import FolderError
    from autograder.grading.suite import SuiteError

    try:
        with told():
            yield
    except (BuildError, FolderError, NotebookError, StubError) as error:
        raise click.ClickException(str(error)) from None
    except SuiteError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(OUR_FAULT)
