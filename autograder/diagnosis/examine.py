"""Finds the smallest example for a failed test, and where it goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.assertions.smaller import SmallerFinding
from autograder.diagnosis.as_run import as_run
from autograder.diagnosis.first_wrong import locate
from autograder.diagnosis.shrink import Budget, shrink
from autograder.remote.errors import LearnerError, LearnerFault, Tampered
from autograder.remote.wrong_answer import Mismatch
from autograder.worker.worker import ORDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.remote.learner import Learner
    from autograder.report import Graph

    Again = Callable[[int], tuple[BaseException | None, Learner]]

QUESTIONS = 300
"""The most questions in the diagnosis of a submission; each takes well under a millisecond."""


def examine(
    error: BaseException, again: Again, budget: Budget
) -> tuple[BaseException, Graph | None]:
    """A test's failure with its smallest self-contained example, and that example's graph.

    The test runs again, with a new module made from the learner's file and with sets in a fixed
    order, so that the example is complete and the same each time.

    Args:
        error: what the test raised.
        again: runs the test again.
        budget: the questions that may be asked.

    Returns:
        The failure to report instead, and the graph, if there is one. If the learner's process
        ends meanwhile, it is what was found until then; if it forges an answer, the `Tampered`.
    """
    found, graph = error, None
    try:
        repeated, learner = _repeated(error, again)
        if repeated is None:  # it depends on what earlier tests left behind
            repeated = error
        found = repeated
        finding: Any = getattr(repeated, "finding", None)
        if finding is not None:
            if isinstance(finding, SmallerFinding):
                finding = finding.case.alone(learner) or finding
            finding = shrink(finding, learner, budget)
            found = finding.exception(learner)
            learner = getattr(finding, "learner", None) or learner
            if finding.kind == "grad" and budget.spend():
                graph = locate(finding.case, learner)
        if isinstance(found, (Mismatch, LearnerError)):
            as_run(found, learner, budget)
    except Tampered as fault:
        return fault, None
    except LearnerFault:
        graph = None
    return found, graph


def _repeated(error: BaseException, again: Again) -> tuple[BaseException | None, Learner]:
    """The same failure in the first order of sets that shows it; None if none does."""
    for order in range(len(ORDERS)):
        repeated, learner = again(order)
        if isinstance(repeated, LearnerFault) and not isinstance(repeated, LearnerError):
            raise repeated
        if _same_kind(repeated, error):
            return repeated, learner
    return None, learner


def _same_kind(one: BaseException | None, other: BaseException) -> bool:
    """Whether they lead to the same status in a report."""
    if isinstance(one, LearnerError) and isinstance(other, LearnerError):
        return one.type_name == other.type_name
    return isinstance(one, Mismatch) and isinstance(other, Mismatch)
