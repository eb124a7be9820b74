"""Plots the curves and boundaries of a training: as SVG for a page, and the finale as a file.

Of the learner's answers only numbers are drawn.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.feedback import figures
from autograder.feedback.svg import inlined, name_of, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from autograder.finale.run import FinaleResult
    from autograder.report import Curve, Shown, TrainedNetwork

_BEYOND = 3.0
"""An exploding curve is cut off at this many times the height of the right one."""

_ABOVE = {"yours": 7, "agreed": 0, "right": -7}
"""How far above a curve's end its name is, in points, so that names of equal ends are legible."""

_INK = "gray"
"""Any colour except black, which matplotlib omits; the page replaces it."""

_RED, _BLUE = "#c44e52", "#4c72b0"

_GRID = 80
_MARGIN = 0.5
_LARGEST = 1e6
"""Larger parameters make no difference: tanh is flat long before."""

_KEPT_STYLES = ("fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor")


def same(yours: Sequence[Shown], right: Sequence[Shown]) -> bool:
    """Whether two curves, or two networks' parameters, look the same.

    Args:
        yours: the learner's numbers.
        right: the right ones.
    """
    return len(yours) == len(right) and all(
        math.isclose(_float(y), _float(r), rel_tol=1e-6, abs_tol=1e-9)
        for y, r in zip(yours, right, strict=True)
    )


def curve_svg(curve: Curve) -> str | None:
    """Both curves as an `<svg>` element; None without enough numbers, or without matplotlib.

    The page sets the colours of the classes `yours`, `right` and, if both are the same, `agreed`.
    The learner's line is dashed.
    """
    yours, right = _finite(curve.yours), _finite(curve.expected)
    if not yours or len(right) < 2 or not figures.can_draw():
        return None
    low, high = _range([y for _, y in yours], [y for _, y in right])
    figure, axes = _figure(4.4, 2.7)
    axes.xaxis.get_major_locator().set_params(integer=True)
    drawn = [("right", right, "-", 2.0), ("yours", yours, "--", 2.6)]
    if same(curve.yours, curve.expected):
        drawn = [("agreed", right, "-", 2.6)]
    for name, points, look, width in drawn:
        steps = [step for step, _ in points]
        heights = [min(max(y, low), high) for _, y in points]
        (line,) = axes.plot(steps, heights, look, linewidth=width, color=_INK)
        line.set_gid(f"{name} line")
        label = axes.annotate(
            "both" if name == "agreed" else name,
            (steps[-1], heights[-1]),
            (7, _ABOVE[name]),
            textcoords="offset points",
            verticalalignment="center",
            annotation_clip=False,
        )
        label.set_gid(name)
    room = 0.04 * (high - low)
    axes.set(ylim=(low - room, high + room), xlabel="step", ylabel="loss")
    return _svg(figure)


def boundary_svg(network: TrainedNetwork) -> str | None:
    """The points and both decision boundaries as an `<svg>` element; None without numbers.

    Classes are as in `curve_svg`. Points with the labels `above` and `below` also differ in shape,
    and the region in which the learner's network says `below` is shaded.
    """
    if _numbers(network, network.yours) is None:
        return None
    drawn = [("right", network.expected, "solid"), ("yours", network.yours, "dashed")]
    if same(network.yours, network.expected):
        drawn = [("agreed", network.expected, "solid")]
    grids = [(name, plane_of(network, numbers), look) for name, numbers, look in drawn]
    figure, axes = _figure(4.4, 3.4)
    _region(axes, *grids[-1][1], "below", _INK)
    for name, grid, look in grids:
        _line(axes, *grid, name, colors=_INK, linestyles=look)
    _scatter(axes, network.points, network.labels, below=_INK, above=_INK)
    return _svg(figure)


def save_finale(finale: FinaleResult, path: Path) -> None:
    """Save the finale as a picture: the loss curve and the decision boundary.

    Args:
        finale: its result.
        path: where to save it; the suffix chooses the format (.png, .svg, .pdf).

    Raises:
        OSError: it cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    curve, plane = figure.subplots(1, 2)
    curve.plot(finale.losses, color=_BLUE)
    curve.set(xlabel="step", ylabel="loss", title="your training loop")
    curve.set_ylim(bottom=0)
    grid = plane_of(finale.network, finale.network.yours)
    _region(plane, *grid, "below", _BLUE, alpha=0.25)
    _region(plane, *grid, "above", _RED, alpha=0.25)
    _line(plane, *grid, "yours", colors="black", linewidths=1)
    points, labels = finale.network.points, finale.network.labels
    _scatter(plane, points, labels, below=_BLUE, above=_RED, s=22)
    plane.set_title(f"your network: {finale.accuracy:.0%} accuracy")
    figure.suptitle(f"your engine: {finale.engine_lines} lines")
    figure.savefig(path)


def _region(
    axes: Any, across: Any, up: Any, answers: Any, side: str, colour: str, **look: Any
) -> None:
    """Fill the region where a network's answer is at or below zero, or above it."""
    low, high = (-1.01, 0.0) if side == "below" else (0.0, 1.01)
    if any(low <= answer <= high for row in answers for answer in row):
        drawn = axes.contourf(across, up, answers, levels=[low, high], colors=colour, **look)
        drawn.set_gid(f"{side} region")


def _line(axes: Any, across: Any, up: Any, answers: Any, name: str, **look: Any) -> None:
    """Draw the decision boundary, if there is one."""
    if min(map(min, answers)) < 0 < max(map(max, answers)):
        axes.contour(across, up, answers, levels=[0], **look).set_gid(f"{name} line")


def _scatter(
    axes: Any,
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    *,
    below: str,
    above: str,
    **look: Any,
) -> None:
    """Draw the points; the two labels also differ in shape."""
    for name, label, marker, colour in (("below", -1.0, "s", below), ("above", 1.0, "o", above)):
        chosen = [point for point, own in zip(points, labels, strict=True) if own == label]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), color=colour, marker=marker, **look).set_gid(
                name
            )
    axes.set_aspect("equal")


@dataclass(frozen=True)
class Hits:
    """How many points two networks classify correctly.

    Attributes:
        yours: how many the learner's network does.
        right: how many the right network does.
        undivided: whether the learner's gives all points the same label.
    """

    yours: int
    right: int
    undivided: bool


def hits(network: TrainedNetwork) -> Hits | None:
    """How many points both networks classify correctly; None without numbers."""
    return hits_of(network, network.yours)


def hits_of(network: TrainedNetwork, parameters: Sequence[Shown]) -> Hits | None:
    """The same with other parameters than the learner's last ones.

    Args:
        network: the network.
        parameters: in the order of `TrainedNetwork.yours`.
    """
    yours = _numbers(network, parameters)
    if yours is None:
        return None
    import numpy as np

    points, labels = np.array(network.points), np.array(network.labels)
    above, above_right = (
        answers(network, parameters, points) > 0 for parameters in (yours, network.expected)
    )
    return Hits(
        yours=int((above == (labels > 0)).sum()),
        right=int((above_right == (labels > 0)).sum()),
        undivided=bool(above.all() or not above.any()),
    )


def _numbers(network: TrainedNetwork, parameters: Sequence[Shown]) -> list[float] | None:
    """The parameters as floats; None unless the number is right and all are finite."""
    numbers = [_float(number) for number in parameters]
    whole = len(numbers) == len(network.expected) and all(map(math.isfinite, numbers))
    return numbers if whole else None


def plane_of(
    network: TrainedNetwork, parameters: Sequence[Shown], count: int = _GRID
) -> tuple[list[float], list[float], list[list[float]]]:
    """A grid around the points, and the network's answers on it.

    Args:
        network: the network.
        parameters: finite numbers, in the order of `TrainedNetwork.yours`.
        count: how many grid points there are in each direction.

    Returns:
        `count` x coordinates, `count` y coordinates, and a list of answers for each y.
    """
    import numpy as np

    across, up = (_axis([point[k] for point in network.points], count) for k in (0, 1))
    plane = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    numbers = [_float(number) for number in parameters]
    return across, up, answers(network, numbers, plane).reshape(count, count).tolist()


def answers(network: TrainedNetwork, parameters: Sequence[float], plane: Any) -> Any:
    """The network's answers at some points.

    Args:
        network: the network.
        parameters: in the order of `TrainedNetwork.yours`.
        plane: an array of shape (points, 2).

    Returns:
        An array of shape (points,) with numbers from -1 to 1.
    """
    import numpy as np

    rest = iter(np.clip(parameters, -_LARGEST, _LARGEST))
    signal = plane
    for inputs, outputs in zip(network.sizes, network.sizes[1:], strict=False):
        rows = np.array([[next(rest) for _ in range(inputs + 1)] for _ in range(outputs)])
        signal = np.tanh(signal @ rows[:, :-1].T + rows[:, -1])
    return signal[:, 0]


def _axis(numbers: Sequence[float], count: int = _GRID) -> list[float]:
    low, high = min(numbers) - _MARGIN, max(numbers) + _MARGIN
    return [low + (high - low) * step / (count - 1) for step in range(count)]


def _finite(numbers: Sequence[Shown]) -> list[tuple[int, float]]:
    """The finite numbers with their positions."""
    found = ((place, _float(each)) for place, each in enumerate(numbers))
    return [(place, each) for place, each in found if math.isfinite(each)]


def _float(value: Shown) -> float:
    """A number as a float; NaN if it is not one, infinity if it is too large."""
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


# --- matplotlib's SVG -----------------------------------------------------------------------------


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure, axes = figures.empty(width, height)
    axes.tick_params(bottom=False, left=False)
    return figure, axes


def _svg(figure: Figure) -> str | None:
    root = parsed(figures.written(figure))
    if root is None:
        return None
    shapes = {each.get("id", ""): each for d in root.iter(f"{_space(root)}defs") for each in d}
    return inlined(_plain(root, shapes))


def _space(root: ET.Element) -> str:
    return root.tag.removesuffix("svg")


def _plain(element: ET.Element, shapes: dict[str, ET.Element]) -> ET.Element:
    """The drawing with styles as attributes, ids as classes, and shapes in place of each `use`."""
    if name_of(element) == "use":
        copy = ET.Element("g", transform=f"translate({element.get('x', 0)} {element.get('y', 0)})")
        shape = shapes.get(next((v for k, v in element.items() if k.endswith("href")), "")[1:])
        copy.extend(() if shape is None else [_plain(shape, shapes)])
    else:
        copy = ET.Element(element.tag, element.attrib)
        copy.text = element.text
        copy.extend(_plain(part, shapes) for part in element if name_of(part) != "defs")
    if "id" in element.attrib:
        copy.set("class", element.attrib["id"])
    for name, value in _styles(element.get("style", "")):
        copy.set(name, value)
    return copy


def _styles(text: str) -> Iterator[tuple[str, str]]:
    for each in text.split(";"):
        name, _, value = (part.strip() for part in each.partition(":"))
        if name in _KEPT_STYLES:
            yield name, value
