"""Runs `grade` on an attack in a house, and records what the attack touched and left."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.report import Report, from_json

from .canaries import Canaries
from .corpus import Attack
from .house import House
from .listeners import Listeners


@dataclass(frozen=True)
class Result:
    """The result of one run of `grade`.

    Attributes:
        code: its exit code.
        seconds: how long it took, without the time that it waited for a processor, which depends
            on how busy the machine is.
        out: its standard output.
        err: its standard error.
        left: processes that were still running afterwards.
        most: the most memory in bytes, of the grader and of all processes together.
        touched: what the canaries noticed.
    """

    code: int
    seconds: float
    out: str
    err: str
    left: list[str]
    most: Mapping[str, int]
    touched: list[str]

    @cached_property
    def report(self) -> Report:
        return from_json(self.out)

    @property
    def statuses(self) -> set[str]:
        """The report's own status and those of its tests."""
        return {self.report.status, *(test.status for test in self.report.tests)}


def raid(
    home: House, attack: Attack | None, base: str, assignment: str, *, handed_in: bool = False
) -> Result:
    """Run `grade` on a base, with an attack if there is one.

    Args:
        home: the house.
        attack: the attack; None for only the base.
        base: the base.
        assignment: the assignment's name.
        handed_in: whether the attack is in how files are handed in, not in their code: its
            `arrange(folder, text, run)` writes the files and returns the one to grade.
    """
    run = home.begin(attack.patience if attack else "long")
    folder = run / "submission"
    (run / "tmp").mkdir()
    folder.mkdir()
    with Listeners(run) as listeners:
        text = listeners.facts + home.composed(None if handed_in else attack, base, run)
        if handed_in:
            assert attack is not None
            names: dict[str, Any] = {}
            exec(compile(attack.text, str(attack.path), "exec"), names)
            path: Path = names["arrange"](folder, text, run)
        else:
            path = folder / f"{base}.py"
            path.write_text(text, "utf-8")
        _hand_over(home.user, run, folder)
        watched = (run / "course", run / "home", home.root / "site", home.root / "kit")
        canaries = Canaries([run / place for place in home.canaries], watched)
        facts = _grade(home, run, assignment, path)
        touched = [*canaries.touched(), *listeners.heard()]
    with contextlib.suppress(OSError):
        shutil.rmtree(run)
    return Result(**facts, touched=touched)


def _hand_over(user: int | None, run: Path, folder: Path) -> None:
    """Make the run's own folder the user's; the course stays ours."""
    if user is None:
        return
    for place in (run, run / "tmp", folder, *folder.rglob("*")):
        os.chown(place, user, user, follow_symlinks=False)
    run.chmod(0o755)


def _grade(home: House, run: Path, assignment: str, path: Path) -> dict[str, Any]:
    """Run the command under the warden; returns the warden's record and the output."""
    kit, site = home.root / "kit", home.root / "site"
    shared = [] if home.user is not None else list(filter(None, sys.path))
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(run / "home"),
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(run / "tmp"),
        "SECRET": home.secrets["environment"],
        "PYTHONPATH": os.pathsep.join([str(kit), str(site), *shared]),
    }
    command: list[str | Path] = []
    if home.user is not None:
        user = str(home.user)
        command += ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
        command += ["--inh-caps=-all", "--"]
    out, err = run / "out", run / "err"
    command += [home.python, kit / "warden.py", out, err]
    command += [home.python, kit / "grade", "--json", assignment, "--", path]
    done = subprocess.run(
        command,
        cwd=run / "course",
        env=environment,
        capture_output=True,
        check=False,
        timeout=200,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the warden failed: {done.stderr.decode(errors='replace')}")
    facts: dict[str, Any] = json.loads(done.stdout)
    facts["out"], facts["err"] = (place.read_text("utf-8", "replace") for place in (out, err))
    return facts
