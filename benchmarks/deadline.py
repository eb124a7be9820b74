"""Simulates a class before its deadline: `python -m benchmarks.deadline`.

    python -m benchmarks.deadline                          100,000 learners in the last hour
    python -m benchmarks.deadline --tries 3 --loops 0.01   three times each, one in a hundred hangs
    python -m benchmarks.deadline --seconds 0.05           as if each took that long
    python -m benchmarks.deadline --plot queue.svg         how many wait, minute by minute

Learners hand in ever more often as the deadline approaches. Each waits for the first free grader,
in order of arrival. The time of each submission is drawn from times measured here, on a class with
right work, wrong work and stubs.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

HOUR = 3600.0
HURRY = 900.0  # seconds before the deadline at which they come a third as often as at its end
_MEASURED = 60


@dataclass(frozen=True)
class Rush:
    """The result of a simulation.

    Attributes:
        arrivals: when each came, in seconds since the start, in order.
        waits: how many seconds each waited for a grader.
        ends: when each had its verdict, in seconds since the start.
    """

    arrivals: Sequence[float]
    waits: Sequence[float]
    ends: Sequence[float]

    def longest(self, share: float) -> float:
        """The seconds that at most this share of them exceeded, from 0 to 1."""
        return sorted(self.waits)[max(0, math.ceil(len(self.waits) * (1 - share)) - 1)]

    def waiting_at(self, moment: float) -> int:
        """How many are waiting for a grader at that moment, in seconds since the start."""
        pairs = zip(self.arrivals, self.waits, strict=True)
        return sum(came <= moment < came + waited for came, waited in pairs)


def arrivals(number: int, seconds: float, hurry: float, chance: random.Random) -> list[float]:
    """The moments at which they hand in, in seconds since the start, in order.

    They are drawn from a density that grows as exp(t / hurry), by its inverse.

    Args:
        number: how many there are.
        seconds: the time until the deadline.
        hurry: the seconds in which the density grows by a factor of e.
        chance: draws them.
    """
    least = math.exp(-seconds / hurry)
    draws = (least + (1 - least) * chance.random() for _ in range(number))
    return sorted(seconds + hurry * math.log(draw) for draw in draws)


def served(arrivals: Sequence[float], services: Iterator[float], graders: int) -> Rush:
    """Have each graded by the first free grader, in order of arrival.

    Args:
        arrivals: when each comes, in seconds, in order.
        services: how many seconds each takes.
        graders: how many there are.
    """
    free = [0.0] * graders  # when each will be; a heap
    waits, ends = [], []
    for came in arrivals:
        begins = max(came, free[0])
        ends.append(begins + next(services))
        waits.append(begins - came)
        heapq.heapreplace(free, ends[-1])
    return Rush(arrivals, waits, ends)


def drawn(times: Sequence[float], loops: float, limit: float, seed: int) -> Iterator[float]:
    """The seconds that submissions take, without end.

    Args:
        times: measured ones, from which they are drawn.
        loops: the share of those that never end, from 0 to 1.
        limit: the seconds after which these are stopped.
        seed: of the draws.
    """
    chance = random.Random(seed)
    while True:
        yield limit if chance.random() < loops else chance.choice(times)


def measured(number: int = _MEASURED) -> list[float]:
    """The seconds that one grader takes for each submission of a mixed class, measured here."""
    import tempfile

    from autograder.classroom import class_run, journal
    from autograder.classroom.intake import HandIn
    from benchmarks.handed_in import assignment, course, of_kind
    from benchmarks.scaling import conditions

    file = assignment().files[0].name
    texts = enumerate(of_kind("mixed", number))
    with (
        tempfile.TemporaryDirectory() as name,
        journal.create(Path(name) / "out", course(), conditions()) as kept,
    ):
        kept.enrol(HandIn(f"{n:05}", {file: text.encode()}, None, "") for n, text in texts)
        class_run.judge(kept, conditions(), class_run.RunOptions(workers=1), lambda _: None)
        return list(kept.seconds())


def picture(rushes: dict[int, Rush], path: Path) -> None:
    """Draw how many wait, minute by minute, for each number of graders."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.add_subplot()
    for graders, rush in rushes.items():
        minutes = range(math.ceil(max(rush.ends) / 60) + 1)
        waiting = [rush.waiting_at(60 * minute) for minute in minutes]
        axes.plot([m - HOUR / 60 for m in minutes], waiting, label=f"{graders} graders")
    axes.set_yscale("symlog", linthresh=10)
    axes.set_xlabel("minutes after the deadline")
    axes.set_ylabel("waiting")
    axes.axvline(0, color="#8d99a6", linewidth=0.8)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


@click.command()
@click.option("--learners", type=click.IntRange(1), default=100_000)
@click.option("--tries", type=click.IntRange(1), default=1, help="Submissions of each.")
@click.option("--hurry", type=click.FloatRange(1), default=HURRY, help="Seconds.")
@click.option("--loops", type=click.FloatRange(0, 1), default=0.0, help="Share that never ends.")
@click.option("--limit", type=click.FloatRange(0), default=30.0, help="Seconds that such get.")
@click.option("--seconds", type=click.FloatRange(0), help="Of each; else measured here.")
@click.option("--graders", type=click.IntRange(1), multiple=True, help="To try; several times.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw how many wait.")
def main(
    learners: int,
    tries: int,
    hurry: float,
    loops: float,
    limit: float,
    seconds: float | None,
    graders: tuple[int, ...],
    plot: Path | None,
) -> None:
    """Print how long they wait, for each number of graders."""
    times = measured() if seconds is None else [seconds]
    mean = (1 - loops) * sum(times) / len(times) + loops * limit
    came = arrivals(learners * tries, HOUR, hurry, random.Random(1))
    peak = len(came) / hurry / (1 - math.exp(-HOUR / hurry))
    needed = math.ceil(peak * mean)
    click.echo(
        f"{len(came):,} submissions in an hour, {peak:.0f} a second at the end; "
        f"{1000 * mean:.0f} ms each: {peak * mean:.1f} graders are busy at the deadline.\n"
    )
    click.echo("| graders | median wait | 95 % wait less than | 99 % | longest | all judged |")
    click.echo("|---:|---:|---:|---:|---:|---:|")
    rushes = {}
    for number in graders or sorted(
        {max(1, needed // 2), max(1, 3 * needed // 4), needed, 2 * needed}
    ):
        rush = served(came, drawn(times, loops, limit, 2), number)
        rushes[number] = rush
        waits = " | ".join(_span(rush.longest(share)) for share in (0.5, 0.05, 0.01, 0))
        after = max(rush.ends) - HOUR
        click.echo(f"| {number} | {waits} | {_span(max(0.0, after))} after the deadline |")
    if plot is not None:
        picture(rushes, plot)


def _span(seconds: float) -> str:
    if seconds >= 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{1000 * seconds:.0f} ms"


if __name__ == "__main__":
    main()
