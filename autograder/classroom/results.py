"""The folder of results, written from the journal: the same journal gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import grading
from autograder.classroom import exports
from autograder.classroom.database import JournalError, no_room
from autograder.classroom.names import file_stem, order
from autograder.classroom.page import Facts, page
from autograder.classroom.roster import Roster
from autograder.classroom.similar import Likeness, lacking
from autograder.classroom.summary import MISSING, NOT_JUDGED, Summary
from autograder.report import Report, from_json, to_json
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from autograder.classroom.grades import Grade
    from autograder.classroom.journal import Journal, Row
    from autograder.course import Assignment, Course

REPORTS = "reports"
GRADES = "grades.csv"
PAGE, ANONYMOUS_PAGE = "index.html", "anonymous.html"
_PAGES_KEPT = 64  # rendered reports: many learners hand in the same stub


@dataclass(frozen=True)
class Result:
    """One learner's.

    Attributes:
        learner: who.
        stem: the name of their files in `reports/`, without the suffix.
        content: the hash of what they handed in, None where it could not be taken.
        report: the verdict, None where there is none yet.
        late: what they handed in came late.
        missing: they handed in nothing.
        name: what people call them, where the roster says it.
        place: what was found of theirs.
        moment: when it came, in ISO's form; None where nothing tells.
    """

    learner: str
    stem: str
    content: str | None
    report: Report | None
    late: bool = False
    missing: bool = False
    name: str = ""
    place: str = ""
    moment: str | None = None

    @property
    def status(self) -> str:
        """That of the report, or why there is none."""
        if self.missing:
            return MISSING
        return NOT_JUDGED if self.report is None else self.report.status


def results(journal: Journal, assignment: Assignment) -> Iterator[Result]:
    """The class in order of the learners' names, those on its roster who are missing too."""
    roster = Roster(journal.people, journal.layout)
    missing = [
        Result(key, file_stem(key), None, None, missing=True, name=person.name)
        for person in roster.missing(journal.learners())
        for key in person.keys[:1]
    ]
    missing.sort(key=_order)
    return merge(_handed_in(journal, assignment, roster), missing, key=_order)


def with_others(found: list[Result], grades: Iterable[Grade]) -> list[Result]:
    """The class, and in their places those whom only the gradebook knows."""
    known = {result.learner for result in found}
    others = []
    for each in grades:
        if each.learner not in known:
            nobody = Result(each.learner, file_stem(each.learner), None, None, name=each.name)
            others.append(replace(nobody, missing=each.why == MISSING))
    return sorted([*found, *others], key=_order)


def _order(result: Result) -> tuple[str, str]:
    return order(result.learner)


def _handed_in(journal: Journal, assignment: Assignment, roster: Roster) -> Iterator[Result]:
    for row in journal.rows():
        person = roster.find(row.learner)
        yield Result(
            row.learner,
            file_stem(row.learner),
            row.content,
            _report(row, assignment),
            row.late,
            missing=row.content is None and row.problem is None,
            name="" if person is None else person.name,
            place=row.place,
            moment=row.moment,
        )


def _report(row: Row, assignment: Assignment) -> Report | None:
    if row.problem is not None:
        return grading.refused(assignment, assignment.files[0].name, Ungradable(row.problem))
    return None if row.report is None else from_json(row.report)


def write(
    journal: Journal, course: Course, assignment: Assignment, *, anonymous: bool = False
) -> Summary:
    """Write reports, grades and the page; files that are right already are left alone.

    Args:
        journal: in whose folder they go.
        course: whose class it is.
        assignment: what was judged.
        anonymous: write a page for sharing, too.

    Returns:
        What the reports say together.

    Raises:
        JournalError: something cannot be written.
    """
    folder = journal.folder
    summary, likeness = Summary(), Likeness(course, assignment)
    try:
        (folder / REPORTS).mkdir(exist_ok=True)
        for path in folder.glob(".*.new"):
            path.unlink()  # of a run that was killed
        written: set[str] = set()
        each = _counted(journal, results(journal, assignment), summary, likeness)
        grades = exports.table(_written(each, assignment, folder / REPORTS, written))
        for path in (folder / REPORTS).iterdir():
            if path.name not in written:
                path.unlink()  # of a learner who is not in the class any more
        _put(folder / GRADES, grades.encode())
        alike = likeness.found()
        conditions = journal.conditions()
        kit, suite = conditions.kit_version, conditions.suite_sha256
        facts = Facts(course, assignment, kit, suite, lacking())
        _put(folder / PAGE, page(summary, alike, facts).encode())
        if anonymous:
            text = page(summary, alike, facts, anonymous=True)
            _put(folder / ANONYMOUS_PAGE, text.encode())
        else:
            (folder / ANONYMOUS_PAGE).unlink(missing_ok=True)  # it would tell of another run
        journal.note_written()
    except OSError as error:
        raise _unwritten(folder, error) from None
    return summary


def _counted(
    journal: Journal, found: Iterable[Result], summary: Summary, likeness: Likeness
) -> Iterator[Result]:
    """The results as they come, each counted in for the page."""
    for result in found:
        summary.add(result)
        if result.content is not None:
            likeness.add(result.learner, journal.files(result.content))
        yield result


def _written(
    found: Iterable[Result], assignment: Assignment, folder: Path, written: set[str]
) -> Iterator[Result]:
    """The results as they come, each learner's report written; the files' names are noted."""
    render = _renderer(assignment)
    for result in found:
        if result.report is not None:
            text = (to_json(result.report) + "\n").encode()
            as_json, as_page = folder / f"{result.stem}.json", folder / f"{result.stem}.html"
            if not (_holds(as_json, text) and as_page.exists()):
                _put(as_page, render(result.report).encode())
                _put(as_json, text)  # last: where it is right, so is the page
            written |= {as_json.name, as_page.name}
        yield result


def _renderer(assignment: Assignment) -> Callable[[Report], str]:
    from autograder.feedback import html

    @lru_cache(_PAGES_KEPT)
    def render(report: Report) -> str:
        return html.page(report, assignment)

    return render


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _put(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    if _holds(path, content):
        return
    aside = path.with_name(f".{path.name}.new"[-200:])
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _unwritten(folder: Path, error: OSError) -> JournalError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return no_room(folder, error.strerror or "full")
    where = error.filename or folder
    return JournalError(f"{where} can't be written: {error.strerror}.")
