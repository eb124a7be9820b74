"""`grade --watch`: each save is judged at once; single keys show more.

pytest and the suite stay loaded: the submissions that `grade_each` asks for are the learner's file
after each save, so between two of them the grader waits for a save or a key.
"""

from __future__ import annotations

import select
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder import submission as submissions
from autograder.feedback import panels, terminal, wording
from autograder.feedback.saves import Saves
from autograder.feedback.style import Style
from autograder.feedback.tty import Tty, usable
from autograder.grading import Policy, grade_each, refused
from autograder.state import FOLDER, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Assignment, Course
    from autograder.report import Report, TestReport
    from autograder.submission import Submission

_PATIENCE = 0.25
"""Seconds that an editor gets which removes a file before it writes the new one."""


class Watch:
    """One learner's evening: edit, save, see, go on.

    Args:
        course: gives seed and order.
        assignment: to begin with.
        place: the file or folder to watch.
        own: whether that is where the learner's work of this assignment lies; then what is solved
            is remembered, and one can go on to the next assignment.
        only: judge this test alone.
        html: write a page there after each result.

    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        place: Path,
        *,
        own: bool,
        only: str | None = None,
        html: Path | None = None,
    ) -> None:
        self.course, self.assignment, self.place = course, assignment, place
        self.own, self.policy, self.page = own, Policy(only=only), html
        self.report: Report | None = None
        self.last_score = ""
        self.view, self.number, self.note = "result", 0, ""
        self.hint = ""
        self.started = 0.0
        self.next: Assignment | None = None
        self.screen: Tty | None = None
        self.seen: object = None

    def run(self) -> int:
        """Until one quits. Returns the exit code of the last report."""
        try:
            if usable():
                with Tty() as self.screen:
                    self._assignments()
            else:
                self._assignments()
        except KeyboardInterrupt:
            pass
        if self.screen is not None and self.report is not None:
            click.echo(f"{self.assignment.name}: {self._verdict()}")
        return self.report.exit_code if self.report is not None else 2

    def _assignments(self) -> None:
        self._watch_one()
        while self.next is not None:
            self.assignment, self.next = self.next, None
            self.place = self.place.with_name(self.assignment.name)
            self.report, self.last_score, self.seen = None, "", None
            self._back()
            self._watch_one()

    def _watch_one(self) -> None:
        folder = self.place if self.place.is_dir() or self.own else self.place.resolve().parent
        names = {file.name for file in self.assignment.files}
        names |= {Path(name).with_suffix(".ipynb").name for name in names}
        if folder != self.place:
            names.add(self.place.resolve().name)
        with Saves(folder, names) as self.saves:
            if self.screen is not None:
                self.screen.show(f"{self.assignment.name}  {self.assignment.title}\n\nLooking …")
            grade_each(self.course, self.assignment, self._versions(), self._take, self.policy)

    # --- what grade_each asks for, and what it gives ------------------------------------------

    def _versions(self) -> Iterator[Submission]:
        """The learner's work as it is now, and after each save; ends when they have enough."""
        while True:
            self.started = time.monotonic()
            work = self._read()
            if isinstance(work, submissions.Submission):
                yield work
            else:
                self._take(work)
            if not self._wait():
                return

    def _read(self) -> Submission | Report:
        """The work as it is, or a report on why there is none."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            self.saves.clear()
            self.seen = self.saves.signature()
            try:
                return submissions.read(self.assignment, self.place)
            except submissions.Ungradable as error:
                if time.monotonic() >= deadline:
                    return refused(self.assignment, self.place.name, error)
            select.select([self.saves], [], [], max(0.0, deadline - time.monotonic()))

    def _take(self, report: Report) -> None:
        self.report, self.took = report, time.monotonic() - self.started
        if report.status == "graded":
            self.last_score = self._verdict()
            if report.full_marks and self.own and self.policy.only is None:
                self._remember()
        self._back()
        self._show()
        if self.page is not None:
            self._write_page(self.page)

    def _verdict(self) -> str:
        assert self.report is not None
        if self.report.status != "graded":
            return "it cannot be graded yet"
        return (
            f"{wording.points(self.report.score)} of {wording.points(self.report.max_score)} points"
        )

    def _remember(self) -> None:
        from datetime import date

        State(self.course).remember_solved(self.assignment.name, date.today())

    # --- waiting ------------------------------------------------------------------------------

    def _wait(self) -> bool:
        """Until the next save; keys are answered meanwhile. False: enough."""
        while True:
            if self.screen is None:
                keys, saved, redraw = "", bool(select.select([self.saves], [], [])[0]), False
            else:
                keys, saved, redraw = self.screen.wait(self.saves)
            for key in keys:
                if key in "qQ\x04" or (key in "nN" and self._go_on()):
                    return False
                self._press(key.lower())
            if saved:
                self.saves.clear()
                if self.saves.signature() != self.seen:
                    return True
            if redraw:
                self._show()

    def _go_on(self) -> bool:
        """Whether n means the next assignment now."""
        if not self.own or self.report is None or not self.report.full_marks:
            return False
        place = self.course.assignments.index(self.assignment) + 1
        if place < len(self.course.assignments):
            self.next = self.course.assignments[place]
        else:
            self.note = "that was the last one"
        return self.next is not None

    # --- keys ---------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        act = {"n": self._n, "h": self._h, "l": self._l, "g": self._g, "o": self._o}.get(key)
        self.note = ""
        if self.report is None:
            return
        if act is not None:
            act()
        else:
            self._back()
        self._show()

    def _back(self) -> None:
        self.view, self.number, self.note = "result", 0, ""

    def _n(self) -> None:
        wrong = wording.failures(self._graded())
        if self.view == "result" and len(wrong) > 1:
            self.number += 1
        else:
            self.note = "" if self.view != "result" or not wrong else "that is the only one"
            self.view = "result"

    def _h(self) -> None:
        from autograder.feedback.hints import next_hint

        if self._graded().status == "graded":
            self.hint = next_hint(self._graded(), State(self.course), self._in_view())
            self.view = "hint"

    def _l(self) -> None:
        self.number = self.number + 1 if self.view == "list" else 0
        self.view = "list"

    def _g(self) -> None:
        test = self._in_view()
        self.view = "graph"
        if test is not None and test.graph is not None:
            from autograder.feedback.picture import dot_of
            from autograder.kit import Drawing, DrawingError

            try:
                path = self._beside(f"{self.assignment.name}.svg")
                Drawing(dot_of(test.graph)).save(path)
                self.note = f"picture: {_short(path)}"
            except (DrawingError, OSError):
                self.note = ""

    def _o(self) -> None:
        from autograder.feedback.browser import open_page

        try:
            path = self.page or self._beside(f"{self.assignment.name}.html")
        except OSError as error:
            self.note = f"no report: {error.strerror}"
            return
        self.page = path  # from now on it is kept up to date
        if self._write_page(path):
            self.note = f"report: {_short(path)}" if open_page(path) else f"open {_short(path)}"

    def _beside(self, name: str) -> Path:
        folder = self.course.root / FOLDER
        folder.mkdir(exist_ok=True)
        return folder / name

    def _write_page(self, path: Path) -> bool:
        from autograder.feedback.html import page

        try:
            path.write_text(page(self._graded(), self.assignment), "utf-8")
        except OSError as error:
            self.note = f"no report: {error.strerror}"
            return False
        return True

    # --- the screen ---------------------------------------------------------------------------

    def _graded(self) -> Report:
        assert self.report is not None
        return self.report

    def _in_view(self) -> TestReport | None:
        wrong = wording.failures(self._graded())
        return wrong[self.number % len(wrong)] if wrong else None

    def _show(self) -> None:
        if self.report is None:
            return
        if self.screen is None:
            click.echo(terminal.render(self.report, self.assignment) + "\n")
            return
        style = Style.here()
        lines = self._lines(style)[: style.height - 2]
        self.screen.show("\n".join([*lines, "", panels.foot(self._keys(), self._note(), style)]))

    def _lines(self, style: Style) -> list[str]:
        report = self._graded()
        if self.view == "hint":
            return self.hint.split("\n")
        if self.view == "list":
            return panels.page_of(panels.tests(report, style), style, self.number)[0]
        if self.view == "graph":
            test = self._in_view()
            return panels.graph(test.graph if test else None, style)
        if report.status == "ungradable":
            return self._not_yet(report, style)
        stuck = "press h"
        shown = terminal.render(
            report, self.assignment, focus=self._in_view(), style=style, stuck=stuck
        )
        return shown.split("\n")

    def _not_yet(self, report: Report, style: Style) -> list[str]:
        """In the middle of an edit nothing is wrong: it is not there yet."""
        lines = [click.style(f"{self.assignment.name}  {self.assignment.title}", bold=True), ""]
        lines += [click.style("This cannot run yet.", fg="yellow", bold=True)]
        lines += style.wrap(style.readable(report.reason or ""), "")
        lines += ["", "Just go on: the next save is looked at again."]
        if self.last_score:
            lines += [f"Before, it had {self.last_score}."]
        return lines

    def _keys(self) -> panels.Keys:
        if self.view != "result":
            return (("any key", "back"), ("q", "quit"))
        done = self._graded().full_marks
        following = "next assignment" if done and self.own else "next"
        names = (("h", "hint"), ("l", "list"), ("g", "graph"), ("o", "open report"), ("q", "quit"))
        return (("n", following), *names)

    def _note(self) -> str:
        return self.note or f"{time.strftime('%H:%M:%S')}  {self.took:.2f} s"


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
