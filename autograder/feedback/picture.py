"""Draws the graph of a failed example as SVG: both gradients, the first wrong edge marked.

No text of the learner's becomes markup: the drawing kit escapes it, and `svg.py` filters the SVG.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autograder.feedback.svg import inlined, parsed
from autograder.feedback.wording import agree, number
from autograder.kit import Drawing, DrawingError
from autograder.kit.drawing import escape

if TYPE_CHECKING:
    from autograder.report import Graph, Node

MARK = "first wrong"
_RED = 'color="#b3261e" fontcolor="#b3261e"'
_SMALLEST = 0.7
"""The smallest scale at which a small screen shows a picture; a wider one scrolls."""


def graph_svg(graph: Graph) -> str | None:
    """The graph as an `<svg>` element for a page; None if it cannot be drawn here.

    The page sets the colours: the class `wrong` marks wrong gradients, and black becomes the text's
    colour.
    """
    try:
        drawn = Drawing(dot_of(graph)).svg()
    except DrawingError:
        return None
    root = parsed(drawn)
    if root is None:
        return None
    width = re.fullmatch(r"([\d.]+)pt", root.get("width", ""))
    style = f"min-width: {_SMALLEST * float(width[1]):.0f}pt" if width else ""
    return inlined(root, style)


def dot_of(graph: Graph) -> str:
    """The graph as source text in Graphviz's DOT language."""
    names = {node.name: f"n{place}" for place, node in enumerate(graph.nodes)}
    lines = ["digraph {", "rankdir=LR ranksep=0.45 bgcolor=transparent"]
    lines += [f"{kind} [fontname=Helvetica fontsize=12]" for kind in ("node", "edge")]
    for node in graph.nodes:
        fine = agree(node.grad, node.expected_grad)
        look = 'class="right"' if fine else f'class="wrong" {_RED}'
        lines.append(f"{names[node.name]} [shape=record label={_record(node)} {look}]")
    for edge in graph.edges:
        if edge.operand in names and edge.result in names:
            look = f'label=" {MARK} " class="wrong mark" penwidth=3 {_RED}' if edge.wrong else ""
            lines.append(f"{names[edge.operand]} -> {names[edge.result]} [{look}]")
    return "\n".join([*lines, "}", ""])


def _record(node: Node) -> str:
    grad = f"grad {number(node.grad)}"
    fields = [f"{node.name} = {node.source}", f"data {number(node.data)}", grad]
    if not agree(node.grad, node.expected_grad):
        fields[-1] = f"your grad {number(node.grad)}"
        fields.append(f"right {number(node.expected_grad)}")
    label = " | ".join(escape(field) for field in fields)
    return '"' + label.replace('"', r"\"") + '"'
