"""Reports for GitHub: annotations at the learner's lines, a summary, points as JSON."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from autograder.feedback import wording
from autograder.feedback.failure import failure
from autograder.feedback.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from autograder.course import Assignment
    from autograder.report import Report, TestReport

_STYLE = Style(width=90, unicode=True)
_AT = re.compile(r"[\w.]+\.py(?::|, line )(\d+)\b")
_MOST = 10
"""The most annotations that GitHub shows for one step."""


class JudgedAssignment(msgspec.Struct, frozen=True):
    """An assignment in a repository.

    Attributes:
        assignment: the assignment.
        path: the learner's file, relative to the repository.
        text: its text; empty for a notebook, whose lines GitHub does not annotate.
        report: the verdict; None if it has not been started.
    """

    assignment: Assignment
    path: Path
    text: str
    report: Report | None


def marks(judged: Sequence[JudgedAssignment]) -> list[str]:
    """Commands for GitHub's runner that annotate lines, the most important first."""
    found = [line for each in judged if each.report is not None for line in _of(each, each.report)]
    return sorted(found, key=lambda line: not line.startswith("::error"))[:_MOST]


def _of(each: JudgedAssignment, report: Report) -> Iterator[str]:
    if report.status != "graded":
        reason = report.reason or ""
        title = f"{each.assignment.name} can't be graded yet"
        if report.status == "grader_error":
            title = "The grader failed. This is not your fault"
        yield _command("error", each.path, _line_in(reason) or 1, title, reason)
        return
    seen: set[str] = set()
    for test in report.tests:
        state = wording.state(test)
        if state not in ("wrong", "not yet") or test.part in seen:
            continue
        seen.add(test.part)  # one annotation for each part is enough
        where = test.place.where if test.place is not None else test.message
        line = _line_in(where) or _line_of_part(each.text, test.part)
        kind: Literal["error", "warning"] = "error" if state == "wrong" else "warning"
        yield _command(kind, each.path, line, test.title, "\n".join(_lines(report, test)))


def _lines(report: Report, test: TestReport) -> list[str]:
    """The lines on a test, without its title."""
    _, *lines = failure(report, test, _STYLE, alone=False)
    return [click.unstyle(line) for line in lines] or [wording.STATUS_WORDS[test.status]]


def _line_in(text: str) -> int | None:
    """The line that a text names last, which is the innermost."""
    found = _AT.findall(text)
    return int(found[-1]) if found else None


def _line_of_part(text: str, part: str) -> int:
    """The line of the function or class that a part is about; 1 if unknown."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return 1
    definitions = (ast.FunctionDef, ast.ClassDef)
    names = [(n.name.strip("_").lower(), n.lineno) for n in nodes if isinstance(n, definitions)]
    wanted = part.replace("_", "").lower()
    same = [line for name, line in names if name.replace("_", "") == wanted]
    like = [line for name, line in names if wanted in name.replace("_", "")]
    return min(same or like, default=1)


def _command(
    kind: Literal["error", "warning"], path: Path, line: int, title: str, text: str
) -> str:
    """A command for the runner, on one line; nothing in the texts can start another."""
    where = f"file={_property(path.as_posix())},line={line},title={_property(title)}"
    return f"::{kind} {where}::{_data(wording.printable(text))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(wording.printable(text)).replace(":", "%3A").replace(",", "%2C")


def summary(judged: Sequence[JudgedAssignment]) -> str:
    """The summary of the run, as Markdown."""
    lines = ["| assignment | points | |", "|---|---:|---|"]
    for each in judged:
        title = _escaped(f"{each.assignment.name}: {each.assignment.title}")
        lines.append(f"| {title} | {_points(each.report)} | {_state(each.report)} |")
    for each in judged:
        report = each.report
        if report is None or report.full_marks:
            continue
        lines += ["", f"### {each.assignment.name}", ""]
        first = wording.first_to_do(report)
        if report.status != "graded":
            lines += _fenced(report.reason or "")
        elif first is not None:
            state = wording.STATUS_WORDS[first.status]
            lines += [
                f"**{_escaped(first.title)}** ({state})",
                *_fenced("\n".join(_lines(report, first))),
            ]
        lines += ["", f"More: `grade {each.assignment.name} --hint`"]
    return "\n".join([*lines, ""])


def in_short(report: Report) -> str:
    """A verdict in a few words."""
    return f"{_points(report)} {_state(report)}".strip()


def _points(report: Report | None) -> str:
    if report is None or report.status != "graded":
        return ""
    later = f" (and {wording.points(report.judged_later)} later)" if report.judged_later else ""
    return f"{wording.points(report.score)} of {wording.points(report.max_score)}{later}"


def _state(report: Report | None) -> str:
    if report is None:
        return "not started"
    words = {"ungradable": "can't be graded yet", "grader_error": "the grader failed"}
    return words.get(report.status, "full marks" if report.full_marks else "not yet")


def _escaped(text: str) -> str:
    """A title escaped for Markdown."""
    return re.sub(r"([\\`*_|<>\[\]#~])", r"\\\1", text)


def _fenced(text: str) -> list[str]:
    """A text as a code block; its fence is longer than any in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", f"{fence}text", wording.printable(text), fence]


def points(judged: Sequence[JudgedAssignment]) -> str:
    """The points of each assignment and their sum, as JSON; null if there is no verdict."""
    rows = []
    for each in judged:
        report = each.report
        verdict = report if report is not None and report.status == "graded" else None
        rows.append(
            {
                "name": each.assignment.name,
                "status": "not_begun" if report is None else report.status,
                "score": verdict.score if verdict else None,
                "max_score": verdict.max_score if verdict else None,
                "judged_later": report.judged_later if report else None,
            }
        )
    total = sum(row["score"] or 0 for row in rows)  # type: ignore[misc]  # numbers or None
    return json.dumps({"score": total, "assignments": rows}, indent=2) + "\n"
