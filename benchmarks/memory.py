"""Memory over a long run: `python -m benchmarks.memory [NUMBER]`, 10,000 submissions by default.

`course class` grades copies of a right one with small differences, and its memory, with all its
graders, is measured twice a second. The exit code is 1 if it grows.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from autograder.classroom.database import FILE
from autograder.classroom.results import PAGE, REPORTS
from benchmarks.handed_in import NAME, of_kind, write
from benchmarks.processes import COURSE, run

GROWTH = 1.1  # the most in the last fifth, divided by that in the second: the first warms up
_PARTS = 5


class Seen(NamedTuple):
    """A measurement.

    Attributes:
        judged: how many have been graded.
        is_writing: whether reports are being written.
        held: the memory in bytes.
    """

    judged: int
    is_writing: bool
    held: int


def looks(number: int) -> list[Seen]:
    """Have that many graded, and measure the memory meanwhile."""
    seen: list[Seen] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [f"{text}# copy {n}\n" for n, text in enumerate(of_kind("right", 1) * number)]
        submissions, out = write(folder / "submitted", texts), folder / "results"

        def look(held: int) -> None:
            seen.append(Seen(_judged(out), (out / REPORTS).exists(), held))

        folders = (str(submissions), "--assignment", NAME, "--out", str(out))
        run([*COURSE, "class", *folders], look=look)
        assert (out / PAGE).exists()
    return seen


def _judged(out: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True)) as db:
            (count,) = db.execute("SELECT count(*) FROM verdicts").fetchone()
    except sqlite3.Error:  # it is being created
        return 0
    return int(count)


def main() -> int:
    """Measure and print; returns 1 if the memory grows, else 0."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seen = looks(number)
    most = []
    for part in range(_PARTS):
        low, high = number * part // _PARTS, number * (part + 1) // _PARTS
        held = [s.held for s in seen if not s.is_writing and low <= s.judged <= high]
        most.append(max(held, default=0))
        print(f"{low:>7,} to {high:>7,} judged: {most[-1] / 1e6:6.1f} MB at most")
    writing = max((s.held for s in seen if s.is_writing), default=0)
    print(f"reports, grades and page written: {writing / 1e6:6.1f} MB at most")
    growth = most[-1] / most[1] if most[1] else float("inf")
    verdict = "flat" if growth <= GROWTH else "IT GROWS"
    print(f"last fifth / second: {growth:.2f} <= {GROWTH} {verdict}")
    return 0 if growth <= GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
