"""A class that goes through nbgrader as docs/instructors.md describes; tests check the results."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess, Popen, run
from typing import TYPE_CHECKING, Any

import pytest

from docs.commands import Block, blocks

from ..conftest import ROOT, Clone, clone_into
from . import handed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

Scores = dict[str, float | None]

NAME = "assignment3"
LEARNERS = ("alice", "bob", "mallory")
ARTEFACTS = Path(os.environ.get("ARTEFACTS", ROOT / "artefacts"))
"""The folder for screenshots; git ignores it."""
DOC = ROOT / "docs" / "instructors.md"


@dataclass
class Shell:
    """A terminal, which remembers the folder that the last command changed to."""

    cwd: Path
    env: dict[str, str]

    def __call__(self, command: str, *, code: int = 0) -> CompletedProcess[str]:
        """Run a command, or several lines of them."""
        note = self.env["NOTE"]
        done = run(
            ["bash", "-euo", "pipefail", "-c", f'{command}\npwd > "$NOTE"'],
            cwd=self.cwd,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        self.cwd = Path(Path(note).read_text("utf-8").strip()) if code == 0 else self.cwd
        return done


@dataclass
class Cycle:
    """A class and its state.

    Attributes:
        clone: the course.
        folder: the instructor's.
        instructor: the instructor's terminal.
        learners: the learners' terminals, by name.
        validated: the output of `nbgrader validate` for each learner's notebook.
        first: everyone's points by cell after the first grading.
    """

    clone: Clone
    folder: Path
    instructor: Shell
    learners: dict[str, Shell]
    validated: dict[str, str] = field(default_factory=dict)
    first: dict[str, Scores] = field(default_factory=dict)

    def follow(self, block: Block) -> None:
        """Run the commands of a block of the document."""
        if block.who == "learner":
            for name, shell in self.learners.items():
                done = shell(block.text)
                if "validate" in block.text:
                    self.validated[name] = done.stdout
        else:
            self.instructor(block.text)

    def gradebook(self) -> Any:
        """nbgrader's gradebook, through its own interface."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.folder}/gradebook.db")

    def scores(self, learner: str) -> Scores:
        """The current points by cell."""
        with self.gradebook() as books:
            notebooks = books.find_submission(NAME, learner).notebooks
            return {grade.name: grade.auto_score for each in notebooks for grade in each.grades}

    def autograded(self, learner: str) -> Path:
        return self.folder / "autograded" / learner / NAME / "closures.ipynb"


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cycle]:
    """A class before its first step."""
    root = tmp_path_factory.mktemp("nbgrader")
    clone = clone_into(root / "course", NAME, call_seconds=1, total_seconds=5)
    (clone.root / ".venv").symlink_to(sys.prefix)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }

    def shell(name: str, cwd: Path) -> Shell:
        cwd.mkdir(parents=True, exist_ok=True)
        private = {
            "NOTE": str(root / f"{name}.pwd"),
            "JUPYTER_DATA_DIR": str(root / f"{name}.data"),
        }
        return Shell(cwd, environment | private)

    learners = {name: shell(name, clone.root / "learners" / name) for name in LEARNERS}
    yield Cycle(clone, clone.root / "class", shell("instructor", clone.root), learners)
    if "KEEP" not in os.environ:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def cycle(classroom: Cycle) -> Cycle:
    """The class after its first feedback has been fetched."""
    for block in blocks(DOC, until="## What is where"):
        if block.who == "setup":
            continue
        if block.lines[0].startswith("nbgrader list"):
            for name, shell in classroom.learners.items():
                handed_in.introduce(name, classroom.folder / "for-learners", shell.cwd)
        if block.lines[0].startswith("nbgrader validate"):
            for name, shell in classroom.learners.items():
                handed_in.WORK[name](shell.cwd / NAME / "closures.ipynb", classroom.clone)
        if block.lines[0].startswith("nbgrader collect"):
            handed_in.odd_ones(classroom.clone)
        classroom.follow(block)
    for name in (*LEARNERS, *handed_in.ODD):
        classroom.first[name] = classroom.scores(name)
    return classroom


@pytest.fixture(scope="module")
def later(cycle: Cycle) -> Cycle:
    """The class after the rest of the document: points by hand, late work, changed tests."""
    with cycle.gradebook() as books:
        for name, learner, points in (("question-1", "alice", 1.5), ("mul", "bob", 1.0)):
            grade = books.find_grade(name, "closures", NAME, learner)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.5, False
        comment = books.find_comment("question-1", "closures", NAME, "alice")
        comment.manual_comment = "Well put."
        books.db.commit()
    again = cycle.learners["mallory"].cwd / NAME / "closures.ipynb"
    shutil.copyfile(cycle.folder / "release" / NAME / again.name, again)
    handed_in.right(again, cycle.clone)
    cycle.learners["mallory"](f"nbgrader submit {NAME}")
    with (cycle.clone.root / "course.toml").open("a") as file:
        file.write(f"[class.due]\n{NAME} = 2020-01-01T00:00:00+01:00\n")
    config = cycle.folder / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace('"none"\n', '"zero"\n'), "utf-8")
    for block in blocks(DOC, since="## How `autograde` grades"):
        cycle.follow(block)
    return cycle


@pytest.fixture(scope="module")
def formgrader(cycle: Cycle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab in the instructor's folder: its address."""
    home = tmp_path_factory.mktemp("home")
    command = ["jupyter", "lab", "--allow-root", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += ["--IdentityProvider.token=T", f"--ServerApp.root_dir={cycle.folder}"]
    env = cycle.instructor.env | {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with (home / "log").open("w") as log:
        server = Popen(command, cwd=cycle.folder, env=env, stdout=log, stderr=log)
    try:
        yield _address(server, home / "log")
    finally:
        server.terminate()
        server.wait()


def _address(server: Popen[bytes], log: Path) -> str:
    """The server's address, once its log has it."""
    while server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gradebook, made once, as that takes nbgrader a second."""
    from nbgrader.api import Gradebook

    path = tmp_path_factory.mktemp("books") / "gradebook.db"
    beside = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", beside)  # nbgrader calls alembic by its name
        Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def url(empty: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an empty gradebook."""
    from autograder.classroom.bridge import books

    shutil.copy(empty, tmp_path / "gradebook.db")
    yield f"sqlite:///{tmp_path}/gradebook.db"
    books.gradebook.cache_clear()
