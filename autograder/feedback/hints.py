"""The next step of the hint ladder for the first part that is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from autograder.feedback.style import Style
from autograder.grading import hints

if TYPE_CHECKING:
    from autograder.report import Report
    from autograder.state import State

LADDER = ("idea", "place", "line")


def next_hint(report: Report, state: State) -> str:
    """One more hint than last time; after the last, all of them again.

    Args:
        report: of the learner's work as it is now.
        state: remembers how far they went.

    """
    style = Style.here()
    first = next((t for t in report.tests if t.status not in ("passed", "not_run")), None)
    if first is None:
        return "Nothing is left to hint at: all that ran is right."
    part = hints(report.assignment)[first.part]
    shown = min(state.hints_shown(report.assignment, first.part) + 1, len(LADDER))
    state.remember_hint(report.assignment, first.part, shown)
    lines = [click.style(f"{part['title']}: {first.title}", bold=True)]
    for step in LADDER[:shown]:
        text = " ".join(part[step].split()) if step != "line" else part[step]
        mark = "    " if step == "line" else ""
        lines += [""] + ([mark + text] if mark else list(style.wrap(text, "")))
    left = len(LADDER) - shown
    lines += ["", f"{left} more after this." if left else "That was the last one."]
    return "\n".join(lines)
