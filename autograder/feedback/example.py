"""Writes the current example to a file, which prints the learner's result and the right one."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.feedback import wording
from autograder.feedback.remembered import made

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.report import Report, TestReport

NAME = "example.py"
_HEAD = (
    "# {assignment}: {title}",
    "# grade rewrites this file each time a test fails.",
)


def write(
    course: Course, report: Report, place: Path, test: TestReport | None = None
) -> str | None:
    """Write the example of a failure into the course's folder.

    Args:
        course: the learner's.
        report: the verdict.
        place: the file that was graded, or its folder.
        test: the failure shown; by default the first one.

    Returns:
        The command that runs it from the current folder; None if there is no example, or it cannot
        be written.
    """
    test = test or next(iter(wording.failures(report)), None)
    if test is None or test.counterexample is None:
        return None
    folder = (place if place.is_dir() else place.parent).resolve()
    try:
        path = made(course) / NAME
        aside = path.with_suffix(".new")
        aside.write_text("\n".join(_lines(course, report, folder, test)) + "\n", "utf-8")
        aside.replace(path)
        shown = os.path.relpath(path)
    except (OSError, ValueError):  # a read-only folder; on another drive
        return None
    return f"{_python()} {shlex.quote(shown)}"


def _python() -> str:
    """The command for the Python that has this package: not always the shell's `python`."""
    own, found = Path(sys.executable), shutil.which("python")
    if found is not None and Path(found).parent.resolve() == own.parent.resolve():
        return "python"
    here = Path.cwd()
    return shlex.quote(str(own.relative_to(here) if own.is_relative_to(here) else own))


def _lines(course: Course, report: Report, folder: Path, test: TestReport) -> list[str]:
    example = test.counterexample
    assert example is not None
    title = " ".join(wording.printable(test.title).split())
    head = [line.format(assignment=report.assignment, title=title) for line in _HEAD]
    if folder != course.folder(course.assignment(report.assignment)):  # found there anyway
        head += ["import sys", "", f"sys.path.insert(0, {str(folder)!r})"]
    pasted = wording.pasted(test)
    if test.status == "error":
        return [*head, *pasted[:-1], "# the next line should not raise", *pasted[-1:]]
    right = wording.pair(example.yours, example.expected)[1]
    if not pasted[-1].startswith("print("):
        return [*head, *pasted, f'print("right:", {right!r})']
    look = pasted[-1].removeprefix("print(").removesuffix(")")
    return [*head, *pasted[:-1], f'print("yours:", {look})', f'print("right:", {right!r})']
