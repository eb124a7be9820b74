"""How fast the kit is, as ratios measured side by side in one run: `python -m benchmarks`."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Row:
    """A measurement of ours and of what it is compared with.

    Attributes:
        name: what is compared with what.
        ours: the seconds of each run.
        theirs: the seconds of each run, in turns with ours.
        budget: the highest ratio of medians allowed.
    """

    name: str
    ours: Sequence[float]
    theirs: Sequence[float]
    budget: float

    @property
    def ratio(self) -> float:
        """Our median over theirs."""
        return median(self.ours) / median(self.theirs)

    def __str__(self) -> str:
        verdict = "met" if self.ratio <= self.budget else "OVER"
        times = f"{1000 * median(self.ours):8.1f} {1000 * median(self.theirs):8.1f}"
        return f"{self.name:<58} {times}  {self.ratio:5.2f}  <= {self.budget:<5.3g} {verdict}"


HEAD = f"{'medians in ms':<58} {'ours':>8} {'theirs':>8}  ratio  budget"
