"""What a failed test is worth to the learner: its smallest example, and where it goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from autograder.diagnosis.first_wrong import locate
from autograder.diagnosis.shrink import Budget, shrink
from autograder.expressions.compare import close, in_words, is_number
from autograder.remote.errors import LearnerFault, Tampered

if TYPE_CHECKING:
    from autograder.assertions.case import Finding
    from autograder.remote.learner import Learner
    from autograder.report import Graph

QUESTIONS = 300
"""What the diagnosis of one submission may ask in all; each takes well under a millisecond."""

_REPEATS = 6


def examine(finding: Finding, learner: Learner, budget: Budget) -> tuple[Exception, Graph | None]:
    """The smallest example of a finding, as the exception that a test would raise, and its graph.

    Where the learner's process ends meanwhile, what was found up to then; where it forges an
    answer, that.
    """
    graph = None
    try:
        finding = shrink(finding, learner, budget)
        finding = _said_to_vary(finding, learner, budget)
        if finding.kind == "grad" and budget.spend():
            graph = locate(finding.case, learner)
    except Tampered as fault:
        return fault, None
    except LearnerFault:
        graph = None
    return finding.exception(learner), graph


def _said_to_vary(finding: Finding, learner: Learner, budget: Budget) -> Finding:
    """The finding; a number that depends on the order of a set is shown as varying."""
    if finding.kind != "grad":
        return finding
    numbers = [finding.yours]
    for repeat in range(1, _REPEATS + 1):
        if not budget.spend():
            return finding
        again = finding.case.judge(learner, spread=repeat)
        if again is None:
            numbers.append(finding.expected)
        elif again.look == finding.look:
            numbers.append(again.yours)
    distinct: list[object] = []
    for number in numbers:
        if not any(_alike(number, other) for other in distinct):
            distinct.append(number)
    if len(distinct) == 1:
        return finding
    seen = " or ".join(sorted(in_words(number) for number in distinct))
    return replace(finding, yours=f"{seen}: it varies from run to run")


def _alike(answer: object, other: object) -> bool:
    if isinstance(other, (int, float)) and is_number(other):
        return close(answer, other)
    return in_words(answer) == in_words(other)
