"""A learner's file in its two forms, script and notebook: which of them they work in.

Both are in the same folder, made from one source. assignments/handed_out.json has hashes of each as
it was handed out, by which an untouched form is recognised.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from autograder.submission import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from autograder.course import Assignment, AssignmentFile, Course

HANDED_OUT = "handed_out.json"
"""In assignments/: a `Given` for each form, by `assignmentN/NAME`."""


class Given(msgspec.Struct, frozen=True):
    """A form as it was handed out, as SHA-256 hashes.

    Attributes:
        content: the hash of its bytes.
        text: that of what a reader sees; of a notebook, the cells' texts without outputs.
        code: that of its lines of code, which are the same in both forms; "" if unreadable.
    """

    content: str
    text: str
    code: str

    @classmethod
    def of(cls, path: Path, content: bytes) -> Given:
        """The hashes of a form with this content and the name of `path`."""
        return cls(_sha256(content), _text_sha256(path, content), _code_sha256(path, content))


def given(folder: Path) -> dict[str, Given]:
    """The forms of an assignment as they were handed out, by name; empty if there is no record.

    Args:
        folder: the assignment's folder, in assignments/.
    """
    known = {Path(key): form for key, form in _record(folder.parent).items()}
    return {path.name: form for path, form in known.items() if path.parent.name == folder.name}


def _record(assignments: Path) -> dict[str, Given]:
    try:
        content = (assignments / HANDED_OUT).read_bytes()
        return msgspec.json.decode(content, type=dict[str, Given])
    except (OSError, msgspec.MsgspecError):
        return {}


def both(folder: Path, file: AssignmentFile) -> tuple[Path, Path]:
    """The paths of a file's script and notebook in an assignment's folder."""
    return folder / file.name, folder / file.notebook


def candidates(folder: Path, file: AssignmentFile, limit: int) -> list[Path]:
    """The forms of a file that may be the learner's work.

    Args:
        folder: the assignment's.
        file: one of the assignment's files.
        limit: how many bytes of a form to read at most, to compare it.

    Returns:
        None or one; two if both were edited and have different code, the one saved last first.
    """
    there, known = [path for path in both(folder, file) if path.is_file()], given(folder)
    if len(there) < 2:
        # A script may be missing for a moment while it is saved; its untouched notebook must not
        # count then.
        return [p for p in there if p.name == file.name or not _is_stub(p, known, limit)]
    edited = [path for path in there if not _is_stub(path, known, limit)]
    if len(edited) < 2 or _same_code(edited[0], edited[1], limit):
        return (edited or there)[:1]
    return sorted(edited, key=lambda path: path.stat().st_mtime, reverse=True)


def untouched(course: Course, assignment: Assignment) -> bool:
    """Whether the assignment's files exist and none has been edited."""
    folder = course.folder(assignment)
    known, limit = given(folder), assignment.limits.notebook_bytes
    forms = [path for file in assignment.files for path in both(folder, file)]
    there = [path for path in forms if path.is_file()]
    return bool(there) and all(_is_stub(path, known, limit) for path in there)


def begun(path: Path) -> bool:
    """Whether a form differs from what was handed out; outputs do not count.

    Raises:
        OSError: it cannot be read.
    """
    return not is_given(path, path.read_bytes(), given(path.parent))


def is_given(path: Path, content: bytes, known: Mapping[str, Given]) -> bool:
    """Whether the content is what was handed out under that name; outputs do not count.

    Args:
        path: only its name matters.
        content: the form's bytes now.
        known: see `given`.
    """
    form = known.get(path.name)
    return form is not None and (
        form.content == _sha256(content) or form.text == _text_sha256(path, content)
    )


def alike(path: Path, one: bytes, other: bytes) -> bool:
    """Whether two contents of a form look the same to a reader; notebooks' outputs do not count."""
    return one == other or _text_sha256(path, one) == _text_sha256(path, other)


def importable(name: str) -> str:
    """The name under which Python imports a form: its own, as far as Python allows.

    Args:
        name: the form's file name; `my work.py` is imported as `my_work`.
    """
    stem = re.sub(r"\W", "_", Path(name).stem)
    return stem if stem.isidentifier() and not keyword.iskeyword(stem) else f"_{stem}"


class WriteResult(msgspec.Struct, frozen=True):
    """What happened to a file.

    Attributes:
        path: the file.
        state: `begun` if it was edited, and so left alone.
        kept: the new path of the learner's version, if that was renamed.
    """

    path: Path
    state: Literal["unchanged", "written", "begun"]
    kept: Path | None = None


def put(path: Path, content: bytes, *, force: bool) -> WriteResult:
    """Write a file and record what was handed out, but never overwrite edited work.

    Args:
        path: where to write it.
        content: its bytes.
        force: rename edited work to NAME.N.bak, and replace it.

    Raises:
        OSError: a file cannot be read or written.
    """
    present = path.read_bytes() if path.exists() else None
    kept = None
    if present is not None and not alike(path, present, content) and begun(path):
        if not force:
            return WriteResult(path, "begun")
        kept = _put_aside(path)
    if present != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _note(path, Given.of(path, content))
    return WriteResult(path, "unchanged" if present == content else "written", kept)


def _note(path: Path, form: Given) -> None:
    """Add a form to the record of what was handed out."""
    assignments, key = path.parent.parent, f"{path.parent.name}/{path.name}"
    known = _record(assignments)
    if known.get(key) == form:
        return
    known[key] = form
    text = msgspec.json.format(msgspec.json.encode(dict(sorted(known.items()))), indent=1)
    (assignments / HANDED_OUT).write_bytes(text + b"\n")


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.bak")).exists():
        number += 1
    path.rename(aside)
    return aside


def _is_stub(path: Path, known: Mapping[str, Given], limit: int) -> bool:
    """Whether a form has the code with which it was handed out."""
    form, content = known.get(path.name), _read(path, limit)
    if form is None or content is None:
        return False
    return form.content == _sha256(content) or form.code == _code_sha256(path, content) != ""


def _same_code(one: Path, other: Path, limit: int) -> bool:
    first, second = (_read(path, limit) for path in (one, other))
    if first is None or second is None:
        return first is second
    return _code_sha256(one, first) == _code_sha256(other, second)


def _read(path: Path, limit: int) -> bytes | None:
    """A form's content, up to `limit` bytes; None for a link and for an unreadable file."""
    try:
        if path.is_symlink():
            return None
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text_sha256(path: Path, content: bytes) -> str:
    """The hash of what a reader sees; for an invalid notebook, that of the content."""
    if path.suffix == ".ipynb":
        from autograder.submission import notebook

        with suppress(ValueError):
            cells = notebook.read(content.decode("utf-8-sig"))
            return _sha256(msgspec.json.encode([(cell.kind, cell.source) for cell in cells]))
    return _sha256(content)


def _code_sha256(path: Path, content: bytes) -> str:
    """The hash of a form's lines of code; "" if it cannot be read."""
    try:
        return _sha256("\n".join(_lines(path, content.decode("utf-8-sig"))).encode())
    except ValueError:
        return ""


def _lines(path: Path, text: str) -> Iterable[str]:
    """The lines of code of a form, the same in script and notebook."""
    if path.suffix == ".ipynb":
        from autograder.submission import notebook

        found = notebook.read(text)
        sources = [c.source for c in found if c.kind == "code" and not c.is_grade]
    else:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        sources = ["\n".join(c.lines) for c in percent.cells(text) if not c.markdown]
    for source in sources:
        yield from (line.rstrip() for line in source.split("\n") if line.strip())
