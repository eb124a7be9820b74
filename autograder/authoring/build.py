"""assignments/ from solutions/: written, compared, and never over a learner's work."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.authoring.stub import StubError, stub

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["BuildError", "Built", "StubError", "build", "drift", "stubs"]

RECORD = "stubs.json"
"""In assignments/: the hash of each file as it was generated, to tell a stub from begun work."""


class BuildError(Exception):
    """A solution is missing or unreadable; the message says which."""


@dataclass(frozen=True)
class Built:
    """What became of one file: `kept` is where a learner's version was put aside."""

    path: Path
    state: Literal["unchanged", "written", "begun"]
    kept: Path | None = None


def stubs(course: Course, assignment: Assignment) -> dict[Path, str]:
    """The learner's files of an assignment, by the path at which they belong.

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


def build(course: Course, assignment: Assignment, *, force: bool = False) -> list[Built]:
    """Write an assignment's stubs.

    A file that was changed since it was generated is a learner's work: it stays as it is, or with
    `force` is put aside as NAME.N.bak and replaced.
    """
    record = _record(course)
    results = []
    for path, text in stubs(course, assignment).items():
        key = str(path.relative_to(course.root / "assignments"))
        kept = None
        if path.exists():
            present = path.read_bytes()
            if present == text.encode():
                record[key] = _hash(present)
                results.append(Built(path, "unchanged"))
                continue
            if record.get(key) != _hash(present):
                if not force:
                    results.append(Built(path, "begun"))
                    continue
                kept = _put_aside(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        record[key] = _hash(text.encode())
        results.append(Built(path, "written", kept))
    _write_record(course, record)
    return results


def drift(course: Course, assignment: Assignment) -> list[str]:
    """A line for each file that is not what its solution makes, with what to do about it."""
    lines = []
    record = _record(course)
    for path, text in stubs(course, assignment).items():
        shown = path.relative_to(course.root)
        if not path.exists():
            lines.append(f"{shown} is missing: run `course build {assignment.name}`.")
        elif path.read_bytes() != text.encode():
            known = record.get(str(path.relative_to(course.root / "assignments")))
            if known == _hash(path.read_bytes()):
                lines.append(f"{shown} is older than its solution: run `course build`.")
            else:
                lines.append(
                    f"{shown} was edited by hand. If it is a learner's work, leave it; else run "
                    f"`course build {assignment.name} --force`, which keeps the old file."
                )
    return lines


def untouched(course: Course, assignment: Assignment) -> bool:
    """Whether the assignment's files are there and as they were generated: not begun."""
    folder = course.root / "assignments"
    known = {k: h for k, h in _record(course).items() if k.startswith(f"{assignment.name}/")}
    try:
        return bool(known) and all(
            _hash((folder / key).read_bytes()) == digest for key, digest in known.items()
        )
    except OSError:
        return False


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.bak")).exists():
        number += 1
    path.rename(aside)
    return aside


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(course: Course) -> dict[str, str]:
    path = course.root / "assignments" / RECORD
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def _write_record(course: Course, record: dict[str, str]) -> None:
    path = course.root / "assignments" / RECORD
    path.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")
