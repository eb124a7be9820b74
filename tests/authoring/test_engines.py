"""Engines made from a suite's table: what results, and what is said where it cannot be made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import course as courses
from autograder.authoring import engines
from autograder.grading import suite

if TYPE_CHECKING:
    from collections.abc import Callable

SOLUTION = "x = 1\ny = 2\nz = x + y\n"
ENTRY = """
[[misconceptions]]
id = "A1"
family = "wrong-x"
text = "x is wrong. It is quickly mistyped. Nothing fits."
caught_by = "test_x"
seen = "adversarial"
"""
EDIT = """
[[misconceptions.edits]]
find = "x = 1"
replace = "x = 3"
"""
COURSE = """
title = "t"
seed = "s"
[[assignments]]
name = "lesson"
title = "Lesson"
[[assignments.files]]
name = "lesson.py"
asks = ["x"]
[[assignments.files]]
name = "more.py"
asks = ["x"]
"""

Laid = tuple[courses.Course, courses.Assignment]


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Laid]:
    """A course with one assignment of two files, and this text as its table of mistakes."""

    def write(table: str) -> Laid:
        for path, text in {
            "course.toml": COURSE,
            "solutions/lesson/lesson.py": SOLUTION,
            "solutions/lesson/more.py": "w = 5\n",
            "suites/lesson/test_visible.py": "def test_x(learner):\n    pass\n",
            f"suites/lesson/{engines.TABLE}": table,
        }.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        monkeypatch.setattr(suite, "SUITES", tmp_path / "suites")
        course = courses.load(tmp_path)
        return course, course.assignment("lesson")

    return write


def test_an_edit_is_made_in_the_solution(lay: Callable[[str], Laid]) -> None:
    (engine,) = engines.wrong_engines(*lay(ENTRY + EDIT))

    assert engine.source == SOLUTION.replace("x = 1", "x = 3")
    assert (engine.id, engine.family, engine.caught_by) == ("A1", "wrong-x", "test_x")


def test_edits_are_made_wherever_they_stand_in_the_text(lay: Callable[[str], Laid]) -> None:
    first = EDIT.replace("x = 1", "z = x + y").replace("x = 3", "z = x")

    (engine,) = engines.wrong_engines(*lay(ENTRY + first + EDIT))

    assert engine.source == "x = 3\ny = 2\nz = x\n"


def test_a_whole_file_stands_for_the_solution(lay: Callable[[str], Laid]) -> None:
    course, assignment = lay(ENTRY + 'whole = "wrong/all.py"\n')
    whole = course.root / "suites/lesson/wrong/all.py"
    whole.parent.mkdir()
    whole.write_text("x = 9\n", "utf-8")

    (engine,) = engines.wrong_engines(course, assignment)

    assert engine.source == "x = 9\n"


def test_an_entry_may_name_a_further_file(lay: Callable[[str], Laid]) -> None:
    edit = EDIT.replace("x = 1", "w = 5").replace("x = 3", "w = 6")
    course, assignment = lay(ENTRY + 'file = "more.py"\n' + edit)

    (engine,) = engines.wrong_engines(course, assignment)

    assert (engine.file, engine.source) == ("more.py", "w = 6\n")


def test_right_engines_of_a_further_file_stand_in_a_folder_of_its_name(
    lay: Callable[[str], Laid],
) -> None:
    course, assignment = lay(ENTRY + EDIT)
    for path, text in {
        "right/b.py": "x = 1",
        "right/a.py": "x = 2",
        "right/more/c.py": "w",
    }.items():
        place = course.root / "suites/lesson" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    found = [(e.name, e.file, e.source) for e in engines.right_engines(course, assignment)]

    assert found == [
        ("a", "lesson.py", "x = 2"),
        ("b", "lesson.py", "x = 1"),
        ("c", "more.py", "w"),
    ]


def test_an_assignment_without_a_table_has_no_wrong_engines(lay: Callable[[str], Laid]) -> None:
    course, assignment = lay(ENTRY + EDIT)
    (course.root / "suites/lesson" / engines.TABLE).unlink()

    assert engines.wrong_engines(course, assignment) == ()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[[misconceptions", "not valid TOML"),
        (ENTRY.replace("family", "famly") + EDIT, "famly"),
        (ENTRY.replace('seen = "adversarial"', "") + EDIT, "missing required field `seen`"),
        (ENTRY.replace('"adversarial"', '" "') + EDIT, "A1: `seen` is empty"),
        (ENTRY + EDIT + ENTRY + EDIT, "two entries have the id 'A1'"),
        (ENTRY, "A1: it needs either edits or whole"),
        (ENTRY + 'whole = "w.py"\n' + EDIT, "A1: it needs either edits or whole"),
        (ENTRY + 'whole = "w.py"\n', "w.py: No such file"),
        (ENTRY + 'file = "no.py"\n' + EDIT, "A1: lesson has no file 'no.py'"),
        (ENTRY.replace("test_x", "test_y") + EDIT, "A1: the suite has no test 'test_y'"),
        (ENTRY + EDIT.replace("x = 1", "q = 1"), "A1: `q = 1` occurs 0 times in the solution"),
        (ENTRY + EDIT.replace("x = 1", " = "), "A1: `=` occurs 3 times in the solution"),
        (ENTRY + EDIT + EDIT.replace("x = 1", "1\\ny"), "A1: two of its edits overlap"),
        (ENTRY + EDIT.replace("x = 3", "x = "), "A1: it is not valid Python"),
        (ENTRY + EDIT.replace("x = 3", "x = 1"), "A1: it is the solution itself"),
    ],
)
def test_bad_data_is_refused_with_its_place(
    lay: Callable[[str], Laid], table: str, said: str
) -> None:
    course, assignment = lay(table)

    with pytest.raises(engines.EngineError) as raised:
        engines.wrong_engines(course, assignment)

    assert said in str(raised.value)
    assert str(course.root / "suites/lesson") in str(raised.value)


def test_a_right_engine_that_is_no_text_is_refused(lay: Callable[[str], Laid]) -> None:
    course, assignment = lay(ENTRY + EDIT)
    place = course.root / "suites/lesson/right/latin.py"
    place.parent.mkdir()
    place.write_bytes(b"# \xe9\n")

    with pytest.raises(engines.EngineError, match=r"latin\.py: the file is not UTF-8 text"):
        engines.right_engines(course, assignment)


def test_a_missing_solution_is_told_by_its_path(lay: Callable[[str], Laid]) -> None:
    course, assignment = lay(ENTRY + EDIT)
    (course.root / "solutions/lesson/lesson.py").unlink()

    with pytest.raises(engines.EngineError, match=r"solutions/lesson/lesson\.py: No such file"):
        engines.wrong_engines(course, assignment)
