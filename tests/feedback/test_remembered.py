"""What is remembered survives, and nothing breaks when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.feedback.remembered import FOLDER, State

COURSE = courses.load(Path(__file__).resolve().parents[2])


@pytest.fixture
def course(tmp_path):
    return courses.Course(tmp_path, COURSE.title, COURSE.seed, COURSE.assignments)


def test_hints_are_remembered(course):
    State(course).remember_hint("assignment3", "tanh", 2)

    assert State(course).hints_shown("assignment3", "tanh") == 2
    assert State(course).hints_shown("assignment3", "exp") == 0


@pytest.mark.parametrize("content", ["", "[]", "{", '{"hints": 3}', '{"hints": {"a/b": "x"}}'])
def test_a_spoilt_file_is_as_good_as_none(content, course):
    (course.root / FOLDER).mkdir()
    (course.root / FOLDER / "state.json").write_text(content)

    state = State(course)

    assert state.hints_shown("a", "b") == 0
    state.remember_hint("a", "b", 1)
    assert json.loads((course.root / FOLDER / "state.json").read_text())["hints"] == {"a/b": 1}


def test_where_nothing_can_be_written_nothing_is_remembered(course):
    (course.root / FOLDER).write_text("a file where the folder should be")

    State(course).remember_hint("a", "b", 1)

    assert State(course).hints_shown("a", "b") == 0
