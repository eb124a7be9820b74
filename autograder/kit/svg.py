"""SVG as text: elements whose text and attributes are escaped, in the colours of the page."""

from __future__ import annotations

import html
from collections.abc import Iterable

_SPACE = "http://www.w3.org/2000/svg"


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element as markup.

    Args:
        name: its tag.
        inside: markup: other elements, or text from `escaped`.
        attributes: `class_` becomes class, `data_from` data-from; those that are None are left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def picture(width: float, height: float, says: str, *inside: str, **attributes: object) -> str:
    """A whole `<svg>` that can shrink.

    Args:
        width: in pixels.
        height: in pixels.
        says: a description for readers who cannot see it; empty if there is one elsewhere.
        inside: the markup of its elements.
        attributes: more of its attributes, as for `element`.
    """
    told = {"role": "img", "aria_label": says} if says else {"aria_hidden": "true"}
    box = f"0 0 {_value(width)} {_value(height)}"
    size = {"width": width, "height": height, "viewBox": box}
    return element("svg", *inside, xmlns=_SPACE, **size, **told, **attributes)


def line(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` attribute of a path through these points (x, y), in pixels; empty for none."""
    drawn = "L".join(f"{_value(x)} {_value(y)}" for x, y in points)
    return f"M{drawn}{'Z' if closed else ''}" if drawn else ""


def escaped(text: str) -> str:
    """The text escaped for markup; what cannot be printed is replaced, as XML cannot hold it."""
    printable = text if text.isprintable() else "".join(map(_printable, text))
    return html.escape(printable)


def _printable(sign: str) -> str:
    return sign if sign.isprintable() else "\ufffd"


def _value(value: object) -> str:
    """An attribute's value; a float has at most one decimal."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
