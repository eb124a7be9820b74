"""Builds assignments/ from solutions/, and never overwrites a learner's work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring.stub import StubError, stub, with_setup
from autograder.course import provided_text
from autograder.grading.suite import SuiteError
from autograder.submission import files

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["BuildError", "StubError", "build", "drift", "made", "provided", "stubs"]


class BuildError(Exception):
    """A solution is missing or unusable; the message says which."""


def stubs(course: Course, assignment: Assignment) -> dict[Path, str]:
    """The learner's scripts of an assignment, by path.

    Args:
        course: has the solutions.
        assignment: one of its assignments.

    Raises:
        BuildError: a solution is missing.
        StubError: its markers do not fit.
    """
    texts = {}
    for file in assignment.files:
        solution = course.root / "solutions" / assignment.name / file.name
        try:
            text = solution.read_text("utf-8")
        except OSError as error:
            raise BuildError(f"{solution}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise BuildError(f"{solution}: not UTF-8 text.") from None
        name = str(solution.relative_to(course.root))
        texts[course.folder(assignment) / file.name] = with_setup(stub(text, name))
    return texts


def made(course: Course, assignment: Assignment) -> dict[Path, str]:
    """The learner's files of an assignment in both forms, and the provided modules they import.

    Args:
        course: has the solutions.
        assignment: one of its assignments.

    Returns:
        The texts, by path.

    Raises:
        BuildError: a solution is missing or does not fit its suite.
        StubError: its markers do not fit.
    """
    texts = stubs(course, assignment)
    from autograder.authoring.notebook import NotebookError, notebooks

    folder = course.folder(assignment)
    try:
        for name, text in notebooks(course, assignment).items():
            texts[folder / name] = text
    except (NotebookError, SuiteError) as error:
        raise BuildError(str(error)) from None
    return texts | {folder / name: text for name, text in provided(assignment).items()}


def provided(assignment: Assignment) -> dict[str, str]:
    """The provided modules that the assignment's files may import: their texts by file name."""
    modules = dict.fromkeys(module for file in assignment.files for module in file.provides)
    return {f"{module}.py": provided_text(module) for module in modules}


def build(
    course: Course, assignment: Assignment, *, force: bool = False
) -> list[files.WriteResult]:
    """Write an assignment's files in both forms.

    A file that was edited since it was generated is a learner's work, and is left alone.

    Args:
        course: has the solutions.
        assignment: one of its assignments.
        force: rename edited files to NAME.N.bak, and replace them.

    Returns:
        What happened to each file.

    Raises:
        BuildError: as for `made`.
        StubError: as for `made`.
        OSError: a file cannot be written.
    """
    return [
        files.put(path, text.encode(), force=force)
        for path, text in made(course, assignment).items()
    ]


def drift(course: Course, assignment: Assignment) -> list[str]:
    """A message for each file that no longer matches its solution, saying what to do about it.

    Raises:
        BuildError: as for `made`.
        StubError: as for `made`.
    """
    lines = []
    known = files.given(course.folder(assignment))
    for path, text in made(course, assignment).items():
        shown, content = path.relative_to(course.root), text.encode()
        if not path.exists():
            lines.append(f"{shown} is missing: run `course build {assignment.name}`.")
        elif path.read_bytes() != content and files.begun(path):
            lines.append(
                f"{shown} was edited by hand. If it is a learner's work, leave it. "
                f"Otherwise run `course build {assignment.name} --force`, which keeps "
                "the old file."
            )
        elif path.read_bytes() != content and files.alike(path, path.read_bytes(), content):
            lines.append(f"{shown} contains outputs: `course build {assignment.name}` clears them.")
        elif path.read_bytes() != content or known.get(path.name) != files.Given.of(path, content):
            lines.append(f"{shown} is older than its solution: run `course build`.")
    return lines
