"""The pictures of a class's page, as SVG that takes its colours from the page."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from autograder.feedback import figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autograder.classroom.summary import Summary
    from autograder.feedback.wording import State

_INK = "#010203"  # stands for the page's own colour of text
_COLOURS: dict[State, str] = {
    "passed": "#2e8b57",
    "wrong": "#c8442f",
    "not yet": "#d9a441",
    "waits": "#8d99a6",
    "not run": "#c9d1d9",
}
_BINS = 10


def distribution(summary: Summary) -> str:
    """How many learners have which share of the points; empty where nobody has a verdict."""
    graded = summary.graded
    if not graded:
        return ""
    counts = [0] * (_BINS + 1)  # full marks have a bar of their own
    for row in graded:
        full = row.score == row.max_score
        counts[_BINS if full else min(int(row.share * _BINS), _BINS - 1)] += 1
    figure, axes = _figure(7, 2.6)
    colours = [_COLOURS["wrong"]] * 5 + [_COLOURS["not yet"]] * 5 + [_COLOURS["passed"]]
    bars = axes.bar(range(_BINS + 1), counts, color=colours, width=0.85)
    axes.bar_label(bars, [str(n) if n else "" for n in counts], color=_INK, padding=2)
    labels = [f"{100 * n // _BINS}-{100 * (n + 1) // _BINS}" for n in range(_BINS)] + ["all"]
    labels[_BINS - 1] = "90-99"
    axes.set_xticks(range(_BINS + 1), labels, fontsize=8)
    axes.set_xlabel("% of the points")
    axes.set_ylabel("learners")
    axes.set_ylim(0, max(counts) * 1.15)
    axes.yaxis.get_major_locator().set_params(integer=True)
    return _svg(figure, "How many learners have which share of the points")


def by_test(summary: Summary) -> str:
    """How each test went; empty where nobody has a verdict."""
    tests = list(summary.tests.values())
    if not tests:
        return ""
    figure, axes = _figure(7, 0.6 + 0.34 * len(tests))
    most = max(sum(test.states.values()) for test in tests)
    left = [0] * len(tests)
    places = list(range(len(tests)))[::-1]
    for state, colour in _COLOURS.items():
        widths = [test.states[state] for test in tests]
        if any(widths):
            axes.barh(places, widths, left=left, color=colour, height=0.75, label=state)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    titles = [_plain(textwrap.shorten(test.title, 44, placeholder=" …")) for test in tests]
    axes.set_yticks(places, titles, fontsize=8)
    for place, test in zip(places, tests, strict=True):
        text = f"{round(test.mean, 2):g}/{test.max_score:g}"
        axes.text(most * 1.015, place, text, va="center", fontsize=8, color=_INK)
    axes.text(most * 1.015, len(tests) - 0.3, "mean", fontsize=8, color=_INK)
    axes.set_xlim(0, most)
    axes.set_ylim(-0.6, len(tests) - 0.4)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("learners")
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, fontsize=8, labelcolor=_INK
    )
    return _svg(figure, "How each test went; at the right the mean of its points")


def _plain(text: str) -> str:
    """The text as it is: between dollar signs matplotlib would read mathematics."""
    return text.replace("$", r"\$")


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure, axes = figures.empty(width, height)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_INK)
    axes.tick_params(colors=_INK)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    return figure, axes


def _svg(figure: Figure, says: str) -> str:
    """The figure as an element, without a file's head."""
    text = figures.written(figure)
    text = text[text.index("<svg ") :].replace(_INK, "currentColor")
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)
    return text.replace("<svg ", f'<svg role="img" aria-label="{says}" class="picture" ', 1)
