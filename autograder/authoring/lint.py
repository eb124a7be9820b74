"""Checks an assignment without running it: what is missing, stray or out of date."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import build
from autograder.authoring.modules import imported
from autograder.course import ANSWERS, FILE
from autograder.diagnosis.fingerprint import unknown_parts
from autograder.grading.suite import ENGINES, SuiteError, hints, rests_on, suite_folder

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

MOST_WORDS = 160
"""The most words of a part's three hints together (Howzat? 2024: 80 to 160 words are read)."""

_FILES = {
    "hints.toml",
    "predictions.toml",
    "misconceptions.toml",
    "equivalent.toml",
    "fingerprints.json",
    "probes.py",
    "run.py",
}
_FOLDERS = {"right", "wrong", ENGINES, "__pycache__"}


@dataclass(frozen=True)
class Violation:
    """A problem.

    Attributes:
        where: the file to fix, with a line or an entry if known.
        what: the problem, as a clause.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def violations(course: Course, assignment: Assignment) -> Iterator[Violation]:
    """Everything that is missing, stray or out of date in an assignment."""
    yield from _solution(course, assignment)
    suite = suite_folder(assignment.name)
    if not suite.is_dir():
        yield Violation(str(suite), "the suite's folder is missing")
        return
    yield from _strays(suite)
    parts = yield from _hints(assignment, suite / "hints.toml")
    yield from _tests(suite, parts)
    yield from _rests_on(assignment, suite)
    if not list((suite / "right").glob("*.py")):
        yield Violation(
            str(suite / "right"), "no correct engine built differently from the solution"
        )
    if not (suite / "misconceptions.toml").is_file():
        what = "the file is missing: it lists the mistakes that the tests must catch"
        yield Violation(str(suite / "misconceptions.toml"), what)
    if not (suite / "probes.py").is_file():
        what = "the file is missing: without probes, reports can't name mistakes"
        yield Violation(str(suite / "probes.py"), what)


def _solution(course: Course, assignment: Assignment) -> Iterator[Violation]:
    folder = course.root / "solutions" / assignment.name
    for file in assignment.files:
        path = folder / file.name
        if not file.asks:
            what = f"{assignment.name}: {file.name} `asks` for no name that the tests could use"
            yield Violation(FILE, what)
        if path.is_file() and "### BEGIN SOLUTION" not in path.read_text("utf-8", "replace"):
            yield Violation(str(path), "no BEGIN SOLUTION: learners have nothing to write")
    try:
        for line in build.drift(course, assignment):
            yield Violation(f"assignments/{assignment.name}", line)
    except (build.BuildError, build.StubError) as error:
        yield Violation(str(folder), str(error))
    names = {file.name for file in assignment.files} | {ANSWERS, "__pycache__"}
    for path in sorted(folder.glob("*")):
        if path.name not in names:
            yield Violation(str(path), "a stray file: course.toml does not name it")


def _strays(suite: Path) -> Iterator[Violation]:
    used = imported(*suite.glob("test_*.py"), suite / "probes.py", suite / "run.py")
    for path in sorted(suite.iterdir()):
        known = path.name in _FILES or path.name.startswith("test_") or path in used
        if path.is_dir() and path.name not in _FOLDERS:
            yield Violation(str(path), "a stray folder")
        if path.is_file() and not known:
            yield Violation(str(path), "a stray file")


def _hints(assignment: Assignment, path: Path) -> Generator[Violation, None, set[str]]:
    """Problems of the hints; returns the names of the parts."""
    try:
        parts = hints(assignment.name)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        yield Violation(str(path), f"cannot be used: {error}")
        return set()
    for name, part in parts.items():
        for step in ("title", "idea", "place", "line"):
            if not part.get(step, "").strip():
                yield Violation(str(path), f"parts.{name}: `{step}` is missing")
        words = sum(len(part.get(step, "").split()) for step in ("idea", "place", "line"))
        if words > MOST_WORDS:
            yield Violation(str(path), f"parts.{name}: {words} words; at most {MOST_WORDS}")
        if part.get("line", "").count("____") != 1:
            yield Violation(str(path), f"parts.{name}: `line` needs one blank, written ____")
    return set(parts)


def _rests_on(assignment: Assignment, suite: Path) -> Iterator[Violation]:
    """Problems of `rests_on`: it is invalid, or tests and probes contradict it."""
    try:
        table = rests_on(assignment.name)
        paths = sorted(suite.glob("test_*.py"))
        tests = {f.name: (path, f) for path in paths for f in _functions(path)}
    except SuiteError as error:
        yield Violation(str(suite / "hints.toml"), str(error))
        return
    except (OSError, KeyError, ValueError, SyntaxError):
        return  # reported already
    for name in sorted(unknown_parts(suite)):
        yield Violation(str(suite / "probes.py"), f"it has no probes for the part {name!r}")
    parts = {name: str(dict(_marks(f)).get("part")) for name, (_, f) in tests.items()}
    for name, (path, function) in tests.items():
        own = parts[name]
        for need in _needs(function):
            other = parts.get(need)
            what = ""
            if other is None:
                what = "which is not there"
            elif other != own and other not in table.get(own, ()):
                what = f"but {own} does not rest on {other}"
            if what:
                yield Violation(f"{path}:{function.lineno}", f"{name} needs {need}, {what}")


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The tests of a file; raises SyntaxError or ValueError if it is not valid Python."""
    for function in ast.parse(path.read_text("utf-8"), str(path)).body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            yield function


def _needs(function: ast.FunctionDef) -> Iterator[str]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.needs":
            yield from (str(a.value) for a in mark.args if isinstance(a, ast.Constant))


def _tests(suite: Path, parts: set[str]) -> Iterator[Violation]:
    """Tests without points, a part with hints or a title; and hints without a test."""
    used: set[object] = set()
    count = 0
    for path in sorted(suite.glob("test_*.py")):
        try:
            functions = [*_functions(path)]
        except (SyntaxError, ValueError) as error:
            yield Violation(str(path), f"not valid Python: {error}")
            continue
        for function in functions:
            count += 1
            marks = dict(_marks(function))
            used.add(marks.get("part"))
            where = f"{path}:{function.lineno}"
            for problem in _problems(function, marks, parts):
                yield Violation(where, f"{function.name} {problem}")
    if not count:
        yield Violation(str(suite), "no test")
    for name in sorted(parts - used):
        yield Violation(str(suite / "hints.toml"), f"parts.{name}: no test has that part")


def _marks(function: ast.FunctionDef) -> Iterator[tuple[str, object]]:
    """The marks of a test and their first arguments."""
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.args:
            argument = mark.args[0]
            if isinstance(argument, ast.Constant):
                yield mark.func.attr, argument.value


def _problems(
    function: ast.FunctionDef, marks: dict[str, object], parts: set[str]
) -> Iterator[str]:
    if not ast.get_docstring(function):
        yield "has no docstring, which is its title for the learner"
    points = marks.get("points")
    if not (isinstance(points, (int, float)) and points > 0):
        yield "has no points: @pytest.mark.points(1)"
    if "part" not in marks:
        yield 'has no part: @pytest.mark.part("…")'
    elif marks["part"] not in parts:
        yield f"belongs to the part {marks['part']!r}, for which hints.toml has no table"
