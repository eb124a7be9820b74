"""One failure on the terminal: lines to paste, both results, where it goes wrong, the mistake."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click
import msgspec

from autograder.feedback import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.feedback.style import Style
    from autograder.report import Report, TestReport

_FOLDED = 3
"""The most lines of one answer."""


class Room(msgspec.Struct, frozen=True):
    """How many lines each piece may take.

    Attributes:
        example: the example.
        message: the message.
        printed: what the learner's code printed.
        words: each explanation.
    """

    example: int = 16
    message: int = 20
    printed: int = 6
    words: int = 12


def failure(
    report: Report,
    test: TestReport,
    style: Style,
    room: Room = Room(),
    *,
    alone: bool = True,
) -> list[str]:
    """One failure as lines: title, message, example, both results, explanations, output.

    Args:
        report: the verdict.
        test: one of its failed tests.
        style: the terminal.
        room: how many lines each piece may take.
        alone: only this failure is shown, so its number is given.
    """
    wrong = wording.failures(report)
    count = f"  ({wrong.index(test) + 1} of {len(wrong)})" if alone and len(wrong) > 1 else ""
    title = style.fit(style.readable(test.title), style.width - len(count))
    lines = [click.style(title, fg="red", bold=True) + count]
    if test.message:
        message = list(style.wrap(style.readable(test.message), "  "))
        lines += message[: room.message]
    lines += _example(test, style, room.example)
    if test.graph is not None and wording.goes_somewhere(test):
        lines += _sentence(test.graph.first_wrong, style, room.words)
    if test.misconception is not None:
        lines += _sentence(test.misconception.text, style, room.words)
    return lines + printed(test, style, room.printed)


def _sentence(text: str, style: Style, most: int) -> list[str]:
    lines = list(style.wrap(style.readable(text), "  "))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], style.fit(f"{lines[most - 1]} …", style.width)]


def _example(test: TestReport, style: Style, most: int) -> list[str]:
    example = test.counterexample
    if example is None:
        return []
    shown = _shortened([style.readable(line) for line in wording.pasted(test)], most, style)
    lines = [click.style(line, fg="cyan") for line in shown]  # not indented, for copying
    if test.status == "error":
        return lines
    yours, right = wording.pair(example.yours, example.expected)
    lines += _answer("yours", yours, "red", style)
    return lines + _answer("right", right, "green", style)


def _answer(name: str, text: str, colour: str, style: Style) -> list[str]:
    """An answer on one line; a long one is folded and cut."""
    lines = textwrap.wrap(style.readable(text), style.width - 9) or [""]
    if len(lines) > _FOLDED:
        lines = [*lines[: _FOLDED - 1], style.fit(lines[_FOLDED - 1] + " …", style.width - 9)]
    heads = [f"  {name}  ", *["         "] * (len(lines) - 1)]
    return [
        h + click.style(line, fg=colour, bold=True) for h, line in zip(heads, lines, strict=True)
    ]


def _shortened(lines: Sequence[str], most: int, style: Style) -> Sequence[str]:
    if len(lines) <= most:
        return lines
    left_out = f"# {len(lines) - most + 1} more lines here (all of them: --html or --json)"
    left_out = style.fit(left_out, style.width)
    return [*lines[: most // 2], left_out, *lines[-(most - most // 2 - 1) :]]


def printed(test: TestReport, style: Style, most: int) -> list[str]:
    """What the learner's code printed, in at most `most` lines plus a heading."""
    if not test.output.strip():
        return []
    lines = test.output.strip("\n").split("\n")
    if most == 1:
        first = style.fit(style.readable(lines[0]), style.width - 40)
        rest = f" (+ {len(lines) - 1} lines: --html)" if len(lines) > 1 else ""
        return [f"  Your code printed: {first}{rest}"]
    shown = [style.fit(style.readable(line), style.width - 4) for line in lines[:most]]
    more = [f"    ({len(lines) - most} more lines: --html)"] if len(lines) > most else []
    return ["  Your code printed:", *(f"    {line}" for line in shown), *more]
