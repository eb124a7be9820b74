"""What a learner handed in as nbgrader goes on with it: cells deleted, doubled, retyped, stripped."""

from __future__ import annotations

import json

import pytest
from nbformat import v4
from nbgrader.utils import compute_checksum, determine_grade

from autograder.classroom.bridge import submitted

from .test_cells import grade_cell

ANSWER = "The slope of a product is the other factor."
ASKED = "*Your answer:*"
UNNAMED = {"nbgrader": {"grade": "yes", "grade_id": ["question-1"]}}


def released():
    """A question and a test cell, as the gradebook has them."""
    question = grade_cell("question-1", 2, kind=v4.new_markdown_cell, solution=True)
    question.source = ASKED
    cells = question, grade_cell("add", 2), grade_cell("add-hidden", 1)
    for cell in cells:
        facts = {"task": False, "locked": cell.cell_type == "code", "schema_version": 3}
        cell.metadata.nbgrader |= facts
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def handed_in(tmp_path, *cells):
    """The cells after nbgrader has read them, by name; those that have none under None."""
    path = tmp_path / "closures.ipynb"
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    path.write_text(json.dumps(content), "utf-8")
    found = submitted._as_released(submitted._cells(path), released())
    named = [(cell.metadata.get("nbgrader", {}).get("grade_id"), cell) for cell in found]
    names = [name for name, _ in named if name]
    assert sorted(names) == sorted(released())  # all there, and once
    return dict(named)


def answer(text=ANSWER, *, kind="markdown", named=True, number="question-1"):
    """The question's cell as a learner left it."""
    facts = {"nbgrader": {"grade_id": "question-1", "grade": True, "solution": True}}
    cell = {"cell_type": kind, "id": number, "source": text, "metadata": facts if named else {}}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([answer()], ANSWER),
        ([answer(kind="code")], ANSWER),
        ([answer(kind="raw")], ANSWER),
        ([answer(named=False)], ANSWER),
        ([answer(), answer(ASKED)], ANSWER),  # a copy that was left as it was
        ([answer(""), answer()], ANSWER),
        ([answer(named=False, number="x1")], "is not there any more"),
        ([{**answer(number="x1"), "metadata": UNNAMED}], "is not there any more"),
        ([v4.new_code_cell("x = 1")], "is not there any more"),
    ],
    ids=[
        *("as it was", "code", "raw", "stripped", "doubled", "emptied and doubled"),
        *("stripped of its id", "metadata that is none", "deleted"),
    ],
)
def test_a_person_is_asked_about_every_answer_in_words(tmp_path, cells, shown):
    cell = handed_in(tmp_path, *cells)["question-1"]

    assert cell.cell_type == "markdown"
    assert shown in cell.source
    assert determine_grade(cell)[0] is None  # nbgrader asks a person


@pytest.mark.parametrize("cells", [[answer(ASKED)], []], ids=["untouched", "no cells at all"])
def test_nobody_is_asked_about_what_was_not_answered(tmp_path, cells):
    assert determine_grade(handed_in(tmp_path, *cells)["question-1"])[0] == 0


def test_locked_cells_are_what_the_gradebook_says(tmp_path):
    forged = grade_cell("add", 1000)
    forged.source = "1000"
    retyped = {"cell_type": "raw", "id": "r", "source": "", "metadata": {}}
    retyped["metadata"] = {"nbgrader": {"grade_id": "add-hidden"}}

    found = handed_in(tmp_path, forged, {**forged, "id": "again"}, retyped, answer())

    assert found["add"].source == found["add-hidden"].source == "pass"
    assert found["add"].metadata.nbgrader.points == 2
