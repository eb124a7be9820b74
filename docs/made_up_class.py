"""A class that never was: what its learners hand in, right and wrong in the ways that are met."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import engines

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

RIGHT = (
    "Ada Okafor", "Bruno Keller", "Chen Yifan", "Divya Menon", "Emil Sorensen", "Fatima Haddad",
    "Goran Petrov", "Hana Sato", "Ines Duarte", "Jonas Weber",
)  # fmt: skip
WRONG = (
    "Kwame Mensah", "Lena Fischer", "Mateo Rojas", "Nadia Bouzid", "Oskar Lind", "Priya Nair",
    "Quentin Moreau", "Rosa Bianchi", "Samir Aziz", "Tove Hansen", "Uma Iyer", "Viktor Novak",
    "Wanda Kowalska", "Ximena Flores",
)  # fmt: skip
UNFINISHED = ("Yusuf Demir", "Zoe Laurent", "Aiko Mori", "Ben Carter")
BROKEN, UNTOUCHED = "Carla Rossi", "Dmitri Volkov"

_SOLVED = re.compile(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
_MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION.*\n", re.MULTILINE)
_TO_DO = r'\1raise NotImplementedError("to do")'


def hand_in(course: Course, assignment: Assignment, folder: Path) -> int:
    """Write a file for each learner; returns how many there are.

    Args:
        course: whose solution and stub are changed.
        assignment: one whose first file is all there is to it.
        folder: an empty one.

    """
    file = assignment.files[0].name
    solution = (course.root / "solutions" / assignment.name / file).read_text("utf-8")
    stub = (course.root / "assignments" / assignment.name / file).read_text("utf-8")
    right = [solution, *(engine.source for engine in engines.right_engines(course, assignment))]
    wrong = engines.wrong_engines(course, assignment)
    apart = 2 * len(wrong) // len(WRONG)  # neighbours in the table are often of one family
    mistaken = [engine for k, engine in enumerate(wrong) if k % apart < 2]
    work = dict(zip(RIGHT, right * 2, strict=False))
    work |= dict(zip(WRONG, (engine.source for engine in mistaken), strict=False))
    work |= {who: _without(solution, count) for count, who in enumerate(UNFINISHED, 1)}
    work |= {BROKEN: solution.replace("):", ")"), UNTOUCHED: stub}
    for who, text in work.items():
        (folder / f"{who}.py").write_text(_MARKER.sub("", text), "utf-8")
    return len(work)


def _without(text: str, count: int) -> str:
    """A solution whose last answers are still to be given."""
    kept = len(_SOLVED.findall(text)) - count
    start = [found.end() for found in _SOLVED.finditer(text)][kept - 1]
    return text[:start] + _SOLVED.sub(_TO_DO, text[start:])
