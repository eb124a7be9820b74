"""From outcomes to points: what each test earns, what they come to, what a report says beside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from autograder import __version__
from autograder import course as courses
from autograder.diagnosis.match import Mistake
from autograder.grading import verdict
from autograder.grading.attempt import Attempt
from autograder.grading.options import Options
from autograder.grading.pytest_plugin import Outcome, Task
from autograder.grading.suite import hints, suite_sha256
from autograder.report import VERSION, Place, TestReport
from autograder.sandbox.limited import Limited
from autograder.submission.read import Ungradable, of_texts

COURSE = courses.find(Path(__file__))
ASSIGNMENT = COURSE.assignment("assignment2")
PART, OTHER = list(hints("assignment2"))[:2]
MISTAKE = Mistake("id", "family", "What went wrong.", "test_a", {})


def task(name: str = "test_a", points: float = 3, part: str = PART) -> Task:
    return Task(name, f"The title of {name}", points, True, part, (), None, None)


def told(
    outcome: Outcome, points: float = 3, mistake: Mistake | None = None, part: str = PART
) -> TestReport:
    tasks = {each.name: each for each in (task(points=points, part=part), task("test_b"))}
    return verdict.of_test(ASSIGNMENT, tasks["test_a"], tasks, outcome, mistake)


@pytest.fixture(scope="module")
def attempt() -> Iterator[Attempt]:
    """A file that loads, and says nothing."""
    texts = {"operators.py": "def add(self, other): ...\n"}
    submission = of_texts(ASSIGNMENT, texts, "their\ud800.py")
    attempt = Attempt(COURSE, ASSIGNMENT, submission, Options(sandbox=Limited(trusted=True)))
    attempt.load()
    yield attempt
    attempt.close()


@pytest.mark.parametrize(
    ("status", "credit", "points", "score"),
    [
        ("passed", 0.0, 3, 3),
        ("passed", 0.5, 2.5, 2.5),
        ("failed", 0.0, 3, 0),
        ("failed", 0.5, 3, 1.5),
        ("failed", 1 / 3, 2, 0.67),
        ("failed", 1.7, 3, 3),
        ("failed", -1.0, 3, 0),
        ("error", 0.0, 3, 0),
        ("timeout", 0.0, 3, 0),
        ("tampered", 0.0, 3, 0),
        ("blocked", 0.0, 3, 0),
        ("not_implemented", 0.0, 3, 0),
    ],
)
def test_a_test_earns_its_share_of_its_points(status, credit, points, score):
    report = told(Outcome(status, "test_b" if status == "blocked" else "", credit=credit), points)

    assert (report.score, report.max_score, report.status) == (score, points, status)


@pytest.mark.parametrize(("number", "kind"), [(2.0, int), (2, int), (0.0, int), (2.5, float)])
def test_whole_points_are_written_without_a_fraction(number, kind):
    report = told(Outcome("passed"), number)

    assert (type(report.score), type(report.max_score)) == (kind, kind)


def test_what_was_not_run_counts_neither_way():
    report = told(Outcome("not_run", "torch is not installed.", credit=1.0))

    assert (report.score, report.max_score) == (0, 0)
    assert report.message == "torch is not installed."


def test_what_waits_names_the_title_of_what_it_waits_for():
    report = told(Outcome("blocked", "test_b"))

    assert report.message == "Waiting for another test to pass: The title of test_b."


@pytest.mark.parametrize("status", ["passed", "blocked", "not_run"])
def test_there_is_no_hint_where_nothing_is_to_be_fixed(status):
    assert told(Outcome(status, "test_b")).hint is None


@pytest.mark.parametrize("status", ["failed", "error", "timeout", "tampered", "not_implemented"])
def test_the_hint_is_the_idea_of_the_tests_own_part(status):
    for part in (PART, OTHER):
        assert told(Outcome(status), part=part).hint == hints("assignment2")[part]["idea"]


def test_a_report_says_what_the_outcome_says():
    outcome = Outcome("failed", "Wrong.", output="printed", place=Place("work.py:3", "add"))

    report = told(outcome, mistake=MISTAKE)

    assert (report.name, report.title, report.part) == ("test_a", "The title of test_a", PART)
    assert (report.message, report.output, report.place) == ("Wrong.", "printed", outcome.place)
    assert report.misconception is not None
    assert report.misconception == type(report.misconception)("family", "What went wrong.")
    assert report.visible
    assert told(outcome).misconception is None
    hidden = msgspec.structs.replace(task(), visible=False)
    assert not verdict.of_test(ASSIGNMENT, hidden, {}, outcome, None).visible


def test_points_add_up_and_each_part_is_titled_once(attempt):
    passed, partly = Outcome("passed"), Outcome("failed", credit=0.5)
    tests = [told(passed, 0.1), told(passed, 0.2, part=OTHER), told(partly, 3), told(passed, 0.7)]

    report = verdict.report(attempt, "graded", tests=iter(tests))

    assert (report.score, report.max_score) == (2.5, 4)
    assert type(report.max_score) is int
    assert report.tests == tuple(tests)
    assert [(part.name, part.title) for part in report.parts] == [
        (name, hints("assignment2")[name]["title"]) for name in (PART, OTHER)
    ]


def test_a_report_names_what_was_judged_and_by_what(attempt):
    report = verdict.report(attempt, "ungradable", reason="\ud800 is no text")

    assert (report.status, report.reason, report.score) == ("ungradable", "? is no text", 0)
    assert (report.tests, report.parts, report.notes, report.run) == ((), (), (), None)
    assert report.submission.name == "their?.py"
    assert report.submission.sha256 == attempt.submission.sha256 != ""
    assert report.seed_sha256 == hashlib.sha256(COURSE.seed.encode()).hexdigest()
    assert report.sandbox == "limited"
    assert (report.assignment, report.judged_later) == ("assignment2", ASSIGNMENT.judged_later)
    assert (report.kit_version, report.schema_version) == (__version__, VERSION)
    assert report.suite_sha256 == suite_sha256("assignment2")
    assert verdict.report(attempt, "graded").reason is None


def test_what_is_said_beside_goes_into_the_report(attempt, monkeypatch):
    monkeypatch.setattr(attempt, "skipped", lambda: ("A cell raised. It was skipped.",))
    monkeypatch.setattr(attempt, "remarks", lambda: ("Well measured.",))

    report = verdict.report(attempt, "graded")

    assert report.skipped == ("A cell raised. It was skipped.",)
    assert report.remarks == ("Well measured.",)


def test_a_forged_answer_is_noted_for_the_instructor(attempt, monkeypatch):
    tests = [told(Outcome("tampered", "Not an answer.")), told(Outcome("failed", "Wrong."))]

    (note,) = verdict.report(attempt, "graded", tests=tests).notes
    assert note == "Forged, not just wrong. test_a: Not an answer."

    monkeypatch.setattr(attempt, "forged", "work.py: \ud800")
    assert verdict.report(attempt, "graded", tests=tests).notes == (
        note,
        "Forged, not just wrong. work.py: ?",
    )


def test_a_report_without_a_verdict_has_no_points_and_says_why():
    fault = ValueError("of ours")
    reports = {
        "ungradable": verdict.refused(ASSIGNMENT, "\ud800.py", Ungradable("No Python.")),
        "grader_error": verdict.at_fault(ASSIGNMENT, "\ud800.py", fault),
    }

    for status, report in reports.items():
        assert (report.status, report.submission.name) == (status, "?.py")
        assert (report.score, report.max_score, report.tests) == (0, 0, ())
        assert (report.sandbox, report.submission.sha256) == ("none", "")
    assert reports["ungradable"].reason == "No Python."
    said = reports["grader_error"].reason
    assert said is not None
    assert said.startswith("Grading failed because of a bug in the grader: ValueError: of ours")
    assert verdict.lost(ASSIGNMENT, "a.py", "It was killed.").reason == "It was killed."
