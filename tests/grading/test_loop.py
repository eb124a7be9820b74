"""Submissions one after another: who is asked for when, what runs, and what a report says else."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from autograder import course as courses
from autograder.authoring.engines import solution_source, wrong_engines
from autograder.grading import (
    Options,
    UnknownTest,
    attempt,
    grade,
    grade_each,
    judge,
    loop,
    pytest_plugin,
)
from autograder.grading.attempt import Attempt, slot_of
from autograder.grading.suite import run_suite
from autograder.remote.errors import SandboxFailed
from autograder.report import Report
from autograder.sandbox.limited import Limited
from autograder.submission.read import Submission, of_texts
from tests.processes import children

COURSE = courses.find(Path(__file__))
ASSIGNMENT = COURSE.assignment("assignment1")
RIGHT = solution_source(COURSE, ASSIGNMENT, "value.py")
WRONG = RIGHT.replace("self.data = data", "self.data = -data")
QUICK: dict[str, Any] = {"sandbox": Limited(trusted=True), "shrink": False}


def handed_in(name: str, text: str = RIGHT) -> Submission:
    return of_texts(ASSIGNMENT, {"value.py": text}, name)


def graded(text: str = RIGHT, **options: Any) -> Report:
    return grade(COURSE, ASSIGNMENT, handed_in("x.py", text), Options(**QUICK | options))


def each_of(*names: str, begin: Callable[[], Options] | None = None, **options: Any) -> list[str]:
    """What happens in which order where these are handed in."""
    events: list[str] = []

    def queue() -> Iterator[Submission]:
        for name in names:
            events.append(f"{name} asked for")
            yield handed_in(name)

    def deliver(report: Report) -> None:
        events.append(f"{report.submission.name} {report.status}")

    chosen = Options(**QUICK | {"only": "test_data"} | options)
    grade_each(COURSE, ASSIGNMENT, queue(), deliver, chosen, begin=begin)
    return events


def test_each_is_asked_for_when_the_last_is_delivered():
    assert each_of("a", "b") == ["a asked for", "a graded", "b asked for", "b graded"]
    assert each_of() == []


def test_with_prefetch_the_next_one_is_asked_for_before():
    assert each_of("a", "b", prefetch=True) == [
        "a asked for", "b asked for", "a graded", "b graded",
    ]  # fmt: skip


def test_two_submissions_that_live_at_once_have_different_slots(monkeypatch):
    slots: list[int] = []

    def noted(options: Options, number: int) -> int:
        slots.append(slot_of(options, number))
        return slots[-1]

    monkeypatch.setattr(attempt, "slot_of", noted)

    each_of("a", "b", "c", prefetch=True)

    assert len(slots) == 3
    assert all(one != other for one, other in pairwise(slots))


def test_processes_that_wait_for_a_submission_are_used_and_ended():
    before = children()

    assert len(each_of("a", "b", prestart=True)) == 4

    assert children() == before


def test_what_begins_comes_after_the_collection_and_its_options_hold():
    events: list[str] = []

    def begin() -> Options:
        events.append("begin")
        return Options(**QUICK, on_loaded=lambda: events.append("loaded"))

    events += each_of("a", begin=begin)

    assert events == ["begin", "loaded", "a asked for", "a graded"]


def test_a_verdict_is_by_all_tests_parts_in_order_and_visible_first():
    report = graded()

    assert (report.status, report.full_marks) == ("graded", True)
    parts = [test.part for test in report.tests]
    assert list(dict.fromkeys(parts)) == [part.name for part in report.parts]
    assert parts == sorted(parts, key=[part.name for part in report.parts].index)
    for part in set(parts):
        visible = [test.visible for test in report.tests if test.part == part]
        assert visible == sorted(visible, reverse=True)


def test_submissions_know_nothing_of_each_other():
    reports: list[Report] = []
    texts = (WRONG, RIGHT, WRONG, "raise SystemExit", RIGHT)
    submissions = [handed_in("x.py", text) for text in texts]

    grade_each(COURSE, ASSIGNMENT, submissions, reports.append, Options(**QUICK))

    assert reports[0] == reports[2]
    assert reports[1] == reports[4]
    assert [report.status for report in reports] == ["graded"] * 3 + ["ungradable", "graded"]
    assert reports[1].full_marks
    assert not reports[0].full_marks
    assert reports[3].tests == ()


def test_one_test_or_part_can_be_chosen_by_name_or_title():
    report = graded()
    first = report.tests[0]
    part = [test.name for test in report.tests if test.part == first.part]
    assert 1 < len(part) < len(report.tests)

    for only in (first.name, first.name.upper(), first.title):
        assert [test.name for test in graded(only=only).tests] == [first.name]
    for only in (first.part, report.parts[0].title.title()):
        assert [test.name for test in graded(only=only).tests] == part


def test_what_is_not_there_is_answered_with_what_is():
    with pytest.raises(UnknownTest) as caught:
        graded(only="test_dada")

    first, *listed = str(caught.value).split("\n")
    assert first == "assignment1 has no test or part called 'test_dada'. Did you mean test_data?"
    assert [line.split()[0] for line in listed] == [test.name for test in graded().tests]
    assert listed[0].startswith("  test_data  ")
    with pytest.raises(UnknownTest, match=r"^assignment1 has no test or part called '§'\.\n"):
        judge(COURSE, ASSIGNMENT, COURSE.root / "solutions/assignment1/value.py", Options(only="§"))


def test_who_picks_tests_sees_the_outcomes_so_far():
    seen: list[dict[str, str]] = []

    def pick(submission, tasks, outcomes):
        assert submission.name == "x.py"
        for name in ("test_op", "test_data"):
            assert name in {task.name for task in tasks}
            yield name
            seen.append({name: outcome.status for name, outcome in outcomes.items()})

    report = graded(WRONG, pick=pick)

    assert [test.name for test in report.tests] == ["test_op", "test_data"]
    assert seen == [{"test_op": "passed"}, {"test_op": "passed", "test_data": "failed"}]


def test_mistakes_are_named_where_all_tests_ran():
    """Which one it is hangs on all of them."""
    known = wrong_engines(COURSE, ASSIGNMENT)[0].source
    named = [test.name for test in graded(known).tests if test.misconception is not None]

    assert named
    assert all(test.misconception is None for test in graded(known, only=named[0]).tests)
    assert all(test.misconception is None for test in graded(known, pick=lambda *_: named).tests)


def test_examples_are_looked_for_where_that_is_wanted(monkeypatch):
    looked: list[str] = []

    def examine(error, _):
        looked.append(str(error))
        return error, None

    monkeypatch.setattr(loop, "examiner", lambda: examine)

    graded(WRONG)
    assert not looked
    graded(WRONG, shrink=True)
    assert looked


@pytest.mark.parametrize("was_on", [True, False])
def test_garbage_is_collected_afterwards_as_before(was_on, monkeypatch):
    while_judged = []
    if not was_on:
        gc.disable()
    try:
        graded(only="test_data", on_loaded=lambda: while_judged.append(gc.isenabled()))
        afterwards = gc.isenabled()
    finally:
        gc.enable()

    assert [*while_judged, afterwards] == [was_on, was_on]


def test_no_garbage_is_collected_while_the_suite_is(monkeypatch):
    collecting = []

    def noted(*arguments: Any) -> None:
        collecting.append(gc.isenabled())
        run_suite(*arguments)

    monkeypatch.setattr(loop, "run_suite", noted)

    graded(only="test_data")

    assert collecting == [False]


def test_a_mistake_of_ours_in_a_test_costs_nobody_points(monkeypatch):
    def fail(_: object) -> None:
        raise KeyError("of ours")

    monkeypatch.setattr(pytest_plugin, "Learner", fail)

    report = graded(only="test_op")

    assert (report.status, report.score, report.tests) == ("grader_error", 0, ())
    assert report.reason is not None
    assert report.reason.startswith("test_op failed because of a bug in the grader")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SandboxFailed("no more processes"), "The learner's process failed: no more processes."),
        (KeyError("x"), "Grading failed because of a bug in the grader: KeyError at "),
    ],
)
def test_what_fails_for_one_is_told_and_the_next_is_judged(error, said, monkeypatch):
    load, before = Attempt.load, children()

    def loaded(attempt: Attempt) -> None:
        if attempt.submission.name == "a":
            raise error
        load(attempt)

    monkeypatch.setattr(Attempt, "load", loaded)
    reports: list[Report] = []
    options = Options(**QUICK, only="test_data")

    grade_each(COURSE, ASSIGNMENT, map(handed_in, "ab"), reports.append, options)

    assert [report.status for report in reports] == ["grader_error", "graded"]
    assert reports[0].reason is not None
    assert reports[0].reason.startswith(said)
    assert children() == before


@pytest.mark.parametrize("prefetch", [True, False])
def test_whoever_takes_the_reports_may_fail(prefetch):
    before = children()

    def deliver(_: Report) -> None:
        raise OSError("the disk is full")

    options = Options(**QUICK, only="test_data", prefetch=prefetch, prestart=True)
    with pytest.raises(OSError, match="the disk is full"):
        grade_each(COURSE, ASSIGNMENT, map(handed_in, "ab"), deliver, options)

    assert children() == before


def test_whatever_goes_wrong_with_a_file_a_report_says_so(tmp_path, monkeypatch):
    report = judge(COURSE, ASSIGNMENT, tmp_path / "nowhere.py")
    assert (report.status, report.submission.name) == ("ungradable", "nowhere.py")

    (tmp_path / "value.py").write_text(RIGHT)
    options = Options(**QUICK, only="test_data")
    assert judge(COURSE, ASSIGNMENT, tmp_path / "value.py", options).status == "graded"

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(loop, "grade", fail)
    report = judge(COURSE, ASSIGNMENT, tmp_path / "value.py")
    assert (report.status, report.submission.name) == ("grader_error", "value.py")
