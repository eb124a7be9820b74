"""The reports of the browser beside those of a terminal, on the same files.

`python -m tests.browser.compare SITE [ASSIGNMENT]...` compares all: stubs, solutions, right and
wrong engines of the suites, in a site that `course site` made. It takes an hour. The tests compare
a sample.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from autograder import course as courses
from autograder import grading
from autograder.authoring import build, engines
from autograder.submission.read import of_texts
from tests.conftest import CHROMIUM, ROOT

from . import live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from autograder.course import Assignment, Course

NOT_IN_A_BROWSER = re.compile(r"^\s*(import|from) +(numpy|torch)\b", re.MULTILINE)
"""Files that import these are told that no browser has them."""
_NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?")


class File(NamedTuple):
    """A learner's file.

    Attributes:
        assignment: whose.
        label: for whoever reads a difference.
        name: the file's.
        text: its content.
    """

    assignment: Assignment
    label: str
    name: str
    text: str


def files(course: Course, assignment: Assignment) -> Iterator[File]:
    """The stub, the solution, the right engines and the wrong ones of the first file."""
    name = assignment.files[0].name
    stub = {path.name: text for path, text in build.stubs(course, assignment).items()}[name]
    yield File(assignment, "stub", name, stub)
    text = engines.solution_source(course, assignment, name)
    yield File(assignment, "solution", name, text)
    for right in engines.right_engines(course, assignment):
        if right.file == name:
            yield File(assignment, f"right {right.name}", name, right.source)
    for wrong in engines.wrong_engines(course, assignment):
        if wrong.file == name:
            yield File(assignment, f"wrong {wrong.id}", name, wrong.source)


def natively(course: Course, file: File) -> dict[str, Any]:
    """The report that a terminal has."""
    texts = {file.name: file.text}
    found = grading.grade(course, file.assignment, of_texts(file.assignment, texts, file.name))
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return told


def differences(native: dict[str, Any], browser: dict[str, Any]) -> list[str]:
    """What differs and may not: status, score, each test's outcome, the mistake's name."""
    told = [
        f"{key}: {native[key]!r} natively, {browser[key]!r} in the browser"
        for key in ("status", "score", "max_score", "suite_sha256", "seed_sha256")
        if native[key] != browser[key]
    ]
    theirs = {test["name"]: test for test in browser["tests"]}
    for test in native["tests"]:
        other = theirs.get(test["name"], {})
        for key in ("status", "score", "misconception"):
            if test[key] != other.get(key):
                told.append(f"{test['name']}: {key}: {test[key]!r}, {other.get(key)!r}")
    return told


def wording(native: dict[str, Any], browser: dict[str, Any]) -> list[str]:
    """What else differs, but for the last digits of numbers and the sandbox's name."""
    pairs = [
        (t["name"], key, _rounded(str(t[key])), _rounded(str(other[key])))
        for t, other in zip(native["tests"], browser["tests"], strict=False)
        for key in ("message", "counterexample", "graph", "output")
    ]
    return [
        f"{name}: {key}: {ours} / {theirs}" for name, key, ours, theirs in pairs if ours != theirs
    ]


def _rounded(text: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.9g}", text)


def compared(course: Course, page: Page, file: File) -> tuple[list[str], list[str]]:
    """Both kinds of differences for one file."""
    native = natively(course, file)
    browser = live.report(page, file.assignment.name, file.name, file.text)
    return differences(native, browser), wording(native, browser)


def main(site: Path, names: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    course = courses.load(ROOT)
    count = same = off = 0
    with sync_playwright() as started, live.served(site) as address:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = started.chromium.launch(executable_path=program, args=CHROMIUM)
        with live.visited(browser, address) as (page, _):
            live.grader(page)
            for assignment in course.assignments:
                if names and assignment.name not in names:
                    continue
                for file in files(course, assignment):
                    if NOT_IN_A_BROWSER.search(file.text):
                        continue
                    wrong, words = compared(course, page, file)
                    count, off, same = (
                        count + 1,
                        off + bool(wrong),
                        same + (not wrong and not words),
                    )
                    for line in wrong or words[:1]:
                        sign = "DIFFERS" if wrong else "wording"
                        print(f"{assignment.name} {file.label}: {sign}: {line[:400]}", flush=True)
                print(
                    f"{assignment.name} done: {count} files, {same} the same, {off} differ",
                    flush=True,
                )
        browser.close()
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
