"""matplotlib figures for a page: without a background, written as SVG text."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def can_draw() -> bool:
    """Whether matplotlib is installed; in a browser it is not."""
    return find_spec("matplotlib") is not None


def empty(width: float, height: float) -> tuple[Figure, Any]:
    """A transparent figure with one pair of axes.

    Args:
        width: in inches.
        height: in inches.

    Returns:
        The figure and its axes.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    for patch in (figure.patch, axes.patch):
        patch.set_visible(False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def written(figure: Figure) -> str:
    """The figure as SVG with its text as text elements; the same figure gives the same SVG."""
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "figure", "axes.unicode_minus": False}
    ):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(out, format="svg", metadata=metadata, bbox_inches="tight")
    return out.getvalue()
