"""The verdict on what a learner handed in through nbgrader: looked up, or reached as in a class.

The first one that is asked for and not there yet has the whole class judged, several at a time,
just as `course class` does it and into the same folder; from then on each is a look-up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder import course as courses
from autograder import grading
from autograder.classroom import class_run, journal, results
from autograder.classroom.bridge import class_book
from autograder.classroom.bridge.class_book import NOTHING_KNOWN, Enrolment
from autograder.classroom.conditions import content_sha256
from autograder.classroom.database import FILE, JournalError
from autograder.classroom.entries import IntakeError
from autograder.classroom.graders import GraderError
from autograder.classroom.intake import Intake
from autograder.grading.suite import suite_sha256
from autograder.report import from_json
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from autograder.classroom.conditions import Conditions
    from autograder.classroom.intake import HandIn
    from autograder.course import Assignment, Course
    from autograder.report import Report


class NoVerdict(Exception):
    """There is no verdict, by no fault of the learner's; the message says why and what to do."""


def verdict(
    root: Path,
    submitted: Path,
    name: str,
    learner: str,
    say: Callable[[str], None],
    known: Enrolment = NOTHING_KNOWN,
) -> Report:
    """The verdict on one submission.

    Args:
        root: the folder in which nbgrader works; it lies in a course.
        submitted: in it, what was handed in: a folder a learner, in it one an assignment.
        name: the assignment's.
        learner: whose.
        say: is told when others are judged too, which takes a while.
        known: what the gradebook knows of the class.

    Returns:
        The report; it is graded or ungradable.

    Raises:
        NoVerdict: there is none.
    """
    suite_sha256.cache_clear()  # formgrader's process lives long, and suites change
    try:
        course = courses.find(root)
        assignment = course.assignment(name)
        with Intake(submitted, course, assignment, only=learner, due=known.due) as intake:
            hand_in = next(iter(intake))
        conditions = class_run.present_conditions(course, assignment, class_run.RunOptions())
        if conditions.lacking and hand_in.files:
            packages = " and ".join(conditions.lacking)
            raise NoVerdict(f"{name} needs {packages}, which is not installed here.")
        out = class_book.verdicts(root, name)
        if not conditions.lacking and not _is_current(out, course, hand_in, conditions, known):
            say(f"Bringing the verdicts on {name} up to date, for the whole class.")
            _bring_up_to_date(out, submitted, course, assignment, conditions, known)
        if not hand_in.files:
            problem = Ungradable(hand_in.problem or f"There is no work for {name}.")
            return grading.refused(assignment, assignment.files[0].name, problem)
        report = _kept(out, course, learner, hand_in)
    except (courses.CourseError, IntakeError, JournalError, GraderError) as error:
        raise NoVerdict(str(error)) from None
    if report.status == "grader_error":
        raise NoVerdict(report.reason or "The grader failed.")
    return report


def expect_usable(root: Path, course: Course, assignment: Assignment) -> None:
    """Look for what would keep everybody's verdict from being kept.

    Args:
        root: the folder in which nbgrader works.
        course: the one it lies in.
        assignment: what is to be judged.

    Raises:
        NoVerdict: the journal that is there is damaged, or of another course, version or format.
    """
    out = class_book.verdicts(root, assignment.name)
    if (out / FILE).is_file():
        conditions = class_run.present_conditions(course, assignment, class_run.RunOptions())
        try:
            journal.look(out, course, conditions).close()
        except JournalError as error:
            raise NoVerdict(str(error)) from None


def _is_current(
    out: Path, course: Course, hand_in: HandIn, conditions: Conditions, known: Enrolment
) -> bool:
    """Whether there is a verdict, and the journal and what is written from it are up to date."""
    if not (out / FILE).is_file():
        return False
    with journal.look(out, course) as kept:
        if not kept.is_written or not kept.holds(hand_in) or kept.conditions() != conditions:
            return False
        if not kept.is_roster(known.people):
            return False
        content = content_sha256(hand_in.files)
        return not hand_in.files or kept.verdict(content, conditions) is not None


def _bring_up_to_date(
    out: Path,
    submitted: Path,
    course: Course,
    assignment: Assignment,
    conditions: Conditions,
    known: Enrolment,
) -> None:
    """Judge all that has no verdict yet; write the class's page, its table and the reports."""
    with journal.create(out, course, conditions) as kept:
        kept.use(conditions)
        if not kept.is_roster(known.people):
            kept.set_people(known.people)
        class_run.enrol(kept, submitted, course, assignment, due=known.due)
        class_run.judge(kept, conditions, class_run.RunOptions(), lambda _: None)
        is_shared = (out / results.ANONYMOUS_PAGE).exists()
        results.write(kept, course, assignment, anonymous=is_shared)


def _kept(out: Path, course: Course, learner: str, hand_in: HandIn) -> Report:
    """The report on what a learner handed in, also one that tells of a mistake of ours."""
    content = content_sha256(hand_in.files)
    with journal.look(out, course) as kept:
        for row in kept.rows(only=learner):
            if row.content == content and row.report is not None:
                return from_json(row.report)
    raise NoVerdict("The submission changed while it was being graded. Run the same command again.")
