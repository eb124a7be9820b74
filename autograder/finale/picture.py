"""The finale as a picture: the loss curve, and where the network draws its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.finale.run import FinaleResult

_ABOVE, _BELOW = "#c44e52", "#4c72b0"


def save(finale: FinaleResult, path: Path) -> None:
    """Draw it with matplotlib; the path's suffix chooses the form (.png, .svg, .pdf)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    curve, plane = figure.subplots(1, 2)
    curve.plot(finale.losses, color=_BELOW)
    curve.set_xlabel("step")
    curve.set_ylabel("loss")
    curve.set_ylim(bottom=0)
    curve.set_title("your training loop")
    edges = [-1.01, 0, 1.01]
    plane.contourf(
        finale.xs, finale.ys, finale.outputs, levels=edges, colors=[_BELOW, _ABOVE], alpha=0.25
    )
    plane.contour(finale.xs, finale.ys, finale.outputs, levels=[0], colors="black", linewidths=1)
    for label, colour, marker in ((1.0, _ABOVE, "o"), (-1.0, _BELOW, "s")):
        chosen = [p for p, own in zip(finale.points, finale.labels, strict=True) if own == label]
        plane.scatter(*zip(*chosen, strict=True), color=colour, marker=marker, s=22)
    plane.set_title(f"your network: {finale.accuracy:.0%} right")
    plane.set_aspect("equal")
    figure.suptitle(f"your engine: {finale.engine_lines} lines")
    figure.savefig(path)
