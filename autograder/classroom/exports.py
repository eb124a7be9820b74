"""A class's reports for other programs: spreadsheets, Canvas, Gradescope, JUnit's many readers."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # we write XML with it and read none

from autograder.classroom.layouts import CANVAS
from autograder.classroom.names import cell, shown
from autograder.feedback.wording import STATUS_WORDS, pair, points, printable

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.classroom.results import Result
    from autograder.report import Report, TestReport

_CANVAS_ID = re.compile(r".+_(\d+)")
_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ERRORS = ("error", "timeout", "out_of_memory", "tampered")
_SKIPPED = ("not_run", "blocked", "not_implemented")


class ExportError(Exception):
    """It cannot be exported that way; the message says why."""


def table(results: Iterable[Result]) -> str:
    """A line a learner, a column a test: grades.csv."""
    found = [(_facts(each), _points_by_test(each.report)) for each in results]
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
    ]
    writer.writerow([*head, *names])
    for facts, scores in found:
        writer.writerow([*facts, *(scores.get(name, "") for name in names)])
    return out.getvalue()


def _facts(each: Result) -> list[str]:
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
    results: Iterable[Result], title: str, roster: Path | None, layout: str
) -> tuple[str, list[str]]:
    """Points as Canvas imports them.

    Args:
        results: the class.
        title: the assignment's, which names the column.
        roster: the gradebook as Canvas exports it; its lines are kept and filled in. Without it
            Canvas has to find learners by what their files are called.
        layout: how the files were named. A number at the end of a name is Canvas's where that is:
            elsewhere it is another system's, and somebody else's in Canvas.

    Returns:
        The table, and the learners who are not in the roster.

    Raises:
        ExportError: the roster is none.
    """
    scores = {
        each.learner: points(each.report.score)
        for each in results
        if each.report is not None and each.report.status == "graded"
    }
    numbers = {}
    if layout == CANVAS:
        numbers = {who: match[1] for who in scores if (match := _CANVAS_ID.fullmatch(who))}
    out = io.StringIO()
    writer = csv.writer(out)
    if roster is None:
        writer.writerow([*_CANVAS_COLUMNS, title])
        for learner, score in scores.items():
            login = "" if learner in numbers else cell(learner)
            writer.writerow([cell(learner), numbers.get(learner, ""), "", login, "", score])
        return out.getvalue(), []
    head, lines = _roster(roster)
    wanted = re.compile(rf"{re.escape(title)}( \(\d+\))?")
    column = next((name for name in head if wanted.fullmatch(name)), title)
    writer.writerow([*_CANVAS_COLUMNS, column])
    learners = {number: learner for learner, number in numbers.items()}
    found = set()
    for line in lines:
        keys = [line.get(column) or "" for column in _CANVAS_COLUMNS[:4]]
        named = (key for key in keys if key in scores)
        learner = next(named, learners.get(keys[1], ""))
        found.add(learner)
        score = scores.get(learner, "")
        writer.writerow([*(cell(line.get(name) or "") for name in _CANVAS_COLUMNS), score])
    return out.getvalue(), sorted(scores.keys() - found)


def _roster(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path} cannot be read: {error}.") from None
    reader = csv.DictReader(io.StringIO(text))
    head = list(reader.fieldnames or [])
    if not set(_CANVAS_COLUMNS[:2]) <= set(head):
        raise ExportError(
            f"{path} is not a gradebook of Canvas: there is no column Student or none ID. "
            "In Canvas: Grades, Export, Export Entire Gradebook."
        )
    lines = [line for line in reader if (line.get("ID") or "").strip()]
    return head, lines


def gradescope(report: Report, *notes: str) -> str:
    """A report as Gradescope's results.json. What is hidden is shown after grades are published.

    Without a verdict there is no score in it, which Gradescope takes for a run that failed.

    Args:
        report: the verdict.
        notes: what else is said above the tests.
    """
    reason = [report.reason or ""] if report.status != "graded" else []
    content: dict[str, Any] = {"output_format": "text", "visibility": "visible"}
    if reason or notes:
        content["output"] = printable("\n".join([*reason, *notes]))
    if report.status == "graded":
        content |= {
            "score": report.score,
            "tests": [
                {
                    "name": test.title,
                    "score": test.score,
                    "max_score": test.max_score,
                    "status": "passed" if test.status == "passed" else "failed",
                    "output": said(test),
                    "visibility": "visible" if test.visible else "after_published",
                }
                for test in report.tests
                if test.status != "not_run"
            ],
        }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


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
    """The class as JUnit XML: a suite a learner."""
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
