"""The verdict on what a learner handed in through nbgrader: looked up, or reached as in a class.

The first one that is asked for and not there yet has the whole class judged, several at a time,
just as `course class` does it and into the same journal; from then on each is a look-up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder import course as courses
from autograder import grading
from autograder.classroom import class_run, journal
from autograder.classroom.conditions import content_sha256
from autograder.classroom.database import FILE, JournalError
from autograder.classroom.entries import IntakeError
from autograder.classroom.graders import GraderError
from autograder.classroom.intake import HandIn, Intake
from autograder.grading.suite import suite_sha256
from autograder.report import from_json
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from autograder.classroom.conditions import Conditions
    from autograder.course import Assignment, Course
    from autograder.report import Report


class NoVerdict(Exception):
    """There is no verdict, by no fault of the learner's; the message says why and what to do."""


def verdict(
    root: Path, submitted: Path, name: str, learner: str, say: Callable[[str], None]
) -> Report:
    """The verdict on one submission.

    Args:
        root: the folder in which nbgrader works; it lies in a course.
        submitted: in it, what was handed in: a folder a learner, in it one an assignment.
        name: the assignment's.
        learner: whose.
        say: is told when others are judged too, which takes a while.

    Returns:
        The report; it is graded or ungradable.

    Raises:
        NoVerdict: there is none.
    """
    suite_sha256.cache_clear()  # formgrader's process lives long, and suites change
    try:
        course = courses.find(root)
        assignment = course.assignment(name)
        hand_in = _handed_in(submitted, course, assignment, learner)
        if hand_in.problem is not None:
            problem = Ungradable(hand_in.problem)
            return grading.refused(assignment, assignment.files[0].name, problem)
        conditions = class_run.present_conditions(course, assignment, class_run.RunOptions())
        if conditions.lacking:
            packages = " and ".join(conditions.lacking)
            raise NoVerdict(f"{name} needs {packages}, which is not installed here. Install it.")
        content, out = content_sha256(hand_in.files), folder(root, assignment)
        found = _kept(out, course, content, conditions)
        if found is None:
            say(f"Judging what has no verdict yet of {name}, for the whole class.")
            found = _judged(out, submitted, course, assignment, conditions, content)
    except (courses.CourseError, IntakeError, JournalError, GraderError) as error:
        raise NoVerdict(str(error)) from None
    report = from_json(found)
    if report.status == "grader_error":
        raise NoVerdict(report.reason or "The grader failed.")
    return report


def folder(root: Path, assignment: Assignment) -> Path:
    """Where the verdicts of an assignment are kept: the --out of `course class`."""
    return root / "verdicts" / assignment.name


def _handed_in(submitted: Path, course: Course, assignment: Assignment, learner: str) -> HandIn:
    with Intake(submitted, course, assignment, only=learner) as intake:
        return next(iter(intake))


def _kept(out: Path, course: Course, content: str, conditions: Conditions) -> bytes | None:
    if not (out / FILE).is_file():
        return None
    with journal.look(out, course) as kept:
        return kept.verdict(content, conditions)


def _judged(
    out: Path,
    submitted: Path,
    course: Course,
    assignment: Assignment,
    conditions: Conditions,
    content: str,
) -> bytes:
    """Judge all that has no verdict yet; returns the one on this content."""
    with journal.create(out, course, conditions) as kept:
        kept.use(conditions)
        class_run.enrol(kept, submitted, course, assignment)
        class_run.judge(kept, conditions, class_run.RunOptions(), lambda _: None)
        for row in kept.rows():
            if row.content == content and row.report is not None:
                return row.report
    raise NoVerdict("What was handed in changed while it was judged. Give the same command again.")
