"""A class with small files, and `course` as an instructor runs it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.classroom import journal
from autograder.classroom.conditions import here
from autograder.classroom.intake import HandIn, Intake
from autograder.cli.course import main

from ..conftest import ROOT, Clone, clone_into

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.testing import Result

    from autograder.classroom.conditions import Conditions
    from autograder.classroom.journal import Journal
    from autograder.course import Assignment

COMMAND = (sys.executable, "-c", "from autograder.cli.course import main; main()")
NAME = "assignment3"
RIGHT = b"x = 1\n"
"""A file for tests in which nothing is graded."""
LOOP = ("def add(self, other):\n", "def add(self, other):\n    while True: pass\n")


def environment() -> dict[str, str]:
    """An environment in which a process finds the kit."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Class:
    """A course, a folder with submissions, and one for results."""

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

    def judging(self, *more: str, out: Path | None = None) -> tuple[str, ...]:
        """The arguments of `course` that judge the folder."""
        return (
            "class",
            str(self.folder),
            "--assignment",
            NAME,
            "--out",
            str(out or self.out),
            *more,
        )

    def run(self, *arguments: str) -> Result:
        """`course` with these arguments, in this process and the course's folder."""
        with contextlib.chdir(self.clone.root):
            done = CliRunner().invoke(main, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert "a bug in the grader" not in done.output, done.output
        return done

    def started(self, *arguments: str, through: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """The same in a process of its own, still running; `through` another program."""
        return subprocess.Popen(
            [*through, *COMMAND, *arguments],
            cwd=self.clone.root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def copy(self, root: Path) -> Class:
        """All of it once more, with its results, in another folder."""
        shutil.copytree(self.clone.root.parent, root, symlinks=True)
        parts = (self.clone.root.name, self.folder.name, self.out.name)
        course, folder, out = (root / name for name in parts)
        return Class(Clone(courses.load(course)), folder, out)

    def journal(self, files: Mapping[str, str], out: Path | None = None) -> Journal:
        """A new journal with these learners, by name, and their scripts."""
        kept = journal.create(out or self.out, self.clone.course, self.conditions)
        kept.enrol(
            HandIn(name, {"closures.py": text.encode()}, None, name) for name, text in files.items()
        )
        return kept


def written(out: Path) -> dict[str, bytes]:
    """The files that a run writes for people, by name."""
    files = (path for path in out.rglob("*") if path.is_file())
    ours = (p for p in files if not p.name.startswith(("journal.", ".lock")))
    return {str(path.relative_to(out)): path.read_bytes() for path in ours}


def class_in(root: Path, **limits: float) -> Class:
    """An empty class in a course with these limits."""
    clone = clone_into(root / "course", NAME, **limits)
    folder = root / "handed in"
    folder.mkdir()
    return Class(clone, folder, root / "results")


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    """An empty class with the usual limits."""
    return class_in(tmp_path)


def taken(class_: Class, path: Path | None = None) -> dict[str, Any]:
    """The names of each learner's files, or the problem with them."""
    with Intake(path or class_.folder, class_.clone.course, class_.assignment) as intake:
        found = {h.learner: h.problem or sorted(h.files) for h in intake}
        found_places = [h.learner for h in intake]
        assert found_places == sorted(found_places)
        return found


def contents(class_: Class, path: Path | None = None) -> dict[str, dict[str, bytes]]:
    """Each learner's files."""
    with Intake(path or class_.folder, class_.clone.course, class_.assignment) as intake:
        return {h.learner: dict(h.files) for h in intake}


def put(folder: Path, name: str, content: bytes = RIGHT) -> Path:
    """Write a file, and create its folders."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
