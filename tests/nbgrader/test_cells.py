"""A verdict in cells: what nbgrader reads of it is never more than was earned."""

from __future__ import annotations

import msgspec
import nbformat
import pytest
from nbformat import v4
from nbgrader.utils import determine_grade

from autograder.classroom.bridge import cells
from autograder.classroom.bridge.verdicts import NoVerdict

from ..feedback.samples import ASSIGNMENT, SAMPLES


def grade_cell(name, points, **facts):
    kind = facts.pop("kind", v4.new_code_cell)
    marks = {"grade": True, "grade_id": name, "points": points, "solution": False} | facts
    return kind("pass", metadata={"nbgrader": marks})


def notebook(report):
    """A cell for each group of a report."""
    worth: dict[str, float] = {}
    for test in report.tests:
        name = cells.grade_id(test)
        worth[name] = worth.get(name, 0) + test.max_score
    return [grade_cell(name, points) for name, points in worth.items()]


def texts(cell, kind="text/plain"):
    return "\n".join(output.get("data", {}).get(kind, "") for output in cell.outputs)


@pytest.mark.parametrize("kind", ["right", "wrong", "stubbed", "hostile", "raising"])
def test_nbgrader_reads_the_reports_points(kind):
    report = SAMPLES[kind].report()
    found = notebook(report)

    cells.mark(found, report, ASSIGNMENT)

    scores = [determine_grade(cell)[0] for cell in found]
    assert sum(scores) == report.score
    assert all(
        0 <= score <= cell.metadata.nbgrader.points
        for score, cell in zip(scores, found, strict=True)
    )
    assert all(output.output_type != "stream" for cell in found for output in cell.outputs)
    nbformat.validate(v4.new_notebook(cells=found))


def test_what_cannot_be_graded_has_no_points_and_a_reason():
    report = SAMPLES["broken"].report()
    found = [grade_cell("add", 2), grade_cell("add-hidden", 1)]

    cells.mark(found, report, ASSIGNMENT)

    assert [determine_grade(cell)[0] for cell in found] == [0, 0]
    for cell in found:
        assert str(report.reason).splitlines()[0] in texts(cell)
        assert "Your file can't be graded yet" in texts(cell, "text/html")


def test_a_cell_without_tests_has_no_points():
    cell = grade_cell("of-another-suite", 5)

    cells.mark([cell], SAMPLES["right"].report(), ASSIGNMENT)

    assert determine_grade(cell)[0] == 0
    assert (
        cell.outputs[0].evalue
        == "The course's suite has no tests for this cell, so it gets no points."
    )


def test_points_are_clamped():
    report = SAMPLES["right"].report()
    generous = tuple(msgspec.structs.replace(test, score=1000) for test in report.tests)
    found = notebook(report)

    cells.mark(found, msgspec.structs.replace(report, tests=generous), ASSIGNMENT)

    assert [determine_grade(cell)[0] for cell in found] == [
        cell.metadata.nbgrader.points for cell in found
    ]


def test_other_points_than_released_are_no_verdict():
    report = SAMPLES["right"].report()
    cell = notebook(report)[0]
    cell.metadata.nbgrader.points += 1

    with pytest.raises(NoVerdict, match=r"are worth \d points, .* course release assignment3"):
        cells.mark([cell], report, ASSIGNMENT)


def test_tests_without_a_cell_are_no_verdict():
    report = SAMPLES["right"].report()
    names = [cell.metadata.nbgrader.grade_id for cell in notebook(report)]

    cells.expect_all(report, names)
    with pytest.raises(NoVerdict, match=r"no cell .* course release assignment3"):
        cells.expect_all(report, names[1:])


def test_what_people_grade_is_theirs():
    found = [
        grade_cell("question-1", 2, kind=v4.new_markdown_cell, solution=True),
        grade_cell("essay", 2, solution=True),
        v4.new_code_cell("1"),
    ]

    cells.mark(found, SAMPLES["right"].report(), ASSIGNMENT)

    assert [cell.get("outputs", []) for cell in found] == [[], [], []]
