"""What `nbgrader export` writes: a line for each learner and assignment, and no 0 for nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin

from autograder.classroom.bridge import class_book
from autograder.classroom.names import cell

_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "why"),
)
"""nbgrader's own, and at the end why there is no score."""


class Export(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """`nbgrader export`; set as `ExportApp.plugin_class`.

    nbgrader's own gives 0 to whom it has no verdict on, and to who handed in nothing; and a name
    with a comma in it moves all that follows.
    """

    def export(self, gradebook: Any) -> None:
        """Write the table; see `nbgrader.plugins.ExportPlugin`."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            for assignment in gradebook.assignments:
                if not self.assignment or assignment.name in map(str, self.assignment):
                    writer.writerows(self._lines(gradebook, assignment))

    def _lines(self, gradebook: Any, assignment: Any) -> Iterator[list[str]]:
        handed_in = {e.student_id: e for e in gradebook.assignment_submissions(assignment.name)}
        students = {student.id: student for student in gradebook.students}
        for grade in class_book.grades(gradebook, assignment.name):
            if self.student and grade.learner not in map(str, self.student):
                continue
            student, submission = students[grade.learner], handed_in.get(grade.learner)
            counted = (grade.tests + grade.by_hand, grade.penalty, grade.score)
            facts = (
                *(assignment.name, assignment.duedate, getattr(submission, "timestamp", None)),
                *(student.id, student.last_name, student.first_name, student.email),
                *(counted if grade.score is not None else (None, None, None)),
                *(grade.max_score, grade.why),
            )
            yield ["" if fact is None else _text(fact) for fact in facts]


def _text(fact: object) -> str:
    """A number as it is, and a text in which no spreadsheet finds a formula."""
    return str(round(fact, 6)) if isinstance(fact, float) else cell(str(fact))
