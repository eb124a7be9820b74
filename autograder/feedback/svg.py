"""Filters a drawing for our page: known elements and attributes only, in the page's colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "polygon", "polyline", "ellipse", "text"})
_ATTRIBUTES = frozenset(
    {"class", "cx", "cy", "d", "font-size", "height", "points", "rx", "ry", "text-anchor"}
    | {"transform", "viewBox", "width", "x", "y", "fill", "stroke", "stroke-dasharray"}
    | {"stroke-width"}
)
_WORD = r"(node|edge|wrong|right|mark|graph|yours|agreed|above|below|region|line)"
_CLASS = re.compile(rf"{_WORD}(\s+{_WORD})*")


def parsed(drawn: str) -> ET.Element | None:
    """The `<svg>` element that a drawing library wrote; None if it is not valid XML."""
    try:
        return ET.fromstring(drawn.partition("<svg")[1] + drawn.partition("<svg")[2])  # noqa: S314  ours
    except ET.ParseError:
        return None


def inlined(root: ET.Element, style: str = "") -> str | None:
    """The drawing as markup for a page, without ids, titles and unknown elements.

    Every colour becomes black, which the page's style sheet turns into the text's colour or, by
    class, into that of wrong or right.

    Args:
        root: the drawing.
        style: CSS for the element itself.

    Returns:
        The markup; None if the root is an unknown element.
    """
    kept = _kept(root)
    if kept is None:
        return None
    kept.set("xmlns", _SVG)
    kept.set("aria-hidden", "true")
    if style:
        kept.set("style", style)
    return ET.tostring(kept, encoding="unicode")


def name_of(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _kept(element: ET.Element) -> ET.Element | None:
    tag = name_of(element)
    if tag not in _ELEMENTS:
        return None
    copy = ET.Element(tag)
    for name, value in element.attrib.items():
        if name in {"fill", "stroke"} and value not in {"none", "transparent"}:
            copy.set(name, "black")
        elif name in _ATTRIBUTES and (name != "class" or _CLASS.fullmatch(value)):
            copy.set(name, value)
    if tag == "text":
        copy.text = element.text
    copy.extend(child for part in element if (child := _kept(part)) is not None)
    return copy
