"""`course check` refuses a mistake that can never be named, and a claim that is not true of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder import course as courses
from autograder.authoring import engines, fingerprints
from autograder.diagnosis.claims import Claim

COURSE = courses.load(Path(__file__).resolve().parents[2])


def test_a_mistake_can_be_named_or_says_why_not(monkeypatch):
    assignment = COURSE.assignment("assignment1")
    first, second, third, *rest = engines.wrong_engines(COURSE, assignment)
    changed = (
        replace(first, id="new"),
        replace(second, unnamed="for no reason"),
        replace(third, claims=(Claim(code="nowhere_in_the_file"),)),
    )
    assert fingerprints.violations(COURSE, assignment) == []

    monkeypatch.setattr(engines, "wrong_engines", lambda *_: (*changed, *rest))
    said = [each.what for each in fingerprints.violations(COURSE, assignment)]

    assert len(said) == len(changed)
    assert said[0].startswith("new: no probe tells it apart from the correct engines")
    assert "`unnamed` is wrong" in said[1]
    assert "is false for its own engine" in said[2]


def test_where_an_entry_says_why_it_is_not_named_there_is_no_fingerprint(monkeypatch):
    assignment = COURSE.assignment("assignment1")
    new = replace(engines.wrong_engines(COURSE, assignment)[0], id="new", unnamed="no probe asks")
    wrong = (*engines.wrong_engines(COURSE, assignment), new)
    monkeypatch.setattr(engines, "wrong_engines", lambda *_: wrong)

    assert fingerprints.violations(COURSE, assignment) == []
