"""Recognises known mistakes in one file of a submission, each at the test that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from typing import TYPE_CHECKING

from autograder.diagnosis.code import Code
from autograder.diagnosis.evidence import ABSENT, form_of_message, take
from autograder.diagnosis.match import exceptions, match, raises, shown_by, symptoms
from autograder.remote.errors import CallTimeout, LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.diagnosis.fingerprint import Plan
    from autograder.diagnosis.match import Mistake, Table
    from autograder.grading.pytest_plugin import Outcome
    from autograder.remote.session import Session


class Naming:
    """Asks the probes, and finds a test for each mistake that they show.

    Args:
        known: the suite's fingerprints.
        plan: its probes for this file.
        session: the learner's file.
        outcomes: how the tests ended, by name.
    """

    def __init__(
        self, known: Table, plan: Plan, session: Session, outcomes: Mapping[str, Outcome]
    ) -> None:
        self.known, self.plan, self.session, self.outcomes = known, plan, session, outcomes
        self.code = Code(block.text for block in session.source.blocks)

    def names(self, lost: AbstractSet[str]) -> dict[str, Mistake]:
        """The mistakes, by the test to report them at.

        Args:
            lost: the tests of this file that failed, raised or did not end.
        """
        places: dict[str, str | None] = {}

        def holds(mistake: Mistake) -> bool:
            places[mistake.id] = self._place(mistake, lost)
            return places[mistake.id] is not None

        found: dict[str, Mistake] = {}
        named = match(
            self.answers, self.known, self.plan.parts, holds=holds, alone=cache(self._alone)
        )
        for mistake in sorted(named, key=lambda each: each.caught_by not in lost):
            place = self._place(mistake, lost - found.keys())
            if place is not None:
                found[place] = mistake
        return found or self._endless(lost)

    def _endless(self, lost: AbstractSet[str]) -> dict[str, Mistake]:
        """If every answer is right: mistakes that only show in a test that does not end."""
        if symptoms(self.answers, self.known.right):
            return {}
        without = [m for m in self.known.mistakes if not m.symptoms]
        return {m.caught_by: m for m in without if self._place(m, lost) == m.caught_by}

    @cached_property
    def answers(self) -> dict[str, str]:
        """The learner's answers to the probes; they stop at one that does not end."""
        found: dict[str, str] = {}
        try:
            self.session.begin_test()
            for probes in self.plan.probes.values():
                try:
                    found |= take(Learner(self.session), probes, self.known.asked)
                except CallTimeout:
                    break
                except LearnerFault:
                    self.session.begin_test()
        except LearnerFault:
            pass
        known = self.known.right  # it lacks the answers to probes that are newer
        return {name: answer for name, answer in found.items() if name in known}

    def _alone(self, part: str, base: str) -> bool:
        """Whether a part of the learner's certainly does not use another one."""
        probe = self.plan.one_node.get(part)
        if probe is None:
            # an operator can be used without its name
            return not self.plan.one_node and not self.code.mentions(part, base)
        try:
            return probe(Learner(self.session)) is True
        except (LearnerFault, Mismatch, AttributeError, TypeError, ValueError):
            return False

    def _place(self, mistake: Mistake, lost: AbstractSet[str]) -> str | None:
        """The lost test that shows a mistake; None if none does, or its text would be wrong.

        It is the test that must catch it or, if that did not run to its end, another one of the
        same part.
        """
        own = mistake.caught_by
        candidates = [own] if own in lost else []
        if not candidates and self.outcomes[own].status != "passed":
            homes = self.plan.parts.home(mistake)
            tests = shown_by(self.known, self.plan.parts)
            near = {test for part in homes for test in tests.get(part, ())}
            candidates = [name for name in self.outcomes if name in lost & near]
        return next((name for name in candidates if self._agrees(mistake, name)), None)

    def _agrees(self, mistake: Mistake, test: str) -> bool:
        """Whether the mistake and its text agree with how the test ended."""
        outcome = self.outcomes[test]
        signs = mistake.symptoms.values()
        raised, absent = set(exceptions(mistake)), any(s.startswith(ABSENT) for s in signs)
        if outcome.status == "error":
            kind, _, said = outcome.message.split("\n")[0].partition(": ")
            if kind not in raised and not absent:
                return False
            if kind == "AttributeError" and kind in raised:
                form = f"{kind}: {form_of_message(said)}"
                if not any(sign.startswith(form) for sign in signs):
                    return False
        elif signs and all(raises(sign) for sign in signs):
            return False  # this test fails for another reason
        timeout = outcome.status == "timeout"
        return all(c.holds(self.code, outcome.output, timeout=timeout) for c in mistake.claims)
