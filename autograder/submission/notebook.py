"""Reads the cells of a notebook from its JSON; outputs and everything else are skipped."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

MOST_CELLS = 5_000
_MOST_RUN = 1_000_000


class NotANotebook(ValueError):
    """The text is not a notebook of format 4; the message says what is wrong, as a clause."""


class _Metadata(msgspec.Struct):
    tags: Any = None
    nbgrader: Any = None


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str]
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    execution_count: Any = None


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: Any = None


class Cell(msgspec.Struct, frozen=True):
    """One cell.

    Attributes:
        name: `cell In[5]`, with the number that Jupyter shows next to it; if it has none, or shares
            it, `cell 12`, with its position among all cells, from 1.
        kind: `code`, `markdown` or `raw`.
        source: its text.
        tags: its tags.
        is_grade: whether it is a grade cell of ours, not the learner's work.
    """

    name: str
    kind: str
    source: str
    tags: frozenset[str]
    is_grade: bool


def read(text: str) -> tuple[Cell, ...]:
    """All cells of a notebook.

    Args:
        text: its JSON.

    Raises:
        NotANotebook: it is not a notebook, or its format is too old.
    """
    try:
        content = msgspec.json.decode(text, type=_Notebook)
        cells = content.cells or []
        often = Counter(_count(cell) for cell in cells)
        found = tuple(
            _cell(f"In[{count}]" if (count := _count(cell)) and often[count] == 1 else place, cell)
            for place, cell in enumerate(cells, start=1)
        )
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotANotebook("is not a readable notebook") from None
    if content.cells is None:
        old = content.worksheets is not None
        raise NotANotebook("uses an old notebook format" if old else "is not a readable notebook")
    if len(content.cells) > MOST_CELLS:
        raise NotANotebook(f"has more than {MOST_CELLS:,} cells")
    return found


def _count(cell: _Cell) -> int | None:
    """The number that Jupyter shows next to the cell, if it was saved."""
    count = cell.execution_count
    return count if type(count) is int and 0 < count <= _MOST_RUN else None


def _cell(number: str | int, cell: _Cell) -> Cell:
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    source.encode()  # raises ValueError for half a surrogate pair
    marks = cell.metadata.nbgrader
    is_grade = isinstance(marks, dict) and bool(marks.get("grade")) and not marks.get("solution")
    tags = cell.metadata.tags if isinstance(cell.metadata.tags, list) else []
    words = frozenset(tag for tag in tags if isinstance(tag, str))
    return Cell(f"cell {number}", cell.cell_type, source, words, is_grade)
