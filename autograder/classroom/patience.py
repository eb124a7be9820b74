"""When a submission takes so much longer than others that it is set aside and judged last.

A grader that waits for an endless loop sleeps; one that asks and judges does not. How long honest
ones sleep at a time is learned from those that are done, so that nothing here knows an assignment.
It is learned apart for each phase: to import a large package takes ten times as long as to load a
file without, and an answer hardly varies. Being set aside costs a submission nothing: it is judged
again from its beginning, with all the time that the course's limits give it.
"""

from __future__ import annotations

import statistics
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Phase = Literal["importing", "loading", "asking"]
"""What a grader waits for: files that name a package, files that name none, or an answer."""

_REMEMBERED = 60
_ENOUGH = 6  # of others, before anything is set aside early
_FIRST_STILL, _FIRST_WHOLE = 0.5, 6.0  # seconds, before anything is known
_LEAST_STILL: Mapping[Phase, float] = {"importing": 0.35, "loading": 0.07, "asking": 0.05}
_LEAST_WHOLE = 1.0
_NAP, _DOZE = 0.002, 0.03  # seconds, and share of time, that count for nothing: a look round
_STILL_FACTOR, _WHOLE_FACTOR = 2.5, 8.0
_LATELY, _TOO_MANY = 20, 7  # so many set aside of the last ones: the machine is slow, not they


class IdleTimer:
    """For how long a process has hardly done anything.

    Args:
        pid: the process.

    Attributes:
        phase: in which its submission is.
        longest: seconds at a time, by phase.
    """

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/schedstat")
        self.restart("loading", 0.0)

    def restart(self, phase: Phase, now: float) -> None:
        """Start over for the next submission."""
        self._busy = 0.0
        self.longest: dict[Phase, float] = {}
        self.turn(phase, now)

    def turn(self, phase: Phase, now: float) -> None:
        """Note that the submission has reached its next phase."""
        self.phase = phase
        self._since = now
        self.longest[phase] = 0.0

    def still(self, now: float) -> float:
        """Seconds since it was last busy; 0 where the system does not tell."""
        try:
            ran, waited, _ = self._path.read_text("ascii").split()
        except (OSError, ValueError):
            return 0.0
        busy = (int(ran) + int(waited)) / 1e9  # on a processor, and waiting for one
        if busy - self._busy > _NAP + _DOZE * (now - self._since):
            self._busy, self._since = busy, now
        still = now - self._since
        self.longest[self.phase] = max(self.longest[self.phase], still)
        return still


class Patience:
    """What is usual, learned from the submissions that are done."""

    def __init__(self) -> None:
        self._still: dict[Phase, deque[float]] = {
            phase: deque(maxlen=_REMEMBERED) for phase in _LEAST_STILL
        }
        self._whole: deque[float] = deque(maxlen=_REMEMBERED)
        self._lately: deque[bool] = deque(maxlen=_LATELY)
        self._stretch = 1.0

    def learn(self, seconds: float, still: Mapping[Phase, float]) -> None:
        """A submission took so long, and its grader slept so long at a time in each phase."""
        self._whole.append(seconds)
        for phase, longest in still.items():
            self._still[phase].append(longest)
        self._lately.append(False)

    def is_over(self, seconds: float, phase: Phase, still: float) -> bool:
        """Whether one that has taken so long is to be set aside."""
        if len(self._whole) < _ENOUGH:
            return still > _FIRST_STILL or seconds > _FIRST_WHOLE
        known = sorted(self._still[phase]) or [0.0]
        most_still = max(_LEAST_STILL[phase], _STILL_FACTOR * known[int(0.9 * len(known))])
        most = max(_LEAST_WHOLE, _WHOLE_FACTOR * statistics.median(self._whole))
        if still <= most_still * self._stretch and seconds <= most * self._stretch:
            return False
        self._lately.append(True)
        if sum(self._lately) > _TOO_MANY:
            self._stretch *= 2
            self._lately.clear()
        return True
