"""assignments/ from solutions/: written, compared, and never over a learner's work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder import forms
from autograder.authoring.stub import StubError, stub
from autograder.suite import SuiteError

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["BuildError", "Built", "StubError", "build", "drift", "made", "reset", "stubs"]


class BuildError(Exception):
    """A solution, or what learners were given, is missing or unusable; the message says which."""


@dataclass(frozen=True)
class Built:
    """What became of one file: `kept` is where a learner's version was put aside."""

    path: Path
    state: Literal["unchanged", "written", "begun"]
    kept: Path | None = None


def stubs(course: Course, assignment: Assignment) -> dict[Path, str]:
    """The learner's scripts of an assignment, by the path at which they belong.

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
            raise BuildError(f"{solution}: it is not UTF-8 text.") from None
        name = str(solution.relative_to(course.root))
        texts[course.root / "assignments" / assignment.name / file.name] = stub(text, name)
    return texts


def made(course: Course, assignment: Assignment) -> dict[Path, str]:
    """The learner's files of an assignment in both forms, by the path at which they belong.

    Raises:
        BuildError: a solution is missing, does not fit its suite, or jupytext is not installed.
        StubError: its markers do not fit.
    """
    texts = stubs(course, assignment)
    try:
        from autograder.authoring.notebook import NotebookError, notebooks
    except ModuleNotFoundError as error:
        raise BuildError(
            f"Notebooks are made with {error.name}: pip install jupytext, then try again."
        ) from None
    folder = course.root / "assignments" / assignment.name
    try:
        for name, text in notebooks(course, assignment).items():
            texts[folder / name] = text
    except (NotebookError, SuiteError) as error:
        raise BuildError(str(error)) from None
    return texts


def build(course: Course, assignment: Assignment, *, force: bool = False) -> list[Built]:
    """Write an assignment's files in both forms.

    A file that was changed since it was generated is a learner's work: it stays as it is, or with
    `force` is put aside as NAME.N.bak and replaced.
    """
    return [
        _write(path, text.encode(), force=force) for path, text in made(course, assignment).items()
    ]


def reset(course: Course, assignment: Assignment) -> list[Built]:
    """Bring back what the learner was given. What was begun is put aside as NAME.N.bak.

    Raises:
        BuildError: it is not there any more.
    """
    folder = course.root / "assignments" / assignment.name
    places = [path for file in assignment.files for path in forms.both(folder, file)]
    given = [(path, forms.stub_of(path)) for path in places]
    if not given[0][1].is_file():
        raise BuildError(f"{given[0][1]} is missing: it holds what you were given.")
    return [_write(path, stub.read_bytes(), force=True) for path, stub in given if stub.is_file()]


def _write(path: Path, content: bytes, *, force: bool) -> Built:
    """Put a file and its copy for later in place, never over begun work."""
    present = path.read_bytes() if path.exists() else None
    kept = None
    if present is not None and not forms.alike(path, present, content) and forms.begun(path):
        if not force:
            return Built(path, "begun")
        kept = _put_aside(path)
    for place in (path, forms.stub_of(path)):
        if not place.exists() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return Built(path, "unchanged" if present == content else "written", kept)


def drift(course: Course, assignment: Assignment) -> list[str]:
    """A line for each file that is not what its solution makes, with what to do about it."""
    lines = []
    for path, text in made(course, assignment).items():
        shown, content = path.relative_to(course.root), text.encode()
        given = forms.stub_of(path)
        if not path.exists():
            lines.append(f"{shown} is missing: run `course build {assignment.name}`.")
        elif path.read_bytes() != content and forms.begun(path):
            lines.append(
                f"{shown} was edited by hand. If it is a learner's work, leave it; else run "
                f"`course build {assignment.name} --force`, which keeps the old file."
            )
        elif path.read_bytes() != content and forms.alike(path, path.read_bytes(), content):
            lines.append(
                f"{shown} has been run: `course build {assignment.name}` clears its outputs."
            )
        elif path.read_bytes() != content or not given.exists() or given.read_bytes() != content:
            lines.append(f"{shown} is older than its solution: run `course build`.")
    return lines


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.bak")).exists():
        number += 1
    path.rename(aside)
    return aside
