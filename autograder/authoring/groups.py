"""The test groups of an assignment: each is one grade cell and one row of a gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.grading.suite import SuiteError, hints, tasks

if TYPE_CHECKING:
    from autograder.course import Assignment


@dataclass(frozen=True)
class Group:
    """The tests of one part and one visibility.

    Attributes:
        grade_id: the name of its cell: the part's name, plus `-hidden` for hidden tests.
        notebook: the notebook with the cell, such as `closures.ipynb`.
        part: the part of the assignment, a key of `hints.toml`.
        title: the part's title, for the learner.
        points: what its tests are worth together.
        visible: whether learners may read its tests.
        tests: their names, as in a report.
    """

    grade_id: str
    notebook: str
    part: str
    title: str
    points: float
    visible: bool
    tests: tuple[str, ...]


def groups(assignment: Assignment) -> tuple[Group, ...]:
    """The groups of an assignment in course order, computed from the marks of its tests.

    Raises:
        SuiteError: the suite cannot be collected, or a part's tests judge two files.
    """
    found = []
    for (part, visible), each in groupby(tasks(assignment), key=lambda t: (t.part, t.visible)):
        tests = tuple(each)
        files = {test.file or assignment.files[0].name for test in tests}
        if len(files) != 1:
            raise SuiteError(f"{assignment.name}: the tests of {part!r} judge {sorted(files)}.")
        found.append(
            Group(
                grade_id=part if visible else f"{part}-hidden",
                notebook=Path(files.pop()).with_suffix(".ipynb").name,
                part=part,
                title=hints(assignment.name)[part]["title"],
                points=sum(test.points for test in tests),
                visible=visible,
                tests=tuple(test.name for test in tests),
            )
        )
    return tuple(found)
