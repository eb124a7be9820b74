"""Percent-format Python: scripts whose cells start with `# %%`, as many editors support."""

from __future__ import annotations

import re

import msgspec

_MARKER = re.compile(r"^#\s*%%(?P<rest>.*)$")
_TAGS = re.compile(r"tags\s*=\s*\[(?P<tags>[^][]*)\]")


class PercentCell(msgspec.Struct, frozen=True):
    """One cell.

    Attributes:
        markdown: whether it is text.
        tags: its tags.
        lines: its lines, without the marker.
        first_line: the number of the first of them in the text, from 1.
    """

    markdown: bool
    tags: frozenset[str]
    lines: tuple[str, ...]
    first_line: int

    @property
    def is_demo(self) -> bool:
        """Whether it is a demo cell, which the grader never runs."""
        return "demo" in self.tags


def cells(text: str) -> list[PercentCell]:
    """The cells of a percent-format text, in order; text before the first marker is one, too."""
    found: list[PercentCell] = []
    marker, start, lines = "", 1, text.removesuffix("\n").split("\n")
    for number, line in enumerate([*lines, "# %%"], start=1):
        match = _MARKER.match(line)
        if match:
            body = tuple(lines[start - 1 : number - 1])
            if marker or body:
                tags = _TAGS.search(marker)
                words = re.findall(r"[\w-]+", tags["tags"]) if tags else []
                found.append(PercentCell("[markdown]" in marker, frozenset(words), body, start))
            marker, start = match["rest"] or " ", number + 1
    return found


def without_demos(text: str) -> str:
    """The text with its demo cells blanked, so that the other lines keep their numbers."""
    lines = text.split("\n")
    for cell in cells(text):
        if cell.is_demo:
            first = cell.first_line - 1
            lines[first : first + len(cell.lines)] = [""] * len(cell.lines)
    return "\n".join(lines)


def apart(text: str) -> list[tuple[str, bool]]:
    """The text in pieces that run one after another: demo cells, and the text between them.

    Returns:
        For each piece its text, after blank lines for all that precedes it, and whether it is a
        demo cell.
    """
    lines = text.split("\n")
    pieces: list[tuple[str, bool]] = []
    start = 0
    for cell in cells(text):
        if cell.is_demo:
            first = cell.first_line - 1
            end = first + len(cell.lines)
            pieces += [(_piece(lines, start, first), False), (_piece(lines, first, end), True)]
            start = end
    return [*pieces, (_piece(lines, start, len(lines)), False)]


def _piece(lines: list[str], start: int, end: int) -> str:
    return "\n" * start + "\n".join(lines[start:end])
