"""Commands in an environment made by `pip install` alone: what needs more says how to have it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from autograder import extras

from ..conftest import ROOT
from .conftest import environment

if TYPE_CHECKING:
    from pathlib import Path

    from ..conftest import Clone

NAMES = {"nbformat", "jupytext", "nbgrader", "tomli_w", "rapidfuzz", "distributed", "torch"}
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys({hidden!r}))
from autograder.cli.{command} import main
main(prog_name={command!r})
"""


def bare(folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process that can import none of those packages."""
    program = WITHOUT.format(hidden=sorted(NAMES), command=command)
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("line", "extra", "missing"),
    [
        ("build", "instructor", "jupytext"),
        ("build --check", "instructor", "jupytext"),
        ("check assignment1", "instructor", "jupytext"),
        ("handout given --upto assignment1", "instructor", "jupytext and tomli_w"),
        ("init-nbgrader teaching", "instructor", "nbgrader and jupytext"),
        ("release assignment1", "instructor", "nbgrader and jupytext"),
        (
            "class assignments --assignment assignment1 --out results --scheduler tcp://127.0.0.1:1",
            "cluster",
            "distributed",
        ),
    ],
)
def test_a_command_that_needs_more_ends_before_it_begins(
    clone: Clone, line: str, extra: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone.root)  # the line that installs depends on where one is
    before = everything_in(clone.root)
    done = bare(clone.root, "course", *line.split())

    are = "are" if " and " in missing else "is"
    assert done.stderr.split("\n") == [
        f"Error: {missing} {are} not installed. To install:",
        f"    {extras.install(extra)}",
        "",
    ]
    assert (done.returncode, done.stdout) == (2, "")
    assert everything_in(clone.root) == before


def test_a_class_is_judged_without_near_identical_pairs(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is the same is listed all the same, and the page says what is not."""
    monkeypatch.chdir(clone.root)
    (clone.root / "handed_in").mkdir()
    for learner in ("ann", "bob"):
        path = clone.root / "handed_in" / f"{learner}.py"
        path.write_text(clone.solution("assignment3"), "utf-8")
    line = "class handed_in --assignment assignment3 --out results --workers 1 --anonymous"
    done = bare(clone.root, "course", *line.split())
    page = (clone.root / "results/index.html").read_text("utf-8")

    said = f"rapidfuzz is not installed. To install:\n    {extras.install('class')}"
    assert done.returncode == 0, done.stderr
    assert f"Near-identical work is not listed: {said}\n" in done.stderr
    assert said.replace("'", "&#39;") in page
    assert "ann; bob" in page
    assert "rapidfuzz" not in (clone.root / "results/anonymous.html").read_text("utf-8")


def test_tests_that_were_not_run_end_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    done = bare(ROOT, "grade", "assignment9", "--solution")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\nNot run: torch_neuron, Tanh. torch is not installed.\n") == 1
    assert done.stdout.endswith(f"\nTo install torch:\n    {extras.install('torch')}\n")
    assert done.stdout.count("torch is not installed") == 1


def test_each_extra_brings_what_is_said_of_it() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    brought = {
        extra: {Requirement(line).name.replace("-", "_") for line in lines}
        for extra, lines in known["optional-dependencies"].items()
    }

    assert {"jupytext", "tomli_w", "nbgrader"} <= brought["instructor"]
    assert "rapidfuzz" in brought["class"]
    assert "distributed" in brought["cluster"]
    assert brought["torch"] == {"torch"}
    assert metadata.metadata(extras._PROJECT)["Name"] == known["name"]
