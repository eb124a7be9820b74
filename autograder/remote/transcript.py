"""What a suite did to the learner's objects, as lines of Python that the learner can paste."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from autograder.worker.protocol import Handle


class _Line(msgspec.Struct, frozen=True):
    text: str
    defines: str | None
    uses: frozenset[str]


class Transcript:
    """What a suite did to the learner's objects in this test, as lines of Python.

    Args:
        reserved: names that none of the objects may get.
    """

    def __init__(self, reserved: frozenset[str]) -> None:
        self.reserved = reserved
        self.lines: list[_Line] = []
        self.names: dict[int, str] = {}
        self.last = ""
        numbered = (f"v{number}" for number in itertools.count(1))
        self._fresh = itertools.chain(string.ascii_lowercase, numbered)

    def define(self, handle: Handle | None, text: str, uses: frozenset[str]) -> str:
        """Note that `text` made the object; return its name. A known object keeps its name.

        Without a handle it is a list or the like, kept here and not in the learner's process.
        """
        number = -1 - len(self.names) if handle is None else handle.number
        known = self.names.get(number)
        if known is not None:
            self.effect(text, uses)
            return known
        name = next(name for name in self._fresh if name not in self.reserved)
        self.names[number] = name
        self.lines.append(_Line(f"{name} = {text}", name, uses))
        return name

    def effect(self, text: str, uses: frozenset[str]) -> None:
        """Note a line that makes no object of ours."""
        self.lines.append(_Line(text, None, uses))

    def reaching(self, text: str) -> tuple[str, ...]:
        """The lines that matter for the names in `text`, in order."""
        needed: set[str] = set()
        seen = set(words(text))
        pending = [name for name in self.names.values() if name in seen]
        below = {line.defines: line.uses for line in self.lines if line.defines}
        while pending:
            name = pending.pop()
            if name not in needed:
                needed.add(name)
                pending.extend(below.get(name, ()))
        kept = set()  # places: two lines may read alike
        for place, line in enumerate(self.lines):
            touched = set(line.uses)
            for name in line.uses:
                touched |= self._closure(name, below)
            if line.defines in needed or (line.defines is None and touched & needed):
                kept.add(place)
        for line in [self.lines[place] for place in kept]:
            for name in line.uses:  # an effect may use names that nothing else needs
                for other in self._closure(name, below) | {name}:
                    kept |= {
                        place
                        for place, entry in enumerate(self.lines)
                        if entry.defines == other or (entry.defines is None and other in entry.uses)
                    }
        return tuple(line.text for place, line in enumerate(self.lines) if place in kept)

    def _closure(self, name: str, below: Mapping[str, frozenset[str]]) -> set[str]:
        found: set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current not in found:
                found.add(current)
                pending.extend(below.get(current, ()))
        return found


def words(text: str) -> list[str]:
    """The names in Python source, without those of attributes."""
    return re.findall(r"(?<![\w.])[A-Za-z_]\w*", text)
