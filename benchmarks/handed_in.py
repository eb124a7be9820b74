"""Submissions of a made-up class: any number of each kind, all different."""

from __future__ import annotations

from functools import cache
from itertools import cycle, islice
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Literal

from autograder import course as courses
from autograder.authoring import engines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment, Course

Kind = Literal["right", "wrong", "stub", "mixed", "loop"]

ROOT = Path(__file__).resolve().parents[1]
NAME = "assignment3"
_MIXED: tuple[Kind, ...] = ("right", "wrong", "right", "wrong", "stub")
_LOOP = "while True:\n    pass\n"


@cache
def course() -> Course:
    """The course in this repository."""
    return courses.load(ROOT)


def assignment() -> Assignment:
    """The assignment used for measurements."""
    return course().assignment(NAME)


def of_kind(kind: Kind, number: int) -> list[str]:
    """Scripts of one kind.

    Args:
        kind: "right" for engines that must get full marks, "wrong" for those that the suite must
            catch, "stub" for what learners were given; "mixed" for two, two and one of these in
            every five. A "loop" never ends: half of them when `+` is called, half when imported.
        number: how many; each ends with a different comment.
    """
    if kind == "mixed":
        parts = {each: iter(of_kind(each, number)) for each in set(_MIXED)}
        return [next(parts[each]) for each in islice(cycle(_MIXED), number)]
    return [f"{text}\n# {kind} {n}\n" for n, text in enumerate(islice(cycle(_texts(kind)), number))]


@cache
def _texts(kind: Kind) -> Sequence[str]:
    file = assignment().files[0].name
    solution = engines.solution_source(course(), assignment(), file)
    if kind == "right":
        others = engines.right_engines(course(), assignment())
        return [solution, *(engine.source for engine in others)]
    if kind == "wrong":
        return [engine.source for engine in engines.wrong_engines(course(), assignment())]
    if kind == "loop":
        add = "def add(self, other):\n"
        in_an_answer = engines.edited(solution, [(add, add + indent(_LOOP, "    "))])
        return [in_an_answer, solution + _LOOP]
    return [(ROOT / "assignments" / NAME / file).read_text("utf-8")]


def write(folder: Path, texts: Sequence[str]) -> Path:
    """Write each script into a folder of its own for a learner; returns the folder around them."""
    for number, text in enumerate(texts):
        place = folder / f"learner{number:05}"
        place.mkdir(parents=True)
        (place / assignment().files[0].name).write_text(text, "utf-8")
    return folder
