"""Names on trial: what is tried, and that a false one is said."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.authoring import engines, names
from autograder.diagnosis.code import Code

COURSE = courses.load(Path(__file__).resolve().parents[2])
ASSIGNMENT = COURSE.assignment("assignment3")

CLASS = """class A:
    def only(self):
        return 1


def helper(x):
    return x


A.used = helper
"""


def test_a_function_is_taken_out_or_raises():
    assert names.functions(CLASS) == ["only", "helper"]
    assert not Code([names.without(CLASS, "only")]).defines("only")
    assert "helper" not in names.without(CLASS, "helper")

    space: dict[str, type] = {}
    exec(names.raising(CLASS, "only", "ValueError"), space)
    with pytest.raises(ValueError, match="something"):
        space["A"]().only()


def test_trials_are_every_mistake_some_pairs_and_each_function():
    trials = list(names.trials(COURSE, ASSIGNMENT, pairs=5))
    wrong = engines.wrong_engines(COURSE, ASSIGNMENT)

    assert trials == list(names.trials(COURSE, ASSIGNMENT, pairs=5))
    assert [each.label for each in trials[: len(wrong)]] == [each.id for each in wrong]
    assert sum(" and " in each.label for each in trials) == 5
    assert all(len(each.allowed) == 2 for each in trials if " and " in each.label)
    for function in ("tanh", "manual_gradients"):
        assert any(each.label.endswith(f"without {function}") for each in trials)
        assert any(each.label.endswith(f"in {function}") for each in trials)


def test_a_false_name_is_said(monkeypatch):
    true, *_ = names.trials(COURSE, ASSIGNMENT, pairs=0)
    false = names.NameTrial("another", true.file, true.text, frozenset({"another"}))
    monkeypatch.setattr(names, "trials", lambda *_, **__: itertools.chain([true, false]))

    found = names.violations(COURSE, ASSIGNMENT, 0)

    assert [each.where for each in found] == ["assignment3: another"]
    assert "is wrongly told" in found[0].what
