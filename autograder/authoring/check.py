"""`course check`: the suites on trial. Every wrong engine must be caught, no right one rejected."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import build, engines
from autograder.authoring.mutants import Mutant, mutants
from autograder.authoring.trial import Entrant, run
from autograder.suite import hints, suite_folder

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.report import Report

MOST_WORDS = 160
"""Of a part's three hints together (Howzat? 2024: 80 to 160 words are read)."""

_SUITE_FILES = {"hints.toml", "predictions.toml", "misconceptions.toml", "equivalent.toml"}
_SUITE_FILES |= {"fingerprints.json", "probes.py"}
_SUITE_FOLDERS = {"right", "wrong", "engines", "__pycache__"}


@dataclass(frozen=True)
class Violation:
    """What is not as it must be, and where to mend it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Verdict:
    """What a check of one assignment found.

    Attributes:
        violations: what must be mended.
        caught: wrong engines by id, with their reports.
        named: the test that must catch each, by id.
        mutants: how many were tried.
        equivalent: survivors that are named as such, with the reason.
        right: how many right engines got full marks.
    """

    violations: list[Violation] = field(default_factory=list)
    caught: dict[str, Report] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    mutants: int = 0
    equivalent: dict[str, str] = field(default_factory=dict)
    right: int = 0


def check(
    course: Course,
    assignment: Assignment,
    advance: Callable[[int], object] = lambda _: None,
    *,
    with_mutants: bool = True,
) -> Verdict:
    """Try an assignment's suite on everything that we have.

    Args:
        course: the course.
        assignment: the one to check.
        advance: is told how many more engines were judged.
        with_mutants: also every slip that a tool can make in the solution.
    """
    verdict = Verdict()
    verdict.violations += _house(course, assignment)
    try:
        solution = _solution(course, assignment)
        wrong = engines.wrong_engines(course, assignment)
        right = engines.right_engines(course, assignment)
        stub = {p.name: t for p, t in build.stubs(course, assignment).items()}
    except (engines.EngineError, build.BuildError) as error:
        verdict.violations.append(Violation(assignment.name, str(error)))
        return verdict
    entrants = [Entrant("stub", stub), Entrant("solution", solution)]
    entrants += [
        Entrant(f"right/{e.file}/{e.name}", engines.files_with(course, assignment, e))
        for e in right
    ]
    entrants += [Entrant(e.id, engines.files_with(course, assignment, e)) for e in wrong]
    reports = run(course, assignment, entrants, advance)
    verdict.violations += _stub(assignment, reports["stub"])
    for label in ("solution", *(f"right/{e.file}/{e.name}" for e in right)):
        found = _right(assignment, label, reports[label])
        verdict.violations += found
        verdict.right += not found
    for engine in wrong:
        found = list(_wrong(assignment, engine, reports[engine.id]))
        verdict.violations += found
        if not found:
            verdict.caught[engine.id] = reports[engine.id]
            verdict.named[engine.id] = engine.caught_by
    if with_mutants:
        _mutants(course, assignment, solution, verdict, advance)
    return verdict


def workload(course: Course, assignment: Assignment, *, with_mutants: bool = True) -> int:
    """How many engines a check will judge."""
    try:
        count = 2 + len(engines.wrong_engines(course, assignment))
        count += len(engines.right_engines(course, assignment))
        if with_mutants:
            count += sum(len(mutants(t)) for t in _solution(course, assignment).values())
    except engines.EngineError:
        return 0
    return count


def _solution(course: Course, assignment: Assignment) -> dict[str, str]:
    return {
        file.name: engines.solution_source(course, assignment, file.name)
        for file in assignment.files
    }


def _house(course: Course, assignment: Assignment) -> Iterator[Violation]:
    """What can be seen without running anything: drift, hints, stray files."""
    try:
        for line in build.drift(course, assignment):
            yield Violation(f"assignments/{assignment.name}", line)
    except build.BuildError as error:
        yield Violation(f"solutions/{assignment.name}", str(error))
    suite = suite_folder(assignment.name)
    if not suite.is_dir():
        yield Violation(str(suite), "the suite's folder is missing")
        return
    for path in sorted(suite.iterdir()):
        known = path.name in _SUITE_FILES or path.name.startswith("test_")
        if path.is_dir() and path.name not in _SUITE_FOLDERS:
            yield Violation(str(path), "a stray folder")
        if path.is_file() and not known:
            yield Violation(str(path), "a stray file")
    names = {file.name for file in assignment.files}
    for path in sorted((course.root / "solutions" / assignment.name).iterdir()):
        if path.name not in names and path.name != "__pycache__":
            yield Violation(str(path), "a stray file; course.toml does not name it")
    yield from _hints(assignment, suite / "hints.toml")


def _hints(assignment: Assignment, path: Path) -> Iterator[Violation]:
    try:
        parts = hints(assignment.name)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        yield Violation(str(path), f"cannot be used: {error}")
        return
    for name, part in parts.items():
        for step in ("title", "idea", "place", "line"):
            if not part.get(step, "").strip():
                yield Violation(str(path), f"parts.{name}: `{step}` is missing")
        words = sum(len(part.get(step, "").split()) for step in ("idea", "place", "line"))
        if words > MOST_WORDS:
            yield Violation(str(path), f"parts.{name}: {words} words; at most {MOST_WORDS}")
        if part.get("line", "").count("____") != 1:
            yield Violation(str(path), f"parts.{name}: `line` needs one blank, written ____")


def _stub(assignment: Assignment, report: Report) -> Iterator[Violation]:
    where = f"solutions/{assignment.name}"
    if report.status != "graded":
        yield Violation(where, f"its stub is {report.status}: {report.reason}")
    if report.full_marks:
        yield Violation(where, "its stub gets full marks")
    for test in report.tests:
        if test.score and not test.visible:
            yield Violation(where, f"its stub earns points of the hidden test {test.name}")


def _right(assignment: Assignment, label: str, report: Report) -> list[Violation]:
    if report.full_marks:
        return []
    lost = [test for test in report.tests if test.status not in ("passed", "not_run")]
    reason = f"{lost[0].name}: {lost[0].status}: {lost[0].message}" if lost else report.reason
    where = f"autograder/suites/{assignment.name}"
    return [Violation(where, f"{label} is right but does not get full marks: {reason}")]


def _wrong(
    assignment: Assignment, engine: engines.WrongEngine, report: Report
) -> Iterator[Violation]:
    where = f"autograder/suites/{assignment.name}/misconceptions.toml: {engine.id}"
    if report.status == "grader_error":
        yield Violation(where, f"the suite breaks on it: {report.reason}")
        return
    if report.status != "graded":
        return  # it does not even load: no points
    named = next((test for test in report.tests if test.name == engine.caught_by), None)
    if named is None or named.status in ("passed", "not_run") or named.score == named.max_score:
        lost = [test.name for test in report.tests if test.score < test.max_score]
        yield Violation(where, f"{engine.caught_by} does not catch it (lost in: {lost or 'none'})")


def _mutants(
    course: Course,
    assignment: Assignment,
    solution: dict[str, str],
    verdict: Verdict,
    advance: Callable[[int], object],
) -> None:
    """Every survivor is a violation unless it is named as equivalent, with the reason."""
    tried: dict[str, tuple[str, Mutant]] = {}
    for name, text in solution.items():
        for number, mutant in enumerate(mutants(text)):
            tried[f"mutant {name} {number}"] = (name, mutant)
    entrants = [
        Entrant(label, {**solution, name: mutant.source}) for label, (name, mutant) in tried.items()
    ]
    verdict.mutants = len(entrants)
    path = suite_folder(assignment.name) / "equivalent.toml"
    known = {entry["mutant"]: entry["reason"] for entry in _equivalent(path)}
    reports = run(course, assignment, entrants, advance, hurried=True)
    for label, report in sorted(reports.items()):
        name, mutant = tried[label]
        slip = f"{mutant.before.strip()}  →  {mutant.after.strip()}"
        if report.status == "grader_error":
            verdict.violations.append(Violation(str(path.parent), f"{slip}: {report.reason}"))
        elif report.full_marks and slip in known:
            verdict.equivalent[slip] = known[slip]
        elif report.full_marks:
            where = f"solutions/{assignment.name}/{name}:{mutant.line}"
            verdict.violations.append(Violation(where, f"no test notices  {slip}"))


def _equivalent(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    entries: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["equivalent"]
    return entries
