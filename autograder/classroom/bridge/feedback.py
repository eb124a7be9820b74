"""Feedback's pages for a class, in a fraction of the time that nbgrader takes as it comes.

There, nbconvert validates a notebook after each step and parses the finished page again, the
gradebook is asked once a cell, and what is the same for the whole class is set anew for each.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import v4
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import Enum

from autograder import course as courses
from autograder.classroom import answers
from autograder.classroom.bridge import books, markdown
from autograder.classroom.bridge.cells import is_judged
from autograder.feedback.wording import points
from autograder.grading.suite import hints, suite_folder

_MATHS = re.compile(r"\$[^$]+\$|\\\\?[(\[]")
_ALIKE = 4096
"""Texts that are kept as HTML: those of an assignment, and what one learner wrote meanwhile."""


class FeedbackPage(Exporter):
    """Writes pages for `nbgrader generate_feedback`; set as `GenerateFeedback.exporter_class`."""

    output_mimetype = "text/html"
    answers = Enum(
        ("due", "always", "never"),
        "due",
        help="""When a page ends with the answers to the questions and a solution: once the
        assignment is due, always, never.""",
    ).tag(config=True)

    def _file_extension_default(self) -> str:
        return ".html"

    def from_file(self, file_stream: Any, resources: Any = None, **options: Any) -> Any:
        """The page of a notebook that `autograde` has written; see `nbconvert.Exporter`."""
        return self.from_notebook_node(v4.reads(file_stream.read()), resources, **options)

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> Any:
        """The page of a notebook; see `nbconvert.Exporter`."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]  # nbconvert has no types
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        resources["outputs"] = _left_out(Path(resources["metadata"].get("path", "")))
        facts = resources["nbgrader"]
        return _page(nb.cells, facts, self._after(facts)), resources

    def _after(self, facts: Any) -> Any:
        """What there is to compare with, on the page of the assignment's first notebook."""
        due = facts["due"]
        over = due is not None and due.replace(tzinfo=UTC) <= datetime.now(UTC)
        if self.answers == "never" or (self.answers == "due" and not over):
            return ""
        course = courses.find(Path(CourseDirectory(parent=self).root))
        assignment = course.assignment(facts["assignment"])
        is_first = facts["notebook"] == assignment.files[0].module
        return answers.after(course, assignment) if is_first else ""


class Grades(GetGrades):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's own, with one question to the gradebook in the place of one a cell."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """See `nbconvert.preprocessors.Preprocessor`."""
        facts = resources["nbgrader"]
        who = facts["notebook"], facts["assignment"], facts["student"]
        with books.gradebook(facts["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(*who)
            grades, comments = (
                books.grades(gradebook, notebook),
                books.comments(gradebook, notebook),
            )
            for cell in nb.cells:
                marks = cell.metadata.get("nbgrader", {})
                if is_solution(cell) or is_task(cell):
                    marks["comment"] = comments[marks["grade_id"]].comment
                if is_grade(cell) or is_task(cell):
                    grade = grades[marks["grade_id"]]
                    marks["score"], marks["points"] = grade.score, grade.max_score
            penalty = notebook.late_submission_penalty or 0
            facts |= {"score": notebook.score - penalty, "late_penalty": penalty}
            facts["max_score"] = notebook.max_score
            facts["due"] = gradebook.find_assignment(facts["assignment"]).duedate  # in UTC
        return nb, resources


def _left_out(graded: Path) -> dict[str, bytes]:
    """What nbgrader asks for beside a page and has not, where work was put in by hand.

    It would stop at this learner, and nobody after them would get their feedback.
    """
    made = {"timestamp.txt": b"", "submission_secret.txt": secrets.token_hex(64).encode()}
    return {name: text for name, text in made.items() if not (graded / name).is_file()}


def _page(cells: list[Any], facts: dict[str, Any], after: Any) -> str:
    view = {
        "title": facts["notebook"],
        "score": _of(facts["score"], facts["max_score"]),
        "late": points(facts["late_penalty"]) if facts["late_penalty"] else "",
        "cells": [_cell(cell, facts["assignment"]) for cell in cells],
        "after": after,
        "maths": any(_MATHS.search(cell.source) for cell in cells if cell.cell_type == "markdown"),
    }
    return answers.rendered(view)


def _cell(cell: Any, assignment: str) -> dict[str, Any]:
    """What the template shows of a cell."""
    marks = cell.metadata.get("nbgrader", {})
    judged = is_judged(cell)
    is_own = is_solution(cell) or is_task(cell)
    shown = {"id": marks.get("grade_id", ""), "name": "", "score": "", "comment": "", "text": ""}
    if cell.cell_type == "markdown":
        shown["text"] = markdown.html(cell.source, cell.get("attachments", {}))
    elif not judged:  # what calls the grader tells a reader nothing
        shown["text"] = _coloured(cell.source)
    if judged or is_own:
        shown["name"] = _name(cell, assignment)
    if is_grade(cell) or is_task(cell):
        shown["score"] = _of(marks["score"], marks["points"])
    if is_own and marks.get("comment"):
        shown["comment"] = markdown.html(marks["comment"], {})
    return {**shown, "outputs": [_output(each) for each in cell.get("outputs", ())]}


def _name(cell: Any, assignment: str) -> str:
    """What a cell is called, in the contents and above it."""
    name = cell.metadata.nbgrader["grade_id"]
    if is_judged(cell):
        part = name.removesuffix("-hidden")
        parts = hints(assignment) if suite_folder(assignment).is_dir() else {}
        title = parts[part]["title"] if part in parts else part
        return title if part == name else f"{title}: hidden tests"
    if cell.cell_type == "code":
        return f"Your code: {name.removeprefix('answer-')}"
    return f"Your answer: {name.replace('-', ' ')}"


def _of(score: float, most: float) -> str:
    return f"{points(round(score, 2))} of {points(round(most, 2))} points"


def _output(output: Any) -> dict[str, Any]:
    """An output's HTML, which is ours, or its text."""
    from markupsafe import Markup

    if "text/html" in output.get("data", {}):
        return {"html": Markup(output.data["text/html"])}  # noqa: S704  we wrote it; a learner's are dropped
    text = output.get("text") or "\n".join(output.get("traceback", ()))
    return {"text": text or output.get("data", {}).get("text/plain", "")}


_coloured = lru_cache(_ALIKE)(answers.coloured)
