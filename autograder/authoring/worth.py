"""Checks how a suite scores files with a part wrong or missing, and files with nothing correct.

A mistake costs points only in its own part and in those that rest on it (`rests_on` in hints.toml).
Removing a correct part never raises a score. A file with nothing correct earns nothing.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.authoring.lint import Violation
from autograder.authoring.stub import StubError, regions, stub
from autograder.grading.suite import rests_on

if TYPE_CHECKING:
    from autograder.authoring.check import CheckResult
    from autograder.report import Report

Parts = Mapping[str, frozenset[str]]
"""For each part, the parts that it rests on."""


@dataclass(frozen=True)
class Lacking:
    """A file from which one or more correct parts were removed.

    Attributes:
        label: unique in its assignment.
        than: the label of the file that has them; this one must not earn more in any test.
        what: what was removed, in words.
        text: the file's text.
    """

    label: str
    than: str
    what: str
    text: str


_FILES_OF_A_REGION = 3
"""From how many wrong engines each region is removed; more of them would show little more."""


def lacking_one_each(wrong: Mapping[str, str], name: str, solution: str) -> Iterator[Lacking]:
    """Wrong engines without one of the regions that equal the solution's, each region in turn.

    Args:
        wrong: their texts by label; those with wrong markers are left out.
        name: the solution's file.
        solution: its text.
    """
    right = regions(solution, name)
    turns = [number for number in range(len(right)) for _ in range(_FILES_OF_A_REGION)]
    step = max(1, len(wrong) // max(1, len(turns)))
    for turn, label in zip(turns, itertools.islice(wrong, 0, None, step), strict=False):
        try:
            mine = regions(wrong[label], label)
            same = [number for number, region in enumerate(mine) if region in right]
            if same:
                number = same[turn % len(same)]
                text = stub(wrong[label], label, {number})
                yield Lacking(f"{label} without one", label, mine[number].sentence, text)
        except StubError:
            continue


def lacking_more_and_more(name: str, solution: str) -> Iterator[Lacking]:
    """The solution without its first region, its first two and so on; and without its last ones.

    Args:
        name: the solution's file.
        solution: its text.
    """
    all_of_it = regions(solution, name)
    in_order = range(len(all_of_it))
    for way, order in (("first", in_order), ("last", in_order[::-1])):
        than = name
        for number, index in enumerate(order, start=1):
            label = f"{name} without the {way} {number}"
            text = stub(solution, name, order[:number])
            yield Lacking(label, than, all_of_it[index].sentence, text)
            than = label


def hollow(solution: str, name: str) -> dict[str, str]:
    """Files with nothing correct in them, by what each of their functions returns."""
    text = stub(solution, name)
    return {
        answer: _answering(text, answer) for answer in ("None", "0.0", "[]", "its first argument")
    }


def _answering(text: str, answer: str) -> str:
    """The stub with a `return` in each place where learners write."""
    lines = text.split("\n")
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            first = function.args.args[0].arg if function.args.args else "None"
            for line in filter(_is_placeholder, function.body):
                begin, end = line.lineno - 1, line.end_lineno or line.lineno
                said = first if answer == "its first argument" else answer
                rest = [""] * (end - begin - 1)  # the other lines keep their numbers
                lines[begin:end] = [f"{' ' * line.col_offset}return {said}", *rest]
    return "\n".join(lines)


def _is_placeholder(line: ast.stmt) -> bool:
    return (
        isinstance(line, ast.Raise)
        and isinstance(line.exc, ast.Call)
        and isinstance(line.exc.func, ast.Name)
        and line.exc.func.id == "NotImplementedError"
    )


def earned_without(where: str, lacking: Lacking, reports: Mapping[str, Report]) -> list[Violation]:
    """A violation if some tests score higher when a correct part is missing.

    Args:
        where: the suite.
        lacking: the file without it.
        reports: those on it and on the file that has the part, by label.
    """
    before = {test.name: test.score for test in reports[lacking.than].tests}
    more = [t.name for t in reports[lacking.label].tests if t.score > before.get(t.name, t.score)]
    what = f"{lacking.than}: {', '.join(more)} scores higher without this part: {lacking.what}"
    return [Violation(where, what)] if more else []


def own_parts(report: Report, caught_by: str, also: tuple[str, ...]) -> tuple[str, ...]:
    """The parts in which a mistake is made; the first is that of the test that must catch it."""
    return next(test.part for test in report.tests if test.name == caught_by), *also


def reach(own: Collection[str], parts: Parts) -> frozenset[str]:
    """The parts in which a mistake in these parts may cost points.

    Args:
        own: the parts in which the mistake is made.
        parts: what each part rests on.
    """
    return frozenset(part for part, bases in parts.items() if {part, *bases} & set(own))


def costs_elsewhere(
    where: str, report: Report, own: Collection[str], parts: Parts
) -> list[Violation]:
    """A violation if a mistake costs points in parts that do not rest on its own.

    Args:
        where: the mistake's entry.
        report: on the file that makes it.
        own: the parts in which it is made.
        parts: what each part rests on.
    """
    allowed = reach(own, parts)
    elsewhere = [
        f"{test.name} ({test.part})"
        for test in report.tests
        if test.score < test.max_score and test.part not in allowed
    ]
    what = f"also costs points in {', '.join(elsewhere)}, which does not rest on {', '.join(own)}"
    return [Violation(where, what)] if elsewhere else []


def table(name: str, result: CheckResult) -> str:
    """The points that each wrong engine keeps, and the fewest that it may keep, as text.

    Args:
        name: the assignment's name.
        result: what the check found; wrong engines that are not caught are left out.

    Raises:
        SuiteError: `rests_on` is invalid.
    """
    caught, parts = result.caught, rests_on(name)
    lines = []
    for id_, report in caught.items():
        own = own_parts(report, result.named[id_], result.also.get(id_, ()))
        lost: dict[str, float] = {}
        for test in report.tests:
            if test.score < test.max_score:
                lost[test.part] = lost.get(test.part, 0) + test.max_score - test.score
        allowed = reach(own, parts)
        least = sum(test.max_score for test in report.tests if test.part not in allowed)
        where = ", ".join(f"{part} {points:g}" for part, points in lost.items())
        lines.append(f"{report.score:>6g} {least:>6g}  {id_:<28} {own[0]:<14} {where}")
    full = next(iter(caught.values())).max_score
    head = f"{'kept':>6} {'least':>6}  {'mistake':<28} {'its part':<14} lost"
    return "\n".join([f"{name}: {full:g} points", head, *lines, ""])
