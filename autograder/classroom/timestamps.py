"""When something was handed in: nbgrader's `timestamp.txt`, and until when it might be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autograder.classroom.entries import Unreadable

if TYPE_CHECKING:
    from autograder.classroom.entries import Entry

FILE = "timestamp.txt"
_MOST = 1000  # bytes of it


@dataclass(frozen=True)
class Due:
    """Until when an assignment may be handed in.

    Attributes:
        moment: by everybody, with an offset; None: for ever.
        extensions: how much longer by some, by learner.
    """

    moment: datetime | None = None
    extensions: Mapping[str, timedelta] = field(default_factory=dict)

    def of(self, learner: str) -> datetime | None:
        """Until when a learner may."""
        if self.moment is None:
            return None
        return self.moment + self.extensions.get(learner, timedelta())


def read(entry: Entry) -> datetime | None:
    """The moment in nbgrader's file; None where it cannot be understood.

    It holds a date, a time and a zone, which nbgrader takes for UTC where it is missing:
    `2027-02-01 22:58:00.000000 UTC`.
    """
    try:
        words = entry.read(_MOST).decode("utf-8", "replace").split()
        moment = datetime.fromisoformat(" ".join(words[:2]))
        if moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=_zone(words[2:]))
    except (Unreadable, ValueError, KeyError, OSError, OverflowError):
        return None


def _zone(words: list[str]) -> tzinfo:
    if not words or words == ["UTC"]:
        return UTC
    return ZoneInfo(words[0])  # raises ZoneInfoNotFoundError, a KeyError
