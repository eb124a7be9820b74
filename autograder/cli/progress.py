"""What is printed about a class while it is graded and afterwards."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

from autograder.classroom.names import order, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from autograder.classroom.class_run import Enrolled, RunProgress
    from autograder.classroom.grades import Grade
    from autograder.classroom.results import Result
    from autograder.classroom.summary import Summary

_ROUNDED = 0.1  # points: nbgrader rounds those of each cell to two decimals
_SAID_EVERY = 10.0  # seconds, if stderr is no terminal


def say_enrolled(enrolled: Enrolled, *, drop: bool) -> None:
    """Print what was handed in.

    Args:
        enrolled: the result of reading the submissions.
        drop: whether learners who are gone are dropped.
    """
    layout = f" File names are as {enrolled.layout} makes them." if enrolled.layout else ""
    number = "1 learner." if enrolled.learners == 1 else f"{enrolled.learners} learners."
    click.echo(f"{number}{layout}")
    if enrolled.missing:
        names = "; ".join(shown(person.name or person.keys[0]) for person in enrolled.missing)
        of = f" of the {enrolled.people} on the roster" if enrolled.people else ""
        click.echo(f"{len(enrolled.missing)}{of} handed in nothing: {names}.")
    if enrolled.strangers:
        click.echo(f"Not on the roster: {'; '.join(map(shown, enrolled.strangers))}.")
    if enrolled.around:
        click.echo(enrolled.around)
    if enrolled.late:
        click.echo(f"{enrolled.late} handed in late: marked in grades.csv and on the page.")
    if enrolled.problems:
        click.echo(f"No file to grade for {enrolled.problems} of them: see index.html.")
    if enrolled.gone and not drop:
        click.echo(
            f"Gone since earlier runs: {enrolled.gone}; their results stay "
            "(--drop-missing removes them)."
        )
    for left_out in enrolled.left_out:
        click.echo(f"Left out: {left_out}.", err=True)


def say_summary(summary: Summary, folder: Path) -> None:
    """Print how many were graded and where the page is."""
    graded = summary.graded
    line = f"{len(graded)} graded"
    if graded:
        line += f", {summary.full} with full marks, median {summary.median:.4g}"
    others = summary.without_verdict
    if others:
        line += f"; {others} without a result"
    click.echo(f"{line}. {folder / 'index.html'}")


def say_changes(before: dict[str, str], after: dict[str, str]) -> None:
    """Print whose points have changed, by learner."""
    changed = [(who, old, after[who]) for who, old in before.items() if after.get(who) != old]
    for who, old, new in changed:
        click.echo(f"{shown(who)}: {old} → {new}")
    click.echo(f"Points changed for {len(changed)} of {len(before)} learners.")


def say_left_out(grades: Sequence[Grade]) -> None:
    """Print who gets no points in an export and why, and who has answers to grade by hand."""
    left_out: dict[str, list[str]] = {}
    for grade in grades:
        if grade.score is None:
            left_out.setdefault(grade.why, []).append(grade.name or grade.learner)
    for why, names in left_out.items():
        click.echo(f"No points ({why}): {_listed(names)}.", err=True)
    waiting = [grade.name or grade.learner for grade in grades if grade.waiting]
    if waiting:
        click.echo(
            "Answers that haven't been graded yet count as 0; give them points in "
            f"formgrader: {_listed(waiting)}.",
            err=True,
        )


def say_outdated(grades: Sequence[Grade], results: Sequence[Result], name: str) -> None:
    """Print whose points in nbgrader's gradebook differ from the stored verdict.

    Args:
        grades: those of the gradebook.
        results: the stored verdicts.
        name: the assignment's.
    """
    counted = {each.learner: each for each in grades if each.score is not None}
    old = [
        each.name or each.learner
        for each in results
        if each.report is not None
        and each.report.status == "graded"
        and each.learner in counted
        and abs(counted[each.learner].tests - each.report.score) > _ROUNDED
    ]
    if old:
        click.echo(
            f"The gradebook has earlier results for {_listed(old)}. To update it: "
            f"nbgrader autograde {name} --force",
            err=True,
        )
    none = [
        each.name or each.learner
        for each in results
        if each.status == "ungradable" and each.learner in counted
    ]
    if none:
        click.echo(f"Cannot be graded, and 0 in the gradebook: {_listed(none)}.", err=True)


def _listed(names: Sequence[str]) -> str:
    return "; ".join(map(shown, sorted(names, key=order)))


class Progress:
    """Prints how far grading is: one line on a terminal, else a new line every 10 seconds."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._began, self._said = time.monotonic(), time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            click.echo("\r\x1b[K", nl=False, err=True)

    def tell(self, progress: RunProgress) -> None:
        """Print the progress, unless it was printed just before."""
        now = time.monotonic()
        if not self._live and now - self._said < _SAID_EVERY:
            return
        self._said = now
        line = self._line(progress, now - self._began)
        click.echo(f"\r{line}\x1b[K" if self._live else line, nl=not self._live, err=True)

    @staticmethod
    def _line(progress: RunProgress, seconds: float) -> str:
        line = f"{progress.done} of {progress.total}"
        if progress.done:
            rate = progress.done / max(seconds, 0.001)
            left = round((progress.total - progress.done) / rate)
            line += f", {rate:.3g} a second, {left // 60}:{left % 60:02} left"
        if progress.aside:
            line += f", {progress.aside} set aside until the end"
        return line
