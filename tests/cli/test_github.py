"""`grade --format github`: what the runner reads, the summary, the points."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from autograder.feedback import github
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Grade
    from tests.conftest import Clone

COMMAND = re.compile(r"::(error|warning) file=([^,]+),line=(\d+),title=([^:,]+)::(.*)")
WRONG = ("self.grad = other.data * out.grad", "self.grad = other.data")
HOSTILE = """\
    print("::error::forged")
    print("```\\n# Full marks\\n::stop-commands::x")
"""


def marks(output: str) -> list[tuple[str, str, int, str, str]]:
    """Each line that the runner would take for a command, all of them ours."""
    found = []
    for line in output.splitlines():
        if "::" in line:
            match = COMMAND.fullmatch(line)
            assert match is not None, line
            found.append((match[1], match[2], int(match[3]), match[4], match[5]))
    return found


def test_what_is_begun_is_marked_at_its_line(grade: Grade, clone: Clone, tmp_path: Path) -> None:
    clone.write("assignment1")
    path = clone.write("assignment3", WRONG)
    result = grade(
        clone.root, "--format", "github", "--points", "points.json",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
    )  # fmt: skip

    (first, *_) = marks(result.stdout)
    lines = path.read_text("utf-8").splitlines()
    assert result.exit_code == 1
    assert first[:2] == ("error", "assignments/assignment3/closures.py")
    assert "def mul" in lines[first[2] - 1]
    assert first[3].startswith("* gives each operand the other one")
    assert "%0A  yours  " in first[4]
    assert "assignment1: 21 of 21 full marks" in result.stdout

    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "| assignment1: Value | 21 of 21 | full marks |" in summary
    assert "| assignment2: Operators |  | not started |" in summary
    assert "More: `grade assignment3 --hint`" in summary
    assert r"**\* gives each operand the other one" in summary

    points = json.loads((clone.root / "points.json").read_text("utf-8"))
    assert [row["status"] for row in points["assignments"]] == ["graded", "not_begun", "graded"]
    assert points["score"] == sum(row["score"] or 0 for row in points["assignments"]) > 21
    assert points["assignments"][1]["score"] is None


def test_nothing_begun_is_no_failure(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "--format", "github")

    assert (result.exit_code, result.stdout) == (0, "")


def test_what_waits_to_be_written_is_a_warning_there(grade: Grade, clone: Clone) -> None:
    path = clone.file("assignment1")
    path.write_text(path.read_text("utf-8") + "\n# %%\nmine = 1\n", "utf-8")
    result = grade(clone.root, "assignment1", "--format", "github")

    found = marks(result.stdout)
    lines = path.read_text("utf-8").splitlines()
    assert result.exit_code == 1
    assert {kind for kind, *_ in found} == {"warning"}
    assert "NotImplementedError" in lines[found[0][2] - 1]


def test_what_cannot_be_graded_is_marked_where_python_stopped(grade: Grade, clone: Clone) -> None:
    path = clone.write("assignment1", more="\nx = (\n\n")
    number = path.read_text("utf-8").splitlines().index("x = (") + 1
    result = grade(clone.root, "assignment1", "--format", "github")

    ((kind, _, line, title, text),) = marks(result.stdout)
    assert result.exit_code == 2
    assert (kind, line, title) == ("error", number, "assignment1 can't be graded yet")
    assert "is not valid Python yet" in text


@pytest.mark.parametrize("names", [("value.py",), ("value.ipynb",), ("value.py", "value.ipynb")])
def test_what_cannot_be_read_is_marked_at_a_file_that_is_there(
    grade: Grade, clone: Clone, names: tuple[str, ...]
) -> None:
    script, notebook = clone.file("assignment1"), clone.file("assignment1").with_suffix(".ipynb")
    for path in (script, notebook):
        path.unlink()
    if "value.py" in names:
        script.write_text("" if len(names) == 1 else "x = 1\n", "utf-8")
    if "value.ipynb" in names:
        notebook.write_text("" if len(names) == 1 else '{"cells": []}', "utf-8")
    result = grade(clone.root, "assignment1", "--format", "github")

    ((_, marked, line, title, _),) = marks(result.stdout)
    assert (clone.root / marked).is_file()
    assert (line, title) == (1, "assignment1 can't be graded yet")


def test_what_their_code_prints_commands_nothing(
    grade: Grade, clone: Clone, tmp_path: Path
) -> None:
    line = "    return Value(math.exp(self.data), (self,), 'exp')\n"
    clone.write("assignment2", (line, HOSTILE + line.replace("(self.data)", "(2 * self.data)")))
    result = grade(
        clone.root, "assignment2", "--format", "github",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
    )  # fmt: skip

    assert marks(result.stdout)
    fenced = re.compile(r"^(`{3,})text$.*?^\1$", re.MULTILINE | re.DOTALL)
    outside = fenced.sub("", (tmp_path / "summary.md").read_text("utf-8"))
    assert "Full marks" not in outside
    assert "forged" not in outside


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--points", "p.json"], "--points only works with --format github."),
        (
            ["assignment1", "x.py", "--format", "github"],
            "--format github always grades your own files",
        ),
        (["assignment1", "--json", "--format", "github"], "Use only one of --json and --format."),
        (["nothing", "--format", "github"], "This course has no assignment 'nothing'"),
    ],
)
def test_what_does_not_go_together(
    grade: Grade, clone: Clone, arguments: list[str], said: str
) -> None:
    result = grade(clone.root, *arguments)

    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_place_that_cannot_be_written(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "--format", "github", "--points", "no/such/points.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "no/such/points.json can't be written: No such file or directory.\n"


def test_a_part_is_found_by_its_function_in_every_assignment() -> None:
    from autograder import course as courses
    from autograder.grading.suite import hints

    course = courses.load(ROOT)
    for assignment in course.assignments:
        file = assignment.files[0]
        text = (ROOT / "solutions" / assignment.name / file.name).read_text("utf-8")
        own = [
            p for p in hints(assignment.name) if p not in ELSEWHERE and not p.startswith("torch_")
        ]
        assert [part for part in own if github._line_of_part(text, part) == 1] == [], (
            assignment.name
        )


ELSEWHERE = ("together", "fields", "reflected", "check")
"""Parts that are about no one function."""
