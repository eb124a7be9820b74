"""`grade --watch`: grades each save at once; single keys show more.

pytest and the suite stay loaded: `grade_each` iterates over the learner's file after each save, so
between two submissions it waits for a save or a key.
"""

from __future__ import annotations

import select
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.feedback import example, terminal
from autograder.feedback.remembered import State
from autograder.feedback.saves import Saves
from autograder.feedback.style import Style
from autograder.feedback.tty import END_OF_INPUT, Tty, usable
from autograder.feedback.viewer import Viewer
from autograder.grading import Options, grade_each, refused
from autograder.submission import read as submissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Assignment, Course
    from autograder.report import Report
    from autograder.submission.read import Submission

_PATIENCE = 0.25
"""Seconds for an editor that removes a file before it writes the new one."""


_NOTHING = 2


class Watch:
    """A learner's session in watch mode.

    Args:
        course: the learner's.
        assignment: the first one.
        place: the file or folder to watch.
        own: whether that is the assignment's own folder; then solved assignments are remembered,
            and the learner can continue with the next one.
        only: grade only this test or part.
        html: where to write a page after each result, if anywhere.
        sandboxed: require a sandbox, as it may be someone else's work.
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
        sandboxed: bool = False,
    ) -> None:
        self._course, self._assignment, self._place = course, assignment, place
        self._own, self._page = own, html
        self._whole = own and only is None  # one's own assignment, in full
        self._options = Options(require_sandbox=sandboxed, only=only, prestart=True)
        self._screen: Tty | None = None
        self._next: Assignment | None = None
        self._seen: object = None
        self._started = 0.0

    def run(self) -> int:
        """Run until the learner quits; returns the exit code of the last report.

        Raises:
            UnknownTest: `only` names no test or part.
            SuiteError: the suite cannot be used.
        """
        try:
            if usable():
                with Tty() as self._screen:
                    self._assignments()
            else:
                self._assignments()
        except KeyboardInterrupt:
            pass
        report = self._viewer.report
        if self._screen is not None and report is not None:
            click.echo(f"{self._assignment.name}: {self._viewer.verdict()}")
        return report.exit_code if report is not None else _NOTHING

    def _assignments(self) -> None:
        self._watch_one()
        while self._next is not None:
            self._assignment, self._next = self._next, None
            self._place = self._place.with_name(self._assignment.name)
            self._page = None
            self._watch_one()

    def _watch_one(self) -> None:
        chosen = self._assignment
        self._viewer = Viewer(
            self._course, chosen, self._place, goes_on=self._whole, page=self._page
        )
        place = self._place if self._own else self._place.resolve()
        folder = place if self._own or place.is_dir() else place.parent
        names = {file.name for file in chosen.files}
        names |= {Path(name).with_suffix(".ipynb").name for name in names} | {place.name}
        with Saves(folder, names) as self._saves:
            if self._screen is not None:
                self._screen.show(f"{chosen.name}  {chosen.title}\n\nGrading …")
            grade_each(self._course, chosen, self._versions(), self._take, self._options)

    def _versions(self) -> Iterator[Submission]:
        """The learner's work now and after each save, until they quit."""
        while True:
            self._started = time.monotonic()
            work = self._read()
            if isinstance(work, submissions.Submission):
                yield work
            else:
                self._take(work)
            if not self._wait():
                return

    def _read(self) -> Submission | Report:
        """The work as it is now, or a report on why it cannot be read."""
        deadline = self._started + _PATIENCE
        while True:
            self._saves.clear()
            self._seen = self._saves.signature()
            try:
                return submissions.read(self._assignment, self._place)
            except submissions.Ungradable as error:
                left = deadline - time.monotonic()
                if left <= 0:
                    reason = error if self._seen else self._gone()
                    return refused(self._assignment, self._place.name, reason)
            select.select([self._saves], [], [], left)

    def _gone(self) -> submissions.Ungradable:
        name = self._assignment.files[0].name if self._own else self._place.name
        lost = f" If you lost it: grade {self._assignment.name} --reset" if self._own else ""
        return submissions.Ungradable(f"{name} is gone. Is your editor still saving it?{lost}")

    def _take(self, report: Report) -> None:
        self._viewer.take(report, time.monotonic() - self._started)
        if report.full_marks and self._whole:
            from datetime import date

            State(self._course).remember_solved(self._assignment.name, date.today())
        self._show()
        if self._viewer.renew_page():  # after the answer, as a page with a curve takes time
            self._show()

    def _show(self) -> None:
        if self._viewer.report is None:
            return
        if self._screen is not None:
            self._screen.show(self._viewer.text(Style.here()))
        else:
            course = self._course if self._whole else None
            report = self._viewer.report
            runs = example.write(self._course, report, self._place)
            text = terminal.render(report, self._assignment, course=course, example=runs)
            click.echo(text + "\n")
            sys.stdout.flush()

    def _wait(self) -> bool:
        """Wait for the next save and act on keys meanwhile; False if the learner quits."""
        while True:
            if self._screen is None:
                select.select([self._saves], [], [])
                keys, saved, redraw = "", True, False
            else:
                keys, saved, redraw = self._screen.wait(self._saves)
            for key in keys:
                if key in f"qQ{END_OF_INPUT}" or (key in "nN" and self._goes_on()):
                    return False
                self._viewer.press(key)
            if keys or redraw:
                self._show()
            if saved:
                self._saves.clear()
                if self._saves.signature() != self._seen:
                    return True

    def _goes_on(self) -> bool:
        """Whether n now leads to the next assignment."""
        report, all_of_them = self._viewer.report, self._course.assignments
        if not self._whole or report is None or not report.full_marks:
            return False
        self._next = next(iter(all_of_them[all_of_them.index(self._assignment) + 1 :]), None)
        return self._next is not None
