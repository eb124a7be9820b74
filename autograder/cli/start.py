"""`grade start DIR`: makes a folder to work in from the files in the package."""

from __future__ import annotations

import shutil
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import click

import autograder
from autograder import course as courses
from autograder.cli.actions import fail, handed_out_files
from autograder.submission import files

if TYPE_CHECKING:
    from autograder.course import Course

START = "start"
"""The word that `grade` takes instead of an assignment's name."""
_BESIDE = Path(__file__).with_name("started")
"""Templates of the files next to the assignments; their names have no leading dot."""


def start(to: Path | None) -> int:
    """Make the folder, and print what to do next.

    Args:
        to: the folder; it must be empty if it exists.

    Returns:
        The exit code, 0.
    """
    if to is None:
        fail("Name the folder to create, for example: grade start micrograd")
    root = courses.kit_folder()
    if root is None:
        fail("This package contains no course. Reinstall it from where you got it.")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        fail(f"{to} is not empty. Name a folder that does not exist yet.")
    course = courses.load(root)
    try:
        _fill(to, course)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.")
    first = course.assignments[0].name
    click.echo(f"Created {to} with {len(course.assignments)} assignments.")
    click.echo(f"To begin: cd {to} && grade {first}")
    click.echo("If your shell can't find `grade` there, see README.md in that folder.")
    return 0


def _fill(to: Path, course: Course) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for assignment in course.assignments:
        for path, content in handed_out_files(course, assignment).items():
            files.put(to / path.relative_to(course.root), content, force=False)
    first, version = course.assignments[0].name, autograder.__version__
    for template in _BESIDE.iterdir():
        text = Template(template.read_text("utf-8"))
        name = template.name.replace("gitignore", ".gitignore")
        (to / name).write_text(
            text.substitute(title=course.title, first=first, version=version), "utf-8"
        )
    shutil.copyfile(
        course.root / courses.FILE, to / courses.FILE
    )  # last: it makes the folder a course
