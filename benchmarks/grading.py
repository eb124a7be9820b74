"""What grading costs, compared with the least that it could cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import course as courses
from autograder.grading import Options, grade_each
from autograder.sandbox import bubblewrap
from autograder.sandbox.base import Sandbox
from autograder.sandbox.limited import Limited
from autograder.sandbox.process import Launch, filtered
from autograder.submission.read import of_texts
from benchmarks import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from autograder.report import Report

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "assignment3"
BLOCK = 12  # submissions in a row, then as many bare interpreters
COLD = 2  # of each block: the suite is collected, nothing is started ahead


def _seconds(command: Sequence[str], cwd: Path | None, env: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=cwd, env=env)
    return time.perf_counter() - started


def command_line(rounds: int) -> Row:
    """`grade` on a solution, compared with `pytest -q` on ten trivial tests, as processes.

    Both have their bytecode cached: the first round is not counted.
    """
    grade = [sys.executable, "-c", "from autograder.cli.grade import main; main()"]
    ten = [sys.executable, "-m", "pytest", "-q"]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = "".join(f"def test_{n}():\n    assert {n} == {n}\n\n\n" for n in range(10))
        (folder / "test_ten.py").write_text(tests, "utf-8")
        env = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        quiet = {**env, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        for _ in range(rounds + 1):
            theirs.append(_seconds(ten, folder, quiet))
            ours.append(_seconds([*grade, ASSIGNMENT, "--solution"], ROOT, env))
    return Row("grade / pytest -q over ten trivial tests", ours[1:], theirs[1:], 0.9)


class Warm:
    """The solution of an assignment, graded repeatedly in this process."""

    def __init__(self) -> None:
        self.course = courses.load(ROOT)
        self.assignment = self.course.assignment(ASSIGNMENT)
        self.file = self.assignment.files[0]
        text = (ROOT / "solutions" / ASSIGNMENT / self.file.name).read_text("utf-8")
        self.copies = [
            of_texts(self.assignment, {self.file.name: f"{text}\n# {n}\n"}, "x.py")
            for n in range(BLOCK)
        ]

    def seconds(self, sandbox: Sandbox | None = None) -> list[float]:
        """The seconds from one report to the next, in a block of submissions.

        Args:
            sandbox: where they run; by default the usual one.
        """
        moments: list[float] = []

        def delivered(report: Report) -> None:
            assert report.full_marks, report.reason
            moments.append(time.perf_counter())

        grade_each(
            self.course,
            self.assignment,
            self.copies,
            delivered,
            Options(prefetch=True, sandbox=sandbox),
        )
        return [after - before for before, after in pairwise(moments[COLD:])]


def bare_interpreter(launch: Launch) -> float:
    """The seconds of a worker's interpreter that does nothing: the least that grading can cost."""
    with filtered(launch) as (command, inherited):
        bare = [*command[: command.index("-c")], "-I", "-S", "-c", "pass"]
        started = time.perf_counter()
        subprocess.run(bare, check=True, env=launch.env, pass_fds=inherited)
        return time.perf_counter() - started


def one_more(rounds: int) -> Row:
    """One more submission in a warm process, compared with an interpreter in the same sandbox."""
    warm = Warm()
    sandbox = bubblewrap.present()
    assert sandbox is not None
    launch = sandbox.launch(warm.file.packages)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(max(2, rounds // 3)):
        ours += warm.seconds()
        theirs += [bare_interpreter(launch) for _ in range(BLOCK - COLD)]
    return Row("one more submission, warm / interpreter in the sandbox", ours, theirs, 2.0)


def sandboxed(rounds: int) -> Row:
    """One more submission in the sandbox, compared with one in a limited process."""
    warm = Warm()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(max(2, rounds // 3)):
        ours += warm.seconds()
        theirs += warm.seconds(Limited())
    return Row("one more submission, warm: sandboxed / not", ours, theirs, 2.0)


def rows(rounds: int) -> Iterator[Row]:
    """A row for each measurement that this machine allows."""
    yield command_line(rounds)
    if bubblewrap.unavailable() is None:
        yield one_more(rounds)
        yield sandboxed(rounds)
