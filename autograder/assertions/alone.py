"""A part judged by itself: what it calls may be the learner's or, where that does not do, ours."""

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
        source: Python that defines each of them.
        places: their names in the learner's module, see `Learner.replace`.
    """

    source: str
    places: tuple[str, ...]


def assert_alone(learner: Learner, ours: Ours, judge: Callable[[], None]) -> None:
    """The part is right as the file stands, or with ours in the place of what it rests on.

    Where both go wrong, the finding is the one on the file as it stands: that is what its lines
    show wherever they are pasted.

    Args:
        learner: the test's fixture.
        ours: what the part rests on.
        judge: asks and compares; the part alone is asked, never what it rests on.

    Raises:
        Mismatch, LearnerError: what `judge` raised at first.
    """
    try:
        judge()
    except (Mismatch, LearnerError):
        with suppress(Mismatch, LearnerError):
            learner.replace(ours.source, *ours.places)
            judge()
            return
        raise
