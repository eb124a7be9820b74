"""Whatever a learner's code answers, the finding is about that code, never a fault of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import course as courses
from autograder.authoring.engines import edited, solution_source
from autograder.grading import grade_each
from autograder.submission.read import of_texts
from tests.tiers import sample

if TYPE_CHECKING:
    from autograder.report import Report

COURSE = courses.find(Path(__file__))
ODD = ("None", "[[1]]", "(x for x in ())", "{(1, 2): [3]}", "1j", "10**400", "object()")
PLACES = {
    "assignment1": [
        (
            "self.data = data\n        self.grad = 0.0\n",
            "self.data = ODD\n        self.grad = 0.0\n",
        ),
        ("self.grad = 0.0\n        self._prev", "self.grad = ODD\n        self._prev"),
        ("self._prev = set(_children)", "self._prev = ODD"),
        ("self._op = _op\n        self.label = label\n        ###", "self._op = ODD\n        ###"),
        ("self.label = label\n        ###", "self.label = ODD\n        ###"),
        ('return f"Value(data={self.data})"', "return ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return nodes, ODD"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return nodes, [(ODD, root)]"),
        ("    ### END SOLUTION\n    return nodes, edges", "    return [ODD], edges"),
    ],
    "assignment2": [
        ("self._prev = set(_children)", "self._prev = ODD if _children else ()"),
        ("return Value(self.data + other.data, (self, other), '+')", "return ODD"),
        ("return Value(self.data + other.data,", "return Value(ODD,"),
        ("return Value(self.data + other.data, (self, other), '+')", "return Value(1, op=ODD)"),
        ("return Value(math.exp(self.data), (self,), 'exp')", "return ODD"),
        ("\nValue.exp = exp\n", "\nValue.exp = ODD\n"),
    ],
    "assignment3": [
        ("self._prev = set(_children)", "self._prev = ODD"),
        ("        self.grad = 1.0 * out.grad\n", "        self.grad = ODD\n"),
        ("    return grad\n    ### END SOLUTION", "    return ODD"),
        ("    return grad\n    ### END SOLUTION", "    return {**grad, 'a': ODD}"),
        ('Value(math.exp(self.data), (self,), "exp")', 'Value(ODD, (self,), "exp")'),
        (
            "    out._backward = _backward\n    return out\n\n\nValue.__mul__",
            "    out._backward = ODD\n    return out\n\n\nValue.__mul__",
        ),
    ],
}


@pytest.mark.parametrize("odd", sample(ODD, of=len(ODD)))
@pytest.mark.parametrize("name", PLACES)
def test_an_odd_answer_loses_points_and_breaks_nothing(name: str, odd: str) -> None:
    assignment = COURSE.assignment(name)
    file = assignment.files[0].name
    solution = solution_source(COURSE, assignment, file)
    handed_in = [
        of_texts(
            assignment,
            {file: edited(solution, [(find, replace.replace("ODD", odd))])},
            f"{place}",
        )
        for place, (find, replace) in enumerate(PLACES[name])
    ]
    reports: list[Report] = []

    grade_each(COURSE, assignment, handed_in, reports.append)

    assert {r.submission.name: r.reason for r in reports if r.status != "graded"} == {}
    statuses = {test.status for report in reports for test in report.tests}
    assert statuses <= {"passed", "failed", "error", "blocked"}
    assert [report.submission.name for report in reports if report.full_marks] == []
