"""When a submission takes so much longer than others that it is set aside and judged last.

A grader that waits for an endless loop sleeps; one that asks and judges does not. How long honest
ones sleep at a time is learned from those that are done, so that nothing here knows an assignment.
To load takes some of them ten times as long as others, as they import a large package; an answer
hardly varies. Being set aside costs a submission nothing: it is judged again from its beginning,
with all the time that the course's limits give it.
"""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass
from pathlib import Path

_REMEMBERED = 60
_ENOUGH = 6  # of others, before anything is set aside early
_FIRST_STILL, _FIRST_WHOLE = 0.5, 6.0  # seconds, before anything is known
_LEAST_LOADING, _LEAST_ASKING, _LEAST_WHOLE = 0.35, 0.04, 1.0
_NAP, _DOZE = 0.002, 0.03  # seconds, and share of time, that count for nothing: a look round
_STILL_FACTOR, _WHOLE_FACTOR = 2.5, 8.0
_LATELY, _TOO_MANY = 20, 7  # so many set aside of the last ones: the machine is slow, not they


@dataclass
class Rest:
    """Seconds that a grader hardly did anything at a time: while files ran, and from then on."""

    loading: float = 0.0
    asking: float = 0.0


class Watch:
    """For how long a process has hardly done anything.

    Args:
        pid: the process.
    """

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/schedstat")
        self.restart(0.0)

    def restart(self, now: float) -> None:
        """Another submission is its turn, and loads."""
        self.longest = Rest()
        self._is_loading = True
        self._busy, self._since = 0.0, now

    def turn(self, now: float) -> None:
        """The submission has loaded."""
        self._is_loading = False
        self._since = now

    def still(self, now: float) -> Rest:
        """Seconds since it was last busy; 0 where the system does not tell."""
        try:
            ran, waited, _ = self._path.read_text("ascii").split()
        except (OSError, ValueError):
            return Rest()
        busy = (int(ran) + int(waited)) / 1e9  # on a processor, and waiting for one
        if busy - self._busy > _NAP + _DOZE * (now - self._since):
            self._busy, self._since = busy, now
        still = now - self._since
        if self._is_loading:
            self.longest.loading = max(self.longest.loading, still)
            return Rest(loading=still)
        self.longest.asking = max(self.longest.asking, still)
        return Rest(asking=still)


class Patience:
    """What is usual, learned from the submissions that are done."""

    def __init__(self) -> None:
        self._rests: deque[Rest] = deque(maxlen=_REMEMBERED)
        self._whole: deque[float] = deque(maxlen=_REMEMBERED)
        self._lately: deque[bool] = deque(maxlen=_LATELY)
        self._stretch = 1.0

    def learn(self, seconds: float, rest: Rest) -> None:
        """A submission took so long, and its grader slept so long at a time."""
        self._whole.append(seconds)
        self._rests.append(rest)
        self._lately.append(False)

    def is_over(self, seconds: float, still: Rest) -> bool:
        """Whether one that has taken so long is to be set aside."""
        if len(self._whole) < _ENOUGH:
            return max(still.loading, still.asking) > _FIRST_STILL or seconds > _FIRST_WHOLE
        if (
            still.loading <= self._most(_LEAST_LOADING, [rest.loading for rest in self._rests])
            and still.asking <= self._most(_LEAST_ASKING, [rest.asking for rest in self._rests])
            and seconds
            <= max(_LEAST_WHOLE, _WHOLE_FACTOR * statistics.median(self._whole)) * self._stretch
        ):
            return False
        self._lately.append(True)
        if sum(self._lately) > _TOO_MANY:
            self._stretch *= 2
            self._lately.clear()
        return True

    def _most(self, least: float, known: list[float]) -> float:
        usual = sorted(known)[int(0.9 * len(known))]
        return max(least, _STILL_FACTOR * usual) * self._stretch
