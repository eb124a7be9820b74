"""A learner's file in its two forms, script and notebook: which of them they work in.

Both lie side by side, made from one source. Each as it was handed out lies in assignments/.stubs/
under the same name: who has not begun a form is known by it, and `--reset` brings it back.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from autograder.submission import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.course import Assignment, AssignmentFile, Course

STUBS = ".stubs"
"""In assignments/."""


def stub_of(path: Path) -> Path:
    """Where the form lies as it was handed out."""
    return path.parent.parent / STUBS / path.parent.name / path.name


def both(folder: Path, file: AssignmentFile) -> tuple[Path, Path]:
    """Where the script and the notebook of a file lie in an assignment's folder."""
    return folder / file.name, folder / f"{file.module}.ipynb"


def that_count(folder: Path, file: AssignmentFile, limit: int) -> list[Path]:
    """The forms of a file that may be the learner's work.

    Args:
        folder: the assignment's.
        file: which one.
        limit: more bytes of a form are not read to compare it.

    Returns:
        None or one; two where both have been edited and hold other code, the last saved first.
    """
    there = [path for path in both(folder, file) if path.is_file()]
    if len(there) < 2:
        # A script may be gone for a moment, while it is saved: its notebook is no answer then.
        return [p for p in there if p.name == file.name or not _is_stub(p, limit)]
    edited = [path for path in there if not _is_stub(path, limit)]
    if len(edited) < 2 or _code(edited[0], limit) == _code(edited[1], limit):
        return (edited or there)[:1]
    return sorted(edited, key=lambda path: path.stat().st_mtime, reverse=True)


def untouched(course: Course, assignment: Assignment) -> bool:
    """Whether the assignment's files are there and none has been begun."""
    folder = course.root / "assignments" / assignment.name
    limit = assignment.limits.notebook_bytes
    forms = [path for file in assignment.files for path in both(folder, file)]
    there = [path for path in forms if path.is_file()]
    return bool(there) and all(_is_stub(path, limit) for path in there)


def begun(path: Path) -> bool:
    """Whether a form holds anything that it was not handed out with; outputs do not count."""
    given = stub_of(path)
    return not given.is_file() or not alike(path, path.read_bytes(), given.read_bytes())


def alike(path: Path, one: bytes, other: bytes) -> bool:
    """Whether two contents of a form are the same to a reader: of notebooks the cells' texts."""
    if one == other or path.suffix != ".ipynb":
        return one == other
    from autograder.submission import notebook

    try:
        first, second = (notebook.read(each.decode("utf-8-sig")) for each in (one, other))
    except ValueError:
        return False
    return [(c.kind, c.source) for c in first] == [(c.kind, c.source) for c in second]


class Put(msgspec.Struct, frozen=True):
    """What became of one file: `kept` is where a learner's version was put aside."""

    path: Path
    state: Literal["unchanged", "written", "begun"]
    kept: Path | None = None


def put(path: Path, content: bytes, *, force: bool) -> Put:
    """Put a file and its copy for later in place, but never over begun work.

    With `force` begun work is put aside as NAME.N.bak, and replaced.
    """
    present = path.read_bytes() if path.exists() else None
    kept = None
    if present is not None and not alike(path, present, content) and begun(path):
        if not force:
            return Put(path, "begun")
        kept = _put_aside(path)
    for place in (path, stub_of(path)):
        if not place.exists() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return Put(path, "unchanged" if present == content else "written", kept)


def reset(course: Course, assignment: Assignment) -> list[Put]:
    """Bring back what the learner was given. What was begun is put aside as NAME.N.bak.

    Raises:
        FileNotFoundError: it is not there any more.
    """
    folder = course.root / "assignments" / assignment.name
    first, *others = (path for file in assignment.files for path in both(folder, file))
    paths = [first, *(path for path in others if stub_of(path).is_file())]
    contents = [(path, stub_of(path).read_bytes()) for path in paths]
    return [put(path, content, force=True) for path, content in contents]


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.bak")).exists():
        number += 1
    path.rename(aside)
    return aside


def _is_stub(path: Path, limit: int) -> bool:
    """Whether a form holds the code that it was handed out with."""
    given = stub_of(path)
    if not given.is_file() or path.is_symlink():
        return False
    with suppress(OSError):
        if path.read_bytes() == given.read_bytes():
            return True
    code = _code(path, limit)
    return code is not None and code == _code(given, limit)


def _code(path: Path, limit: int) -> list[str] | None:
    """The lines of code of a form, alike in both; None where it cannot be read."""
    try:
        if path.is_symlink():
            return None
        with path.open("rb") as file:
            return list(_lines(path, file.read(limit).decode("utf-8-sig")))
    except (OSError, ValueError):
        return None


def _lines(path: Path, text: str) -> Iterable[str]:
    if path.suffix == ".ipynb":
        from autograder.submission import notebook

        found = notebook.read(text)
        sources = [c.source for c in found if c.kind == "code" and not c.is_grade]
    else:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        sources = ["\n".join(c.lines) for c in percent.cells(text) if not c.markdown]
    for source in sources:
        yield from (line.rstrip() for line in source.split("\n") if line.strip())
