"""How long a command takes, and how much memory it has with all that it starts."""

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
_LOOKED_EVERY = 0.5  # seconds; a look costs a few milliseconds of the processor's time


class Failed(Exception):
    """A command that is measured did not work; the message holds the end of what it said."""


@dataclass(frozen=True)
class Took:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        peak: bytes of memory at most, shared pages divided among those who share them.
    """

    seconds: float
    peak: int


def environment() -> dict[str, str]:
    """What a process needs to find the kit, and the programs that were installed with it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}


def memory(process: psutil.Process) -> int:
    """Bytes that a process and all its descendants hold, shared pages counted once."""
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
        command: what to run.
        cwd: where.
        env: its environment; by default ours, with the kit.
        codes: with which it may end.
        look: is told the memory that it holds, now and then.

    Raises:
        Failed: it ended with another code.
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
    """Looks at a process's memory until it is stopped."""

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
