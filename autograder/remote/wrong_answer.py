"""The learner's code answered, and the answer is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import msgspec

from autograder.report import curve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.remote.errors import AllLines
    from autograder.report import Counterexample


class Mismatch(AssertionError):
    """A test's finding.

    Attributes:
        message: one or two sentences for the learner.
        counterexample: the lines that show it, with both numbers.
        credit: the share of the test's points that is still earned, from 0 to 1.
        finding: the question and answer behind it, if it was about an expression.
        all_lines: every line of the test before what is looked at, if known.
    """

    def __init__(
        self,
        message: str,
        counterexample: Counterexample | None = None,
        *,
        credit: float = 0.0,
        finding: Any = None,
    ) -> None:
        super().__init__(message)
        self.message, self.counterexample, self.credit = message, counterexample, credit
        self.finding = finding
        self.all_lines: AllLines | None = None

    def with_curve(self, what: str, yours: Iterable[object], expected: Iterable[float]) -> Self:
        """The same finding, with the numbers of the whole run in which it was made.

        Args:
            what: what the numbers are, such as "loss".
            yours: the learner's, one for each step.
            expected: the right ones.
        """
        if self.counterexample is not None:
            self.counterexample = msgspec.structs.replace(
                self.counterexample, curve=curve(what, yours, expected)
            )
        return self

    def __str__(self) -> str:
        if self.counterexample is None:
            return self.message
        lines = "\n".join(f"    {line}" for line in self.counterexample.lines)
        return (
            f"{self.message}\n{lines}\n"
            f"yours {self.counterexample.yours}, expected {self.counterexample.expected}"
        )
