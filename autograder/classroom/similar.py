"""Submissions that resemble each other more than two people's work does; a person judges them.

Right solutions of a small assignment are alike. What counts is the text that a learner wrote
themselves, and the lines of it that hardly anyone else has: pairs that share such lines are
compared as a whole. So the time grows with the class and not with its square.
"""

from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autograder import extras
from autograder.submission.read import Ungradable, of_files

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_LEAST_WRITTEN = 120  # characters; shorter ones are alike by chance
_LEAST_LINE = 12
_RARE_SHARE = 0.02  # of a class has a rare line at most
_RARE_LEAST, _RARE_MOST = 3, 50  # works that may share it, however small or large the class
_LEAST_SHARED = 2
_LEAST_ALIKE = 85.0  # of 100
_MOST_COMPARED = 50_000  # characters; comparing takes as long as their square
_SHOWN_LINES = 4


@dataclass(frozen=True)
class Resemblance:
    """Two groups of learners whose work resembles each other, or one whose work is the same.

    Attributes:
        learners: one side; where `others` is empty they wrote exactly the same.
        others: the other side.
        percent: how alike.
        lines: rare lines that both have, the longest first.
    """

    learners: tuple[str, ...]
    others: tuple[str, ...]
    percent: float
    lines: tuple[str, ...]


def lacking() -> str | None:
    """Why pairs that are nearly the same cannot be told, and what to do; None where they can."""
    return extras.lacking("class", "rapidfuzz")


class Likeness:
    """Collects a class's work, then says what resembles.

    Args:
        course: what learners were given is not theirs.
        assignment: whose files they are.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._assignment = assignment
        self._given = _given(course, assignment)
        self._authors: dict[tuple[str, ...], list[str]] = defaultdict(list)

    def add(self, learner: str, files: Mapping[str, bytes]) -> None:
        """Add a learner's work."""
        try:
            sources = of_files(self._assignment, files).sources
        except Ungradable:
            return
        lines = (" ".join(line.split()) for source in sources for line in source.text.split("\n"))
        mine = (line for line in lines if line and line not in self._given)
        written = tuple(sys.intern(line) for line in mine)  # most of them are others' lines too
        if sum(map(len, written)) >= _LEAST_WRITTEN:
            self._authors[written].append(learner)

    def found(self) -> list[Resemblance]:
        """What resembles, the most telling first; only what is the same where `lacking`."""
        same = [
            Resemblance(tuple(sorted(authors)), (), 100.0, _longest(written))
            for written, authors in self._authors.items()
            if len(authors) > 1
        ]
        alike = sorted(
            self._pairs(), key=lambda r: (-len(r.lines), -r.percent, r.learners, r.others)
        )
        cut = [replace(pair, lines=pair.lines[:_SHOWN_LINES]) for pair in alike]
        return sorted(same, key=lambda r: (-len(r.learners), r.learners)) + cut

    def _pairs(self) -> Iterable[Resemblance]:
        if lacking() is not None:
            return
        from rapidfuzz import fuzz

        works = list(self._authors)
        for (one, two), lines in self._shared(works).items():
            if len(lines) < _LEAST_SHARED:
                continue
            texts = ["\n".join(works[work])[:_MOST_COMPARED] for work in (one, two)]
            percent = fuzz.ratio(*texts, score_cutoff=_LEAST_ALIKE)
            if percent:
                sides = sorted(tuple(sorted(self._authors[works[n]])) for n in (one, two))
                yield Resemblance(sides[0], sides[1], percent, _longest(lines, most=None))

    def _shared(self, works: list[tuple[str, ...]]) -> dict[tuple[int, int], set[str]]:
        """The rare lines that two works share, by their positions."""
        having: dict[str, list[int]] = defaultdict(list)
        for number, written in enumerate(works):
            for line in set(written):
                if len(line) >= _LEAST_LINE:
                    having[line].append(number)
        most = min(max(_RARE_LEAST, int(_RARE_SHARE * len(works))), _RARE_MOST)
        shared: dict[tuple[int, int], set[str]] = defaultdict(set)
        for line, numbers in having.items():
            if 1 < len(numbers) <= most:
                for pair in itertools.combinations(numbers, 2):
                    shared[pair].add(line)
        return shared


def _longest(lines: Iterable[str], most: int | None = _SHOWN_LINES) -> tuple[str, ...]:
    return tuple(sorted(set(lines), key=lambda line: (-len(line), line))[:most])


def _given(course: Course, assignment: Assignment) -> frozenset[str]:
    """The lines that learners were given."""
    found: set[str] = set()
    for file in assignment.files:
        path = course.folder(assignment) / file.name
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found.update(" ".join(line.split()) for line in text.split("\n"))
    return frozenset(found)
