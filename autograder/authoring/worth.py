"""What each part is worth: how a suite scores files of which one part is wrong, or missing, or all.

A mistake costs the points of its own part and of those that rest on it (`rests_on` in hints.toml),
and no others. Taking a right part out never raises a score. Where nothing is right, nothing is
earned.
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
    """A file without one or more parts that are right in it.

    Attributes:
        label: tells it from others of its assignment.
        than: the label of the file that has them; this one must not earn more in any test.
        what: what was taken out, in words.
        text: the file.
    """

    label: str
    than: str
    what: str
    text: str


_FILES_OF_A_REGION = 3
"""From how many wrong engines each region is taken out: those of a suite tell much the same."""


def lacking_one_each(wrong: Mapping[str, str], name: str, solution: str) -> Iterator[Lacking]:
    """Wrong engines without one of their regions that are the solution's, each region in its turn.

    Args:
        wrong: their texts by label; one whose markers do not fit is left out.
        name: the file's.
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
    """The solution without its first region, its first two and so on; and from the last one on."""
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
    """Files with nothing right in them, by what each of their functions answers."""
    text = stub(solution, name)
    return {
        answer: _answering(text, answer) for answer in ("None", "0.0", "[]", "its first argument")
    }


def _answering(text: str, answer: str) -> str:
    """The stub with a `return` wherever something is to be written."""
    lines = text.split("\n")
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            first = function.args.args[0].arg if function.args.args else "None"
            for line in filter(_is_placeholder, function.body):
                begin, end = line.lineno - 1, line.end_lineno or line.lineno
                said = first if answer == "its first argument" else answer
                rest = [""] * (end - begin - 1)  # every other line keeps its number
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
    """Tests that give more when a right part is missing."""
    before = {test.name: test.score for test in reports[lacking.than].tests}
    more = [t.name for t in reports[lacking.label].tests if t.score > before.get(t.name, t.score)]
    what = f"{lacking.than}: {', '.join(more)} scores higher without this part: {lacking.what}"
    return [Violation(where, what)] if more else []


def own_parts(report: Report, caught_by: str, also: tuple[str, ...]) -> tuple[str, ...]:
    """The parts in which a mistake is made, first that of the test that must catch it."""
    return next(test.part for test in report.tests if test.name == caught_by), *also


def reach(own: Collection[str], parts: Parts) -> frozenset[str]:
    """The parts in which a mistake in these may cost points."""
    return frozenset(part for part, bases in parts.items() if {part, *bases} & set(own))


def costs_elsewhere(
    where: str, report: Report, own: Collection[str], parts: Parts
) -> list[Violation]:
    """Points that a mistake costs in parts that do not rest on its own."""
    allowed = reach(own, parts)
    elsewhere = [
        f"{test.name} ({test.part})"
        for test in report.tests
        if test.score < test.max_score and test.part not in allowed
    ]
    what = f"also costs points in {', '.join(elsewhere)}, which does not rest on {', '.join(own)}"
    return [Violation(where, what)] if elsewhere else []


def table(name: str, result: CheckResult) -> str:
    """The points that each wrong engine keeps, as text, and the fewest that it may keep.

    Args:
        name: the assignment's.
        result: what `check` found; wrong engines that are not caught are left out.
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
