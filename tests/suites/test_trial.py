"""The suites on trial: each wrong engine is caught, no right one is refused, every time."""

from __future__ import annotations

import contextlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from autograder import course as courses
from autograder import report as reports
from autograder.authoring import build, engines
from autograder.authoring.trial import Entrant, run
from autograder.suite import suite_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from _pytest.mark import ParameterSet

    from autograder.report import Report

    Engine = engines.WrongEngine | engines.RightEngine

COURSE = courses.find(Path(__file__))
ON_TRIAL = [
    assignment
    for assignment in COURSE.assignments
    if (suite_folder(assignment.name) / engines.TABLE).is_file()
]
RUNS_OF_WRONG = 2
RUNS_OF_RIGHT = 10


def readable(
    engines_of: Callable[[courses.Course, courses.Assignment], Sequence[Engine]],
) -> list[ParameterSet]:
    """Each engine with its assignment; `test_what_is_on_trial_can_be_read` tells of the others."""
    found = []
    for assignment in ON_TRIAL:
        with contextlib.suppress(engines.EngineError):
            for engine in engines_of(COURSE, assignment):
                name = engine.id if isinstance(engine, engines.WrongEngine) else engine.name
                found.append(pytest.param(assignment, engine, id=f"{assignment.name}-{name}"))
    return found


each_wrong_engine = pytest.mark.parametrize(
    ("assignment", "engine"), readable(engines.wrong_engines)
)
each_right_engine = pytest.mark.parametrize(
    ("assignment", "engine"), readable(engines.right_engines)
)
each_assignment = pytest.mark.parametrize("assignment", ON_TRIAL, ids=lambda a: a.name)


def solution(assignment: courses.Assignment) -> dict[str, str]:
    return {f.name: engines.solution_source(COURSE, assignment, f.name) for f in assignment.files}


def graded(assignment: courses.Assignment, entrants: list[Entrant]) -> dict[str, Report]:
    return run(COURSE, assignment, entrants, lambda _: None)


@cache
def wrong_reports(assignment: courses.Assignment) -> dict[str, Report]:
    """Each wrong engine's reports, the runs told apart by a number."""
    entrants = [
        Entrant(f"{engine.id} {number}", engines.files_with(COURSE, assignment, engine))
        for number in range(RUNS_OF_WRONG)
        for engine in engines.wrong_engines(COURSE, assignment)
    ]
    return graded(assignment, entrants)


@cache
def right_reports(assignment: courses.Assignment) -> dict[str, Report]:
    """The reports of the right engines, of the solution and of the stub, by name."""
    stub = {path.name: text for path, text in build.stubs(COURSE, assignment).items()}
    entrants = [Entrant("solution", solution(assignment)), Entrant("stub", stub)]
    entrants += [
        Entrant(f"{engine.file} {engine.name}", engines.files_with(COURSE, assignment, engine))
        for engine in engines.right_engines(COURSE, assignment)
    ]
    return graded(assignment, entrants)


@each_assignment
def test_what_is_on_trial_can_be_read(assignment: courses.Assignment) -> None:
    assert engines.wrong_engines(COURSE, assignment)
    assert engines.right_engines(COURSE, assignment)


@each_wrong_engine
def test_a_wrong_engine_loses_points_in_the_test_that_names_it(
    assignment: courses.Assignment, engine: engines.WrongEngine
) -> None:
    for number in range(RUNS_OF_WRONG):
        report = wrong_reports(assignment)[f"{engine.id} {number}"]

        assert report.status == "graded", report.reason
        test = next(test for test in report.tests if test.name == engine.caught_by)
        assert test.status not in ("passed", "not_run", "blocked")
        assert test.score < test.max_score


@each_wrong_engine
def test_a_wrong_engine_gets_the_same_statuses_every_time(
    assignment: courses.Assignment, engine: engines.WrongEngine
) -> None:
    statuses = [
        [(test.name, test.status, test.score) for test in report.tests]
        for number in range(RUNS_OF_WRONG)
        for report in [wrong_reports(assignment)[f"{engine.id} {number}"]]
    ]

    assert statuses == [statuses[0]] * RUNS_OF_WRONG


@each_right_engine
def test_a_right_engine_gets_full_marks(
    assignment: courses.Assignment, engine: engines.RightEngine
) -> None:
    report = right_reports(assignment)[f"{engine.file} {engine.name}"]

    assert report.status == "graded", report.reason
    assert [test.name for test in report.tests if test.status not in ("passed", "not_run")] == []
    assert (report.score, report.exit_code) == (report.max_score, 0)


@each_assignment
def test_the_solution_gets_full_marks(assignment: courses.Assignment) -> None:
    report = right_reports(assignment)["solution"]

    assert [test.name for test in report.tests if test.status not in ("passed", "not_run")] == []
    assert report.full_marks


@each_assignment
def test_the_stub_earns_nothing_of_the_hidden_tests(assignment: courses.Assignment) -> None:
    report = right_reports(assignment)["stub"]

    assert report.exit_code == 1
    assert [test.name for test in report.tests if test.score and not test.visible] == []


@each_assignment
def test_the_same_report_byte_for_byte(assignment: courses.Assignment) -> None:
    chosen = {"solution": solution(assignment)}
    for engine in engines.right_engines(COURSE, assignment)[:1]:
        chosen[engine.name] = engines.files_with(COURSE, assignment, engine)
    for name, texts in chosen.items():
        entrants = [Entrant(f"{name} {number}", texts) for number in range(RUNS_OF_RIGHT)]

        found = {text_of(report) for report in graded(assignment, entrants).values()}

        assert len(found) == 1


RELIES_ON_ORDER = (
    """
        self.grad = other.data * out.grad
        other.grad = self.data * out.grad
""",
    """
        first, second = out._prev
        first.grad = other.data * out.grad
        second.grad = self.data * out.grad
""",
)


def test_who_takes_operands_out_of_a_set_in_order_is_never_lucky() -> None:
    """The order of a set of nodes differs from run to run; the verdict does not."""
    assignment = COURSE.assignment("assignment3")
    (file,) = assignment.files
    solved = engines.solution_source(COURSE, assignment, file.name)
    texts = {file.name: engines.edited(solved, [RELIES_ON_ORDER])}
    entrants = [Entrant(str(number), texts) for number in range(RUNS_OF_RIGHT)]

    found = graded(assignment, entrants).values()

    assert len({tuple((t.name, t.status) for t in report.tests) for report in found}) == 1
    assert {t.status for report in found for t in report.tests if t.name == "test_mul"} == {
        "failed"
    }


def text_of(report: Report) -> str:
    """The report as JSON; the label that the trial gave it is no part of the verdict."""
    facts = reports.SubmissionFacts("same", report.submission.sha256)
    return reports.to_json(msgspec.structs.replace(report, submission=facts))
