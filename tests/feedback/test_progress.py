"""`grade` alone: a greeting at first; later what is done, the streak, what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import click
import msgspec

from autograder.feedback import progress
from autograder.feedback.remembered import FOLDER, State
from tests.feedback.samples import COURSE, SAMPLES, SQUARED_INPUT, run

TODAY = date(2026, 3, 8)


def days_ago(number):
    return TODAY - timedelta(days=number)


def test_a_fresh_course_greets_and_says_one_command(clone):
    done = run([], clone.root)

    assert done.returncode == 0
    assert "Welcome: Backpropagation" in done.stdout
    assert done.stdout.count("grade assignment") == 1
    assert "grade assignment1 --watch" in done.stdout
    assert "assignments/assignment1/value.py" in done.stdout
    assert not (clone.root / FOLDER).exists()


def test_what_is_solved_is_remembered_and_plain_to_delete(clone):
    clone.write("assignment1")
    clone.write("assignment3", SQUARED_INPUT)
    done = run([], clone.root)

    assert done.returncode == 0
    assert "24/30" in done.stdout
    assert "Operators  not started" in done.stdout
    assert "1 of 3 done" in done.stdout
    assert "Recently solved: assignment1 today." in done.stdout
    assert "Next: open assignments/assignment2/operators.py" in done.stdout
    assert f"Your progress is stored in {FOLDER}/." in done.stdout
    for file in (clone.root / FOLDER).iterdir():
        file.unlink()
    (clone.root / FOLDER).rmdir()
    assert "Recently solved" in run([], clone.root).stdout  # it is solved still


def test_a_single_grade_is_remembered_too(clone):
    clone.write("assignment3")
    run(["assignment3"], clone.root)

    assert list(State(clone.course).solved()) == ["assignment3"]


def test_others_work_and_the_solution_are_not_ones_own(clone):
    run(["assignment3", "--solution"], clone.root)
    run(["assignment3", str(clone.root / "solutions/assignment3/closures.py")], clone.root)

    assert State(clone.course).solved() == {}


def test_the_first_day_stays(clone):
    state = State(clone.course)
    state.remember_solved("assignment1", days_ago(3))
    state.remember_solved("assignment1", TODAY)

    assert State(clone.course).solved() == {"assignment1": days_ago(3)}


def test_a_spoilt_state_is_as_good_as_none(clone):
    folder = clone.root / FOLDER
    folder.mkdir()
    for content in ('{"solved": {"a": "yesterday", "b": 3, "c": "2026-03-01"}}', '{"solved": 3}'):
        (folder / "state.json").write_text(content, "utf-8")
        assert set(State(clone.course).solved()) <= {"c"}


def test_the_streak_counts_days_in_a_row():
    solved = {"a": days_ago(5), "b": days_ago(2), "c": days_ago(1), "d": days_ago(1)}

    assert progress.streak(solved, TODAY) == 2
    assert progress.streak(solved | {"e": TODAY}, TODAY) == 3
    assert progress.streak(solved, TODAY + timedelta(days=2)) == 0


def test_what_was_solved_last_is_named():
    reports = [SAMPLES["right"].report()] + [None] * 9
    solved = {"assignment8": days_ago(30), "assignment2": days_ago(1), "assignment3": TODAY}
    text = click.unstyle(progress.render(COURSE, reports, solved, TODAY))

    assert "Recently solved: assignment3 today, assignment2 yesterday, assignment8 on 6" in text
    assert "That's 2 days in a row." in text
    assert "1 of 10 done, 30 points." in text


def test_what_was_not_run_is_counted_as_such():
    report = SAMPLES["right"].report()
    waits = [msgspec.structs.replace(test, status="not_run") for test in report.tests]
    first = [
        w if t.part == report.tests[0].part else t for w, t in zip(waits, report.tests, strict=True)
    ]
    some = msgspec.structs.replace(report, tests=tuple(first))

    assert "/30, 1 part not run\n" in click.unstyle(progress.render(COURSE, [some, *[None] * 9]))


def test_after_the_last_one_the_finale_waits():
    text = progress.render(COURSE, [SAMPLES["right"].report()] * 10)

    assert "All 10 assignments are complete." in text
    assert "grade finale" in text
