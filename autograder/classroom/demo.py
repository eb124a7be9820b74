"""A class that never was: what its learners hand in, right and wrong in the ways that are met."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import engines

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

RIGHT = (
    "Ada Okafor", "Bruno Keller", "Chen Yifan", "Divya Menon", "Emil Sorensen", "Fatima Haddad",
    "Goran Petrov", "Hana Sato", "Ines Duarte",
)  # fmt: skip
WRONG = (
    "Kwame Mensah", "Lena Fischer", "Mateo Rojas", "Nadia Bouzid", "Oskar Lind", "Priya Nair",
    "Quentin Moreau", "Rosa Bianchi", "Samir Aziz", "Tove Hansen", "Uma Iyer", "Viktor Novak",
)  # fmt: skip
UNFINISHED = ("Yusuf Demir", "Zoe Laurent", "Aiko Mori", "Ben Carter")
BROKEN, UNTOUCHED = "Carla Rossi", "Dmitri Volkov"
MISSING = ("Jonas Weber", "Wanda Kowalska", "Ximena Flores")
SUBMITTED, GRADEBOOK = "submitted", "gradebook.csv"

_SOLVED = re.compile(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
_MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION.*\n", re.MULTILINE)
_TO_DO = r'\1raise NotImplementedError("to do")'


def chosen(course: Course) -> Assignment:
    """The assignment for which most wrong answers are known, of those with one file."""
    alone = [each for each in course.assignments if len(each.files) == 1]
    return max(alone, key=lambda each: len(engines.wrong_engines(course, each)))


def make(course: Course, assignment: Assignment, folder: Path) -> None:
    """Write what the class hands in, and its gradebook as Canvas exports one.

    Args:
        course: as for `hand_in`.
        assignment: as for `hand_in`.
        folder: in it, `submitted/` and `gradebook.csv` are made.
    """
    (folder / SUBMITTED).mkdir(parents=True, exist_ok=True)
    hand_in(course, assignment, folder / SUBMITTED)
    class_ = sorted((*RIGHT, *WRONG, *UNFINISHED, BROKEN, UNTOUCHED, *MISSING), key=_family)
    with (folder / GRADEBOOK).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        title = f"{assignment.title} (101)"
        lines.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title])
        for number, name in enumerate(class_, 1001):
            first, last = name.lower().split()
            listed = f"{_family(name)}, {name.split()[0]}"
            lines.writerow([listed, number, f"S{number}", f"{first[0]}{last}", "A", ""])


def _family(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


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
