"""Two rows of numbers as a small SVG: the learner's beside the right ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograder.feedback.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.report import Curve, Shown

_WIDE, _HIGH = 480, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 70, 12, 26
_BEYOND = 3.0
"""What explodes is cut off at so many times the height of the right curve."""


def curve_svg(curve: Curve) -> str | None:
    """An `<svg>` element for a page, made of our own words and of numbers; None without numbers.

    The classes `yours` and `right` are given colours by the page; the learner's line is dashed.
    """
    yours, right = _points(curve.yours), _points(curve.expected)
    if not yours or len(right) < 2:
        return None
    low, high = _range([y for _, y in yours], [y for _, y in right])
    last = max(len(curve.yours), len(curve.expected)) - 1

    def place(x: int, y: float) -> tuple[float, float]:
        share = (min(max(y, low), high) - low) / (high - low)
        return (
            _LEFT + (_WIDE - _LEFT - _RIGHT) * x / last,
            _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * share,
        )

    floor, end = _HIGH - _BOTTOM, _WIDE - _RIGHT
    size = f'viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} class="chart" aria-hidden="true">',
        f'<path class="axis" d="M{_LEFT},{_TOP}V{floor}H{end}"/>',
        _label(_LEFT - 6, _TOP + 8, number(high), "end"),
        _label(_LEFT - 6, floor, number(low), "end"),
        _label(_LEFT, floor + 18, "0", "middle"),
        _label(end, floor + 18, f"{last}", "middle"),
    ]
    for name, points in (("right", right), ("yours", yours)):
        line = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
        x, y = place(*points[-1])
        down = y + 4 if name == "right" else y - 8  # so that equal ends stay legible
        drawn += [
            f'<polyline class="{name}" points="{line}"/>',
            _label(x + 6, max(down, _TOP), name, "start", name),
        ]
    return "\n".join([*drawn, "</svg>"])


def _label(x: float, y: float, text: str, anchor: str, name: str = "") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _points(numbers: Sequence[Shown]) -> list[tuple[int, float]]:
    """The finite numbers, each at its place."""
    found = ((place, _float(each)) for place, each in enumerate(numbers))
    return [(place, each) for place, each in found if math.isfinite(each)]


def _float(value: Shown) -> float:
    """A number as a float; what is none, or too large for one, is not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _range(yours: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    low, high = min(right), max(right)
    room = _BEYOND * ((high - low) or abs(high) or 1.0)
    low, high = max(min(low, *yours), low - room), min(max(high, *yours), high + room)
    return (low, high) if high > low else (low - 1.0, high + 1.0)
