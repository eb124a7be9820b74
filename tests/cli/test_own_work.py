"""Where there is no sandbox: whose work a file is, asked once, and what comes of the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from autograder.report import from_json

from ..conftest import without_sandbox
from .conftest import on_a_terminal, process

if TYPE_CHECKING:
    from pathlib import Path

    from ..conftest import Clone

QUESTION = "Is my.py your own work? [y/N]: "
REFUSED = "This needs the sandbox. bubblewrap is not installed on this system."


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """What makes a process's machine one without a sandbox."""
    return without_sandbox(tmp_path / "bare")


@pytest.fixture
def mine(clone: Clone) -> Path:
    """A right file that lies elsewhere than in assignments/."""
    path = clone.root / "my.py"
    path.write_text(clone.solution("assignment1"), "utf-8")
    return path


def test_in_a_terminal_it_is_asked_once(clone: Clone, mine: Path, bare: dict[str, str]) -> None:
    """The answer holds for the file when it is saved again, and for no other."""
    first, code = on_a_terminal(clone.root, "assignment1", "my.py", typed="y\n", **bare)
    mine.write_text("# changed\n" + mine.read_text("utf-8"))
    second, again = on_a_terminal(clone.root, "assignment1", str(mine), **bare)
    (clone.root / "other.py").write_text(mine.read_text("utf-8"))
    other, _ = on_a_terminal(clone.root, "assignment1", "other.py", typed="\n", **bare)

    assert "There is no sandbox here. bubblewrap is not installed on this system." in first
    assert "read, change and send your files." in first
    assert QUESTION in first
    assert "Sandbox: a limited process" in first
    assert code == again == 0
    assert "own work?" not in second
    assert QUESTION.replace("my.py", "other.py") in other


def test_a_file_of_somebody_else_is_refused(clone: Clone, mine: Path, bare: dict[str, str]) -> None:
    """And asked after again: a slip of the finger settles nothing."""
    for _ in range(2):
        said, code = on_a_terminal(clone.root, "assignment1", "my.py", typed="\n", **bare)

        assert QUESTION in said
        assert REFUSED in " ".join(said.split())
        assert code == 2


def test_a_question_that_is_interrupted_ends_it(
    clone: Clone, mine: Path, bare: dict[str, str]
) -> None:
    said, code = on_a_terminal(clone.root, "assignment1", "my.py", typed="\x03", **bare)

    assert said.endswith("Stopped.\r\n")
    assert code == 130


def test_a_script_says_it(clone: Clone, mine: Path, bare: dict[str, str]) -> None:
    """Nobody is asked; what a script says of a file is not remembered."""
    arguments = ("assignment1", "my.py", "--json")
    for _ in range(2):
        refused = process(clone.root, *arguments, **bare)
        graded = process(clone.root, *arguments, "--mine", **bare)

        assert (refused.returncode, graded.returncode) == (2, 0)
        reason = from_json(refused.stdout.decode()).reason
        assert reason is not None
        assert reason.startswith(REFUSED)
        assert "pass --mine" in reason
        assert from_json(graded.stdout.decode()).sandbox == "limited"
        assert refused.stderr == graded.stderr == b""


def test_what_lies_in_assignments_is_ones_own(clone: Clone, bare: dict[str, str]) -> None:
    clone.write("assignment1")
    by_name = process(clone.root, "assignment1", "--json", **bare)
    by_path = process(clone.root, "assignment1", "assignments/assignment1", "--json", **bare)
    link = clone.root / "assignments" / "link.py"
    link.symlink_to(clone.root / "solutions/assignment1/value.py")
    elsewhere = process(clone.root, "assignment1", str(link), **bare)

    assert [done.returncode for done in (by_name, by_path, elsewhere)] == [0, 0, 2]
    assert json.loads(by_path.stdout)["sandbox"] == "limited"


@pytest.mark.requires("sandbox")
def test_with_a_sandbox_nobody_is_asked(clone: Clone, mine: Path) -> None:
    said, code = on_a_terminal(clone.root, "assignment1", "my.py")

    assert code == 0
    assert "own work?" not in said
    graded = process(clone.root, "assignment1", "my.py", "--json", "--mine")
    assert from_json(graded.stdout.decode()).sandbox == "bubblewrap"


def test_its_name_rewrites_nothing(clone: Clone, mine: Path, bare: dict[str, str]) -> None:
    name = "\x1b[2J\u202e.py"
    mine.rename(clone.root / name)
    said, _ = on_a_terminal(clone.root, "assignment1", name, typed="y\n", **bare)

    assert "Is \ufffd[2J\ufffd.py your own work?" in said
    assert "\x1b[2J" not in said
