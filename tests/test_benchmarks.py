"""What is measured runs at all: a benchmark is started by hand, and seldom."""

from __future__ import annotations

import pytest

from autograder.sandbox import bubblewrap
from benchmarks.browser import Seconds
from benchmarks.grading import bare_interpreter


@pytest.mark.requires("sandbox")
def test_a_workers_interpreter_starts_with_nothing_to_do() -> None:
    sandbox = bubblewrap.present()
    assert sandbox is not None

    assert bare_interpreter(sandbox.launch(("numpy",))) > 0


@pytest.mark.parametrize(("seconds", "verdicts"), [(2.0, ["met", "met"]), (0.5, ["met", "OVER"])])
def test_a_row_may_have_a_budget_in_seconds_too(seconds: float, verdicts: list[str]) -> None:
    row = Seconds("ours / theirs", [1.0, 1.2, 9.0], [0.5], 3.0, seconds)

    assert [word for word in str(row).split() if word in {"met", "OVER"}] == verdicts
    assert f"1.20 s <= {seconds:g} s" in str(row)
