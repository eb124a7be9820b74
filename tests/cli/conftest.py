"""Runs `grade` as a learner does: in this process, or in one of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
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
    """grade(folder, "assignment1", …): the command in that folder, with separate streams."""
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
    """An environment in which a process finds the kit."""
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


PATIENCE = 60
"""The most seconds that a command may take on a terminal."""


def on_a_terminal(folder: Path, *arguments: str, typed: str = "", **env: str) -> tuple[str, int]:
    """The command on a terminal: what it writes to it, and its exit code.

    Args:
        folder: where it runs.
        arguments: of the command.
        typed: what somebody types when they are asked something.
        env: of the process.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(TERM="xterm", **env),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_have_the_terminal,  # noqa: PLW1509  one call of the kernel, nothing of Python's
    ) as running:
        os.close(theirs)
        written, deadline = b"", time.monotonic() + PATIENCE
        while True:
            if time.monotonic() > deadline:
                running.kill()
                pytest.fail(f"it waits for something: {written.decode()}")
            if not select.select([ours], [], [], 0.3)[0]:
                if typed and b"]: " in written:  # it waits; what comes just before that may be lost
                    os.write(ours, typed.encode())
                continue
            try:
                data = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            written += data
    os.close(ours)
    return written.decode(), running.returncode


def _have_the_terminal() -> None:
    """Make the terminal the process's own, so that its Ctrl-C interrupts it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
