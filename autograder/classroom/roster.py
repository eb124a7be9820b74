"""Who belongs to a class: a list of people, and which of them is meant by a learner's name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from autograder.classroom.layouts import CANVAS

if TYPE_CHECKING:
    from pathlib import Path

_NAME = ("student", "name", "full name", "student name")
_FIRST = ("first name", "given name", "first")
_LAST = ("last name", "surname", "family name", "last")
_KEYS = (
    *("sis login id", "login", "login id", "username", "user name", "user", "github username"),
    *("id", "student id", "sid", "sis user id", "id number", "email", "email address"),
)
"""Columns that tell who somebody is, the best known first: as nbgrader, Canvas, Moodle, Gradescope
and Blackboard call them, in small letters and with spaces."""
_ADVICE = (
    "Its first line must name the columns: one that identifies people, such as id, "
    "login or email, and name, or first_name and last_name. A gradebook exported from "
    "Canvas works, and so does a list for nbgrader db student import."
)


class RosterError(Exception):
    """It cannot be used as a roster; the message says why and what to do."""


class Person(msgspec.Struct, frozen=True):
    """Somebody in a class.

    Attributes:
        keys: what systems know them by, the best known first; at least one.
        name: as people say it; empty where it is not known.
    """

    keys: tuple[str, ...]
    name: str = ""


def read(path: Path) -> list[Person]:
    """The people in a CSV file.

    Raises:
        RosterError: there is nobody in it, or its columns are none that we know.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} can't be read: {error}.") from None
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        people = [someone for line in lines if (someone := person(line)) is not None]
    except csv.Error as error:
        raise RosterError(f"{path} is not a table: {error}.") from None
    if not people:
        raise RosterError(f"{path} lists no people. {_ADVICE}")
    return people


def _column(name: str) -> str:
    return " ".join(name.replace("_", " ").lower().split())


def person(line: Mapping[str, str]) -> Person | None:
    """The person on a line, by its columns; None where there is none, as on Canvas's of points."""
    table = {_column(name or ""): value for name, value in line.items()}

    def first(names: Iterable[str]) -> str:
        values = (value for name in names if isinstance(value := table.get(name), str))
        return next((value.strip() for value in values if value.strip()), "")

    keys = [value for name in _KEYS if (value := first((name,)))]
    given, family = first(_FIRST), first(_LAST)
    name = f"{family}, {given}" if family and given else family or given or first(_NAME)
    if not keys and (name.casefold() == "points possible" or not first(_NAME)):
        return None
    return Person(tuple(dict.fromkeys(keys or [name])), name)


class Roster:
    """Finds people by what learners are called.

    Args:
        people: the class.
        layout: how what was handed in is named; a number in a name means the same person only
            within one system.
    """

    def __init__(self, people: Iterable[Person], layout: str) -> None:
        self.people = tuple(people)
        self._layout = layout
        self._by_key: dict[str, Person] = {}
        by_name: dict[str, Person | None] = {}
        for each in self.people:
            for key in each.keys:
                self._by_key.setdefault(key.casefold(), each)
            for name in filter(None, (each.name, *each.keys)):
                known = by_name.setdefault(_words(name), each)
                if known is not each:
                    by_name[_words(name)] = None  # two of one name: neither is known by it
        self._by_name = by_name

    def find(self, learner: str) -> Person | None:
        """Who a learner is; None where the roster does not say."""
        found = self._by_key.get(learner.casefold()) or self._by_name.get(_words(learner))
        front, _, back = learner.rpartition("_")
        if found is not None or not front or not self._layout:
            return found
        if self._layout == CANVAS:
            return self._by_key.get(back)
        return self._by_name.get(_words(front))

    def missing(self, learners: Iterable[str]) -> list[Person]:
        """Those whom none of the learners is."""
        found = {self.find(learner) for learner in learners}
        return [each for each in self.people if each not in found]


def _words(name: str) -> str:
    """A name whichever of its parts stands first: `Lee, Ann` is `Ann Lee`."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))
