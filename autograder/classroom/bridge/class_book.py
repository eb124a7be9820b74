"""What nbgrader's gradebook says of a whole class: who is in it, until when, and all points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.classroom.bridge.folder import CONFIG
from autograder.classroom.grades import Grade
from autograder.classroom.roster import Person
from autograder.classroom.summary import MISSING
from autograder.classroom.timestamps import Due

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

VERDICTS = "verdicts"
"""In an instructor's folder: the results of each assignment, in a folder of its name."""


@dataclass(frozen=True)
class Enrolment:
    """What the gradebook knows of a class before anything is judged.

    Attributes:
        people: its students, but for those who have no name there and whose work is at hand:
            nbgrader adds these itself, one by one while it grades.
        due: until when each may hand in; None where it does not say.
    """

    people: Sequence[Person] = ()
    due: Due | None = None


NOTHING_KNOWN = Enrolment()


NOT_IN_IT = "not in nbgrader's gradebook yet: nbgrader autograde"
NO_VERDICT = "no result in nbgrader's gradebook"


def root_of(results: Path) -> Path | None:
    """The instructor's folder that a folder of results belongs to; None where it is another's."""
    root = results.resolve().parents[1] if len(results.resolve().parts) > 2 else None
    if root is None or results.resolve().parent.name != VERDICTS or not (root / CONFIG).is_file():
        return None
    return root


def verdicts(root: Path, name: str) -> Path:
    """Where the verdicts on an assignment are kept: the --out of `course class`."""
    return root / VERDICTS / name


@contextmanager
def opened(root: Path) -> Iterator[Gradebook | None]:
    """The gradebook of an instructor's folder; None where nbgrader has made none yet.

    Args:
        root: the folder; its configuration says where the gradebook lies.
    """
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    place = CourseDirectory(config=config)
    path = place.db_url.removeprefix("sqlite:///")
    if path != place.db_url and not Path(path).is_file():
        yield None  # to open it would make an empty one
        return
    with Gradebook(place.db_url, place.course_id) as gradebook:
        yield gradebook


def enrolment(gradebook: Gradebook, name: str, submitted: Path) -> Enrolment:
    """What the gradebook knows of a class.

    Args:
        gradebook: nbgrader's.
        name: the assignment's.
        submitted: what was handed in: a folder a learner, in it one an assignment.
    """
    from nbgrader.api import Assignment, MissingEntry, SubmittedAssignment

    people = [
        Person(tuple(filter(None, (student.id, student.email))), _name(student))
        for student in gradebook.students
        if _name(student) or not (submitted / student.id / name).exists()
    ]
    try:
        moment = gradebook.find_assignment(name).duedate
    except MissingEntry:
        moment = None
    if moment is None:
        return Enrolment(people)
    found = gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension)
    found = found.join(Assignment).filter(Assignment.name == name)
    extensions = {who: longer for who, longer in found if longer}
    return Enrolment(people, Due(moment.replace(tzinfo=UTC), extensions))  # it keeps UTC


def enrolment_in(root: Path, name: str, submitted: Path) -> Enrolment:
    """What the gradebook of an instructor's folder knows of a class; see `enrolment`."""
    with opened(root) as gradebook:
        return NOTHING_KNOWN if gradebook is None else enrolment(gradebook, name, submitted)


def grades_in(root: Path, name: str) -> list[Grade] | None:
    """Everybody's points in the gradebook of an instructor's folder; None where it has none."""
    from nbgrader.api import MissingEntry

    with opened(root) as gradebook:
        try:
            return None if gradebook is None else grades(gradebook, name)
        except MissingEntry:
            return None


def grades(gradebook: Gradebook, name: str) -> list[Grade]:
    """Everybody's points for an assignment as nbgrader counts them, in the gradebook's order.

    See `nbgrader.plugins.CsvExportPlugin`, which gives 0 where there is nothing to count: where
    nothing was handed in, and where a cell that tests judge has no verdict.

    Args:
        gradebook: nbgrader's.
        name: the assignment's.

    Raises:
        nbgrader.api.MissingEntry: the assignment was never released.
    """
    assignment = gradebook.find_assignment(name)
    by_person = {
        (notebook.name, cell.name)
        for notebook in assignment.notebooks
        for cell in notebook.solution_cells
    }
    handed_in = {each.student_id: each for each in gradebook.assignment_submissions(name)}
    found = []
    for student in gradebook.students:
        who = Grade(student.id, None, assignment.max_score, MISSING, _name(student))
        submission = handed_in.get(student.id)
        found.append(who if submission is None else _counted(who, submission, by_person))
    return found


def _counted(who: Grade, submission: Any, by_person: set[tuple[str, str]]) -> Grade:
    tests, waiting, unknown = 0.0, 0, not submission.notebooks
    for notebook in submission.notebooks:
        unknown = unknown or not notebook.grades
        for grade in notebook.grades:
            is_judged = (notebook.name, grade.name) not in by_person
            is_open = grade.auto_score is None and grade.manual_score is None
            unknown = unknown or (is_judged and is_open)
            waiting += not is_judged and is_open
            tests += (grade.auto_score or 0) if is_judged else 0
    if unknown:
        return replace(who, why=NO_VERDICT)
    raw, penalty = submission.score, submission.late_submission_penalty
    return replace(
        who,
        score=max(0.0, raw - penalty),
        why="",
        tests=tests,
        by_hand=raw - tests,
        penalty=penalty,
        waiting=waiting,
    )


def _name(student: Any) -> str:
    return ", ".join(filter(None, (student.last_name, student.first_name)))
