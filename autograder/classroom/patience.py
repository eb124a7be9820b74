"""When a submission takes so much longer than others that it is set aside and judged last.

A grader that waits for an endless loop sleeps; one that asks and judges does not. How long honest
ones sleep at a time is learned from those that are done, so that nothing here knows an assignment.
Being set aside costs a submission nothing: it is judged again from its beginning, with all the time
that the course's limits give it.
"""

from __future__ import annotations

import statistics
from collections import deque
from pathlib import Path

_REMEMBERED = 60
_ENOUGH = 6  # of others, before anything is set aside early
_FIRST_STILL, _FIRST_WHOLE = 1.0, 6.0  # seconds, before anything is known
_LEAST_STILL, _LEAST_WHOLE = 0.07, 1.0
_NAP, _DOZE = 0.002, 0.03  # seconds, and share of time, that count for nothing: a look round
_STILL_FACTOR, _WHOLE_FACTOR = 2.5, 8.0
_LATELY, _TOO_MANY = 20, 7  # so many set aside of the last ones: the machine is slow, not they


class Watch:
    """For how long a process has hardly done anything.

    Args:
        pid: the process.
    """

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/schedstat")
        self.restart(0.0)

    def restart(self, now: float) -> None:
        """Another submission is its turn."""
        self._busy, self._since, self.longest = 0.0, now, 0.0

    def still(self, now: float) -> float:
        """Seconds since it was last busy; 0 where the system does not tell."""
        try:
            ran, waited, _ = self._path.read_text("ascii").split()
        except (OSError, ValueError):
            return 0.0
        busy = (int(ran) + int(waited)) / 1e9  # on a processor, and waiting for one
        if busy - self._busy > _NAP + _DOZE * (now - self._since):
            self._busy, self._since = busy, now
        self.longest = max(self.longest, now - self._since)
        return now - self._since


class Patience:
    """What is usual, learned from the submissions that are done."""

    def __init__(self) -> None:
        self._still: deque[float] = deque(maxlen=_REMEMBERED)
        self._whole: deque[float] = deque(maxlen=_REMEMBERED)
        self._lately: deque[bool] = deque(maxlen=_LATELY)
        self._stretch = 1.0

    def learn(self, seconds: float, still: float) -> None:
        """A submission took so long, and slept so long at a time."""
        self._whole.append(seconds)
        self._still.append(still)
        self._lately.append(False)

    def is_over(self, seconds: float, still: float) -> bool:
        """Whether one that has taken so long is to be set aside."""
        if len(self._whole) < _ENOUGH:
            return still > _FIRST_STILL or seconds > _FIRST_WHOLE
        usual = sorted(self._still)[int(0.9 * len(self._still))]
        most_still = max(_LEAST_STILL, _STILL_FACTOR * usual) * self._stretch
        most = max(_LEAST_WHOLE, _WHOLE_FACTOR * statistics.median(self._whole)) * self._stretch
        if still <= most_still and seconds <= most:
            return False
        self._lately.append(True)
        if sum(self._lately) > _TOO_MANY:
            self._stretch *= 2
            self._lately.clear()
        return True
