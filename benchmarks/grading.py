"""What grading costs beside the least that it could cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import course as courses
from autograder.grading import Policy, grade_each
from autograder.learner import sandbox
from autograder.submission import Submission, of_texts

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "assignment3"
ROUNDS = 9
WARM = 24


def _seconds(command: list[str], **how: object) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, **how)  # type: ignore[call-overload]
    return time.perf_counter() - started


def command_line() -> tuple[str, float, str]:
    """`grade` on a right solution against `pytest -q` over ten trivial tests."""
    grade = [sys.executable, "-c", "from autograder.cli.grade import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        tests = "".join(f"def test_{n}():\n    assert {n} == {n}\n\n" for n in range(10))
        Path(folder, "test_ten.py").write_text(tests, "utf-8")
        quiet = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ten = [sys.executable, "-m", "pytest", "-q"]
            theirs.append(_seconds(ten, cwd=folder, env=quiet))
            ours.append(_seconds([*grade, ASSIGNMENT, "--solution"], cwd=ROOT))
    ratio = statistics.median(ours) / statistics.median(theirs)
    return "grade / pytest -q over ten trivial tests", ratio, "≤ 1.2"


def one_more() -> tuple[str, float, str]:
    """One more submission in a warm process against starting the interpreter in the sandbox."""
    course = courses.load(ROOT)
    assignment = course.assignment(ASSIGNMENT)
    name = assignment.files[0].name
    text = (ROOT / "solutions" / ASSIGNMENT / name).read_text("utf-8")
    launch = sandbox.launch("bubblewrap", 0, (), None)
    bare = [*launch.argv[:-1], "-I", "-c", "pass"]
    moments: list[float] = []
    starts: list[float] = []

    def copies() -> list[Submission]:
        return [
            of_texts(assignment, {name: f"{text}\n# copy {number}\n"}, name)
            for number in range(WARM)
        ]

    def delivered(_: object) -> None:
        moments.append(time.perf_counter())

    for _ in range(3):
        moments.clear()
        grade_each(course, assignment, copies(), delivered, Policy(ahead=True))
        steps = [after - before for before, after in zip(moments, moments[1:], strict=False)]
        starts += [_seconds(bare, env=launch.env) for _ in range(WARM)]
    ratio = statistics.median(steps) / statistics.median(starts)
    return "one more submission, warm / interpreter in the sandbox", ratio, "≤ 2"


def rows() -> list[tuple[str, float, str]]:
    """A name, a ratio of medians, and the budget for each measure."""
    table = [command_line()]
    if sandbox.unavailable() is None:
        table.append(one_more())
    return table
