"""A class's reports for other programs: spreadsheets, Canvas, Gradescope, JUnit's many readers."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # we write XML with it and read none

from autograder.classroom.grades import NOT_RUN, is_whole
from autograder.classroom.layouts import CANVAS
from autograder.classroom.names import cell, shown
from autograder.classroom.roster import Person, Roster, person
from autograder.feedback.wording import STATUS_WORDS, pair, points, printable

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.classroom.grades import Grade
    from autograder.classroom.results import Result
    from autograder.report import Report, TestReport

_CANVAS_ID = re.compile(r".+_(\d+)")
_WITH_NUMBER = re.compile(r".+ \(\d+\)")
_OF_GRADEBOOK = ("tests", "by_hand", "late_penalty", "waiting")
_NOBODY = Person(())
_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ERRORS = ("error", "timeout", "out_of_memory", "tampered")
_SKIPPED = ("not_run", "blocked", "not_implemented")


class ExportError(Exception):
    """It cannot be exported that way; the message says why."""


def table(results: Iterable[Result], grades: Mapping[str, Grade] | None = None) -> str:
    """A line a learner, a column a test: grades.csv.

    Args:
        results: the class.
        grades: what nbgrader's gradebook says of each; None: the tests' points count.

    Returns:
        CSV with a header; points are empty where there is no verdict.
    """
    found = [(_facts(each, grades), _points_by_test(each.report)) for each in results]
    names = dict.fromkeys(name for _, scores in found for name in scores)
    out = io.StringIO()
    writer = csv.writer(out)
    head = [
        "learner",
        "status",
        "score",
        "max_score",
        "sandbox",
        "sha256",
        "report",
        "reason",
        "late",
        "name",
        "file",
        "handed_in",
        *(_OF_GRADEBOOK if grades is not None else ()),
    ]
    writer.writerow([*head, *names])
    for facts, scores in found:
        writer.writerow([*facts, *(scores.get(name, "") for name in names)])
    return out.getvalue()


def _facts(each: Result, grades: Mapping[str, Grade] | None) -> list[str]:
    facts = _judged(each)
    if grades is None:
        return facts
    grade = grades.get(each.learner)
    if grade is None or grade.score is None:
        return [*facts[:2], "", "", *facts[4:], *[""] * len(_OF_GRADEBOOK)]
    counted = [points(grade.score), points(grade.max_score)]
    parts = (grade.tests, grade.by_hand, grade.penalty)
    return [*facts[:2], *counted, *facts[4:], *map(points, parts), str(grade.waiting)]


def _judged(each: Result) -> list[str]:
    report, late = each.report, "late" if each.late else ""
    found = [late, cell(each.name), cell(each.place), each.moment or ""]
    if report is None:
        return [cell(each.learner), each.status, *[""] * 6, *found]
    graded = report.status == "graded"
    return [
        cell(each.learner),
        report.status,
        points(report.score) if graded else "",
        points(report.max_score) if graded else "",
        report.sandbox,
        report.submission.sha256,
        f"reports/{each.stem}.html",
        cell(" ".join((report.reason or "").split())),
        *found,
    ]


def _points_by_test(report: Report | None) -> dict[str, str]:
    tests = () if report is None else report.tests
    return {sys.intern(t.name): "" if t.status == "not_run" else points(t.score) for t in tests}


def canvas(
    grades: Iterable[Grade],
    title: str,
    roster: Path | None,
    layout: str,
    *,
    column: str | None = None,
) -> tuple[str, list[str]]:
    """Points as Canvas imports them.

    Args:
        grades: what counts for each.
        title: the assignment's: what its column is called, unless `column` says it.
        roster: the gradebook as Canvas exports it; its lines are kept and filled in. Without it
            Canvas has to find learners by what their files are called.
        layout: how the files were named. A number at the end of a name is Canvas's where that is:
            elsewhere it is another system's, and somebody else's in Canvas.
        column: the assignment's column in the roster, with or without Canvas's number behind it.

    Returns:
        The table, and what there is to say of the roster: who has points and is not in it, and
        where Canvas counts another number of points.

    Raises:
        ExportError: the roster is none, or it is not clear which column is the assignment's.
    """
    counted = {each.learner: each for each in grades if each.score is not None}
    scores = {who: points(each.score or 0) for who, each in counted.items()}
    numbers = {}
    if layout == CANVAS:
        numbers = {who: match[1] for who in scores if (match := _CANVAS_ID.fullmatch(who))}
    out = io.StringIO()
    writer = csv.writer(out)
    if roster is None:
        writer.writerow([*_CANVAS_COLUMNS, column or title])
        for learner, score in scores.items():
            login = "" if learner in numbers else cell(learner)
            name = cell(counted[learner].name or learner)
            writer.writerow([name, numbers.get(learner, ""), "", login, "", score])
        return out.getvalue(), []
    head, lines, possible = _roster(roster)
    chosen = _column(head, column or title, roster)
    writer.writerow([*_CANVAS_COLUMNS, chosen])
    people = Roster(filter(None, map(person, lines)), layout)
    found: dict[Person, str] = {}
    for learner in scores:
        if (who := people.find(learner)) is None:
            continue
        if who in found:
            both = f"{shown(found[who])} and {shown(learner)}"
            raise ExportError(f"{both} are the same line of {roster}: {shown(who.name)}.")
        found[who] = learner
    for line in lines:
        score = scores.get(found.get(person(line) or _NOBODY, ""), "")
        writer.writerow([*(cell(line.get(name) or "") for name in _CANVAS_COLUMNS), score])
    notes = [f"Not in {roster}: {shown(who)}" for who in scores.keys() - set(found.values())]
    most = {points(each.max_score) for each in counted.values()}
    there = (possible.get(chosen) or "").strip()
    if there and most and _number(there) not in most:
        notes.append(f"{chosen} has {there} points in Canvas, and {' or '.join(most)} here.")
    return out.getvalue(), sorted(notes)


def _number(text: str) -> str:
    """A number of points as we write it; the text itself where it is none."""
    try:
        return points(float(text))
    except ValueError:
        return text


def _column(head: list[str], name: str, roster: Path) -> str:
    """The column of that name, which Canvas puts a number behind."""
    wanted = re.compile(rf"{re.escape(name)}( \(\d+\))?")
    found = [each for each in head if wanted.fullmatch(each)]
    if len(found) == 1:
        return found[0]
    others = [each for each in head if _WITH_NUMBER.fullmatch(each)]
    listed = f" Its assignments: {', '.join(map(shown, others))}." if others else ""
    problem = "several columns" if found else "no column"
    raise ExportError(
        f"{roster} has {problem} {name!r}.{listed} Say which: --column NAME. Where there is none "
        "yet, make the assignment in Canvas and export its gradebook again."
    )


def _roster(path: Path) -> tuple[list[str], list[dict[str, str]], dict[str, str]]:
    """The columns, the learners' lines, and the line that says how many points there are."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path} can't be read: {error}.") from None
    reader = csv.DictReader(io.StringIO(text))
    head = list(reader.fieldnames or [])
    if not set(_CANVAS_COLUMNS[:2]) <= set(head):
        raise ExportError(
            f"{path} is not a Canvas gradebook: the column Student or ID is missing. In "
            "Canvas: Grades, Export, Export Entire Gradebook."
        )
    found = list(reader)
    lines = [line for line in found if (line.get("ID") or "").strip()]
    named = [line for line in found if (line.get("Student") or "").strip() == "Points Possible"]
    return head, lines, named[0] if named else {}


def gradescope(report: Report, *notes: str, grade: Grade | None = None) -> str:
    """A report as Gradescope's results.json. What is hidden is shown after grades are published.

    Without a verdict there is no score in it, which Gradescope takes for a run that failed. So it
    is where some of the tests did not run.

    Args:
        report: the verdict.
        notes: what else is said above the tests.
        grade: what counts instead of the tests' points.

    Returns:
        JSON, as Gradescope's documentation of autograders describes it.
    """
    graded = report.status == "graded"
    reason = [] if graded else [report.reason or ""]
    score = report.score if graded and is_whole(report) else None
    if grade is not None:
        score = grade.score
    elif not is_whole(report):
        reason = [f"No score: {NOT_RUN}."]
    content: dict[str, Any] = {"output_format": "text", "visibility": "visible"}
    if reason or notes:
        content["output"] = printable("\n".join([*reason, *notes]))
    if score is not None:
        entries = map(_entry, (test for test in report.tests if test.status != "not_run"))
        content |= {"score": score, "tests": [*entries, *_counted(grade)]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _entry(test: TestReport) -> dict[str, Any]:
    return {
        "name": test.title,
        "score": test.score,
        "max_score": test.max_score,
        "status": "passed" if test.status == "passed" else "failed",
        "output": said(test),
        "visibility": "visible" if test.visible else "after_published",
    }


def _counted(grade: Grade | None) -> list[dict[str, Any]]:
    """What makes up the points where it is not the tests alone: told when points are."""
    if grade is None or grade.score is None:
        return []
    parts = [f"{points(grade.tests)} for the tests"]
    parts += [f"{points(grade.by_hand)} by hand"] if grade.by_hand else []
    parts += [f"{points(-grade.penalty)} for being late"] if grade.penalty else []
    text = f"{points(grade.score)} points: {', '.join(parts)}."
    entry = {"name": "Points", "output": text, "visibility": "after_published"}
    return [entry] if len(parts) > 1 else []


def said(test: TestReport) -> str:
    """What a learner is told of a test, as plain text; nothing where it passed."""
    if test.status == "passed":
        return ""
    lines = [STATUS_WORDS[test.status], test.message]
    example = test.counterexample
    if example is not None:
        lines += ["", *example.lines]
        if test.status != "error":
            yours, right = pair(example.yours, example.expected)
            lines += [f"yours: {yours}", f"right: {right}"]
    if test.misconception is not None:
        lines += ["", test.misconception.text]
    return printable("\n".join(lines).strip())


def junit(results: Iterable[Result], assignment: str) -> str:
    """The class as JUnit XML: one suite per learner, one case per test.

    Args:
        results: the class.
        assignment: its name; the name of the whole.

    Returns:
        An XML document.
    """
    root = ET.Element("testsuites", name=assignment)
    for each in results:
        _suite(root, each, assignment)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(root: ET.Element, each: Result, assignment: str) -> None:
    name = _xml(shown(each.learner))
    suite = ET.SubElement(root, "testsuite", name=name)
    cases = list(_cases(each, assignment))
    counts = dict.fromkeys(("failures", "errors", "skipped"), 0)
    for title, kind, message, text in cases:
        case = ET.SubElement(suite, "testcase", classname=name, name=_xml(title))
        if kind:
            counts[{"failure": "failures", "error": "errors"}.get(kind, kind)] += 1
            ET.SubElement(case, kind, message=_xml(message)).text = _xml(text)
    suite.set("tests", str(len(cases)))
    for key, number in counts.items():
        suite.set(key, str(number))


def _cases(each: Result, assignment: str) -> Iterator[tuple[str, str, str, str]]:
    """Title, element, message and text of each test; of the whole where there is no verdict."""
    report = each.report
    if report is None:
        yield assignment, "skipped", each.status, ""
    elif report.status != "graded":
        yield assignment, "error", report.status, report.reason or ""
    else:
        for test in report.tests:
            kind = "" if test.status == "passed" else "failure"
            kind = "error" if test.status in _ERRORS else kind
            kind = "skipped" if test.status in _SKIPPED else kind
            yield test.title, kind, STATUS_WORDS[test.status], said(test)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
