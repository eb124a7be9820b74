"""An assignment made and handed out: built, generated and released, by nbgrader's own means."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring.build import build
from autograder.classroom.bridge.folder import CONFIG, FolderError, Written, source

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


def release(course: Course, assignment: Assignment, folder: Path) -> list[Written]:
    """Make an assignment's source, generate it and put it into the exchange.

    Args:
        course: gives its solutions, and the day on which it is due.
        assignment: which one.
        folder: the instructor's, from `folder.init`.

    Returns:
        What became of its source.

    Raises:
        FolderError: the folder is none, or nbgrader refuses; the message is nbgrader's own.
    """
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    if not (folder / CONFIG).is_file():
        raise FolderError(
            f"There is no {CONFIG} in {folder}. Make one with `course init-nbgrader "
            "DIR`, then run the same command in DIR."
        )
    beside = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([beside, os.environ["PATH"]])  # nbgrader calls `alembic`
    build(course, assignment)  # what learners' stubs are compared with
    written = source(course, assignment, folder)
    with contextlib.chdir(folder):
        config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
        config.ExchangeReleaseAssignment.force = True  # again, and what is out there is replaced
        api = NbGraderAPI(config=config)
        _succeed(api.generate_assignment(assignment.name))
        with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
            enter_due(gradebook, course, assignment)
        _succeed(api.release_assignment(assignment.name))
    return written


def enter_due(gradebook: Any, course: Course, assignment: Assignment) -> None:
    """Enter until when an assignment may be handed in, where the course says so.

    Args:
        gradebook: nbgrader's, which counts in UTC.
        course: says it, with an offset.
        assignment: which one.
    """
    due = course.teaching.due.get(assignment.name)
    if due is not None:
        gradebook.update_or_create_assignment(assignment.name, duedate=due.isoformat())


def _succeed(result: dict[str, Any]) -> None:
    """Raise what nbgrader says where it did not do it."""
    if not result["success"]:
        said = f"{result.get('log') or ''}\n{result.get('error') or ''}".strip().splitlines()
        raise FolderError(f"nbgrader: {said[-1] if said else 'it failed without saying why'}")
