"""`grade` as a learner runs it: in this process, or in one of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from autograder.cli.grade import main

from ..conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Grade = Callable[..., Result]

COMMAND = (sys.executable, "-c", "from autograder.cli.grade import main; main()")
OUR_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch) -> Grade:
    """grade(folder, "assignment1", …): the command in that folder, its streams apart."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(
        folder: Path, *arguments: str, color: bool = False, charset: str = "utf-8", **env: str
    ) -> Result:
        monkeypatch.chdir(folder)
        environment = {"COLUMNS": "80", "LINES": "200", **env}
        result = CliRunner(charset=charset).invoke(main, arguments, color=color, env=environment)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def environment(**changed: str) -> dict[str, str]:
    """What a process of ours needs to find the kit."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "LINES": "200", **changed}
    env.pop("NO_COLOR", None) if "NO_COLOR" not in changed else None
    return env


def process(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment(**env), capture_output=True, check=False
    )


def started(folder: Path, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """The same, still running."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )
