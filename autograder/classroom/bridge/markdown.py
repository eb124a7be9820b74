"""A learner's text as HTML: nothing in it runs where an instructor reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import bleach  # type: ignore[import-untyped]  # it has no types
from jinja2 import pass_context
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_UNDESCRIBED = re.compile(r"<img (?![^>]*\balt=)")
_DESCRIBED = '<img alt="A picture without a description" '
_ALIKE = 1024
"""Texts that are kept: an assignment's are the same for the whole class."""

_TAGS = frozenset(
    (
        *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt"),
        *("em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s"),
        *("span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr"),
        *("u", "ul"),
    )
)
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"alt", "title", "width", "height"}}
_PROTOCOLS = frozenset(("http", "https", "mailto", "data"))
_RASTER = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_COLOURS = re.compile(r"highlight|[a-z][a-z0-9]{0,2}")
"""Classes of coloured code; others, such as mermaid's, have scripts of the page act on them."""


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """What stands where nbconvert's filter of this name would (`HTMLExporter.filters`).

    Args:
        context: the template's; its cell holds the attached pictures.
        source: Markdown, with any HTML in it.

    Returns:
        What `html` makes of it.
    """
    return html(source, context.get("cell", {}).get("attachments", {}))


def html(source: str, attachments: Mapping[str, Any]) -> Markup:
    """A text as it is shown.

    Args:
        source: Markdown, with any HTML in it.
        attachments: its pictures, by name, as a notebook's cell has them.

    Returns:
        HTML of text, links and pictures: no script, style, frame, form or event of theirs.
    """
    return _html(source, json.dumps(attachments, sort_keys=True))


@lru_cache(_ALIKE)
def _html(source: str, attachments: str) -> Markup:
    pictures = json.loads(attachments)
    renderer = IPythonRenderer(escape=False, attachments=pictures, exclude_anchor_links=True)
    made = MarkdownWithMath(renderer=renderer).render(source)
    cleaned = bleach.clean(made, _TAGS, _is_kept, _PROTOCOLS)
    return Markup(_UNDESCRIBED.sub(_DESCRIBED, cleaned))  # noqa: S704  it was cleaned


def _is_kept(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return value.startswith(("http:", "https:")) or _RASTER.fullmatch(value) is not None
    if name == "class":
        return all(map(_COLOURS.fullmatch, value.split()))
    if name == "href" and value.lstrip().lower().startswith("data"):
        return False
    return name in _ATTRIBUTES.get(tag, ())
