"""Hostile submissions gain nothing, read nothing, break nothing: each runs through all of `grade`."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from typing import Any

import jsonschema
import pytest

from autograder import course as courses
from autograder.feedback import terminal
from autograder.feedback.html import page
from autograder.learner import sandbox
from autograder.report import SCHEMA

from .house import (
    MEMORY_MB,
    ORDINARY,
    TOTAL,
    Attack,
    House,
    Result,
    access_times_work,
    corpus,
    house,
)

CODE, HANDED_IN = corpus("code"), corpus("handed_in")
ATTACKS = [*CODE, *HANDED_IN]
BASES = (("closures", "assignment3"), ("operators", "assignment2"), ("solution", "assignment3"))
USERS = {"root": None, "ordinary": ORDINARY} if os.geteuid() == 0 else {"ordinary": None}
MEGABYTE = 1024 * 1024


class Street:
    """The houses, one for each user, and the runs in them, which go on while tests ask for them."""

    def __init__(self, stack: ExitStack, wanted: list[tuple[str, Attack]]) -> None:
        self._pool = stack.enter_context(ThreadPoolExecutor(os.cpu_count() or 2))
        stack.callback(self._pool.shutdown, wait=True, cancel_futures=True)
        self.houses: dict[str, House] = {}
        self._bases: dict[tuple[str, str], Result] = {}
        for name in dict.fromkeys(name for name, _ in wanted):
            self.houses[name] = built = stack.enter_context(house(USERS[name]))
            for base, assignment in BASES:
                self._bases[name, base] = built.run(None, base, assignment)
        self._runs: dict[tuple[str, str], Future[Result]] = {
            (name, attack.path.stem): self._pool.submit(self.again, name, attack)
            for name, attack in wanted
        }

    def base(self, name: str, base: str) -> Result:
        """What the base comes to without an attack."""
        return self._bases[name, base]

    def fresh_base(self, name: str, attack: Attack) -> Result:
        """The same, run again now."""
        return self.houses[name].run(None, attack.base, attack.assignment)

    def run(self, name: str, attack: Attack) -> Result:
        """What came of an attack."""
        return self._runs[name, attack.path.stem].result()

    def again(self, name: str, attack: Attack) -> Result:
        """Run an attack, as often in a row as it says; the last result."""
        for _ in range(int(attack.facts.get("Runs", 1))):
            result = self.houses[name].run(
                attack, attack.base, attack.assignment, handed_in=attack in HANDED_IN
            )
        return result


@pytest.fixture(scope="session")
def street(request: pytest.FixtureRequest) -> Iterator[Street]:
    """The houses; runs whatever attacks were chosen."""
    reason = sandbox.unavailable()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    wanted: list[tuple[Any, Any]] = [
        (item.callspec.params["user"], item.callspec.params["attack"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_attack"
    ]
    users = {name for name, _ in wanted} or set(USERS)
    refusal = _no_ordinary_users() if users == {"ordinary", "root"} else None
    if refusal is not None:
        wanted = [(name, attack) for name, attack in wanted if name != "ordinary"]
    with ExitStack() as stack:
        yield Street(stack, wanted)


@cache
def _no_ordinary_users() -> str | None:
    """Why this machine does not let ordinary users have a sandbox, None where it does."""
    user = str(ORDINARY)
    command = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "unshare", "--user"]
    try:
        said = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"setpriv: {error}"
    return f"ordinary users get no user namespaces here: {said.stderr}" if said.returncode else None


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.path.stem)
@pytest.mark.parametrize("user", USERS)
def test_attack(street: Street, user: str, attack: Attack) -> None:
    """No point gained, nothing read or written, nobody called, back in time, nothing left."""
    if user not in street.houses:
        pytest.skip(str(_no_ordinary_users()))
    base, result = street.base(user, attack.base), street.run(user, attack)
    if _is_late(result, base):  # on a busy machine both are slow
        base, result = street.fresh_base(user, attack), street.again(user, attack)

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
    _assert_harmless(street.houses[user], attack, result)

    # what it took and left
    taken = [name for name, text in street.houses[user].secrets.items() if text in result.out]
    assert taken == []
    assert "BREACH" not in result.out, re.findall(r"BREACH[^\\]*", result.out)
    assert result.touched == []
    assert result.left == []
    assert not _is_late(result, base), f"{result.seconds:.1f} s"
    assert result.most["grader"] < base.most["grader"] + 150 * MEGABYTE
    assert result.most["all"] < base.most["all"] + (MEMORY_MB + 300) * MEGABYTE


def _is_late(result: Result, base: Result) -> bool:
    """The deadline runs from when the grader has started, which takes as long as for the base."""
    return result.seconds > TOTAL + 2 + base.seconds


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


@pytest.mark.parametrize("user", USERS)
def test_the_bases_earn_something_and_not_all(street: Street, user: str) -> None:
    """An attack that gained a point would show."""
    if user not in street.houses:
        pytest.skip("no attack was chosen for this user")
    for base, _ in BASES:
        result = street.base(user, base)
        report = result.report
        assert report.sandbox == "bubblewrap", report.reason
        assert result.touched == result.left == []
        if base == "solution":
            assert 0 < report.score == report.max_score
        else:
            assert 0 < report.score < report.max_score


@pytest.mark.parametrize("user", USERS)
def test_the_canaries_notice_who_reads_them(street: Street, user: str) -> None:
    """Else "nothing was read" would mean nothing."""
    if user not in street.houses:
        pytest.skip("no attack was chosen for this user")
    assert access_times_work(street.houses[user].root)


def test_the_corpus_is_large_and_each_attack_has_its_own_aim() -> None:
    """The first line of each file says what it wants."""
    aims = [attack.aim for attack in ATTACKS]

    assert len(aims) >= 50
    assert len(set(aims)) == len(aims)
    assert len({attack.path.stem for attack in ATTACKS}) == len(ATTACKS)
    assert all("Ends" in attack.facts for attack in ATTACKS)
