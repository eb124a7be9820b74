"""Errors that a question to the learner's code may end in instead of an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class LearnerFault(Exception):
    """Something that the learner's code did; never a fault of ours."""


AllLines = Callable[[str], tuple[str, ...]]
"""Takes the expression that is looked at; returns the lines that lead there, imports first."""


class LearnerError(LearnerFault):
    """The learner's code raised. All its exceptions arrive as this one class.

    Attributes:
        type_name: the exception's class there, such as `TypeError`.
        message: its text.
        lines: the places in the learner's own file, outermost first: (file or cell, line number
            from 1, text).
        example: Python lines that lead there.
        look: the Python of the last question.
        finding: the question and answer behind it, if it was about an expression.
        all_lines: every line of the test before `look`, if known.
        column: of a syntax error, counted from 1 in the text of the last of `lines`, else None.
    """

    def __init__(
        self,
        type_name: str,
        message: str,
        lines: tuple[tuple[str, int, str], ...] = (),
        example: tuple[str, ...] = (),
        look: str | None = None,
        *,
        finding: Any = None,
        column: int | None = None,
    ) -> None:
        super().__init__(f"{type_name}: {message}" if message else type_name)
        self.type_name, self.message, self.lines = type_name, message, lines
        self.example, self.look, self.finding = example, look, finding
        self.column = column
        self.all_lines: AllLines | None = None


class CallTimeout(LearnerFault):
    """The learner's code did not answer within its time."""


class WorkerEnded(LearnerFault):
    """The learner's process ended before it answered."""


class Tampered(LearnerFault):
    """The process sent an answer that no honest worker sends."""


class SandboxFailed(Exception):
    """The worker could not be started in this sandbox; the text is what the system said."""
