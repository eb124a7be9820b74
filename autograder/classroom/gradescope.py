"""What runs in Gradescope's container: `python -m autograder.classroom.gradescope NAME ROOT`.

ROOT is /autograder there: it reads ROOT/submission and ROOT/submission_metadata.json, and writes
ROOT/results/results.json. The container is root's and lets nobody make a sandbox; the learner's
code runs as another user, and what is root's alone is closed to it. It is gone after one run.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder import course as courses
from autograder import grading
from autograder.classroom import exports
from autograder.classroom.entries import IntakeError, Unreadable, of_folder, sentence
from autograder.classroom.names import shown
from autograder.classroom.select_files import choose
from autograder.feedback.wording import printable
from autograder.sandbox import bubblewrap, limited
from autograder.submission import files
from autograder.submission.read import Ungradable, of_files

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report

_OUR_FAULT = 3
_NOBODY_ELSE = (
    "Learners' code would run as root here, so nothing is graded. setup.sh must find a "
    "Python that every user may run."
)
_WHERE = "Your code ran as another user of this container, without its own sandbox."
_LATE = "Handed in late."


class _Assignment(msgspec.Struct):
    due_date: datetime | None = None


class _User(msgspec.Struct):
    name: str = ""


class Metadata(msgspec.Struct):
    """What we use of submission_metadata.json; what is missing or odd is not known."""

    created_at: datetime | None = None
    assignment: _Assignment = msgspec.field(default_factory=_Assignment)
    users: list[_User] = []

    @property
    def is_late(self) -> bool:
        """Whether it came after the due date."""
        due, at = self.assignment.due_date, self.created_at
        if due is None or at is None or None in (due.tzinfo, at.tzinfo):
            return False
        return at > due


def metadata(path: Path) -> Metadata:
    """What Gradescope says of the submission."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Metadata)
    except (OSError, msgspec.MsgspecError):
        return Metadata()


def judge(course: Course, assignment: Assignment, folder: Path) -> Report:
    """The verdict on what was handed in; whatever goes wrong, a report says so."""
    name = assignment.files[0].name
    if bubblewrap.unavailable() is not None and not limited.is_another_user():
        return grading.at_fault(assignment, name, RuntimeError(_NOBODY_ELSE))
    try:
        pile = [e for e in of_folder(folder) if not any(p.startswith(".") for p in e.parts)]
        if not pile:
            raise Unreadable("Nothing was handed in")
        given = files.given(course.folder(assignment))
        submission = of_files(assignment, choose(pile, assignment, given).files)
    except (IntakeError, Unreadable, Ungradable) as error:
        return grading.refused(assignment, name, Ungradable(sentence(error)))
    try:
        return grading.grade(course, assignment, submission)
    except Exception as error:  # noqa: BLE001  ours: there is no score, and it is said
        return grading.at_fault(assignment, name, error)


def main(name: str, root: Path) -> int:
    """Judge one submission and write its results; returns the exit code."""
    kit = courses.kit_folder()
    assert kit is not None  # the zip holds it
    course = courses.load(kit)
    known = metadata(root / "submission_metadata.json")
    for secret in (root / "submission_metadata.json", root / "results", root / "source"):
        if secret.exists():
            secret.chmod(0o700)
    report = judge(course, course.assignment(name), root / "submission")
    notes = [_WHERE] if report.status == "graded" and report.sandbox == "limited" else []
    notes += [_LATE] if known.is_late else []
    results = root / "results"
    results.mkdir(mode=0o700, exist_ok=True)
    aside = results / "results.json.new"
    aside.write_text(exports.gradescope(report, *notes), "utf-8")
    aside.replace(results / "results.json")
    who = " and ".join(user.name for user in known.users) or "a submission"
    said = f"{report.score:g} of {report.max_score:g} points"
    if report.status != "graded":
        said = f"no score. {printable(report.reason or '')}"
    print(f"{shown(who)}: {report.status}, {said}")  # noqa: T201  for the instructor
    return _OUR_FAULT if report.status == "grader_error" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
