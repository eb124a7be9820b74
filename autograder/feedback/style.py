"""How the terminal at hand can be written to: its size, its alphabet, signs and bars."""

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
"""What is not broken at its spaces: a command, a short piece of code."""

SIGNS: dict[State, tuple[str, str, str]] = {
    "passed": ("✓", "+", "green"),
    "wrong": ("✗", "x", "red"),
    "not yet": ("·", ".", "yellow"),
    "waiting": ("·", ".", "bright_black"),
    "not run": ("-", "-", "bright_black"),
}
"""Of each state: its sign, the same in ASCII, its colour."""


class Style(msgspec.Struct, frozen=True):
    """How the terminal at hand can be written to."""

    width: int
    unicode: bool
    height: int = 24

    @classmethod
    def here(cls) -> Style:
        """For standard output as it is now: its size, 40 to 100 columns, and its alphabet.

        A file or a pipe has no last line.
        """
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
        size = shutil.get_terminal_size((80, 1000))
        return cls(min(max(size.columns, 40), 100), "utf" in encoding, max(size.lines, 10))

    def fit(self, text: str, width: int) -> str:
        """The text cut to a width."""
        dots = "…" if self.unicode else "..."
        return text if len(text) <= width else text[: max(1, width - len(dots))] + dots

    def readable(self, text: str) -> str:
        """The text in the terminal's alphabet, and nothing in it that could rewrite the screen."""
        text = printable(text)
        return text if self.unicode else text.encode("ascii", "replace").decode()

    def wrap(self, text: str, indent: str) -> Iterator[str]:
        """The text's lines, folded to the width; lines that are indented already stay whole."""
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
    """A bar of progress."""
    done = round(width * score / most) if most else 0
    full, empty = ("█", "░") if style.unicode else ("#", ".")
    return click.style(full * done, fg="green") + empty * (width - done)
