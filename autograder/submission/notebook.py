"""The cells of a notebook, read from its JSON: outputs and all else are passed over unread."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_MAGIC = re.compile(r"\s*([%!?]|\S+\?{1,2}\s*$|[\w.][\w., \t]*=\s*[%!])")
_RUN_THEIR_CELL = ("time", "capture", "prun")
"""Cell magics whose cell is Python that runs as if they were not there."""
_TOKEN = re.compile(r"""#.*|\"{3}|'{3}|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[][(){}]|\\$""")
_END = {quote: re.compile(rf"(?s:\\.|[^\\])*?{quote}") for quote in ('"""', "'''")}


class NotANotebook(ValueError):
    """The text is no notebook of format 4; the message says what is wrong, as a clause."""


class _Metadata(msgspec.Struct):
    tags: Any = None
    nbgrader: Any = None


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str]
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: Any = None


class Cell(msgspec.Struct, frozen=True):
    """One cell.

    Attributes:
        number: its place among all cells, from 1.
        kind: `code`, `markdown`, `raw`.
        source: its text.
        tags: words that its author gave it.
        is_grade: whether it is a cell of ours that grades: it is no work of the learner's.
    """

    number: int
    kind: str
    source: str
    tags: frozenset[str]
    is_grade: bool


def read(text: str) -> tuple[Cell, ...]:
    """All cells of a notebook.

    Args:
        text: its JSON.

    Raises:
        NotANotebook: it is none, or one of a format that is too old.
    """
    try:
        content = msgspec.json.decode(text, type=_Notebook)
        found = tuple(_cell(n, cell) for n, cell in enumerate(content.cells or (), start=1))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotANotebook("is not a notebook that can be read") from None
    if content.cells is None:
        old = content.worksheets is not None
        raise NotANotebook("has an old format" if old else "is not a notebook that can be read")
    return found


def _cell(number: int, cell: _Cell) -> Cell:
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    source.encode()  # raises ValueError for halves of characters: no file holds those
    marks = cell.metadata.nbgrader
    is_grade = isinstance(marks, dict) and bool(marks.get("grade")) and not marks.get("solution")
    tags = cell.metadata.tags if isinstance(cell.metadata.tags, list) else []
    words = frozenset(tag for tag in tags if isinstance(tag, str))
    return Cell(number, cell.cell_type, source, words, is_grade)


def without_magics(source: str) -> str:
    """A code cell without what only IPython understands; every other line keeps its number.

    Within brackets and texts a line may begin with % or ! all the same: there it is Python.
    """
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first][2:].split(" ")[0].strip() not in _RUN_THEIR_CELL:
            return "\n" * len(lines)
        lines[first] = ""
    place, goes_on = _Place(), False  # goes_on: the magic above ends in a backslash
    for number, line in enumerate(lines):
        if goes_on or (place.begins_statement and _MAGIC.match(line)):
            indent = "" if goes_on else line[: len(line) - len(line.lstrip())]
            lines[number] = f"{indent}pass" if indent else ""
            goes_on = line.endswith("\\")
        else:
            place.read(line)
    return "\n".join(lines) + "\n"


class _Place:
    """Where the end of the lines read so far is: in brackets, in a text, or at a statement."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""  # the three quotes that end the text we are in
        self._continued = False

    @property
    def begins_statement(self) -> bool:
        return not (self._depth > 0 or self._quote or self._continued)

    def read(self, line: str) -> None:
        at, self._continued = 0, False
        while match := (_END[self._quote].match if self._quote else _TOKEN.search)(line, at):
            at, sign = match.end(), match[0]
            if self._quote:
                self._quote = ""
            elif sign in _END:
                self._quote = sign
            elif sign == "\\":
                self._continued = True
            else:
                self._depth += (sign in "([{") - (sign in ")]}")
