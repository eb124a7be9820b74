"""Reads a learner's .py or .ipynb into the source that will run. Nothing is executed here."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.report import writable
from autograder.submission import files as forms
from autograder.submission import percent
from autograder.submission.beneath import first_link, open_beneath, way

if TYPE_CHECKING:
    from autograder.course import Assignment, AssignmentFile, Limits


class Ungradable(Exception):
    """There is nothing to grade. The message says what happened, where, and what to do next."""


class Block(msgspec.Struct, frozen=True):
    """A piece of source that runs as a unit.

    Attributes:
        where: its name in tracebacks: the file's name, or the cell of a notebook.
        text: what runs.
        shown: what the learner sees at these lines.
        tolerant: whether an exception at its top level only ends this block, as in a notebook.
    """

    where: str
    text: str
    shown: str
    tolerant: bool = False


class Source(msgspec.Struct, frozen=True, dict=True):
    """One file of a submission.

    Attributes:
        file: which file of the assignment it is.
        blocks: what will run, in order.
        text: all of its code, including demo cells.
        name: its file name when it was handed in.
        provided: sources that replace provided modules, by module name.
        until: stop after the block that assigns to this name; empty to run all of them.
    """

    file: AssignmentFile
    blocks: tuple[Block, ...]
    text: str
    name: str
    provided: Mapping[str, str] = msgspec.field(default_factory=dict)
    until: str = ""

    def line(self, where: str, number: int) -> str:
        """The learner's line at a place in a traceback, stripped; empty if there is none.

        Args:
            where: a block's.
            number: of the line in the block, from 1.
        """
        return self.whole_line(where, number).strip()

    def whole_line(self, where: str, number: int) -> str:
        """The same line with its whitespace."""
        lines = self._lines.get(where, ())
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def place(self, where: str, number: int) -> str:
        """A place in words: `my.py, line 12` or `my.ipynb, cell In[3], line 2`."""
        cell = f"{where}, " if self.name.endswith(".ipynb") else ""
        return f"{self.name}, {cell}line {number}"

    def function_at(self, where: str, number: int) -> str:
        """The function around a line, as in `Value.backward`; empty if none is near."""
        found: list[str] = []
        indent = _indent(self.whole_line(where, number))
        for line in reversed(self._lines.get(where, [])[max(0, number - _NEAR) : number - 1]):
            match = _DEFINITION.match(line)
            if match and _indent(line) < indent:
                found.insert(0, match["name"])
                indent = _indent(line)
            if indent == 0:
                break
        return ".".join(found)

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {block.where: block.shown.split("\n") for block in self.blocks}


_DEFINITION = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(?P<name>\w+)")
_NEAR = 200
"""How many lines are searched: no unwritten function is longer."""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class Submission(msgspec.Struct, frozen=True):
    """What was handed in.

    Attributes:
        name: its name in the report.
        sources: what will run, one for each file of the assignment that was handed in.
        sha256: the hash of everything that was handed in, 64 hexadecimal digits.
    """

    name: str
    sources: tuple[Source, ...]
    sha256: str

    def source(self, file_name: str) -> Source | None:
        """The source of that file of the assignment; None if it was not handed in."""
        return next((source for source in self.sources if source.file.name == file_name), None)


def read(assignment: Assignment, path: Path, until: str = "") -> Submission:
    """Read a submission: a file, or a folder with the assignment's files.

    The first file of the assignment must exist; its other files are read if they are in the same
    folder. Each may be a script or a notebook; if both exist, the edited one counts.

    Args:
        assignment: the assignment that it is for.
        path: the file or folder.
        until: also run demo cells, and stop after the cell that assigns to this name.

    Raises:
        Ungradable: a file is missing, empty, too large, not text, not a notebook, or a link, which
            could point to other people's work; or both forms were edited.
    """
    try:
        link, is_folder, exists = first_link(path), path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise Ungradable(f"{path} can't be read: {error}.") from None
    if link is not None:
        raise Ungradable(_a_link(link))
    if is_folder:
        paths = _in_folder(path, assignment)
    elif not exists and path.name == assignment.name:
        back = f"To get the stub back: grade {assignment.name} --reset"
        raise Ungradable(f"There is no folder {path}. {back}")
    elif not exists:
        raise Ungradable(
            f"There is no file {path}. Check the path, or leave it out to grade your own file."
        )
    else:
        paths = _beside(path, assignment)
    limits = assignment.limits
    return _of({file: (at.name, _bytes(at, limits)) for file, at in paths.items()}, limits, until)


def in_folder(assignment: Assignment, folder: Path) -> list[Path]:
    """The paths in a learner's folder that `read` would read.

    Args:
        assignment: the folder's.
        folder: the learner's.

    Raises:
        Ungradable: the first file does not exist, or both forms of a file were edited.
    """
    return list(_in_folder(folder, assignment).values())


def of_texts(assignment: Assignment, texts: Mapping[str, str], name: str) -> Submission:
    """A submission from the texts of its scripts.

    Args:
        assignment: the assignment that they are for.
        texts: the scripts by file name.
        name: its name in the report.

    Raises:
        Ungradable: a script is empty, or not text.
    """
    raw = {f: (f.name, texts[f.name].encode()) for f in assignment.files if f.name in texts}
    return _of(raw, assignment.limits, label=name)


def of_files(assignment: Assignment, files: Mapping[str, bytes]) -> Submission:
    """A submission from the bytes of its files.

    Args:
        assignment: the assignment that they are for.
        files: the contents by name: scripts, NAME.py, or notebooks, NAME.ipynb. If a file is there
            in both forms, the script counts.

    Raises:
        Ungradable: there is no file, or one is empty, not text, or not a notebook.
    """
    raw: dict[AssignmentFile, tuple[str, bytes]] = {}
    for file in assignment.files:
        for path in forms.both(Path(), file):
            if path.name in files:
                raw.setdefault(file, (path.name, files[path.name]))
    if not raw:
        raise Ungradable(f"There is no {assignment.files[0].name}.")
    return _of(raw, assignment.limits)


def _of(
    raw: Mapping[AssignmentFile, tuple[str, bytes]],
    limits: Limits,
    until: str = "",
    label: str = "",
) -> Submission:
    """A submission from the names and contents of its files."""
    digest = hashlib.sha256()
    for _, content in raw.values():
        digest.update(len(content).to_bytes(8, "big") + content)
    sources = tuple(
        _source(file, writable(name), content, limits, until)
        for file, (name, content) in raw.items()
    )
    name = writable(label or next(iter(raw.values()))[0])
    return Submission(name, sources, digest.hexdigest())


def _in_folder(folder: Path, assignment: Assignment) -> dict[AssignmentFile, Path]:
    """The form of each file that counts; the first file must exist."""
    found = {}
    for file in assignment.files:
        counting = forms.candidates(folder, file, assignment.limits.notebook_bytes)
        if len(counting) > 1:
            newer, older = (path.name for path in counting)
            raise Ungradable(
                f"{newer} and {older} were both edited and contain different code. "
                f"{newer} was saved last. Remove the other one, or name the one to "
                f"grade: grade {assignment.name} {counting[0]}"
            )
        if counting:
            found[file] = counting[0]
    if assignment.files[0] not in found:
        raise Ungradable(_missing(folder, assignment))
    return found


def _missing(folder: Path, assignment: Assignment) -> str:
    """The message for a folder without the first file, or with one in another format."""
    from autograder.submission import other_formats

    file = assignment.files[0]
    script, notebook = forms.both(folder, file)
    for path in sorted(folder.glob(f"{file.module}.*")):
        if path != script and (other := other_formats.recognise(path.name)) is not None:
            return other.advice(path.name)
    begin = f", and {notebook.name} has not been started" if notebook.is_file() else ""
    return (
        f"There is no {script.name} in {folder}{begin}. Put it there, or name the file to grade. "
        f"To get the stub back: grade {assignment.name} --reset"
    )


def _beside(path: Path, assignment: Assignment) -> dict[AssignmentFile, Path]:
    """The file at that path, whatever its name, and the assignment's other files next to it."""
    main, *_ = assignment.files
    main = next((f for f in assignment.files if path in forms.both(path.parent, f)), main)
    found = {main: path}
    for file in assignment.files:
        counting = forms.candidates(path.parent, file, assignment.limits.notebook_bytes)
        alike = [p for p in counting if p.suffix == path.suffix]
        if counting and file is not main:
            found[file] = (alike or counting)[0]
    return found


def _bytes(path: Path, limits: Limits) -> bytes:
    """The content of a regular file without hard links; it is opened before it is checked."""
    limit = limits.notebook_bytes if path.suffix == ".ipynb" else limits.source_bytes
    try:
        descriptor = open_beneath(*way(path))
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise Ungradable(f"{path} is not a regular file.")
            if facts.st_nlink > 1:
                raise Ungradable(
                    f"{path} is a hard link and could be anyone's work. Hand in a copy instead."
                )
            if facts.st_size > limit:
                raise Ungradable(
                    f"{path} is too large: {facts.st_size:,} bytes, and the limit is "
                    f"{limit:,}. Does it contain data or output? Remove that."
                )
            return file.read(limit)
    except OSError as error:
        if (link := first_link(path)) is not None:
            raise Ungradable(_a_link(link)) from None
        raise Ungradable(f"{path} can't be read: {error.strerror}.") from None


def _a_link(path: Path) -> str:
    return f"{path} is a link and could point to anyone's work. Hand in the file it points to."


_COOKIE = re.compile(rb"\A(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
"""The encoding that a script declares in one of its first two lines: PEP 263."""
_ENCODINGS = re.compile(r"utf-8|ascii|iso8859|cp\d|koi8|mac-|gb|big5|euc_|shift_jis")
"""Those that editors write. Python has others, some of which take hours for a hostile file."""


def _text(name: str, content: bytes) -> str:
    """A file's text: UTF-8 or, for a script, in the encoding that it declares."""
    encoding, cookie = "utf-8-sig", None if name.endswith(".ipynb") else _COOKIE.match(content)
    if cookie is not None:
        with suppress(LookupError):
            found = codecs.lookup(cookie[1].decode("ascii")).name
            encoding = found if _ENCODINGS.match(found) and found != "utf-8" else encoding
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Ungradable(
            f"{name} is not UTF-8 text (line {line}, byte {content[error.start]:#04x}). "
            "Save it as UTF-8 in your editor."
        ) from None


def _source(file: AssignmentFile, name: str, content: bytes, limits: Limits, until: str) -> Source:
    text = _text(name, content)
    if "\x00" in text:
        raise Ungradable(f"{name} contains a zero byte, so it is not a text file.")
    if name.endswith(".ipynb"):
        return _notebook(file, name, text, limits, until)
    if not text.strip():
        raise Ungradable(f"{name} is empty, so there is nothing to grade yet.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if name != file.name or any(sign in f"\n{text}" for sign in _OF_OTHER_FORMATS):
        from autograder.submission import other_formats

        if (other := other_formats.recognise(name, text)) is not None:
            raise Ungradable(other.advice(name))
    parts = percent.apart(text) if until else [(percent.without_demos(text), False)]
    blocks = tuple(Block(name, _python(part), text, demo) for part, demo in parts)
    return Source(file, blocks, text, name=name, until=until)


_OF_OTHER_FORMATS = ("\n---\n", "```{", "\napp = marimo", "\n# + ", "format_name:")
_OF_MAGICS = ("\n%", "\n!", "\n?")
"""Searched first, as most scripts have none of these."""


def _python(text: str) -> str:
    """A script without IPython's magics."""
    if not any(sign in f"\n{text}" for sign in _OF_MAGICS):
        return text
    from autograder.submission.magics import python_alone

    return "\n".join(python_alone(text.split("\n")))


def _notebook(file: AssignmentFile, name: str, text: str, limits: Limits, until: str) -> Source:
    """The learner's code cells, without IPython's magics."""
    from autograder.submission import notebook as cells
    from autograder.submission.magics import without_magics

    try:
        code = [c for c in cells.read(text) if c.kind == "code" and not c.is_grade]
    except cells.NotANotebook as error:
        raise Ungradable(
            f"{name} {error}. Open it in Jupyter and save it again, or hand in the .py file."
        ) from None
    size = sum(len(cell.source) for cell in code)
    if size > limits.source_bytes:
        raise Ungradable(
            f"{name} has too much code: {size:,} characters, and the limit is "
            f"{limits.source_bytes:,}. Does it contain data? Remove that."
        )
    blocks = tuple(
        Block(c.name, without_magics(c.source), c.source, tolerant=True)
        for c in code
        if until or "demo" not in c.tags
    )
    if not any(block.text.strip() for block in blocks):
        raise Ungradable(f"{name} has no code cells. Is it the right notebook?")
    return Source(
        file, blocks, "\n".join(cell.source for cell in code) + "\n", name=name, until=until
    )
