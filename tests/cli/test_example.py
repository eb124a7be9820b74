"""What `grade` writes beside its report: the example, as a file to run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import environment

if TYPE_CHECKING:
    from ..conftest import Clone
    from .conftest import Grade

WRONG = ("math.exp(self.data)", "math.exp(-self.data)")


def told_to_run(folder: Path, output: str) -> str:
    """What the command at a report's end prints, run where the learner is."""
    command = shlex.split(output.rpartition("To run the lines above:")[2])
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("below", ["", "assignments/assignment2"])
def test_what_is_wrong_is_written_as_a_file_too(grade: Grade, clone: Clone, below: str) -> None:
    """It prints the learner's number beside the right one, from wherever they are."""
    clone.write("assignment2", WRONG)
    result = grade(clone.root / below, "assignment2")

    printed = told_to_run(clone.root / below, result.stdout)
    yours, right = (line.split(": ")[1] for line in printed.splitlines())
    assert f"yours  {float(yours):.6g}" in result.stdout
    assert f"right  {float(right):.6g}" in result.stdout


def test_it_is_run_by_the_python_that_has_the_kit(
    grade: Grade, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `pipx install` or in an environment that is not active, the shell's is another one."""
    clone.write("assignment2", WRONG)
    own = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join([own, os.defpath]))
    active = grade(clone.root, "assignment2").stdout
    monkeypatch.setenv("PATH", os.defpath)
    apart = grade(clone.root, "assignment2").stdout

    assert active.endswith("To run the lines above: python .grade/example.py\n")
    assert apart.endswith(f" {sys.executable} .grade/example.py\n")
    assert told_to_run(clone.root, apart).startswith("yours: ")


def test_the_example_of_a_file_with_another_name_imports_that(
    grade: Grade, clone: Clone, tmp_path: Path
) -> None:
    clone.write("assignment2")  # this one is right
    other = tmp_path / "my work.py"
    other.write_text(clone.solution("assignment2").replace(*WRONG), "utf-8")
    result = grade(clone.root, "assignment2", str(other), "--mine")

    assert "from autograder.yours.my_work import Value" in result.stdout
    assert "in my work.py" in result.stdout
    assert "operators.py" not in result.stdout
    yours, right = told_to_run(clone.root, result.stdout).splitlines()
    assert yours.removeprefix("yours: ") != right.removeprefix("right: ")


def test_the_example_of_an_exception_raises_it(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", ("self.data * other.data", "self.data * other.daba"))
    result = grade(clone.root, "assignment2")

    assert "AttributeError: 'Value' object has no attribute 'daba'" in told_to_run(
        clone.root, result.stdout
    )


def test_where_nothing_can_be_written_nothing_is_said_of_a_file(grade: Grade, clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    (clone.root / ".grade").write_text("in the way")
    result = grade(clone.root, "assignment2")

    assert result.exit_code == 1
    assert "example.py" not in result.stdout
    assert "paste these lines into a file next to operators.py" in " ".join(result.stdout.split())


@pytest.mark.parametrize("option", ["--json", "--solution"])
def test_no_example_is_written_for_a_program(grade: Grade, clone: Clone, option: str) -> None:
    clone.write("assignment2", WRONG)
    grade(clone.root, "assignment2", option)

    assert not (clone.root / ".grade" / "example.py").exists()
