"""What may differ between the browser's report and a terminal's, kind by kind, and nothing else."""

from __future__ import annotations

import copy
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.report import Counterexample, Misconception, Report, SubmittedFile, TestReport
from autograder.worker import web

from . import compare, live

TORCH = TestReport("test_torch", "", "torch", "not_implemented", 0, 5, True, "x.py is missing.")


def native(**changes: object) -> Report:
    """A report of a terminal's, on two tests; `changes` are of the first one."""
    example = Counterexample(("a = Value(2.0)",), "a.data", 2.0, 0.1234567890123)
    told = Misconception("C1", "You did so.")
    first: dict[str, Any] = {"score": 0, "counterexample": example, "misconception": told}
    first |= {"message": "a ends at the wrong number.", **changes}
    tests = (TestReport("test_a", "", "a", "failed", max_score=2, visible=True, **first), TORCH)
    return Report(
        1, "0", "", "a9", SubmittedFile("x.py", ""), "graded", None, 0, 7, "bubblewrap", tests
    )


def as_json(report: Report) -> Any:
    import msgspec

    return msgspec.json.decode(msgspec.json.encode(report))


def in_browser(report: Report, **changes: object) -> Any:
    """The same as the browser has it, but for changes of the first test."""
    found = as_json(report)
    found["sandbox"], found["max_score"] = "browser", 2
    found["tests"][0] |= changes
    found["tests"][0]["counterexample"]["yours"] = 2  # JavaScript's 2.0
    found["tests"][1] |= {"status": "not_run", "max_score": 0, "message": "torch is not installed."}
    return found


PERMITTED = {
    "words of Python": (
        "TypeError: unhashable type: 'Value'\nvalue.py:3: {self}",
        "TypeError: cannot use 'Value' as a set element (unhashable type: 'Value')\nvalue.py:3: {self}",
    ),
    "words of Python, in an answer": (
        "raises ZeroDivisionError: 0.0 cannot be raised to a negative power",
        "raises ZeroDivisionError: zero to a negative power",
    ),
    "where a recursion ends": (
        "RecursionError: maximum recursion depth exceeded in comparison\nx.py:1: return -self",
        "RecursionError: maximum recursion depth exceeded\nx.py:2: return 0 - self",
    ),
    "where time was up": (
        "trace(v65) did not finish within 3 seconds. It was running value.py:265: while pending:",
        "trace(v65) did not finish within 3 seconds. It was running value.py:270: pop()",
    ),
    "a float's last digit": ("It is 0.12345678901234.", "It is 0.12345678901233."),
}


@pytest.mark.parametrize("kind", PERMITTED)
def test_it_may_differ(kind: str) -> None:
    ours, theirs = PERMITTED[kind]
    report = native(message=ours)

    assert compare.differences(as_json(report), in_browser(report, message=theirs)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "passed"},
        {"status": "timeout"},
        {"score": 1},
        {"misconception": None},
        {"counterexample": {"yours": 3}},
        {"message": "b ends at the wrong number."},
        {"message": "0.12346 is wrong."},
    ],
    ids=str,
)
def test_nothing_else_may(changes: dict[str, Any]) -> None:
    report = native(message="0.12345 is wrong." if "0.1" in str(changes) else "")
    browser = in_browser(report)
    first = browser["tests"][0]
    example = first["counterexample"] | changes.get("counterexample", {})
    first |= {**changes, "counterexample": example}

    assert len(compare.differences(as_json(report), browser)) >= 1


def test_a_test_that_is_left_out_for_another_reason_differs() -> None:
    browser = in_browser(native())
    browser["tests"][1]["message"] = "something else"

    assert compare.differences(as_json(native()), browser) != []


def test_what_goes_by_chance_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lucky, unlucky = as_json(native(message="")), as_json(native(message="It varies."))
    answers = [copy.deepcopy(each) for each in (unlucky, unlucky, lucky)]
    monkeypatch.setattr(compare, "natively", lambda *_: answers.pop(0))
    monkeypatch.setattr(live, "report", lambda *_: in_browser(native(message="")))
    file: Any = compare.File(SimpleNamespace(name="a9"), "", "x.py", "")  # type: ignore[arg-type]  # all that is asked of it
    nothing: Any = None

    found = compare.compared(nothing, nothing, file)
    answers += [unlucky] * 20
    never = compare.compared(nothing, nothing, file)

    assert (found.differences, found.tries) == ([], 3)
    assert len(never.differences) == 1
    assert 1 < never.tries < 20


def test_another_example_is_no_other_verdict() -> None:
    report, browser = native(), in_browser(native(message="Another one."))
    browser["tests"][0]["counterexample"]["lines"] = ["a = Value(3.0)"]
    found = compare.differences(as_json(report), browser)
    scored = compare.differences(as_json(report), in_browser(report, message="Another.", score=1))

    assert len(found) == 2
    assert not compare.Compared(found, same=False, tries=1).other_verdict
    assert compare.Compared(scored, same=False, tries=1).other_verdict


@pytest.mark.parametrize("line", ["import numpy as np", "from torch import tensor"])
def test_files_that_import_what_no_browser_has_are_left_out(line: str) -> None:
    assert compare.NOT_IN_A_BROWSER.search(f"import math\n    {line}\n")
    assert not compare.NOT_IN_A_BROWSER.search(f"# {line}\n")


def test_they_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Allowed:
        packages = ("numpy",)

    monkeypatch.setattr(sys, "meta_path", [Allowed()])

    with pytest.raises(ModuleNotFoundError, match="`numpy` is not available in the browser"):
        web._Refused().find_spec("numpy")
