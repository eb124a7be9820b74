"""`course check`: the suites must catch every wrong engine, and reject no correct one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.authoring import build, engines, lint, worth
from autograder.authoring.check_runs import Candidate
from autograder.authoring.lint import Violation
from autograder.authoring.mutants import Mutant, mutants
from autograder.grading.suite import SuiteError, rests_on, suite_folder

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course import Assignment, Course
    from autograder.report import Report

_LOST = frozenset({"failed", "error", "timeout", "out_of_memory", "tampered", "not_implemented"})


@dataclass
class CheckResult:
    """What a check of one assignment found.

    Attributes:
        violations: what must be fixed.
        caught: the reports on wrong engines that were caught, by id.
        named: the test that must catch each of these, by id.
        also: further parts in which each makes its mistake, by id.
        slips: how many slips were made by tool.
        equivalent: slips that no test can notice, with the reason.
        right: how many correct engines got full marks, not counting the solution.
        left_out: files that cannot run here, with the package that is missing.
    """

    violations: list[Violation] = field(default_factory=list)
    caught: dict[str, Report] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slips: int = 0
    equivalent: dict[str, str] = field(default_factory=dict)
    right: int = 0
    left_out: dict[str, str] = field(default_factory=dict)


class SuiteCheck:
    """A check of one assignment's suite: the engines to grade, and what their reports show.

    Args:
        course: the course.
        assignment: the one to check.
        slips: also try every slip that a tool can make in the solution.
        repeats: how often to grade each wrong engine.

    Attributes:
        candidates: the engines to grade; none if something is missing.
        violations: those that are known without grading.
        left_out: see `CheckResult`.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        *,
        slips: bool = True,
        repeats: int = 1,
    ) -> None:
        self.course, self.assignment, self.repeats = course, assignment, repeats
        self.violations = list(lint.violations(course, assignment))
        self.candidates: list[Candidate] = []
        self._wrong: tuple[engines.WrongEngine, ...] = ()
        self._right: list[str] = []
        self._slips: dict[str, tuple[str, Mutant]] = {}
        self._lacking: list[worth.Lacking] = []
        self._hollow: list[str] = []
        self.left_out: dict[str, str] = {}
        try:
            self._solution = {
                file.name: engines.solution_source(course, assignment, file.name)
                for file in assignment.files
            }
            self._wrong = engines.wrong_engines(course, assignment)
            right = engines.right_engines(course, assignment)
            stub = {p.name: t for p, t in build.stubs(course, assignment).items()}
        except (engines.EngineError, build.BuildError, build.StubError) as error:
            self.violations.append(Violation(f"solutions/{assignment.name}", str(error)))
            return
        if not engines.test_names(suite_folder(assignment.name)):
            return
        self.left_out = {f.name: lacking for f in assignment.files if (lacking := f.lacks())}
        self._wrong = tuple(wrong for wrong in self._wrong if wrong.file not in self.left_out)
        self.candidates += [Candidate("stub", stub), Candidate("solution", self._solution)]
        for engine in right:
            if engine.file in self.left_out:
                continue
            self._right.append(f"right/{engine.file}/{engine.name}")
            self.candidates.append(Candidate(self._right[-1], {engine.file: engine.source}))
        for number in range(repeats):
            self.candidates += [
                Candidate(f"{wrong.id} {number}", {wrong.file: wrong.source})
                for wrong in self._wrong
            ]
        self._add_worth()
        if slips:
            self._add_slips()

    def _add_worth(self) -> None:
        """Add files that lack correct parts, and files with nothing correct in them."""
        for name, text in self._solution.items():
            if name in self.left_out:
                continue
            self.candidates.append(Candidate(name, {name: text}))
            wrong = {f"{w.id} 0": w.source for w in self._wrong if w.file == name}
            lacking = [
                *worth.lacking_more_and_more(name, text),
                *worth.lacking_one_each(wrong, name, text),
            ]
            self.candidates += [
                Candidate(each.label, {name: each.text}, shrink=False) for each in lacking
            ]
            self._lacking += lacking
            for answer, source in worth.hollow(text, name).items():
                self._hollow.append(f"{name} where every function returns {answer}")
                self.candidates.append(Candidate(self._hollow[-1], {name: source}, shrink=False))

    def _add_slips(self) -> None:
        for name, text in self._solution.items():
            if name in self.left_out:
                continue
            for number, mutant in enumerate(mutants(text)):
                label = f"slip {name} {number}"
                self._slips[label] = (name, mutant)
                self.candidates.append(
                    Candidate(label, {name: mutant.source}, "until one fails", shrink=False)
                )

    def result(self, reports: Mapping[str, Report]) -> CheckResult:
        """The result of the check.

        Args:
            reports: the reports on the candidates, by label.
        """
        result = CheckResult(self.violations, slips=len(self._slips), left_out=self.left_out)
        if not self.candidates:
            return result
        if reports["solution"].status == "grader_error":
            suite = f"autograder/suites/{self.assignment.name}"
            result.violations.append(Violation(suite, reports["solution"].reason or ""))
            return result
        result.violations += _stub(self.assignment, reports["stub"])
        result.violations += _right(self.assignment, "solution", reports["solution"])
        for label in self._right:
            found = _right(self.assignment, label, reports[label])
            result.violations += found
            result.right += not found
        for engine in self._wrong:
            runs = [reports[f"{engine.id} {number}"] for number in range(self.repeats)]
            found = list(_wrong(self.assignment, engine, runs))
            result.violations += found
            if not found:
                result.caught[engine.id] = runs[0]
                result.named[engine.id], result.also[engine.id] = engine.caught_by, engine.also
        self._judge_worth(reports, result)
        self._judge_slips(reports, result)
        return result

    def _judge_worth(self, reports: Mapping[str, Report], result: CheckResult) -> None:
        where = f"autograder/suites/{self.assignment.name}"
        try:
            parts = rests_on(self.assignment.name)
        except SuiteError:
            return  # reported already
        for engine in self._wrong:
            if engine.id in result.caught:
                place, report = _place(self.assignment, engine), result.caught[engine.id]
                own = worth.own_parts(report, engine.caught_by, engine.also)
                result.violations += worth.costs_elsewhere(place, report, own, parts)
        for each in self._lacking:
            result.violations += worth.earned_without(where, each, reports)
        for label in self._hollow:
            if score := reports[label].score:
                earning = ", ".join(test.name for test in reports[label].tests if test.score)
                result.violations.append(Violation(where, f"{label} earns {score:g}: {earning}"))

    def _judge_slips(self, reports: Mapping[str, Report], result: CheckResult) -> None:
        """Every slip that no test notices is a violation, unless equivalent.toml has a reason."""
        path = suite_folder(self.assignment.name) / "equivalent.toml"
        known = {entry["mutant"]: entry["reason"] for entry in _equivalent(path)}
        for label, (name, mutant) in self._slips.items():
            report = reports[label]
            slip = f"{mutant.before.strip()}  →  {mutant.after.strip()}"
            where = f"solutions/{self.assignment.name}/{name}:{mutant.line}"
            if report.status == "grader_error":
                result.violations.append(Violation(where, f"{slip}: {report.reason}"))
            elif report.full_marks and slip in known:
                result.equivalent[slip] = known[slip]
            elif report.full_marks:
                result.violations.append(Violation(where, f"no test catches  {slip}"))


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
    return [Violation(where, f"{label} is correct but does not get full marks: {reason}")]


def _wrong(
    assignment: Assignment, engine: engines.WrongEngine, runs: Sequence[Report]
) -> Iterator[Violation]:
    where = _place(assignment, engine)
    for report in runs:
        if report.status != "graded":
            yield Violation(where, f"{report.status}: {report.reason}")
            return
        named = next(test for test in report.tests if test.name == engine.caught_by)
        if named.status == "blocked":
            first = next(test.name for test in report.tests if test.status in _LOST)
            yield Violation(where, f"{engine.caught_by} waits for {first}, which already fails")
            return
        if named.status == "not_run" or named.score == named.max_score:
            yield Violation(where, f"{engine.caught_by} does not catch it{_elsewhere(report)}")
            return
    if len({tuple((t.name, t.status, t.score) for t in report.tests) for report in runs}) > 1:
        varying = sorted(
            {
                a.name
                for r in runs
                for a, b in zip(r.tests, runs[0].tests, strict=True)
                if (a.status, a.score) != (b.status, b.score)
            }
        )
        yield Violation(where, f"{', '.join(varying)} change their result from run to run")


def _place(assignment: Assignment, engine: engines.WrongEngine) -> str:
    return f"autograder/suites/{assignment.name}/{engines.TABLE}: {engine.id}"


def _elsewhere(report: Report) -> str:
    lost = [test.name for test in report.tests if test.status in _LOST]
    return f"; it loses points in {', '.join(lost)}" if lost else ""


def _equivalent(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    entries: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["equivalent"]
    return entries
