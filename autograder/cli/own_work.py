"""Whose work a file is: one's own is graded without a sandbox too, another's is not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autograder.course import Course


def is_own_work(course: Course, path: Path) -> bool:
    """Whether it is the work of the person who grades it.

    What lies in an assignment's folder is. Of another file they are asked once, where there is no
    sandbox and they sit at a terminal; else it is taken for another's.

    Args:
        course: remembers the answer.
        path: what is to be graded.
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
    """Ask only if there is no sandbox; with one it makes no difference."""
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
