"""Judges a part on its own: with the learner's parts that it calls or, if they are wrong, ours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.remote.errors import LearnerError
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


@dataclass(frozen=True)
class Ours:
    """Our replacements for the parts that another part rests on.

    Attributes:
        source: Python that defines all of them.
        places: their names in the learner's module; see `Learner.replace`.
    """

    source: str
    places: tuple[str, ...]


def assert_alone(learner: Learner, ours: Ours, judge: Callable[[], None]) -> None:
    """The part is right in the file as it is, or with our replacements for what it rests on.

    If both fail, the finding is the one on the file as it is, which its lines show wherever they
    are pasted.

    Args:
        learner: the test's fixture.
        ours: the replacements.
        judge: asks and compares only this part, not those that it rests on.

    Raises:
        Mismatch, LearnerError: what `judge` raised the first time.
    """
    try:
        judge()
    except (Mismatch, LearnerError):
        with suppress(Mismatch, LearnerError):
            learner.replace(ours.source, *ours.places)
            judge()
            return
        raise
