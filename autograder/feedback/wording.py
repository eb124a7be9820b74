"""A report's words, which terminal, page and notebook share."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal, TypeGuard

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment
    from autograder.report import Counterexample, Report, Shown, Status, TestReport

_LONGEST = 24
"""The most characters of an answer that is not a number, in a picture."""

State = Literal["passed", "wrong", "not yet", "waiting", "not run"]

STATUS_WORDS: dict[Status, str] = {
    "passed": "passed",
    "failed": "wrong",
    "error": "raised an exception",
    "timeout": "took too long",
    "out_of_memory": "ran out of memory",
    "tampered": "gave a forged answer",
    "not_implemented": "not yet",
    "blocked": "waiting",
    "not_run": "not run",
}
_STATES: dict[Status, State] = {
    "passed": "passed",
    "not_implemented": "not yet",
    "blocked": "waiting",
    "not_run": "not run",
}


def state(test: TestReport) -> State:
    """A test's state for the learner; all ways to go wrong are `wrong`."""
    return _STATES.get(test.status, "wrong")


class Part(msgspec.Struct, frozen=True):
    """The tests of one part of an assignment, or of several merged parts.

    Attributes:
        title: the part's title, or several.
        tests: its tests, in order.
    """

    title: str
    tests: tuple[TestReport, ...]

    @property
    def state(self) -> State:
        """The first of wrong, not yet, waiting and passed that a test of it has; else not run."""
        found = {state(test) for test in self.tests}
        order: tuple[State, ...] = ("wrong", "not yet", "waiting", "passed")
        return next((each for each in order if each in found), "not run")

    @property
    def score(self) -> float:
        """The points earned by its tests."""
        return round(sum(test.score for test in self.tests), 2)

    @property
    def max_score(self) -> float:
        """The points that its tests are worth."""
        return sum(test.max_score for test in self.tests)


def parts(report: Report) -> list[Part]:
    """The report's tests by part, in the order in which they ran."""
    titles = {part.name: part.title for part in report.parts}
    found: dict[str, list[TestReport]] = {}
    for test in report.tests:
        found.setdefault(test.part, []).append(test)
    return [Part(titles.get(name, name), tuple(tests)) for name, tests in found.items()]


def merged(some: Sequence[Part]) -> Part:
    """Several parts as one, with their titles in a row."""
    return Part(", ".join(part.title for part in some), tuple(t for p in some for t in p.tests))


def failures(report: Report) -> list[TestReport]:
    """The failed tests, in the order in which to fix them.

    Tests that did not end come first, as nothing is known of their answers. The others follow part
    by part, recognised mistakes before their consequences.
    """
    names = [part.name for part in report.parts] + [test.part for test in report.tests]

    def turn(test: TestReport) -> tuple[bool, int, bool]:
        ended = test.status not in ("timeout", "out_of_memory")
        return ended, names.index(test.part), test.misconception is None

    return sorted((test for test in report.tests if state(test) == "wrong"), key=turn)


def first_to_do(report: Report) -> TestReport | None:
    """The test to look at first: a failure, else an unwritten function, else a waiting test."""
    order: tuple[State, ...] = ("not yet", "waiting")
    later = (test for wanted in order for test in report.tests if state(test) == wanted)
    return next(iter([*failures(report), *later]), None)


def points(number: float) -> str:
    """A number of points as text: 3 or 2.5."""
    return f"{number:g}"


def pair(yours: Shown, right: Shown) -> tuple[str, str]:
    """Both answers as text, with enough digits to show the difference."""
    if _is_number(yours) and _is_number(right):
        for digits in (6, 10, 17):
            texts = f"{yours:.{digits}g}", f"{right:.{digits}g}"
            if texts[0] != texts[1]:
                return texts
    if isinstance(right, float):
        return printable(str(yours)), f"{right:.10g}"
    return printable(str(yours)), printable(str(right))


def pasted(test: TestReport) -> tuple[str, ...]:
    """The lines of a test's example to paste; they print the result, or raise the exception.

    Args:
        test: has a counterexample.
    """
    assert test.counterexample is not None
    if test.status == "error":
        return _apart(test.counterexample.lines)
    return as_script(test.counterexample)


def as_script(example: Counterexample) -> tuple[str, ...]:
    """The lines of an example, with the result printed, so that a script shows it, too."""
    lines, look = example.lines, example.input
    if look is not None and _says_something(look):
        lines = (*(lines[:-1] if lines[-1:] == (look,) else lines), f"print({look})")
    return _apart(lines)


_BLOCK = re.compile(r"(async|class|def|for|if|try|while|with)\b|@")
_GOES_ON = re.compile(r"\s|(elif|else|except|finally)\b|\)")


def _apart(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines with a blank one after each block and none inside, as a REPL needs them."""
    found: list[str] = []
    in_block = False
    for line in filter(str.strip, lines):
        if not _GOES_ON.match(line):
            found += [""] * in_block
            in_block = _BLOCK.match(line) is not None
        found.append(line)
    return (*found, *[""] * in_block)


def _says_something(look: str) -> bool:
    """Whether it is worth printing: an expression, but not a call of `backward`."""
    import ast

    try:
        ast.parse(look, mode="eval")
    except SyntaxError:
        return False
    return not look.endswith(".backward()")


def number(value: Shown) -> str:
    """A number as shown in a picture or table, with four digits; other answers as text."""
    if _is_number(value):
        return f"{value:.4g}"
    text = "-" if value is None else printable(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def agree(yours: Shown, right: Shown) -> bool:
    """Whether two numbers of a graph look the same; relative tolerance 1e-6, absolute 1e-9."""
    if _is_number(yours) and _is_number(right):
        return math.isclose(yours, right, rel_tol=1e-6, abs_tol=1e-9)
    return yours == right


def _is_number(value: Shown) -> TypeGuard[int | float]:
    if type(value) is int:
        return abs(value) < 10**300
    return type(value) is float


def printable(text: str) -> str:
    """The text with each control character replaced, as those could rewrite the screen."""
    return "".join(c if c.isprintable() or c in "\t\n" else "\ufffd" for c in text)


def goes_somewhere(test: TestReport) -> bool:
    """Whether the sentence on the first wrong node adds anything to the example."""
    return test.graph is not None and len({edge.result for edge in test.graph.edges}) > 1


def next_step(
    report: Report,
    assignment: Assignment,
    test: TestReport | None = None,
    *,
    watched: bool = False,
    runs: bool = False,
    ask: str = "grade",
) -> str:
    """The one thing to do next, in a sentence or two.

    Args:
        report: on the learner's work as it is.
        assignment: has the files' names.
        test: the test shown; by default the first failure, else the first unwritten function.
        watched: in watch mode, where a key shows a hint.
        runs: the example was written to a file, and the command that runs it is shown.
        ask: the command for a hint.
    """
    stuck = "press h" if watched else f"{ask} {assignment.name} --hint"
    if report.full_marks:
        return all_right(report)
    is_notebook = report.submission.name.endswith(".ipynb")
    files = _names(report, assignment)
    stubs = [t for t in report.tests if t.status == "not_implemented"]
    test = test or next(iter([*failures(report), *stubs]), None)
    if test is None:
        return ""
    if test.status == "not_implemented":
        return f"Next, in {_place(test, files)}: {printable(test.message)} Stuck? {stuck}"
    return f"Next: {_fix(test, files, is_notebook=is_notebook, runs=runs)} Stuck? {stuck}"


def _names(report: Report, assignment: Assignment) -> str:
    """The names of the learner's files; the report only has that of the first."""
    name, is_notebook = report.submission.name, report.submission.name.endswith(".ipynb")
    names = [f.notebook if is_notebook else f.name for f in assignment.files]
    if name.endswith((".py", ".ipynb")) and name not in names:
        return printable(name)
    return " and ".join(names)


def not_run(report: Report) -> list[str]:
    """Sentences on the parts that were not run, one for each reason."""
    titles: dict[str, list[str]] = {}
    for part in parts(report):
        for test in part.tests:
            if test.status == "not_run":
                titles.setdefault(test.message, []).append(part.title)
    return [f"Not run: {', '.join(dict.fromkeys(t))}. {why}" for why, t in titles.items()]


def all_right(report: Report) -> str:
    """The sentence for full marks."""
    whole = all(test.status != "not_run" for test in report.tests)
    return "All tests pass." if whole else "Every test that ran passes."


def _place(stub: TestReport, files: str) -> str:
    """The function to write, and its place."""
    place = stub.place
    if place is None:
        return files
    name = f"`{place.function}`, " if place.function else ""
    return printable(f"{name}{place.where}")


def judged_later(report: Report) -> str:
    """The last line of a handout's report, on tests that run later; empty if there are none."""
    if not report.judged_later:
        return ""
    more = f"{points(report.judged_later)} more points are graded after you hand in"
    if report.status != "graded":
        return more
    return f"visible {points(report.score)} of {points(report.max_score)}; {more}"


def _fix(test: TestReport, files: str, *, is_notebook: bool, runs: bool) -> str:
    if test.status == "failed" and test.counterexample is not None:
        where = f"a new cell of {files}" if is_notebook else f"a file next to {files}"
        what = "number" if _is_number(test.counterexample.yours) else "answer"
        if runs:
            return f"run these lines, then find in {files} where your {what} comes from."
        return f"paste these lines into {where}, run it, and find where your {what} comes from."
    if test.status in ("failed", "error"):
        return f"fix this error in {files}."
    if test.status == "timeout":
        return f"find the code in {files} that never finishes."
    return f"find the cause in {files}."
