"""The next hint for a part; after success, common mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from autograder.feedback import wording
from autograder.feedback.style import Style
from autograder.grading.suite import hints, suite_folder

if TYPE_CHECKING:
    from autograder.feedback.remembered import State
    from autograder.report import Report, TestReport

LADDER = ("idea", "place", "line")
_UNSEEN = "adversarial"
"""In `seen` of a wrong engine that was invented, not seen."""


def next_hint(report: Report, state: State, test: TestReport | None = None) -> str:
    """The hints for a part, one more than last time, as text for the terminal.

    Args:
        report: on the learner's work as it is now.
        state: remembers how many hints were shown.
        test: a test of the part; by default the first that does not pass.
    """
    style = Style.here()
    test = test or wording.first_to_do(report)
    if test is None:
        return "\n".join(_after_success(report.assignment, style))
    part = hints(report.assignment)[test.part]
    shown = min(state.hints_shown(report.assignment, test.part) + 1, len(LADDER))
    state.remember_hint(report.assignment, test.part, shown)
    named = test.title.startswith(part["title"])
    lines = [click.style(test.title if named else f"{part['title']}: {test.title}", bold=True)]
    for step in LADDER[:shown]:
        text = " ".join(part[step].split()) if step != "line" else part[step]
        mark = "    " if step == "line" else ""
        lines += ["", *([mark + text] if mark else style.wrap(text, ""))]
    left = len(LADDER) - shown
    lines += ["", f"Hints left: {left}." if left else "That was the last hint."]
    return "\n".join(lines)


def _after_success(assignment: str, style: Style) -> list[str]:
    lines = ["No hints left: every test that ran passes."]
    for text in pitfalls(assignment):
        lines += ["", *style.wrap(f"A common mistake: {text}", "")]
    return lines


def pitfalls(assignment: str, most: int = 2) -> list[str]:
    """Common mistakes: those of an assignment that were seen in people's own code, in words.

    Args:
        assignment: its name.
        most: how many at most.
    """
    import tomllib

    path = suite_folder(assignment) / "misconceptions.toml"
    if not path.is_file():
        return []
    found: dict[str, str] = {}
    for mistake in tomllib.loads(path.read_text("utf-8"))["misconceptions"]:
        if _UNSEEN not in mistake["seen"]:
            found.setdefault(mistake["family"], " ".join(mistake["text"].split()))
    return list(found.values())[:most]
