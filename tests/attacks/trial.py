"""Grades attacks in this process, where a protection of `grade` can be removed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from autograder import course as courses
from autograder import grading
from autograder.sandbox import bubblewrap
from autograder.sandbox.packages import locations
from autograder.submission import read

from .corpus import BASES, HERE, Attack
from .listeners import Listeners
from .warden import adopt_orphans, alive, left_alive

if TYPE_CHECKING:
    from autograder.report import Report

    from .house import House

Remove = Callable[[pytest.MonkeyPatch], None]


class Trial:
    """Grades attacks of the corpus.

    Args:
        home: the house that they attack.

    Attributes:
        heard: the listeners that were connected to in the last run.
        survivors: processes that were still running after the last run, and were killed.
    """

    def __init__(self, home: House) -> None:
        self._home, self.folder = home, home.begin("long")
        self.heard: list[str] = []
        self.survivors: list[str] = []

    def grade(
        self, name: str, *, only: str | None = None, seed: str = "trial", more: str = ""
    ) -> Report:
        """The verdict on an attack of the corpus, or on a base.

        Args:
            name: the attack's or the base's.
            only: grade only this test.
            seed: the course's seed.
            more: code to add at the end of the file.
        """
        path = HERE / "code" / f"{name}.py"
        attack = Attack.read(path) if path.exists() else None
        base = attack.base if attack else name
        course = msgspec.structs.replace(courses.load(self.folder / "course"), seed=seed)
        chosen = course.assignment(BASES[base])
        before = frozenset(alive(os.getpid()))
        adopt_orphans()
        try:
            with Listeners(self.folder) as listeners:
                text = listeners.facts + self._home.composed(attack, base, self.folder) + more
                handed_in = read.of_texts(chosen, {chosen.files[0].name: text}, "attack.py")
                options = grading.Options(require_sandbox=True, only=only)
                report = grading.grade(course, chosen, handed_in, options)
                self.heard = listeners.heard()
            self.survivors = list(left_alive(os.getpid(), but=before).values())
        finally:
            adopt_orphans(yes=False)
            (self.folder / "socket").unlink()
        return report

    def boasts(self, name: str, *, only: str = "test_manual_gradients") -> list[str]:
        """The forbidden things that an attack says it could do."""
        report = self.grade(name, only=only)
        texts = [f"{test.message}\n{test.output}" for test in report.tests]
        lines = "\n".join([*texts, report.reason or ""]).split("\n")
        return [line for line in lines if "BREACH" in line]


def change(alter: Callable[[list[str]], object]) -> Remove:
    """Remove a protection by changing bubblewrap's command line in place."""

    def remove(patch: pytest.MonkeyPatch) -> None:
        original = bubblewrap._bubblewrap

        def altered(program: str, slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
            line: list[str] = []
            for argument in original(program, slot, packages):
                line += _ALL if argument == "--unshare-all" else [argument]
            alter(line)
            return tuple(line)

        patch.setattr(bubblewrap, "_bubblewrap", altered)

    return remove


_ALL = [f"--unshare-{what}" for what in ("user", "ipc", "pid", "net", "uts", "cgroup-try")]


def without(*arguments: str) -> Remove:
    """Remove consecutive arguments from bubblewrap's command line."""

    def cut(line: list[str]) -> None:
        for at in range(len(line)):
            if tuple(line[at : at + len(arguments)]) == arguments:
                del line[at : at + len(arguments)]
                return
        pytest.fail(f"{arguments} is not in the command line")

    return change(cut)


def together(*removes: Remove) -> Remove:
    """Remove several protections at once, as one may back up another."""

    def remove(patch: pytest.MonkeyPatch) -> None:
        for each in removes:
            each(patch)

    return remove


def see_packages(home: House, patch: pytest.MonkeyPatch) -> None:
    """Let the sandbox find the package that the house's course allows."""
    patch.setattr(sys, "path", [str(home.root / "site"), *sys.path])
    locations.cache_clear()
