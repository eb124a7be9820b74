"""A repository for a class on GitHub: its files, and its workflow's commands as they are written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from autograder.cli.course import main
from tests.conftest import ROOT


def made(to: Path, upto: str = "assignment1") -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        done = CliRunner().invoke(main, ["template", "github", str(to), "--upto", upto])
    return done.exit_code, done.output


def steps(repository: Path) -> list[dict[str, Any]]:
    text = (repository / ".github/workflows/grade.yml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)["jobs"]["grade"]["steps"]
    return found


def test_it_is_a_handout_with_a_workflow(tmp_path: Path) -> None:
    code, said = made(tmp_path / "class")

    assert (code, said.splitlines()[0]) == (
        0,
        f"{tmp_path}/class contains assignment0, assignment1.",
    )
    assert "mark the repository as a template" in said
    assert (tmp_path / "class/assignments/assignment1/value.ipynb").is_file()
    assert not list((tmp_path / "class").rglob("test_hidden.py"))
    assert not (tmp_path / "class/solutions").exists()
    assert "## On GitHub" in (tmp_path / "class/README.md").read_text("utf-8")
    assert "points.json" in (tmp_path / "class/.gitignore").read_text("utf-8").split()


def test_the_workflow_may_write_nothing_and_says_when_it_ends(tmp_path: Path) -> None:
    made(tmp_path / "class")
    text = (tmp_path / "class/.github/workflows/grade.yml").read_text("utf-8")
    job = yaml.safe_load(text)

    assert job["permissions"] == {"contents": "read"}
    assert job["jobs"]["grade"]["timeout-minutes"] <= 15
    assert "${{" not in text  # nothing that somebody pushes gets into a command


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    code, said = made(tmp_path)

    assert (code, "is not empty" in said) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.long
@pytest.mark.requires("network")
def test_the_workflows_commands_as_written(tmp_path: Path) -> None:
    """As the runner gives them: one shell a step, the variables that it sets, a clone of a push."""
    made(tmp_path / "class")
    clone = tmp_path / "clone"
    shutil.copytree(tmp_path / "class", clone)
    right = (ROOT / "solutions/assignment0/derivatives.py").read_text("utf-8")
    (clone / "assignments/assignment0/derivatives.py").write_text(right, "utf-8")
    stub = clone / "assignments/assignment1/value.py"
    stub.write_text(stub.read_text("utf-8") + "\n# %%\nmine = 1\n", "utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    env["PATH"] = os.pathsep.join([str(Path(sys.base_prefix, "bin")), env["PATH"]])
    env |= {"CI": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}

    codes, said = [], ""
    for step in steps(clone):
        if "run" in step:
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                shell, cwd=clone, env=env, capture_output=True, text=True, check=False
            )
            codes.append(done.returncode)
            said += done.stdout + done.stderr

    assert codes == [0, 1], said  # installed; not all is right yet
    assert "assignment0: " in said
    assert "::warning file=assignments/assignment1/value.py,line=" in said
    assert "| assignment0: Derivatives |" in (tmp_path / "summary.md").read_text("utf-8")
    points = json.loads((clone / "points.json").read_text("utf-8"))
    assert points["assignments"][0]["score"] == points["assignments"][0]["max_score"] > 0
