"""The reports of the browser beside those of a terminal, on the same files.

`python -m tests.browser.compare SITE [ASSIGNMENT]...` compares all: stubs, solutions, right and
wrong engines of the suites, in a site that `course site` made. It takes an hour. The tests compare
a sample, and say of each difference that is permitted what it is.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from autograder import course as courses
from autograder import grading
from autograder.authoring import build, engines
from autograder.diagnosis.evidence import in_any_python
from autograder.submission.read import of_texts
from tests.conftest import CHROMIUM, ROOT

from . import live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from autograder.course import Assignment, Course

NOT_IN_A_BROWSER = re.compile(r"^\s*(import|from) +(numpy|torch)\b", re.MULTILINE)
"""Files that import these are told that no browser has them."""
_NUMBER = re.compile(r"-?\d+\.\d+(e[+-]?\d+)?")
_INTERRUPTED = re.compile(r" It was running .*", re.DOTALL)
_RAISED = re.compile(
    r"(?P<kind>(?:raises )?\w+(?:Error|Exception)): (?P<message>[^\n]*)(?P<places>.*)", re.DOTALL
)
_NO_TORCH = "torch is not installed."
_EXAMPLE = re.compile(r"tests \S+ (message|counterexample|graph)\b")
_TRIES = 6
"""So often both are asked: what goes by the order of a set, or by which limit an endless program
meets first, differs from run to run in a terminal too."""


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
    """What differs and may not.

    These may: the sandbox's name, what Python says in its own words, the last digits of numbers,
    where a program was that did not end, and tests that need PyTorch.
    """
    tests = {t["name"]: t for t in browser["tests"]}
    left_out = {name for name, t in tests.items() if t["message"] == _NO_TORCH}
    return [*_unlike(_comparable(native, left_out), _comparable(browser, left_out), "")]


def _comparable(report: dict[str, Any], left_out: set[str]) -> Any:
    tests = {test["name"]: test for test in report["tests"] if test["name"] not in left_out}
    most = sum(test["max_score"] for test in tests.values())
    return _plain({**report, "sandbox": "", "max_score": most, "tests": tests})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.9g}"  # JavaScript makes 2 of 2.0
    return _in_plain_words(value) if isinstance(value, str) else value


def _in_plain_words(text: str) -> str:
    if raised := _RAISED.fullmatch(text):
        kind, told = raised["kind"], in_any_python(raised["message"]) + raised["places"]
        text = kind if kind.endswith("RecursionError") else f"{kind}: {told}"
    text = _INTERRUPTED.sub("", text)
    return _NUMBER.sub(lambda found: f"{float(found[0]):.9g}", text)


def _unlike(native: Any, browser: Any, where: str) -> Iterator[str]:
    if isinstance(native, dict) and isinstance(browser, dict):
        for name in dict.fromkeys([*native, *browser]):
            yield from _unlike(native.get(name), browser.get(name), f"{where} {name}")
    elif native != browser:
        yield f"{where.strip()}: {native!r} natively, {browser!r} in the browser"


class Compared(NamedTuple):
    """What came of a file.

    Attributes:
        differences: what differs and may not, each time that both were asked.
        same: whether the reports are the same but for the sandbox's name.
        tries: how often both were asked.
    """

    differences: list[str]
    same: bool
    tries: int

    @property
    def other_verdict(self) -> bool:
        """Whether more differs than what an example shows.

        Sets of numbers have another order in a Python of 32 bits, as a browser's is. Whose Values
        are hashed by their numbers may be shown another example.
        """
        return not all(map(_EXAMPLE.match, self.differences))


def compared(course: Course, page: Page, file: File) -> Compared:
    """The file's report in both, asked again where they differ."""
    tries, found = 0, ["not asked yet"]
    while found and tries < _TRIES:
        native = natively(course, file)
        browser = live.report(page, file.assignment.name, file.name, file.text)
        tries, found = tries + 1, differences(native, browser)
    return Compared(found, {**native, "sandbox": ""} == {**browser, "sandbox": ""}, tries)


def main(site: Path, names: list[str]) -> int:
    """Compare all files of some assignments, or of all; the exit code."""
    from playwright.sync_api import sync_playwright

    course = courses.load(ROOT)
    count = Counter[str]()
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
                    found = compared(course, page, file)
                    count["files"] += 1
                    count["the same"] += found.same
                    count["alike at a second try"] += not found.differences and found.tries > 1
                    if found.differences:
                        other = "verdict" if found.other_verdict else "example"
                        count[f"with another {other}"] += 1
                    for line in found.differences:
                        print(f"{assignment.name} {file.label}: {line[:400]}", flush=True)
                told = ", ".join(f"{number} {what}" for what, number in count.items())
                print(f"{assignment.name} done: {told}", flush=True)
        browser.close()
    return 1 if count["with another verdict"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
