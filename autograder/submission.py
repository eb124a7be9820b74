"""A learner's .py or .ipynb, read into the source that will run. Nothing of it is executed here."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder import percent

if TYPE_CHECKING:
    from autograder.course import Assignment, AssignmentFile

_MAGIC = r"\s*[%!?]|\s*\S+\?{1,2}\s*$"


class Ungradable(Exception):
    """There is nothing to judge. The message says what happened, where, and what to do next."""


class Block(msgspec.Struct, frozen=True):
    """A piece of source that runs as one.

    Attributes:
        where: what tracebacks call it: the file's name, or the cell of a notebook.
        text: what runs.
        shown: what the learner sees at these lines.
        tolerant: an exception at its top level is skipped with a note, as in a notebook.
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
        text: all of its code, demo cells included.
        provided: modules by name that take the place of ours beside the file.
    """

    file: AssignmentFile
    blocks: tuple[Block, ...]
    text: str
    provided: Mapping[str, str] = msgspec.field(default_factory=dict)

    def line(self, where: str, number: int) -> str:
        """The learner's own text at a place that a traceback names; empty if there is none."""
        return self.whole_line(where, number).strip()

    def whole_line(self, where: str, number: int) -> str:
        """The same with the white space around it."""
        lines = self._lines.get(where, ())
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {block.where: block.shown.split("\n") for block in self.blocks}


class Submission(msgspec.Struct, frozen=True):
    """What was handed in.

    Attributes:
        name: for the report.
        sources: what will run, by file of the assignment.
        sha256: the hash of all that was handed in.
    """

    name: str
    sources: tuple[Source, ...]
    sha256: str

    def source(self, file_name: str) -> Source | None:
        """The source of that file of the assignment, None where it was not handed in."""
        return next((source for source in self.sources if source.file.name == file_name), None)


def read(assignment: Assignment, path: Path) -> Submission:
    """Read a submission: a file, or a folder that holds the assignment's files.

    The first file of the assignment must be there; its further files are taken where they lie
    beside it.

    Raises:
        Ungradable: missing, empty, too large, not text, no notebook, or a link, which could lead
            to what is not the learner's.
    """
    main = assignment.files[0]
    try:
        is_link, is_folder, exists = path.is_symlink(), path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise Ungradable(f"{path} cannot be read: {error}.") from None
    if is_link:
        raise Ungradable(_a_link(path))
    if is_folder:
        path = _in_folder(path, assignment, main)
    elif not exists:
        raise Ungradable(f"There is no file {path}. Check the path, or leave it out.")
    elif path.name in {file.name for file in assignment.files[1:]}:
        main = next(file for file in assignment.files if file.name == path.name)
    limit = assignment.limits.source_kb * 1024
    raw = {main: _bytes(path, limit)}
    for file in assignment.files:
        beside = path.with_name(file.name)
        if file is not main and beside.is_file() and path.suffix == ".py":
            raw[file] = _bytes(beside, limit)
    return _of(raw, path)


def of_texts(assignment: Assignment, texts: Mapping[str, str], name: str) -> Submission:
    """A submission that is not on disk.

    Args:
        assignment: whose files they are.
        texts: the scripts by file name.
        name: for the report.

    Raises:
        Ungradable: empty, or no text.
    """
    raw = {f: texts[f.name].encode() for f in assignment.files if f.name in texts}
    return _of(raw, Path(name))


def of_files(assignment: Assignment, files: Mapping[str, bytes]) -> Submission:
    """A submission from the bytes of its files.

    Args:
        assignment: whose files they are.
        files: the content by name: those of the assignment's scripts, or the first one's as a
            notebook, NAME.ipynb, alone.

    Raises:
        Ungradable: none of them, empty, not text, no notebook.
    """
    main = assignment.files[0]
    notebook = f"{main.module}.ipynb"
    if notebook in files:
        return _of({main: files[notebook]}, Path(notebook))
    raw = {file: files[file.name] for file in assignment.files if file.name in files}
    if not raw:
        raise Ungradable(f"There is no {main.name}.")
    return _of(raw, Path(next(iter(raw)).name))


def _of(raw: Mapping[AssignmentFile, bytes], path: Path) -> Submission:
    digest = hashlib.sha256()
    for content in raw.values():
        digest.update(len(content).to_bytes(8, "big") + content)
    sources = tuple(_source(file, path, content) for file, content in raw.items())
    name = path.name.encode(errors="replace").decode()
    return Submission(name, sources, digest.hexdigest())


def _in_folder(folder: Path, assignment: Assignment, main: AssignmentFile) -> Path:
    script, notebook = folder / main.name, (folder / main.name).with_suffix(".ipynb")
    if script.is_file():
        return script
    if notebook.is_file():
        return notebook
    raise Ungradable(
        f"There is no {main.name} in {folder}. Put it there, or name the file itself. "
        f"The stub comes back with: grade {assignment.name} --reset"
    )


def _bytes(path: Path, limit: int) -> bytes:
    """The content of a regular file that has no other name: opened first, then looked at."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise Ungradable(f"{path} is not a regular file.")
            if facts.st_nlink > 1:
                raise Ungradable(
                    f"{path} has another name elsewhere (a hard link), and could be anybody's "
                    "work. Hand in a copy of it."
                )
            if facts.st_size > limit:
                raise Ungradable(
                    f"{path} has {facts.st_size:,} bytes; at most {limit:,} are read. "
                    "Did data or output get into it? Take that out."
                )
            return file.read(limit)
    except OSError as error:
        if path.is_symlink():
            raise Ungradable(_a_link(path)) from None
        raise Ungradable(f"{path} cannot be read: {error.strerror}.") from None


def _a_link(path: Path) -> str:
    return f"{path} is a link, and could lead to anybody's work. Hand in what it leads to."


def _source(file: AssignmentFile, path: Path, content: bytes) -> Source:
    name = path.name if path.suffix == ".ipynb" else file.name
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Ungradable(
            f"{name} is not UTF-8 text (line {line}, byte {content[error.start]:#04x}). "
            "Save it as UTF-8 in your editor."
        ) from None
    if "\x00" in text:
        raise Ungradable(f"{name} holds a zero byte: it is not a text file.")
    if path.suffix == ".ipynb":
        return _notebook(file, name, text)
    if not text.strip():
        raise Ungradable(f"{name} is empty: there is nothing to grade yet.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(file, (Block(file.name, percent.without_demos(text), text),), text)


def _without_magics(cell: str) -> str:
    """A code cell with what only IPython understands blanked; every other line keeps its number.

    Within brackets a line may begin with % all the same: there it is an operator.
    """
    if cell.lstrip().startswith("%%"):
        return "\n" * (cell.count("\n") + 1)
    lines, depth = [], 0
    for line in cell.split("\n"):
        lines.append("" if depth <= 0 and re.match(_MAGIC, line) else line)
        depth += sum(line.count(c) for c in "([{") - sum(line.count(c) for c in ")]}")
    return "\n".join(lines) + "\n"


def _notebook(file: AssignmentFile, name: str, text: str) -> Source:
    """The code cells of a notebook; magics and shell escapes become blank lines."""
    try:
        cells = json.loads(text)["cells"]
        found = [
            (number, cell["source"], cell.get("metadata", {}).get("tags", []))
            for number, cell in enumerate(cells, start=1)
            if cell["cell_type"] == "code"
        ]
        blocks, texts = [], []
        for number, source, tags in found:
            shown = source if isinstance(source, str) else "".join(source)
            shown.encode()  # raises ValueError for halves of characters: no file holds those
            texts.append(shown)
            if "demo" in tags and not isinstance(tags, str):
                continue
            runs = _without_magics(shown)
            blocks.append(Block(f"cell {number}", runs, shown, tolerant=True))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Ungradable(
            f"{name} is not a notebook that can be read. "
            "Open it in Jupyter and save it again, or hand in the .py file."
        ) from None
    if not any(block.text.strip() for block in blocks):
        raise Ungradable(f"{name} has no code cells. Is it the right notebook?")
    return Source(file, tuple(blocks), "\n".join(texts) + "\n")
