"""What the page asks of the grader, in the grader's Web Worker; see static/grader.worker.js."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import page  # made by grader.worker.js
from pyodide.ffi import run_sync, to_js  # Pyodide's own

from autograder import course as courses
from autograder import grading
from autograder.feedback import html
from autograder.feedback.hints import LADDER
from autograder.grading.suite import hints
from autograder.report import to_json
from autograder.sandbox.web import WebWorkers
from autograder.submission import percent

if TYPE_CHECKING:
    from autograder.course import Assignment
    from autograder.report import Report

_ROOT = Path("/course")
_HANDED_IN = Path("/handed_in")


class _Bridge:
    """To the page's workers; see `autograder.sandbox.web.Bridge`."""

    def spawn(self, output_bytes: int, memory_mb: int) -> int:
        return int(page.spawn(output_bytes, memory_mb))

    def send(self, worker: int, content: bytes) -> None:
        page.send(worker, to_js(content))

    def wait(self, worker: int, seconds: float) -> int:
        state = page.wait(worker, seconds * 1000)
        return state if isinstance(state, int) else int(run_sync(state))

    def take(self, worker: int) -> bytes:
        return bytes(page.take(worker).to_bytes())

    def printed(self, worker: int) -> tuple[bytes, int]:
        content, count = page.printed(worker)
        return bytes(content.to_bytes()), int(count)

    def kill(self, worker: int) -> None:
        page.kill(worker)


_OPTIONS = grading.Options(sandbox=WebWorkers(_Bridge()), slot=0)


def call(name: str, arguments: str) -> str:
    """One of the functions below, by name; arguments and answer are JSON."""
    return json.dumps(_CALLS[name](**json.loads(arguments)))


def report(assignment: str, files: dict[str, str], name: str) -> Any:
    """The report on a learner's file, as `grade --json` has it.

    Args:
        assignment: its name.
        files: the texts by name: the file, and what is to lie beside it.
        name: the file's.
    """
    return json.loads(to_json(_judged(assignment, files, name)[1]))


def grade(assignment: str, files: dict[str, str], name: str) -> dict[str, Any]:
    """The same with what the page shows: pieces of HTML for the parts and for the whole.

    Args:
        assignment: its name.
        files: the texts by name.
        name: of the file to grade.
    """
    chosen, found = _judged(assignment, files, name)
    return {
        "report": json.loads(to_json(found)),
        "whole": html.inline(found, chosen),
        "parts": _parts(found, chosen),
    }


def cells(text: str) -> list[dict[str, Any]]:
    """The cells of a script in percent format.

    Args:
        text: the script's.
    """
    found = percent.cells(text.replace("\r\n", "\n"))
    return [
        {
            "markdown": cell.markdown,
            "tags": sorted(cell.tags),
            "source": "\n".join(map(_words, cell.lines) if cell.markdown else cell.lines).strip(
                "\n"
            ),
        }
        for cell in found
    ]


def _words(line: str) -> str:
    return line.removeprefix("#").removeprefix(" ")


_CALLS: dict[str, Any] = {"report": report, "grade": grade, "cells": cells}


def _judged(assignment: str, files: dict[str, str], name: str) -> tuple[Assignment, Report]:
    course = courses.load(_ROOT)
    chosen = course.assignment(assignment)
    folder = _HANDED_IN / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for each, text in files.items():
        (folder / each).write_text(text, "utf-8")
    return chosen, grading.judge(course, chosen, folder / name, _OPTIONS)


def _parts(found: Report, assignment: Assignment) -> dict[str, Any]:
    """For each part its score, what stands below its cell, and its hints, one after another."""
    if found.status != "graded":
        return {}
    told: dict[str, Any] = {}
    ladders = hints(found.assignment)
    for part in dict.fromkeys(test.part for test in found.tests):
        tests = tuple(test for test in found.tests if test.part == part)
        most = sum(test.max_score for test in tests)
        score = round(sum(test.score for test in tests), 2)
        alone = msgspec.structs.replace(
            found,
            tests=tuple(msgspec.structs.replace(test, hint="") for test in tests),
            score=score,
            max_score=most,
            predictions=(),
            skipped=(),
            notes=(),
            run=None,
        )
        told[part] = {
            "title": ladders[part]["title"],
            "score": score,
            "most": most,
            "html": html.cell(alone, assignment, part, styled=False),
            "hints": [ladders[part][step] for step in LADDER],
        }
    return told
