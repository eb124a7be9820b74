"""The graph of a failed example as SVG: both sides' gradients, the first wrong edge marked.

Nothing of the learner's becomes markup: the text goes through the drawing kit's escapes, and of
the SVG that comes back only known elements and attributes are kept.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from autograder.feedback.wording import agree, number
from autograder.kit import Drawing, DrawingError
from autograder.kit.drawing import escape

if TYPE_CHECKING:
    from autograder.report import Graph, Node

MARK = "first wrong"
_RED = 'color="#b3261e" fontcolor="#b3261e"'
_SVG = "http://www.w3.org/2000/svg"
_SMALLEST = 0.7
"""To this a wide picture shrinks on a small screen; beyond that one scrolls."""

_ELEMENTS = frozenset({"svg", "g", "path", "polygon", "polyline", "ellipse", "text"})
_ATTRIBUTES = frozenset(
    {"class", "cx", "cy", "d", "font-size", "height", "points", "rx", "ry", "text-anchor"}
    | {"transform", "viewBox", "width", "x", "y", "fill", "stroke", "stroke-dasharray"}
)
_KIND = re.compile(r"(node|edge|wrong|right|mark|graph)(\s+(node|edge|wrong|right|mark))*")


def graph_svg(graph: Graph) -> str | None:
    """The graph as an `<svg>` element for a page; None where nothing here can draw it.

    Colours come from the page: a class `wrong` marks what is, and black is the text's colour.
    """
    try:
        drawn = Drawing(dot_of(graph)).svg()
    except DrawingError:
        return None
    return _inline(drawn)


def dot_of(graph: Graph) -> str:
    """The graph in Graphviz's language."""
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


def _inline(drawn: str) -> str | None:
    """Graphviz's SVG as one element without names, titles and anything that we do not know."""
    try:
        root = ET.fromstring(drawn.partition("<svg")[1] + drawn.partition("<svg")[2])  # noqa: S314  ours
    except ET.ParseError:
        return None
    kept = _kept(root)
    if kept is None:
        return None
    kept.set("xmlns", _SVG)
    if width := re.fullmatch(r"([\d.]+)pt", root.get("width", "")):
        kept.set("style", f"min-width: {_SMALLEST * float(width[1]):.0f}pt")
    kept.set("aria-hidden", "true")
    return ET.tostring(kept, encoding="unicode")


def _kept(element: ET.Element) -> ET.Element | None:
    tag = element.tag.rpartition("}")[2]
    if tag not in _ELEMENTS:
        return None
    copy = ET.Element(tag)
    for name, value in element.attrib.items():
        if name in {"fill", "stroke"} and value not in {"none", "transparent"}:
            copy.set(name, "black")  # the page's own colours take its place
        elif name in _ATTRIBUTES and (name != "class" or _KIND.fullmatch(value)):
            copy.set(name, value)
    if tag == "text":
        copy.text = element.text
    copy.extend(child for part in element if (child := _kept(part)) is not None)
    return copy
