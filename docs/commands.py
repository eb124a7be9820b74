"""Finds the commands on a page, in order: those in its `sh` blocks and those in its prose.

python3 -m docs.commands README.md 'grade assignment0'    the first with these words
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(
    r"^(?P<pad> {0,3})```(?P<kind>\S*)(?: (?P<who>\w+))?\n(?P<text>.*?)^(?P=pad)```$",
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r"(?<!`)`(?!`)([^`]+)`(?!`)")
_PROGRAMS = re.compile(
    r"(?:\S*/)?(?:grade|course|nbgrader|jupyter|dask|pytest|ruff|python3?|pip|pre-commit|source|sudo)"
    r"|\.ci/\w+"
)
_WITH_SUBCOMMANDS = ("course", "nbgrader", "jupyter", "dask", "pip")
_PLACEHOLDER = re.compile(r"[A-Z]{2,}|.*[\[…].*")
_ALONE = ("--help", "--version", "--all")
_HELP = re.compile(r"^ {2,}((?:grade|course) \S.*?)(?: {2,}\S.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands that one person types one after another, in a fence marked `sh` or `sh WHO`.

    Attributes:
        who: WHO, or "reader".
        text: the commands.
        line: the fence's line on the page, from 1.
    """

    who: str
    text: str
    line: int = 0

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def commands(self) -> Iterator[Command]:
        """Its commands, in order; lines that a shell reads as one command are one."""
        pending, began = "", self.line
        for number, line in enumerate(self.lines, self.line + 1):
            pending += f"{line}\n"
            if _is_whole(pending):
                if pending.strip() and not pending.lstrip().startswith("#"):
                    yield Command(self.who, pending.strip(), began + 1)
                pending, began = "", number


@dataclass(frozen=True)
class Command:
    """A command on a page.

    Attributes:
        who: "reader", or whoever the page says.
        text: the command as written.
        line: its line on the page, from 1.
        prose: whether it is part of a sentence or a table.
    """

    who: str
    text: str
    line: int
    prose: bool = False

    @property
    def first(self) -> str:
        """Its first line."""
        line, *more = self.text.splitlines()
        return f"{line} …" if more else line


def blocks(path: Path, *, since: str = "", until: str = "") -> list[Block]:
    """The blocks marked `sh` on a page.

    Args:
        path: the page.
        since: start at this text; by default at the top.
        until: end before this text; by default at the bottom.

    Raises:
        ValueError: the page does not have that text.
    """
    text = path.read_text("utf-8")
    begin = text.index(since) if since else 0
    end = text.index(until, begin + 1) if until else len(text)
    found = [match for match in _FENCE.finditer(text, begin, end) if match["kind"] == "sh"]
    return [
        Block(match["who"] or "reader", textwrap.dedent(match["text"]), _line(text, match))
        for match in found
    ]


def of_page(path: Path) -> list[Command]:
    """All commands on a page, from top to bottom."""
    text = path.read_text("utf-8")
    found = [command for block in blocks(path) for command in block.commands()]
    prose = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in _SPAN.finditer(prose):
        span = " ".join(match[1].replace(r"\|", "|").split())
        if is_command(span):
            found.append(Command("reader", span, _line(prose, match), prose=True))
    return sorted(found, key=lambda command: command.line)


def of_help(text: str) -> list[Command]:
    """The examples in the output of `--help`."""
    return [Command("reader", match[1], _line(text, match)) for match in _HELP.finditer(text)]


def is_command(span: str) -> bool:
    """Whether words in prose are a complete command, not just a name such as `course class`, or a
    pattern such as `course class DIR`.
    """
    program, *words = span.split()
    if not words or _PROGRAMS.fullmatch(program) is None or any(map(_PLACEHOLDER.fullmatch, words)):
        return False
    if program.rpartition("/")[2] in _WITH_SUBCOMMANDS and words[0] not in _ALONE:
        return len(words) > 1
    return words[0] in (*_ALONE, "-m") or not words[0].startswith("-")


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _is_whole(text: str) -> bool:
    """Whether a shell would run this without waiting for more lines."""
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return done.returncode == 0 and not done.stderr and not text.endswith("\\\n")


if __name__ == "__main__":
    page, words = sys.argv[1:]
    sys.stdout.write(next(c.text for c in of_page(Path(page)) if words in c.text) + "\n")
