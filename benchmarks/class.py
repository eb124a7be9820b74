"""Grades the same class with ours and with nbgrader, in one run.

    python -m benchmarks.class                     ours and nbgrader; takes a few minutes
    python -m benchmarks.class --plot FILE.svg     the rates as a picture
    python -m benchmarks.class --learners 20 --sample 3

Prints the table of docs/performance.md. Each is measured twice, with one submission and with many:
the difference is the cost of one more, and the rest that of starting. The slow ones get a sample.
"""

from __future__ import annotations

import os
import platform
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click

from autograder.classroom.local import usual_workers
from autograder.sandbox import bubblewrap
from benchmarks import nbgrader
from benchmarks.grading import bare_interpreter
from benchmarks.handed_in import NAME, assignment, of_kind, write
from benchmarks.processes import COURSE, Took, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Grade = Callable[[Sequence[str], Path], Took]

BARE = "the limit: an interpreter started in the sandbox"
STOCK = "stock nbgrader autograde"
_NOT_OURS = (BARE, STOCK)
_LOAD = 0.5  # the load average at the start; with more, the numbers mean little


@dataclass(frozen=True)
class Line:
    """The measurements of one way to grade.

    Attributes:
        name: the way.
        number: how many submissions were measured.
        first: seconds of a run with one.
        whole: seconds of a run with all of them.
        peak: the most memory in bytes; None if nothing is graded.
    """

    name: str
    number: int
    first: float
    whole: float
    peak: int | None

    @property
    def each(self) -> float:
        """Seconds for one more submission."""
        return (self.whole - self.first) / (self.number - 1)

    def of(self, learners: int) -> float:
        """Seconds for a class of that size, including the start."""
        return self.first + (learners - 1) * self.each


def measured(name: str, grade: Grade, texts: Sequence[str]) -> Line:
    """Measure a way to grade with one submission, then with all of them.

    Args:
        name: the way.
        grade: grades submissions in an empty folder.
        texts: the submissions, at least two.
    """
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        first = grade(texts[:1], Path(one).resolve())
        whole = grade(texts, Path(many).resolve())
    return Line(name, len(texts), first.seconds, whole.seconds, max(first.peak, whole.peak))


def bare(number: int) -> Line:
    """The least that grading in a sandbox could cost."""
    sandbox = bubblewrap.present()
    assert sandbox is not None
    launch = sandbox.launch(assignment().files[0].packages)
    times = [bare_interpreter(launch) for _ in range(number)]
    return Line(BARE, number, median(times), number * median(times), None)


def ours(workers: int) -> Grade:
    """`course class` with that many graders, from its start until everything is written."""

    def grade(texts: Sequence[str], folder: Path) -> Took:
        submissions = write(folder / "submitted", texts)
        out = folder / "results"
        folders = (str(submissions), "--assignment", NAME, "--out", str(out))
        return run([*COURSE, "class", *folders, "--workers", str(workers)])

    return grade


def lines(learners: int, sample: int) -> Iterator[Line]:
    """A line for each way to grade the same class."""
    texts = of_kind("mixed", learners)
    yield bare(learners)
    yield measured("`course class`, 2 workers", ours(2), texts)
    yield measured("`course class`, 1 worker", ours(1), texts)
    for kind in ("right", "wrong", "stub"):
        name = f"`course class`, 1 worker, {kind} ones alone"
        yield measured(name, ours(1), of_kind(kind, learners))
    yield measured("nbgrader autograde with our verdicts", nbgrader.ours, texts[: 3 * sample])
    yield measured(STOCK, nbgrader.stock, texts[:sample])


def table(found: Sequence[Line], learners: int) -> str:
    """The lines as a Markdown table, with the machine and the date."""
    stock = next((line for line in found if line.name == STOCK), None)
    head = f"{learners} submissions of {NAME}: right, wrong, stubs"
    rows = [
        f"| {head} | one more | a second | {learners} take | against stock | memory |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for line in found:
        times = f"{stock.each / line.each:.1f} ×" if stock and line.peak else ""
        peak = f"{line.peak / 1e6:.0f} MB" if line.peak else ""
        shown = line.name if line.number == learners else f"{line.name} (of {line.number})"
        rows.append(
            f"| {shown} | {1000 * line.each:.0f} ms | {1 / line.each:.2g} "
            f"| {line.of(learners):.1f} s | {times} | {peak} |"
        )
    where = f"{usual_workers()} processors, Python {platform.python_version()}"
    return "\n".join([*rows, "", f"{datetime.now(UTC):%Y-%m-%d}, {where}."])


def picture(found: Sequence[Line], path: Path) -> None:
    """Draw the rates as bars on a logarithmic axis; the path's suffix is the format."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.8 + 0.4 * len(found)), layout="constrained")
    axes = figure.add_subplot()
    names = [line.name.replace("`", "") for line in found]
    colours = ["#8d99a6" if line.name in _NOT_OURS else "#2e8b57" for line in found]
    bars = axes.barh(names, [1 / line.each for line in found], color=colours)
    axes.bar_label(bars, [f"{1 / line.each:.2g}" for line in found], padding=3)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("submissions a second")
    axes.invert_yaxis()
    axes.margins(x=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


@click.command()
@click.option("--learners", type=click.IntRange(5), default=100, help="Submissions in the class.")
@click.option("--sample", type=click.IntRange(2), default=10, help="So many for the slow ones.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the rates.")
def main(learners: int, sample: int, plot: Path | None) -> None:
    """Measure each way to grade the same class and print the table."""
    reason = bubblewrap.unavailable()
    if reason is not None:
        raise click.ClickException(reason)
    if os.getloadavg()[0] > _LOAD:
        click.echo("Other programs are running: wait until the machine is quiet.", err=True)
    found = []
    for line in lines(learners, sample):
        click.echo(f"{line.name}: {1000 * line.each:.0f} ms", err=True)
        found.append(line)
    click.echo(table(found, learners))
    if plot is not None:
        picture(found, plot)


if __name__ == "__main__":
    main()
