"""The report as JSON: what the schema says, there and back, the same every time."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import grading, report
from autograder.grading import verdict as verdicts
from autograder.grading.loop import Loop
from autograder.report import (
    Counterexample,
    Report,
    SubmittedFile,
    TestReport,
    from_json,
    shown,
    to_json,
)
from autograder.submission import read

from .conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Clone, Cloning

SCHEMA: dict[str, Any] = json.loads(report.SCHEMA.read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TANH = "    return Value(math.tanh(self.data), (self,), 'tanh')\n"


def judged(
    clone: Clone,
    text: str | None = None,
    *changes: tuple[str, str],
    assignment: str = "assignment2",
) -> Report:
    """The verdict on this text as the learner's file, or on the solution with some changes."""
    clone.write(assignment, *changes)
    if text is not None:
        clone.file(assignment).write_text(text, "utf-8")
    return verdict(clone, clone.file(assignment), assignment)


def verdict(clone: Clone, path: Path, assignment: str = "assignment2") -> Report:
    chosen = clone.course.assignment(assignment)
    try:
        handed_in = read.read(chosen, path)
    except read.Ungradable as error:
        return grading.refused(chosen, path.name, error)
    return grading.grade(clone.course, chosen, handed_in)


def valid(verdict: Report) -> Report:
    """The verdict, which keeps to the schema and comes back from JSON as it was."""
    text = to_json(verdict)
    found = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    VALIDATOR.validate(found)
    assert from_json(text) == verdict
    assert from_json(text.encode()) == verdict
    assert to_json(from_json(text)) == text
    return verdict


def statuses(verdict: Report) -> set[str]:
    return {test.status for test in verdict.tests}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_that_of_the_report() -> None:
    """`python -m autograder.report > autograder/report.schema.json` makes it so."""
    assert json.loads(json.dumps(report.schema())) == SCHEMA


def test_every_object_of_the_schema_is_closed() -> None:
    for name, each in SCHEMA["$defs"].items():
        if each.get("type") == "object":
            assert each["additionalProperties"] is False, name
            assert each["required"] == list(each["properties"]), name
    assert {"Report", "TestReport", "Counterexample", "PartTitle"} <= SCHEMA["$defs"].keys()


def test_a_right_file(clone: Clone) -> None:
    verdict = valid(judged(clone))

    assert (verdict.status, verdict.exit_code, verdict.reason) == ("graded", 0, None)
    assert verdict.full_marks
    assert verdict.score == verdict.max_score > 20
    assert statuses(verdict) == {"passed"}
    assert verdict.submission.name == "operators.py"


def test_a_wrong_file(clone: Clone) -> None:
    verdict = valid(judged(clone, None, ("math.exp(self.data)", "math.exp(-self.data)")))

    assert (verdict.status, verdict.exit_code) == ("graded", 1)
    assert 0 < verdict.score < verdict.max_score
    assert "failed" in statuses(verdict)
    failed = next(test for test in verdict.tests if test.status == "failed")
    assert failed.counterexample is not None
    assert failed.counterexample.lines[0] == "from autograder.yours.operators import Value"
    assert failed.hint


def test_a_stub(clone: Clone) -> None:
    verdict = valid(judged(clone, clone.file("assignment2").read_text("utf-8")))

    assert (verdict.status, verdict.exit_code, verdict.score) == ("graded", 1, 0)
    assert statuses(verdict) <= {"not_implemented", "blocked"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def f(:\n",
        "raise ValueError('\\ud800\\x1b[2J')\n",
        "import sys; sys.exit()\n",
        "x = 1\n",
    ],
    ids=["empty", "syntax", "raises", "exits", "names"],
)
def test_a_broken_file(clone: Clone, text: str) -> None:
    verdict = valid(judged(clone, text))

    assert (verdict.status, verdict.exit_code) == ("ungradable", 2)
    assert verdict.reason
    assert (verdict.score, verdict.max_score, verdict.tests) == (0, 0, ())


def test_an_endless_file(cloning: Cloning) -> None:
    verdict = valid(judged(cloning("assignment2", load_seconds=0.3), "while True: pass\n"))

    assert (verdict.status, verdict.exit_code) == ("ungradable", 2)
    assert verdict.reason is not None
    assert "did not finish within 0.3 seconds" in verdict.reason


def test_an_endless_method(cloning: Cloning) -> None:
    clone = cloning("assignment2", call_seconds=0.3)
    verdict = valid(judged(clone, None, (TANH, "    while True: pass\n")))

    assert (verdict.status, verdict.exit_code) == ("graded", 1)
    assert "timeout" in statuses(verdict)


@pytest.mark.parametrize(
    "answer",
    ["float('nan')", "float('inf')", "-float('inf')", "2**1000", "'\\x1b[2J'", "'\\ud800'", "None"],
)
def test_a_method_that_answers_with_what_json_has_not(cloning: Cloning, answer: str) -> None:
    verdict = valid(judged(cloning("assignment2"), None, ("math.tanh(self.data)", answer)))

    assert verdict.exit_code == 1
    wrong = {test.status for test in verdict.tests if test.status not in ("passed", "blocked")}
    assert wrong <= {"failed", "tampered", "error"}
    assert wrong


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("raise ValueError('\\ud800')", 1),
        ("raise type('\\u202e', (Exception,), {})('x' * 50_000)", 1),
        ("print('\\ud800')", 1),  # as anywhere in Python
        ("print('\\x00\\x1b[31m' * 9)", 0),
        ("import os; os.write(1, b'\\xff' * 9)", 0),
    ],
)
def test_a_method_that_raises_or_prints_odd_text(cloning: Cloning, line: str, code: int) -> None:
    verdict = valid(judged(cloning("assignment2"), None, (TANH, f"    {line}\n{TANH}")))

    assert (verdict.status, verdict.exit_code) == ("graded", code)
    assert {test.status for test in verdict.tests} >= ({"error", "passed"} if code else {"passed"})


def test_what_could_not_be_read(clone: Clone) -> None:
    verdict_ = valid(verdict(clone, clone.root / "nothing.py"))

    assert verdict_.exit_code == 2
    assert verdict_.submission == SubmittedFile("nothing.py", "")


def test_a_name_that_is_no_text(clone: Clone) -> None:
    path = clone.root / "na\udcffme.py"
    path.write_text(clone.solution("assignment2"), "utf-8")

    assert valid(verdict(clone, path)).submission.name == "na?me.py"
    path.write_text("")
    assert valid(verdict(clone, path)).exit_code == 2


def test_a_grader_error_keeps_to_the_schema(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "hints", lambda _: {"no": "part"})
    monkeypatch.setattr(Loop, "_chosen", lambda _, items: items)
    verdict = valid(judged(clone))

    assert (verdict.status, verdict.exit_code, verdict.score) == ("grader_error", 3, 0)
    assert verdict.reason is not None
    assert "because of a bug in the grader" in verdict.reason


@pytest.mark.parametrize("assignment", ["assignment1", "assignment3"])
def test_the_report_is_the_same_in_any_company(clone: Clone, assignment: str) -> None:
    """In one process after other files, in a process of its own, started ahead or not."""
    chosen = clone.course.assignment(assignment)
    right, stub = clone.solution(assignment), clone.file(assignment).read_text("utf-8")
    wrong = right.replace("self.data", "self.daba", 3)
    texts = [right, wrong, "import sys; sys.exit()", right, stub, wrong]
    handed_in = [read.of_texts(chosen, {clone.file(assignment).name: t}, "x.py") for t in texts]
    found: list[list[str]] = []
    for prefetch in (False, True):
        reports: list[str] = []
        deliver = lambda report: reports.append(to_json(report))  # noqa: B023, E731  used at once
        grading.grade_each(
            clone.course, chosen, handed_in, deliver, grading.Options(prefetch=prefetch)
        )
        found.append(reports)
    alone = [to_json(grading.grade(clone.course, chosen, each)) for each in handed_in[:2]]

    assert found[0] == found[1]
    assert found[0][:2] == alone
    assert found[0][0] == found[0][3]
    assert found[0][1] == found[0][5]
    assert len(set(found[0])) == 4


def test_the_report_is_the_same_in_another_process(clone: Clone) -> None:
    text = clone.solution("assignment3")
    here = to_json(judged(clone, text, assignment="assignment3"))
    command = [sys.executable, "-c", "from autograder.cli.grade import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "5"}
    there = subprocess.run(
        [*command, "assignment3", "--json"],
        cwd=clone.root,
        env=environment,
        capture_output=True,
        check=True,
    )

    assert there.stdout.decode() == here + "\n"


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2**1000, 2**1000),
        (2.5, 2.5),
        (-0.0, -0.0),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        ("text", "text"),
        ([1, None], "[1, None]"),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_what_is_shown_is_what_json_can_carry(value: object, carried: object) -> None:
    found = shown(value)

    assert found == carried
    assert type(found) is type(carried)
    msgspec.json.encode(found)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANSWERS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(TEXT)).map(
    shown
)


@settings(max_examples=25)
@given(TEXT, ANSWERS, ANSWERS, st.lists(TEXT, max_size=3))
def test_any_answer_goes_there_and_back(
    text: str, yours: report.Shown, expected: report.Shown, lines: list[str]
) -> None:
    example = Counterexample(tuple(lines), text, yours, expected, 0.5)
    failed = TestReport(
        "t", "a title", "part", "failed", 0, 1, visible=True, message=text, counterexample=example
    )
    valid(
        Report(
            1,
            "0",
            "0" * 64,
            "assignment1",
            SubmittedFile(text, ""),
            "graded",
            None,
            0,
            1,
            "none",
            (failed,),
        )
    )


@pytest.mark.parametrize("broken", ['{"schema_version": 1}', "[]", "", "{", '"x"'])
def test_what_is_no_report_is_refused(broken: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(broken)
