"""Whose work a file is: your own is graded even without a sandbox, other people's is not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autograder.course import Course


def is_own_work(course: Course, path: Path) -> bool:
    """Whether a file is the work of the person who grades it.

    Files in an assignment's folder are. For others the person is asked once, if there is no sandbox
    and they are at a terminal; without an answer, the work counts as someone else's.

    Args:
        course: remembers the answer.
        path: the file to grade.
    """
    from autograder.feedback.remembered import State

    place = Path(os.path.realpath(path))
    folders = (os.path.realpath(course.folder(each)) for each in course.assignments)
    if any(place.is_relative_to(folder) for folder in folders):
        return True
    state = State(course)
    if state.is_own(place):
        return True
    if not (place.exists() and sys.stdin.isatty() and sys.stderr.isatty() and _answers(path)):
        return False
    state.remember_own(place)
    return True


def _answers(path: Path) -> bool:
    """Ask whose work it is if there is no sandbox; with one it makes no difference."""
    from autograder.feedback.wording import printable
    from autograder.sandbox import bubblewrap

    reason = bubblewrap.unavailable()
    if reason is None:
        return False
    click.echo(
        f"There is no sandbox here. {reason}\nWithout one, the file runs with your "
        "permissions: it can read, change and send your files.",
        err=True,
    )
    return click.confirm(f"Is {printable(str(path))} your own work?", default=False, err=True)
