"""Mistakes named in engines of another style than the solutions', which no fingerprint was made of.

`second_style.toml` holds them. The rates are counted over all of them, through the real grader.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import engines
from autograder.diagnosis import fingerprint
from autograder.diagnosis.code import Code
from autograder.diagnosis.match import VARIES, Mistake, match
from autograder.grading import grade_each
from autograder.grading.suite import suite_folder
from autograder.report import Report
from autograder.submission.read import Submission, of_texts
from tests.tiers import sample

from .conftest import COURSE

TABLE = tomllib.loads(Path(__file__).with_name("second_style.toml").read_text("utf-8"))["engines"]
NAMED_AT_LEAST = 0.9
ASSIGNMENTS = pytest.mark.parametrize("name", sample([a.name for a in COURSE.assignments], of=5))


def handed_in(name: str, entry: dict[str, Any]) -> Submission:
    """The right engine of that style with the entry's edits."""
    assignment = COURSE.assignment(name)
    *module, style = entry["style"].split("/")
    file = f"{module[0]}.py" if module else assignment.files[0].name
    right = next(
        engine
        for engine in engines.right_engines(COURSE, assignment)
        if (engine.name, engine.file) == (style, file)
    )
    edits = [(edit["find"], edit["replace"]) for edit in entry["edits"]]
    return of_texts(assignment, {file: engines.edited(right.source, edits)}, style)


@cache
def graded(name: str) -> list[tuple[dict[str, Any], set[str], Report]]:
    """The entries of an assignment, each with the families it has and its report."""
    assignment = COURSE.assignment(name)
    family = {wrong.id: wrong.family for wrong in engines.wrong_engines(COURSE, assignment)}
    entries = [entry for entry in TABLE if entry["assignment"] == name]
    reports: list[Report] = []
    grade_each(COURSE, assignment, [handed_in(name, e) for e in entries], reports.append)
    return [
        (entry, {family[id_] for id_ in entry["mistakes"]}, report)
        for entry, report in zip(entries, reports, strict=True)
    ]


def names(report: Report) -> set[str]:
    return {test.misconception.id for test in report.tests if test.misconception is not None}


@ASSIGNMENTS
def test_no_other_mistake_is_named_than_those_that_are_there(name):
    found = graded(name)

    assert len(found) >= 6
    for entry, families, report in found:
        assert report.status == "graded", report.reason
        assert not report.full_marks
        assert names(report) <= families, entry


@ASSIGNMENTS
def test_two_mistakes_at_once_are_both_named(name):
    pairs = [(families, report) for _, families, report in graded(name) if len(families) > 1]

    assert pairs
    for families, report in pairs:
        assert names(report) == families


@pytest.mark.long
def test_most_are_named():
    """Named rightly, named wrongly, not named."""
    found = [graded(assignment.name) for assignment in COURSE.assignments]

    rates = Counter(names(report) == families for each in found for _, families, report in each)

    assert rates.total() >= 80
    assert rates[True] >= NAMED_AT_LEAST * rates.total()


def true_of(code: Code, mistake: Mistake) -> bool:
    """Whether what its sentence says of the file is so; of the outcome, it is taken to be."""
    return all(c.holds(code, "…" if c.printed else "", timeout=c.timeout) for c in mistake.claims)


@ASSIGNMENTS
def test_known_wrong_engines_have_their_own_name_or_none(name):
    suite = suite_folder(name)
    known = fingerprint.table(suite)
    assert known is not None
    rates = Counter[str]()
    sources = {
        wrong.id: wrong.source for wrong in engines.wrong_engines(COURSE, COURSE.assignment(name))
    }
    for mistake in known.mistakes:
        if not mistake.symptoms:  # what is seen in it is that a test does not end
            continue
        plan = next(
            each
            for each in fingerprint.plans(suite).values()
            if mistake.symptoms.keys() & each.wanted.keys()
        )
        shown = {n: a for n, a in mistake.symptoms.items() if a != VARIES}
        answers = {name: known.right[name] for name in plan.wanted} | shown
        code = Code([sources[mistake.id]])
        found = match(answers, known, plan.parts, holds=partial(true_of, code))
        assert {m.family for m in found} <= {mistake.family}, mistake.id
        rates["named" if found else "not named"] += 1

    assert rates["named"] >= 0.96 * rates.total()
