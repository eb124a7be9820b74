"""Measures how long a command takes, and how much memory it uses with its child processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.handed_in import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COURSE = (sys.executable, "-c", "from autograder.cli.course import main; main()")
_LOOKED_EVERY = 0.5  # seconds; each measurement takes a few milliseconds


class Failed(Exception):
    """A measured command failed; the message has the end of its output."""


@dataclass(frozen=True)
class Took:
    """A command's time and memory.

    Attributes:
        seconds: from its start to its end.
        peak: the most memory in bytes; pages that processes share are counted once.
    """

    seconds: float
    peak: int


def environment() -> dict[str, str]:
    """An environment in which a process finds the kit and the programs installed with it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}


def memory(process: psutil.Process) -> int:
    """The memory in bytes of a process and all its descendants; shared pages are counted once."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_full_info().pss
    return total


def run(
    command: Sequence[str],
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    *,
    codes: Sequence[int] = (0,),
    look: Callable[[int], None] | None = None,
) -> Took:
    """Run a command to its end.

    Args:
        command: the command's words.
        cwd: its folder.
        env: its environment; by default that of `environment`.
        codes: the exit codes allowed.
        look: called with its memory in bytes, twice a second.

    Raises:
        Failed: its exit code is not allowed.
    """
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env or environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        watch = _Watch(process.pid, look)
        watch.start()
        code = process.wait()
        seconds = time.perf_counter() - began
        watch.stop()
        if code not in codes:
            said.seek(0)
            text = said.read().decode(errors="replace")
            raise Failed(f"{' '.join(command)} ended with {code}:\n{text[-3000:]}")
    return Took(seconds, watch.peak)


class _Watch(threading.Thread):
    """Measures a process's memory until it is stopped."""

    def __init__(self, pid: int, look: Callable[[int], None] | None) -> None:
        super().__init__(daemon=True)
        self._process, self._look = psutil.Process(pid), look
        self._over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._over.wait(_LOOKED_EVERY):
            now = memory(self._process)
            self.peak = max(self.peak, now)
            if self._look is not None and now:
                self._look(now)

    def stop(self) -> None:
        self._over.set()
        self.join()
