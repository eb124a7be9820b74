"""Makes a template repository for a class: a handout, and a workflow that grades each push."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring.handout import handout

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_WORKFLOW = Path(__file__).with_name("templates") / "github.yml"
_IN_README = """
## On GitHub

Each push is graded: *Actions* shows a summary, and the lines to look at are marked in the commit.
What you haven't started is skipped. You don't have to wait for this: `grade` says the same at home.
"""


def for_github(course: Course, upto: Assignment, to: Path) -> list[Assignment]:
    """Make the repository's files; the folder is not under version control yet.

    Args:
        course: the whole course.
        upto: the last assignment to include.
        to: the folder to make; it must be empty if it exists.

    Returns:
        The assignments in it.

    Raises:
        HandoutError: the folder is not empty, or a file would reveal a hidden test's name.
        BuildError: a solution is missing or unusable.
        OSError: something cannot be read or written.
    """
    chosen = handout(course, upto, to)
    workflows = to / ".github" / "workflows"
    workflows.mkdir(parents=True)
    shutil.copyfile(_WORKFLOW, workflows / "grade.yml")
    with (to / "README.md").open("a", encoding="utf-8") as readme:
        readme.write(_IN_README)
    with (to / ".gitignore").open("a", encoding="utf-8") as ignored:
        ignored.write("points.json\n")
    return chosen
