"""A class of small files, and `course` as an instructor runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.classroom import journal
from autograder.classroom.conditions import here
from autograder.classroom.intake import HandIn
from autograder.learner import sandbox

from ..conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograder.classroom.conditions import Conditions
    from autograder.classroom.journal import Journal
    from autograder.course import Assignment

    from ..conftest import Clone

COMMAND = (sys.executable, "-c", "from autograder.cli.course import main; main()")
NAME = "assignment3"
LOOP = ("def add(self, other):\n", "def add(self, other):\n    while True: pass\n")


def environment() -> dict[str, str]:
    """What a process of ours needs to find the kit."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def needs_sandbox() -> None:
    """Others' work is judged in the sandbox; where CI says that it is CI, it must work."""
    reason = sandbox.unavailable()
    if reason is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@dataclass(frozen=True)
class Class:
    """A course, a folder of what was handed in, and where results go."""

    clone: Clone
    folder: Path
    out: Path

    @property
    def assignment(self) -> Assignment:
        return self.clone.course.assignment(NAME)

    @property
    def conditions(self) -> Conditions:
        return here(self.assignment, self.clone.course.seed, sandboxed=True)

    def text(self, *changes: tuple[str, str], more: str = "") -> str:
        """The solution with some changes."""
        text = self.clone.solution(NAME)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return text + more

    def hand_in(self, learner: str, text: str) -> Path:
        """A learner's folder with that file."""
        place = self.folder / learner
        place.mkdir(exist_ok=True)
        path = place / "closures.py"
        path.write_text(text, "utf-8")
        return path

    def mixed(self, number: int) -> None:
        """So many learners, each with work of their own: right, wrong, a stub."""
        wrong = ("self.grad = other.data * out.grad", "self.grad = other.data")
        for n in range(number):
            mark = f"\n# {n}\n"
            text = (self.text(more=mark), self.text(wrong, more=mark), self.stub + mark)[n % 3]
            self.hand_in(f"learner{n:02}", text)

    @property
    def stub(self) -> str:
        return self.clone.file(NAME).read_text("utf-8")

    def command(self, *arguments: str) -> tuple[str, ...]:
        return (*COMMAND, *arguments)

    def judging(self, *more: str, out: Path | None = None) -> tuple[str, ...]:
        """`course class` on the folder."""
        folders = (str(self.folder), "--assignment", NAME, "--out", str(out or self.out))
        return self.command("class", *folders, *more)

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """A command in a process of its own, in the course's folder."""
        done = subprocess.run(
            command,
            cwd=self.clone.root,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def started(self, *command: str) -> subprocess.Popen[str]:
        """The same, still running."""
        return subprocess.Popen(
            command,
            cwd=self.clone.root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def journal(self, files: Mapping[str, str], out: Path | None = None) -> Journal:
        """A new journal with these learners, by name, and their scripts."""
        kept = journal.create(out or self.out, self.clone.course, self.conditions)
        kept.enrol(
            HandIn(name, {"closures.py": text.encode()}, None, name) for name, text in files.items()
        )
        return kept


def written(out: Path) -> dict[str, bytes]:
    """What a run leaves for people, byte for byte."""
    files = (path for path in out.rglob("*") if path.is_file())
    ours = (p for p in files if not p.name.startswith(("journal.", ".lock")))
    return {str(path.relative_to(out)): path.read_bytes() for path in ours}


@pytest.fixture
def classing(cloning: Callable[..., Clone], tmp_path: Path) -> Callable[..., Class]:
    """classing(call_seconds=0.3, …): a class with nobody in it, in a course with these limits."""

    def make(**limits: float) -> Class:
        clone = cloning(NAME, **limits)
        folder = tmp_path / "handed in"
        folder.mkdir()
        return Class(clone, folder, tmp_path / "results")

    return make


@pytest.fixture
def class_(classing: Callable[..., Class]) -> Class:
    """A class with nobody in it, and the limits of every day."""
    return classing()
