"""What a suite did to the learner's objects, as lines of Python that the learner can paste."""

from __future__ import annotations

import itertools
import re
import string
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from autograder.worker.protocol import Handle


class _Line(msgspec.Struct, frozen=True):
    text: str
    defines: str | None
    uses: frozenset[str]


class Transcript:
    """What a suite did to the learner's objects in this test, as lines of Python.

    Args:
        reserved: names that no object may get.

    Attributes:
        lines: in the order in which they ran.
        names: each object's name, by its handle's number.
        last: the Python of the last question.
    """

    def __init__(self, reserved: frozenset[str]) -> None:
        self.reserved = reserved
        self.lines: list[_Line] = []
        self.names: dict[int, str] = {}
        self.last = ""
        numbered = (f"v{number}" for number in itertools.count(1))
        self._fresh = itertools.chain(string.ascii_lowercase, numbered)

    def define(self, handle: Handle | None, text: str, uses: frozenset[str]) -> str:
        """Record that `text` made an object, and return its name. A known object keeps its name.

        Args:
            handle: the object; None for a list or the like, which is not in the learner's process.
            text: an expression.
            uses: the names in it that the transcript has given.
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
        """Record a line that makes no new object."""
        self.lines.append(_Line(text, None, uses))

    def reaching(self, text: str) -> tuple[str, ...]:
        """The lines that matter for the names in `text`, in order."""
        uses = {line.defines: line.uses for line in self.lines if line.defines}
        needed = _closure(set(words(text)) & set(self.names.values()), uses)
        found: set[str] = set()
        for line in self.lines:  # an effect may use names that nothing else needs
            if line.defines is None and (also := _closure(line.uses, uses)) & needed:
                found |= also
        needed |= found
        return tuple(
            line.text
            for line in self.lines
            if line.defines in needed or (line.defines is None and line.uses & needed)
        )


def _closure(names: Iterable[str], uses: Mapping[str, frozenset[str]]) -> set[str]:
    """The names, and those that they were made of."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(uses.get(name, ()))
    return found


def words(text: str) -> list[str]:
    """The names in Python source, except attributes, in order."""
    return re.findall(r"(?<![\w.])[A-Za-z_]\w*", text)
