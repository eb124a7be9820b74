"""The terminal's size and alphabet, and text, signs and bars that fit them."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click
import msgspec

from autograder.feedback.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.feedback.wording import State

_NO_BREAK = "\u00a0"
_WHOLE = r"\bgrade \w+(?: --\w+)?|\bpython \S+\.py|`[^`]{1,40}`"
"""Never broken at spaces: commands and short pieces of code."""

SIGNS: dict[State, tuple[str, str, str]] = {
    "passed": ("✓", "+", "green"),
    "wrong": ("✗", "x", "red"),
    "not yet": ("·", ".", "yellow"),
    "waiting": ("·", ".", "bright_black"),
    "not run": ("-", "-", "bright_black"),
}
"""For each state its sign, the same in ASCII, and its colour."""


class Style(msgspec.Struct, frozen=True):
    """A terminal's abilities.

    Attributes:
        width: in columns.
        unicode: whether it can show more than ASCII.
        height: in lines.
    """

    width: int
    unicode: bool
    height: int = 24

    @classmethod
    def here(cls) -> Style:
        """The style of standard output as it is now, with 40 to 100 columns.

        A file or a pipe has 1000 lines.
        """
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
        size = shutil.get_terminal_size((80, 1000))
        return cls(min(max(size.columns, 40), 100), "utf" in encoding, max(size.lines, 10))

    def fit(self, text: str, width: int) -> str:
        """The text cut to a width in columns."""
        dots = "…" if self.unicode else "..."
        return text if len(text) <= width else text[: max(1, width - len(dots))] + dots

    def readable(self, text: str) -> str:
        """The text in the terminal's alphabet, without control characters."""
        text = printable(text)
        return text if self.unicode else text.encode("ascii", "replace").decode()

    def wrap(self, text: str, indent: str) -> Iterator[str]:
        """The text's lines, folded to the width; lines that are already indented stay whole."""
        for line in text.split("\n"):
            if line.startswith(" ") or not line:
                yield indent + line
            else:
                whole = re.sub(_WHOLE, lambda match: match[0].replace(" ", _NO_BREAK), line)
                for folded in textwrap.wrap(
                    whole,
                    self.width,
                    initial_indent=indent,
                    subsequent_indent=indent,
                    break_on_hyphens=False,
                ):
                    yield folded.replace(_NO_BREAK, " ")


def bar(score: float, most: float, style: Style, width: int = 20) -> str:
    """A progress bar.

    Args:
        score: the points earned.
        most: the points possible.
        style: the terminal.
        width: in columns.
    """
    done = round(width * score / most) if most else 0
    full, empty = ("█", "░") if style.unicode else ("#", ".")
    return click.style(full * done, fg="green") + empty * (width - done)
