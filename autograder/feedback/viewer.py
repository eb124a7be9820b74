"""The last result of watch mode, in the view that the learner chose with keys."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from autograder.feedback import example, panels, terminal, wording
from autograder.feedback.remembered import FOLDER, State

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.feedback.style import Style
    from autograder.report import Report, TestReport

View = Literal["result", "hint", "list", "graph"]


class Viewer:
    """Shows one report after another.

    Args:
        course: the learner's; pictures, pages and remembered hints go into its folder.
        assignment: the current one.
        place: the file or folder that is graded.
        goes_on: whether the learner can continue with the next assignment from here.
        page: where to write a page after each result, if anywhere.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        place: Path,
        *,
        goes_on: bool,
        page: Path | None,
    ) -> None:
        self._place = place
        self._course, self._assignment, self._goes_on = course, assignment, goes_on
        self.page = page
        self.report: Report | None = None
        self._last_score, self._when, self._seconds = "", "", 0.0
        self._view: View = "result"
        self._number, self.note, self._hint = 0, "", ""

    def take(self, report: Report, seconds: float) -> None:
        """Show this report from now on.

        Args:
            report: the verdict.
            seconds: how long it took.
        """
        self.report, self._seconds = report, seconds
        self._when = time.strftime("%H:%M:%S")
        if report.status == "graded":
            self._last_score = self.verdict()
        self._view, self._number, self.note = "result", 0, ""

    def renew_page(self) -> bool:
        """Rewrite the page, if there is one; returns whether that failed."""
        return self.page is not None and not self._write_page(self.page)

    def verdict(self) -> str:
        """The result in a few words."""
        report = self._shown()
        if report.status != "graded":
            return "it can't be graded yet"
        return f"{wording.points(report.score)} of {wording.points(report.max_score)} points"

    # --- keys ---------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Act on a key; a key without a meaning returns to the result."""
        acts = {"n": self._n, "h": self._h, "l": self._l, "g": self._g, "o": self._o}
        self.note = ""
        if self.report is None:
            return
        act = acts.get(key.lower())
        if act is not None and (self.report.status == "graded" or act == self._o):
            act()
        else:
            self._view = "result"

    def _n(self) -> None:
        wrong = wording.failures(self._shown())
        if self._view == "result":
            self._number += 1
            self.note = "Nothing else is wrong." if len(wrong) == 1 else ""
        self._view = "result"

    def _h(self) -> None:
        from autograder.feedback.hints import next_hint

        self._hint = next_hint(self._shown(), State(self._course), self._in_view())
        self._view = "hint"

    def _l(self) -> None:
        self._number = self._number + 1 if self._view == "list" else 0
        self._view = "list"

    def _g(self) -> None:
        test = self._in_view()
        self._view = "graph"
        if test is None or test.graph is None:
            return
        from autograder.feedback.picture import dot_of
        from autograder.kit import Drawing, DrawingError

        try:
            path = Drawing(dot_of(test.graph)).save(self._beside(f"{self._assignment.name}.svg"))
        except (DrawingError, OSError):
            return
        self.note = f"As a picture: {_short(path)}"

    def _o(self) -> None:
        from autograder.feedback.browser import open_page

        path = self.page or self._beside(f"{self._assignment.name}.html")
        if self._write_page(path):
            self.page = path  # kept up to date from now on
            where = "In your browser" if open_page(path) else "Open this in a browser"
            self.note = f"{where}: {_short(path)}"

    def _beside(self, name: str) -> Path:
        return self._course.root / FOLDER / name

    def _write_page(self, path: Path) -> bool:
        from autograder.feedback.html import page

        try:
            if path.parent.name == FOLDER:
                path.parent.mkdir(exist_ok=True)
            path.write_text(page(self._shown(), self._assignment), "utf-8")
        except OSError as error:
            self.note = f"No report: {error.strerror}."
            return False
        return True

    # --- the screen ---------------------------------------------------------------------------

    def text(self, style: Style) -> str:
        """The screen's content."""
        foot = panels.foot(self._keys(), f"{self._when}  {self._seconds:.2f} s", style)
        lines = self._lines(style)[: style.height - 1 - len(foot)]
        note = style.fit(style.readable(self.note), style.width)
        return "\n".join([*lines, note, *foot])

    def _shown(self) -> Report:
        assert self.report is not None
        return self.report

    def _in_view(self) -> TestReport | None:
        wrong = wording.failures(self._shown())
        place = self._number if self._view != "list" else 0
        return wrong[place % len(wrong)] if wrong else None

    def _lines(self, style: Style) -> list[str]:
        report = self._shown()
        if self._view == "hint":
            return self._hint.split("\n")
        if self._view == "list":
            return panels.page_of(panels.tests(report, style), style, self._number)
        if self._view == "graph":
            test = self._in_view()
            return panels.graph(test.graph if test else None, style)
        if report.status == "ungradable":
            return self._not_yet(report, style)
        test = self._in_view()
        course = self._course if self._goes_on else None
        text = terminal.render(
            report,
            self._assignment,
            focus=test,
            style=style,
            course=course,
            watched=True,
            example=example.write(self._course, report, self._place, test),
        )
        return text.split("\n")

    def _not_yet(self, report: Report, style: Style) -> list[str]:
        """The screen for a file that does not run, as in the middle of an edit."""
        name = f"{self._assignment.name}  {self._assignment.title}"
        lines = [click.style(name, bold=True), ""]
        lines += [click.style("Your file doesn't run yet.", fg="yellow", bold=True)]
        lines += style.wrap(style.readable(report.reason or ""), "")
        lines += ["", "Keep going: it is graded again when you save."]
        return [*lines, f"Your last result was {self._last_score}."] if self._last_score else lines

    def _keys(self) -> panels.Keys:
        if self._view != "result":
            more = (("l", "more"),) if self._view == "list" else ()
            return (*more, ("any other key", "back"), ("q", "quit"))
        if self._shown().status != "graded":
            return (("o", "open report"), ("q", "quit"))
        following = "next assignment" if self._goes_on and self._shown().full_marks else "next"
        names = (("h", "hint"), ("l", "list"), ("g", "graph"), ("o", "open report"), ("q", "quit"))
        return (("n", following), *names)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
