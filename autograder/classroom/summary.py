"""What a class's reports say together. Only numbers and short texts are kept of each."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from autograder.feedback import wording
from autograder.report import Counterexample

if TYPE_CHECKING:
    from autograder.classroom.results import Result
    from autograder.feedback.wording import State
    from autograder.report import Report

NOT_JUDGED = "not graded yet"
MISSING = "handed in nothing"


@dataclass(frozen=True)
class LearnerRow:
    """One learner.

    Attributes:
        learner: who.
        stem: their report's file name without the suffix.
        status: "graded", "ungradable", "grader_error", `NOT_JUDGED` or `MISSING`.
        score: points.
        max_score: of so many.
        stuck_at: the first part that is not done.
        reason: why there is no verdict.
        mistakes: the ids of the known mistakes.
        forged: tests in which their process gave a forged answer, or what it did at the import.
        late: what they handed in came late.
        name: what people call them, where the roster says it.
        place: what was found of theirs.
        moment: when it came, in ISO's form; None where nothing tells.
    """

    learner: str
    stem: str
    status: str
    score: float = 0
    max_score: float = 0
    stuck_at: str | None = None
    reason: str | None = None
    mistakes: tuple[str, ...] = ()
    forged: tuple[str, ...] = ()
    late: bool = False
    name: str = ""
    place: str = ""
    moment: str | None = None

    @property
    def share(self) -> float:
        """The share of the points that was earned, from 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0


@dataclass
class TestTally:
    """One test over the class."""

    title: str
    part: str
    max_score: float
    states: Counter[State] = field(default_factory=Counter)
    points: float = 0.0

    __test__ = False  # pytest: this is no test class

    @property
    def mean(self) -> float:
        """Points, over those whose submission could be judged."""
        judged = sum(self.states.values())
        return self.points / judged if judged else 0.0


@dataclass
class MistakeTally:
    """One known mistake over the class, with the first example met of it."""

    text: str
    learners: list[str] = field(default_factory=list)
    example: Counterexample | None = None


@dataclass
class Summary:
    """The class.

    Attributes:
        learners: in order of the learners' names.
        tests: by name, in the order in which they are judged.
        mistakes: by id.
        stuck: learners by the part that they are stuck at, in course order.
    """

    learners: list[LearnerRow] = field(default_factory=list)
    tests: dict[str, TestTally] = field(default_factory=dict)
    mistakes: dict[str, MistakeTally] = field(default_factory=dict)
    stuck: dict[str, list[str]] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Add one learner."""
        learner, report = result.learner, result.report
        row = LearnerRow(
            learner,
            result.stem,
            result.status,
            late=result.late,
            name=result.name,
            place=result.place,
            moment=result.moment,
        )
        if report is None or report.status != "graded":
            reason, forged = (None, ()) if report is None else (report.reason, report.notes)
            self.learners.append(replace(row, reason=reason, forged=forged))
            return
        stuck_at = None
        for part in wording.parts(report):
            waiting = self.stuck.setdefault(part.title, [])
            if stuck_at is None and part.state not in ("passed", "not run"):
                stuck_at = part.title
                waiting.append(learner)
            for test in part.tests:
                total = self.tests.get(test.name)
                if total is None:
                    total = TestTally(test.title, part.title, test.max_score)
                    self.tests[test.name] = total
                total.states[wording.state(test)] += 1
                total.points += test.score
                total.max_score = max(total.max_score, test.max_score)
        self.learners.append(
            replace(
                row,
                score=report.score,
                max_score=report.max_score,
                stuck_at=stuck_at,
                mistakes=tuple(self._mistakes(learner, report)),
                forged=tuple(t.title for t in report.tests if t.status == "tampered"),
            )
        )

    def _mistakes(self, learner: str, report: Report) -> list[str]:
        found = []
        for test in report.tests:
            known = test.misconception
            if known is None or known.id in found:
                continue
            found.append(known.id)
            mistake = self.mistakes.setdefault(known.id, MistakeTally(known.text))
            mistake.learners.append(learner)
            example = test.counterexample
            if mistake.example is None and example is not None and _is_anonymous(example):
                mistake.example = example
        return found

    @property
    def graded(self) -> list[LearnerRow]:
        """Those with a verdict."""
        return [row for row in self.learners if row.status == "graded"]

    @property
    def without_verdict(self) -> int:
        """How many handed in something that has none."""
        return sum(row.status not in ("graded", MISSING) for row in self.learners)

    @property
    def max_score(self) -> float:
        """The most points that anyone could have."""
        return max((row.max_score for row in self.graded), default=0)

    @property
    def full(self) -> int:
        """The number of learners with full marks."""
        return sum(s.score == s.max_score > 0 for s in self.graded)

    @property
    def mean(self) -> float | None:
        """Points, over those with a verdict."""
        scores = [row.score for row in self.graded]
        return statistics.fmean(scores) if scores else None

    @property
    def median(self) -> float | None:
        """Points, over those with a verdict."""
        scores = [row.score for row in self.graded]
        return statistics.median(scores) if scores else None


def _is_anonymous(example: Counterexample) -> bool:
    """Whether it holds what the suite wrote, and numbers: a learner's text may be their name."""
    answers = (example.yours, example.expected)
    return all(isinstance(value, (bool, int, float)) for value in answers)
