"""What watch mode shows besides the result: the list of tests, the graph, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from autograder.feedback import terminal, wording
from autograder.feedback.picture import MARK

if TYPE_CHECKING:
    from autograder.feedback.style import Style
    from autograder.report import Graph, Report

Keys = Sequence[tuple[str, str]]


def page_of(lines: Sequence[str], style: Style, number: int) -> list[str]:
    """One page of lines that fits the screen.

    Args:
        lines: all lines.
        style: the terminal.
        number: the page, from 0; after the last one comes the first again.
    """
    room = style.height - 3
    count = max(1, -(-len(lines) // room))
    start = (number % count) * room
    shown = list(lines[start : start + room])
    return shown if count == 1 else [*shown, f"({number % count + 1} of {count})"]


def tests(report: Report, style: Style) -> list[str]:
    """Every test with its points, as lines."""
    return terminal.listing(report, style)


def graph(found: Graph | None, style: Style) -> list[str]:
    """The learner's graph as lines, with both gradients; the first wrong one is marked.

    Args:
        found: the graph; None if the failure has none.
        style: the terminal.
    """
    if found is None:
        return list(
            style.wrap(
                "There is no graph for this one. Graphs are shown for wrong gradients only.", ""
            )
        )
    marked = {edge.operand for edge in found.edges if edge.wrong}
    sources = [style.readable(f"{node.name} = {node.source}") for node in found.nodes]
    width = max(map(len, sources), default=0)
    lines = []
    for node, source in zip(found.nodes, sources, strict=True):
        fine = wording.agree(node.grad, node.expected_grad)
        grads = f"grad {wording.number(node.grad)}"
        if not fine:
            grads = (
                f"your grad {wording.number(node.grad)}, right {wording.number(node.expected_grad)}"
            )
        text = f"  {source:<{width}}  data {wording.number(node.data):<9}  {style.readable(grads)}"
        mark = f"  ← {MARK}" if node.name in marked else ""
        line = style.fit(text + style.readable(mark), style.width)
        lines.append(line if fine else click.style(line, fg="red"))
    return [*lines, "", *style.wrap(style.readable(found.first_wrong), "")]


def foot(keys: Keys, note: str, style: Style) -> list[str]:
    """The last lines of the screen: the keys, then a note if there is room.

    Args:
        keys: each with its meaning.
        note: shown at the right.
        style: the terminal.
    """
    lines, width = [""], 0
    for key, meaning in keys:
        gap = "  " if width else ""
        if width + len(f"{gap}{key} {meaning}") > style.width:
            lines, width, gap = [*lines, ""], 0, ""
        lines[-1] += f"{gap}{click.style(key, bold=True)} {meaning}"
        width += len(f"{gap}{key} {meaning}")
    room = style.width - width - 2
    if len(note) <= room:
        lines[-1] += f"{' ' * (room - len(note) + 2)}{click.style(note, fg='bright_black')}"
    return lines
