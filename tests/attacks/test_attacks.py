"""Hostile submissions gain nothing, read nothing, break nothing: each runs through all of `grade`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import jsonschema
import pytest

from autograder import course as courses
from autograder.feedback import terminal
from autograder.feedback.html import page
from autograder.report import SCHEMA
from tests import needs
from tests.needs import ORDINARY

from .canaries import access_times_work
from .corpus import BASES, Attack, corpus
from .house import LIMITS, MEMORY_MB, House, house
from .raid import Result, raid

CODE, HANDED_IN = corpus("code"), corpus("handed_in")
ATTACKS = [*CODE, *HANDED_IN]
USERS = {"root": None, "ordinary": ORDINARY} if needs.IS_ROOT else {"ordinary": None}
EACH_USER = [
    pytest.param("root", marks=pytest.mark.requires("root")),
    pytest.param("ordinary", marks=pytest.mark.requires("ordinary users")),
]
MEGABYTE = 1024 * 1024


class Street:
    """The houses, one for each user, built when a test first asks for one."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._houses: dict[str, House] = {}
        self._bases: dict[tuple[str, str], Result] = {}

    def house(self, user: str) -> House:
        """The house in which that user grades."""
        if user not in self._houses:
            self._houses[user] = self._stack.enter_context(house(USERS[user]))
        return self._houses[user]

    def base(self, user: str, base: str) -> Result:
        """What the base comes to without an attack."""
        if (user, base) not in self._bases:
            self._bases[user, base] = raid(self.house(user), None, base, BASES[base])
        return self._bases[user, base]

    def run(self, user: str, attack: Attack) -> Result:
        """Run an attack, as often in a row as it says; the last result."""
        for _ in range(int(attack.facts.get("Runs", 1))):
            home, handed_in = self.house(user), attack in HANDED_IN
            result = raid(home, attack, attack.base, attack.assignment, handed_in=handed_in)
        return result


@pytest.fixture(scope="session")
def street() -> Iterator[Street]:
    """The houses."""
    with ExitStack() as stack:
        yield Street(stack)


@pytest.mark.long
@pytest.mark.requires("sandbox")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.path.stem)
@pytest.mark.parametrize("user", EACH_USER)
def test_attack(street: Street, user: str, attack: Attack) -> None:
    """No point gained, nothing read or written, nobody called, back in time, nothing left."""
    base, result = street.base(user, attack.base), street.run(user, attack)

    # the verdict
    assert result.code in (1, 2), result.err
    report = result.report
    assert report.exit_code == result.code
    assert report.score <= base.report.score
    assert set(attack.facts["Ends"].split(", ")) <= result.statuses
    assert bool(report.notes) == ("tampered" in result.statuses or "Forged" in attack.facts)
    if report.status == "graded":
        assert report.sandbox == "bubblewrap"

    # what the instructor gets
    jsonschema.validate(json.loads(result.out), _schema())
    assert len(result.out) < MEGABYTE
    _assert_harmless(street.house(user), attack, result)

    # what it took and left
    taken = [name for name, text in street.house(user).secrets.items() if text in result.out]
    assert taken == []
    assert "BREACH" not in result.out, re.findall(r"BREACH[^\\]*", result.out)
    assert result.touched == []
    assert result.left == []
    total = LIMITS[attack.patience][-1]
    assert result.seconds < total + 2 + base.seconds  # it starts as slowly as without an attack
    assert result.most["grader"] < base.most["grader"] + 150 * MEGABYTE
    assert result.most["all"] < base.most["all"] + (MEMORY_MB + 300) * MEGABYTE


@cache
def _schema() -> Any:
    return json.loads(SCHEMA.read_text("utf-8"))


def _assert_harmless(house: House, attack: Attack, result: Result) -> None:
    """The report can be shown: no terminal code and no markup of the learner's comes through."""
    course = courses.load(house.pattern / "course")
    assignment = course.assignment(attack.assignment)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.render(result.report, assignment, verbose=True))
    assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []
    html = page(result.report, assignment)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.requires("sandbox")
@pytest.mark.parametrize("user", EACH_USER)
def test_what_attacks_stand_on_earns_something_and_not_all(street: Street, user: str) -> None:
    """An attack that gained a point, or lost one, would show."""
    for base in BASES:
        result = street.base(user, base)
        report = result.report
        assert report.sandbox == "bubblewrap", report.reason
        assert result.touched == result.left == []
        assert report.status == "graded", (base, report.reason)
        assert 0.25 <= report.score / report.max_score <= 0.75, base


@pytest.mark.requires("sandbox")
@pytest.mark.parametrize("user", EACH_USER)
def test_the_canaries_notice_who_reads_them(street: Street, user: str) -> None:
    """Else "nothing was read" would mean nothing."""
    assert access_times_work(street.house(user).root)


def test_the_corpus_is_large_and_each_attack_has_its_own_aim() -> None:
    """The first line of each file says what it wants."""
    aims = [attack.aim for attack in ATTACKS]

    assert len(aims) >= 50
    assert len(set(aims)) == len(aims)
    assert len({attack.path.stem for attack in ATTACKS}) == len(ATTACKS)
    assert all("Ends" in attack.facts for attack in ATTACKS)
