"""A verdict in the cells of a notebook: the points as nbgrader reads them, the feedback for people.

nbgrader gives a test cell full points where it finds no number below it, and where the number is
negative or none. So each gets a number within its points, or an error, which counts as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from autograder.classroom.bridge.verdicts import NoVerdict
from autograder.classroom.exports import said
from autograder.feedback import html
from autograder.feedback.wording import points, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.course import Assignment
    from autograder.report import Report, TestReport


def grade_id(test: TestReport) -> str:
    """The cell in which a test's points are."""
    return test.part if test.visible else f"{test.part}-hidden"


def is_judged(cell: Any) -> bool:
    """Whether a cell's points come from us, and not from a person."""
    facts = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and facts.get("grade", False) and not facts.get("solution")


def expect_all(report: Report, names: Iterable[str]) -> None:
    """Every test's points must have a cell.

    Args:
        report: the verdict.
        names: the grade cells of all notebooks of the assignment.

    Raises:
        NoVerdict: a test has none.
    """
    missing = {grade_id(test) for test in report.tests} - set(names)
    if missing:
        raise NoVerdict(
            "The released notebook has no cell for some of the suite's tests: "
            f"{min(missing)}. To update it: course release {report.assignment}"
        )


def mark(cells: Iterable[Any], report: Report, assignment: Assignment) -> None:
    """Write points and feedback below every cell that is judged.

    Args:
        cells: of a notebook, as nbformat has them.
        report: graded or ungradable.
        assignment: what was judged.

    Raises:
        NoVerdict: the tests of a cell are not worth what the released notebook says.
    """
    styled = True
    for cell in cells:
        if is_judged(cell):
            facts = cell.metadata["nbgrader"]
            name, worth = facts["grade_id"], float(facts["points"])
            part = _part(report, name, worth)
            cell.execution_count = None
            cell.outputs = _outputs(part, assignment, name, worth, styled=styled)
            styled = False


def _part(report: Report, name: str, worth: float) -> Report | None:
    """What of the verdict is a cell's; None where it has no tests."""
    if report.status != "graded":
        return report
    tests = tuple(test for test in report.tests if grade_id(test) == name)
    if not tests:
        return None
    most = sum(test.max_score for test in tests)
    if most != worth:
        raise NoVerdict(
            f"The tests of {name!r} are worth {points(most)} points, but "
            f"{points(worth)} in the released notebook. To update it: course release "
            f"{report.assignment}"
        )
    score = round(sum(test.score for test in tests), 2)
    return msgspec.structs.replace(
        report, tests=tests, score=min(max(score, 0), worth), max_score=most, predictions=()
    )


def _outputs(
    part: Report | None, assignment: Assignment, name: str, worth: float, *, styled: bool
) -> list[dict[str, Any]]:
    if part is None:
        what = "The course's suite has no tests for this cell, so it gets no points."
        return [_output("error", ename="NoVerdict", evalue=what, traceback=[what])]
    score, total = points(part.score), f"{points(part.score)} of {points(worth)} points"
    if part.status != "graded":
        total = f"Your file can't be graded yet: {total}"
    # nbgrader takes the first result's plain text, and nothing else, for the points
    number = {"text/plain": score, "text/html": f"<strong>{total}</strong>"}
    shown = {
        "text/plain": _plain(part),
        "text/html": html.cell(part, assignment, name, styled=styled),
    }
    return [
        _output("execute_result", execution_count=None, data=number, metadata={}),
        _output("display_data", data=shown, metadata={}),
    ]


def _output(kind: str, **content: Any) -> Any:
    """An output; nbformat's own function validates each, which takes longer than all the rest."""
    from nbformat import from_dict

    return from_dict({"output_type": kind, **content})


def _plain(part: Report) -> str:
    lines = [part.reason] if part.reason else []
    for test in part.tests:
        sign = "✓" if test.status == "passed" else "✗"
        lines += [f"{sign} {test.title}  {points(test.score)}/{points(test.max_score)}"]
        lines += [f"    {line}" for line in said(test).splitlines()]
    return printable("\n".join(lines))
