"""What a report says, in words that every surface shares: terminal, page, notebook."""

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
"""Characters of an answer that is no number, in a picture."""

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
    """What a test's status comes to for the learner; all ways to go wrong are one."""
    return _STATES.get(test.status, "wrong")


class Part(msgspec.Struct, frozen=True):
    """The tests of one part of an assignment, or of several parts taken together."""

    title: str
    tests: tuple[TestReport, ...]

    @property
    def state(self) -> State:
        """`wrong` where anything is; else `not yet`, `waits`, and `passed` where all is."""
        found = {state(test) for test in self.tests}
        order: tuple[State, ...] = ("wrong", "not yet", "waiting", "passed")
        return next((each for each in order if each in found), "not run")

    @property
    def score(self) -> float:
        """The sum of its tests."""
        return round(sum(test.score for test in self.tests), 2)

    @property
    def max_score(self) -> float:
        """The sum of its tests."""
        return sum(test.max_score for test in self.tests)


def parts(report: Report) -> list[Part]:
    """The report's tests by part, in the order in which they were judged."""
    titles = {part.name: part.title for part in report.parts}
    found: dict[str, list[TestReport]] = {}
    for test in report.tests:
        found.setdefault(test.part, []).append(test)
    return [Part(titles.get(name, name), tuple(tests)) for name, tests in found.items()]


def merged(some: Sequence[Part]) -> Part:
    """Parts as one line: their titles in a row, their points added up."""
    return Part(", ".join(part.title for part in some), tuple(t for p in some for t in p.tests))


def failures(report: Report) -> list[TestReport]:
    """The failed tests, in the order in which to fix them.

    First what did not end, as nothing can be said of what it would have answered. Then part by
    part, a mistake that has a name before what it brings about.
    """
    names = [part.name for part in report.parts] + [test.part for test in report.tests]

    def turn(test: TestReport) -> tuple[bool, int, bool]:
        ended = test.status not in ("timeout", "out_of_memory")
        return ended, names.index(test.part), test.misconception is None

    return sorted((test for test in report.tests if state(test) == "wrong"), key=turn)


def first_to_do(report: Report) -> TestReport | None:
    """What to look at first: what is wrong, then what is not there, then what waits."""
    order: tuple[State, ...] = ("not yet", "waiting")
    later = (test for wanted in order for test in report.tests if state(test) == wanted)
    return next(iter([*failures(report), *later]), None)


def points(number: float) -> str:
    """A number of points: 3 or 2.5."""
    return f"{number:g}"


def pair(yours: Shown, right: Shown) -> tuple[str, str]:
    """Both answers, with as many digits as it takes to see the difference."""
    if _is_number(yours) and _is_number(right):
        for digits in (6, 10, 17):
            texts = f"{yours:.{digits}g}", f"{right:.{digits}g}"
            if texts[0] != texts[1]:
                return texts
    if isinstance(right, float):
        return printable(str(yours)), f"{right:.10g}"
    return printable(str(yours)), printable(str(right))


def pasted(test: TestReport) -> tuple[str, ...]:
    """The lines of a test's example to paste; those that raise an exception show it themselves."""
    assert test.counterexample is not None
    if test.status == "error":
        return _apart(test.counterexample.lines)
    return as_script(test.counterexample)


def as_script(example: Counterexample) -> tuple[str, ...]:
    """The lines of an example; what is looked at is printed, so that a script shows it too."""
    lines, look = example.lines, example.input
    if look is not None and _says_something(look):
        lines = (*(lines[:-1] if lines[-1:] == (look,) else lines), f"print({look})")
    return _apart(lines)


_BLOCK = re.compile(r"(async|class|def|for|if|try|while|with)\b|@")
_GOES_ON = re.compile(r"\s|(elif|else|except|finally)\b|\)")


def _apart(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines with a blank one after each block and none within, as a REPL takes them."""
    found: list[str] = []
    in_block = False
    for line in filter(str.strip, lines):
        if not _GOES_ON.match(line):
            found += [""] * in_block
            in_block = _BLOCK.match(line) is not None
        found.append(line)
    return (*found, *[""] * in_block)


def _says_something(look: str) -> bool:
    """Whether Python can print it: no assignment, and no call that is looked at for its order."""
    import ast

    try:
        ast.parse(look, mode="eval")
    except SyntaxError:
        return False
    return not look.endswith(".backward()")


def number(value: Shown) -> str:
    """A number as it stands in a picture or a table; other answers as text."""
    if _is_number(value):
        return f"{value:.4g}"
    text = "-" if value is None else printable(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def agree(yours: Shown, right: Shown) -> bool:
    """Whether two numbers of a graph are the same to a reader."""
    if _is_number(yours) and _is_number(right):
        return math.isclose(yours, right, rel_tol=1e-6, abs_tol=1e-9)
    return yours == right


def _is_number(value: Shown) -> TypeGuard[int | float]:
    if type(value) is int:
        return abs(value) < 10**300
    return type(value) is float


def printable(text: str) -> str:
    """The text without what could rewrite the screen or turn a line round."""
    return "".join(c if c.isprintable() or c in "\t\n" else "\ufffd" for c in text)


def goes_somewhere(test: TestReport) -> bool:
    """Whether the sentence on the first wrong node adds to the example itself."""
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
    """The one thing to do now.

    Args:
        report: of the learner's work as it is.
        assignment: gives the files' names.
        test: the one in view; by default the first failure, else the first that is not written.
        watched: keys are answered, so a hint is one key away.
        runs: the example is a file already, and how to run it is said elsewhere.
        ask: the command by which one asks for a hint.
    """
    stuck = "press h" if watched else f"{ask} {assignment.name} --hint"
    if report.full_marks:
        return f"{all_right(report)}"
    is_notebook = report.submission.name.endswith(".ipynb")
    files = _names(report, assignment)
    stubs = [t for t in report.tests if t.status == "not_implemented"]
    test = test or next(iter([*failures(report), *stubs]), None)
    if test is None:
        return ""
    if test.status == "not_implemented":
        return f"Next, in {_place(test, files)}: {printable(test.message)} Stuck? {stuck}"
    return f"Next: {_mend(test, files, is_notebook=is_notebook, runs=runs)} Stuck? {stuck}"


def _names(report: Report, assignment: Assignment) -> str:
    """What the learner's files are called, of which the report names the first."""
    name, is_notebook = report.submission.name, report.submission.name.endswith(".ipynb")
    names = [f.notebook if is_notebook else f.name for f in assignment.files]
    if name.endswith((".py", ".ipynb")) and name not in names:
        return printable(name)
    return " and ".join(names)


def not_run(report: Report) -> list[str]:
    """What was not run and why, a line for each reason."""
    titles: dict[str, list[str]] = {}
    for part in parts(report):
        for test in part.tests:
            if test.status == "not_run":
                titles.setdefault(test.message, []).append(part.title)
    return [f"Not run: {', '.join(dict.fromkeys(t))}. {why}" for why, t in titles.items()]


def all_right(report: Report) -> str:
    """What full marks mean."""
    whole = all(test.status != "not_run" for test in report.tests)
    return "All tests pass." if whole else "Every test that ran passes."


def _place(stub: TestReport, files: str) -> str:
    """The function that is to be written, and where it stands."""
    place = stub.place
    if place is None:
        return files
    name = f"`{place.function}`, " if place.function else ""
    return printable(f"{name}{place.where}")


def judged_later(report: Report) -> str:
    """How a report of a handout's `grade` ends; empty where every test is here."""
    if not report.judged_later:
        return ""
    more = f"{points(report.judged_later)} more points are graded after you hand in"
    if report.status != "graded":
        return more
    return f"visible {points(report.score)} of {points(report.max_score)}; {more}"


def _mend(test: TestReport, files: str, *, is_notebook: bool, runs: bool) -> str:
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
