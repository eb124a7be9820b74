"""The folder in which an instructor works with nbgrader: what is in it, written from course.toml.

A file that is as it was written is brought up to date; one that was edited is left alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

CONFIG = "nbgrader_config.py"
RECORD = ".course.json"
"""In the folder: the hash of each file as it was written, to tell ours from an edited one."""
_TEMPLATES = Path(__file__).with_name("templates")


class FolderError(Exception):
    """The folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """What became of one file."""

    path: Path
    state: Literal["unchanged", "written", "edited"]


def init(course: Course, folder: Path) -> list[Written]:
    """Write both sides' configuration and every assignment's source, and make the exchange.

    Args:
        course: what is taught.
        folder: where; in the course's folder, so that `course` and the verdicts find it.

    Returns:
        What became of each file.

    Raises:
        FolderError: it lies elsewhere, or something cannot be written.
    """
    folder = folder.resolve()
    if not (course.root / "solutions").is_dir():
        raise FolderError(
            f"{course.root} contains no solutions: it is a handout or a learner's "
            "folder. Go to the clone of the course and name a folder there: course "
            "init-nbgrader class"
        )
    if course.root not in folder.parents:
        raise FolderError(
            f"{folder} is outside the course's folder, {course.root}, where the "
            "commands look for the course. Use a folder inside it."
        )
    exchange = _exchange(course, folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # grades will be in there
        if not exchange.exists():
            exchange.mkdir(parents=True)
            exchange.chmod(0o777)  # nbgrader's way: everybody hands in here
        written = list(_put(folder, _configuration(course, exchange)))
        for assignment in course.assignments:
            written += source(course, assignment, folder)
    except OSError as error:
        raise FolderError(f"{error.filename}: {error.strerror}.") from None
    if exchange.stat().st_mode & 0o777 != 0o777:
        raise FolderError(f"Learners can't submit through {exchange}. Run: chmod 777 {exchange}")
    return written


def source(course: Course, assignment: Assignment, folder: Path) -> list[Written]:
    """Write what learners get of an assignment to nbgrader's source folder: no solution is in it.

    These are the notebooks with stubs, and the modules of ours that they import.

    Args:
        course: gives the solutions.
        assignment: which one.
        folder: the instructor's.

    Returns:
        What became of each.
    """
    from autograder.authoring.build import provided
    from autograder.authoring.notebook import notebooks

    texts = notebooks(course, assignment) | provided(assignment)
    files = {f"source/{assignment.name}/{name}": text for name, text in texts.items()}
    return list(_put(folder, files))


def _exchange(course: Course, folder: Path) -> Path:
    return Path(course.teaching.exchange or folder.parent / "exchange").expanduser().resolve()


def _configuration(course: Course, exchange: Path) -> dict[str, str]:
    scripts = [
        f"    {a.name!r}: {[file.name for file in a.files]!r},".replace("'", '"')
        for a in course.assignments
    ]
    facts = {
        "title": course.title,
        "course_id": json.dumps(course.teaching.id or _slug(course.title)),
        "exchange": json.dumps(str(exchange)),
        "scripts": "\n".join(scripts),
    }
    return {
        CONFIG: _filled("instructor.txt", facts),
        f"for-learners/{CONFIG}": _filled("learner.txt", facts),
    }


def _filled(template: str, facts: dict[str, str]) -> str:
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(facts)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "course"


def _put(folder: Path, files: dict[str, str]) -> Iterator[Written]:
    record = _record(folder)
    for name, text in files.items():
        path, content = folder / name, text.encode()
        present = path.read_bytes() if path.exists() else None
        if present is not None and present != content and record.get(name) != _hash(present):
            yield Written(path, "edited")
            continue
        record[name] = _hash(content)
        if present != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Written(path, "unchanged" if present == content else "written")
    (folder / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}
