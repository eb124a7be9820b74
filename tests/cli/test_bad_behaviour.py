"""Whatever a learner's code does while it is graded: a clear message, and other tests do not suffer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.report import Report, from_json

if TYPE_CHECKING:
    from ..conftest import Clone, Cloning
    from .conftest import Grade
from tests.cli.test_bad_input import TANH, said


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 / 0", "importing value.py raises ZeroDivisionError: division by zero."),
        ("print(trase)", "importing value.py raises NameError: name 'trase' is not defined"),
        ("class A:\n    def f(self) -> A | int: ...", "Put the whole annotation in quotes"),
        ("class A:\n    b: list[A] = []", "Put the whole annotation in quotes"),
        ("class A:\n    def f(self, x, y: A): ...", "Put the whole annotation in quotes"),
        ("class A:\n    b = A", "Fix that first"),
        ("class A:\n    b = {1: A()}", "Fix that first"),
        ("raise BaseException", "importing value.py raises BaseException."),
        ("input('name? ')", "input() cannot be answered while your work is graded."),
        ("breakpoint()", "breakpoint() cannot be answered while your work is graded."),
        ("raise NotImplementedError('Do.')", "runs a part you haven't written yet"),
        ("import sys; sys.exit()", "Importing value.py ends the program (sys.exit)."),
        ("quit()", "Importing value.py ends the program (sys.exit)."),
        ("raise SystemExit('bye')", "Importing value.py ends the program (sys.exit)."),
        ("import os; os._exit(0)", "Importing value.py must finish on its own"),
        ("import os; os.kill(os.getpid(), 9)", "Importing your file ended the process"),
    ],
)
def test_what_happens_at_import(grade: Grade, clone: Clone, line: str, message: str) -> None:
    clone.write("assignment1", more=f"\n{line}\n")
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert message in said(result.stdout)


def test_an_endless_loop_at_import(grade: Grade, cloning: Cloning) -> None:
    clone = cloning("assignment1", load_seconds=0.3)
    clone.file("assignment1").write_text("while True: pass\n", "utf-8")
    result = grade(clone.root, "assignment1")

    assert result.exit_code == 2
    assert "Importing your file did not finish within 0.3 seconds." in said(result.stdout)
    assert "It was running value.py:1: while True: pass" in said(result.stdout)


def test_what_runs_under_main_is_the_learners_own(grade: Grade, clone: Clone) -> None:
    clone.write("assignment1", more='\nif __name__ == "__main__":\n    1 / 0\n')

    assert grade(clone.root, "assignment1").exit_code == 0


def test_a_demo_cell_is_never_run(grade: Grade, clone: Clone) -> None:
    clone.write("assignment1", more='\n# %% tags=["demo"]\nimport torch\n1 / 0\n')

    assert grade(clone.root, "assignment1").exit_code == 0


def in_a_call(grade: Grade, clone: Clone, body: str) -> Report:
    """The report when `tanh` does this instead; the tests of other operators must not suffer."""
    clone.write("assignment2", (TANH, "".join(f"    {line}\n" for line in body.split("\n"))))
    result = grade(clone.root, "assignment2", "--json")
    report = from_json(result.stdout)

    assert result.stderr == ""
    assert (result.exit_code, report.status) == (1, "graded")
    for test in report.tests:
        if test.part not in ("tanh", "together", "random"):
            assert test.status == "passed", test.name
    assert {test.status for test in report.tests if test.part == "relu"} == {"passed"}
    assert report.score >= report.max_score - 6
    return report


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("while True: pass", "timeout", "a.tanh() did not finish within 0.4 seconds."),
        ("while True:\n    try: pass\n    except BaseException: pass", "timeout", "a.tanh()"),
        ("import sys; sys.exit()", "error", "SystemExit"),
        ("import sys; sys.exit(0)", "error", "SystemExit: 0"),
        ("import os; os._exit(0)", "error", "a.tanh() ended the process (exit code 0)."),
        ("import os; os.abort()", "error", "a.tanh() ended the process (signal SIGABRT)."),
        ("return [0] * 10**10", "out_of_memory", "ran out of memory"),
        ("b = []\nwhile True: b.append(bytearray(10**8))", "out_of_memory", "memory"),
        ("return self.tanh()", "error", "RecursionError: maximum recursion depth exceeded"),
        ("return None", "failed", "Is a `return` missing?"),
        ("pass", "failed", "Is a `return` missing?"),
        ("return 'tanh'", "failed", "'tanh'"),
        ("return math.tanh(self.data)", "failed", "should be a Value, not 0.46"),
        ("return [Value(0.0)]", "failed", "should be a Value, not [Value("),
        ("return Value(float('nan'), (self,), 'tanh')", "failed", ""),
        ("return Value(None, (self,), 'tanh')", "failed", "not a number: it is None"),
        ("return Value('0', (self,), 'tanh')", "failed", "not a number: it is '0'"),
        ("return Value([0.0], (self,), 'tanh')", "failed", "not a number: it is [0.0]"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("raise GeneratorExit", "error", "GeneratorExit"),
        ("input()", "error", "input() cannot be answered while your work is graded."),
        ("breakpoint()", "error", "breakpoint() cannot be answered"),
        ("raise NotImplementedError('Not yet.')", "not_implemented", "Not yet."),
    ],
)
def test_what_happens_in_a_call(
    grade: Grade, cloning: Cloning, body: str, status: str, message: str
) -> None:
    seconds = 0.4 if status == "timeout" else 10
    clone = cloning("assignment2", call_seconds=seconds, memory_mb=256)
    tests = [test for test in in_a_call(grade, clone, body).tests if test.part == "tanh"]

    assert tests[0].status == status
    assert message in said(tests[0].message)
    assert tests[0].score == 0
    assert all(test.status in (status, "blocked") for test in tests)


def test_what_was_nan_is_shown_so(grade: Grade, cloning: Cloning) -> None:
    report = in_a_call(grade, cloning("assignment2"), "return Value(float('nan'), (self,), 'tanh')")
    example = next(test.counterexample for test in report.tests if test.status == "failed")

    assert example is not None
    assert example.yours == "nan"


def test_a_timeout_names_the_line(grade: Grade, cloning: Cloning) -> None:
    clone = cloning("assignment2", call_seconds=0.4)
    clone.write("assignment2", (TANH, "    while True: pass\n"))
    output = said(grade(clone.root, "assignment2").stdout)

    assert "took too long" in output
    assert "did not finish within 0.4 seconds. It was running operators.py:" in output
    assert ": while True: pass" in output


def test_the_time_of_all_calls_together_is_limited(grade: Grade, cloning: Cloning) -> None:
    clone = cloning("assignment2", call_seconds=0.3, total_seconds=0.5)
    clone.write("assignment2", ("import math\n", "import math\nimport time\n"))
    text = clone.file("assignment2").read_text("utf-8")
    text = text.replace(
        "        self.data = data\n", "        time.sleep(0.12)\n        self.data = data\n"
    )
    clone.file("assignment2").write_text(text, "utf-8")
    result = grade(clone.root, "assignment2", "--json")
    report = from_json(result.stdout)

    assert result.exit_code == 1
    assert "All answers together took more than 0.5 seconds." in {
        said(test.message) for test in report.tests
    }
