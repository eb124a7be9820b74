"""A figure of a network as it learns: its decision boundary and its loss, step by step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograder.feedback import plots
from autograder.kit.player import Figure, Frame, there
from autograder.kit.svg import element, line, picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autograder.report import Shown, TrainedNetwork

_COUNT = 48
"""How many points across and up a network is evaluated at."""

_SIDE, _CURVE, _GAP, _EDGE = 340.0, 300.0, 34.0, 26.0
_TALLEST = 3.0
"""An exploding loss is cut off at this many times the first loss."""

Point = tuple[float, float]


def learning(
    network: TrainedNetwork, losses: Sequence[Shown], title: str, notes: Sequence[str] = ()
) -> Figure | None:
    """The figure; None if there are no numbers to show.

    Args:
        network: the learner's, with its parameters on the way.
        losses: the loss before each step.
        title: what it is about.
        notes: sentences below the figure.
    """
    hits = [plots.hits_of(network, numbers) for numbers in network.on_the_way]
    if len(hits) < 2 or None in hits:
        return None
    every = len(losses) // (len(hits) - 1)
    steps = [every * place for place in range(len(hits))]
    frames = [
        Frame(_says(step, losses, found.yours, len(network.points)))
        for step, found in zip(steps, hits, strict=True)
        if found is not None
    ]
    plane, curve = _plane(network), _curve(losses, steps)
    height = _SIDE + 2
    shifted = element("g", curve, transform=f"translate({_SIDE + _GAP} 0)")
    below = element("g", curve, transform=f"translate(0 {_SIDE + _GAP / 2})")
    says = "The network's decision boundary and its loss, step by step."
    wide = picture(_SIDE + _GAP + _CURVE + 8, height, says, plane, shifted)
    narrow = picture(_SIDE + 4, 2 * _SIDE + _GAP, says, plane, below)
    shapes = "Circles are 1, squares are -1. In the shaded region the network answers -1."
    return Figure(title, frames, (), wide, narrow, [shapes, *notes], len(frames) - 1)


def _says(step: int, losses: Sequence[Shown], right: int, count: int) -> str:
    when = "At the start" if not step else f"After {step} steps"
    loss = losses[step] if step < len(losses) else None
    number = f", loss {loss:.4f}" if isinstance(loss, (int, float)) else ""
    return f"{when}: {right} of {count} points correct{number}."


def _plane(network: TrainedNetwork) -> str:
    """The points, and for each stage the boundary and the region below zero."""
    count = len(network.on_the_way)
    stages = []
    for place, numbers in enumerate(network.on_the_way):
        across, up, answers = plots.plane_of(network, numbers, _COUNT)
        look = [
            element("path", d=_region(answers), **there("region", place, place + 1, count)),
            element("path", d=_border(answers), **there("border", place, place + 1, count)),
        ]
        stages.append("".join(look))
    points = [
        _point(*_placed(point, across, up), label)
        for point, label in zip(network.points, network.labels, strict=True)
    ]
    frame = element("rect", x=1, y=1, width=_SIDE, height=_SIDE, class_="box")
    return element("g", frame, *stages, *points)


def _placed(point: Sequence[float], across: Sequence[float], up: Sequence[float]) -> Point:
    """A point of the plane in the picture, whose y axis points down."""
    x, y = (
        (number - axis[0]) / (axis[-1] - axis[0])
        for number, axis in zip(point, (across, up), strict=True)
    )
    return 1 + x * _SIDE, 1 + (1 - y) * _SIDE


def _point(x: float, y: float, label: float) -> str:
    if label > 0:
        return element("circle", cx=x, cy=y, r=4, class_="above")
    return element("rect", x=x - 3.5, y=y - 3.5, width=7, height=7, class_="below")


def _at(row: float, column: float) -> Point:
    """A grid point in the picture."""
    return 1 + column * _SIDE / (_COUNT - 1), 1 + (1 - row / (_COUNT - 1)) * _SIDE


def _region(answers: Sequence[Sequence[float]]) -> str:
    """The `d` of the region where the answer is below zero: a strip for each run in a row."""
    strips = []
    for row, numbers in enumerate(answers):
        low, high = max(0.0, row - 0.5), min(_COUNT - 1.0, row + 0.5)
        for first, last in _runs([number < 0 for number in numbers]):
            left, right = max(0.0, first - 0.5), min(_COUNT - 1.0, last + 0.5)
            corners = [_at(low, left), _at(low, right), _at(high, right), _at(high, left)]
            strips.append(line(corners, closed=True))
    return "".join(strips)


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and last position of each run of true values."""
    start = None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        if not flag and start is not None:
            yield start, place - 1
            start = None


def _border(answers: Sequence[Sequence[float]]) -> str:
    """The `d` of the line where the answer is zero: marching squares, a piece for each cell."""
    pieces = []
    for row in range(_COUNT - 1):
        for column in range(_COUNT - 1):
            corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            ends = []
            for (r, c), (to_r, to_c) in zip(corners, [*corners[1:], corners[0]], strict=True):
                here, beyond = answers[r][c], answers[to_r][to_c]
                if (here < 0) != (beyond < 0):
                    share = here / (here - beyond)
                    ends.append(_at(r + share * (to_r - r), c + share * (to_c - c)))
            pieces += [line(pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    return "".join(pieces)


def _curve(losses: Sequence[Shown], steps: Sequence[int]) -> str:
    """The losses, and a dot for the current step."""
    known = [
        (place, float(loss))
        for place, loss in enumerate(losses)
        if isinstance(loss, (int, float)) and math.isfinite(loss)
    ]
    if not known:
        return ""
    top = min(max(loss for _, loss in known), _TALLEST * max(known[0][1], 1e-9)) or 1.0
    width, height = _CURVE - _EDGE, _SIDE - _EDGE

    def place(step: float, loss: float) -> Point:
        x = _EDGE + 8 + width * step / max(1, len(losses))
        return x, 8 + (height - 8) * (1 - min(loss, top) / top)

    count = len(steps)
    dots = []
    for number, step in enumerate(steps):
        seen = [loss for at, loss in known if at <= step]
        x, y = place(step, seen[-1])
        dots.append(element("circle", cx=x, cy=y, r=5, **there("tip", number, number + 1, count)))
    (left, floor), (right, _) = place(0, 0), place(len(losses), 0)
    return element(
        "g",
        element("path", d=line([place(0, top), (left, floor), (right, floor)]), class_="edge"),
        element("path", d=line([place(*each) for each in known]), class_="flow"),
        *dots,
        element("text", f"{top:.3g}", x=left - 6, y=16, text_anchor="end", class_="quiet"),
        element("text", "0", x=left - 6, y=floor, text_anchor="end", class_="quiet"),
        element("text", "loss", x=left + 8, y=16, class_="quiet"),
        element("text", "step", x=right, y=floor + 18, text_anchor="end", class_="quiet"),
    )
