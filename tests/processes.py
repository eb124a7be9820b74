"""Looks up processes in /proc: whose children they are, and whether they still run."""

from __future__ import annotations

import os
import time
from pathlib import Path

from autograder.sandbox.process import bury


def descriptors() -> int:
    """How many file descriptors this process has open; none for workers that were killed."""
    bury(wait=True)
    return len(list(Path("/proc/self/fd").iterdir()))


def children(parent: int | None = None) -> set[int]:
    """The processes whose parent is that one, by default ours; zombies included.

    Of ours, workers that were killed and are about to end are none.
    """
    bury(wait=True)
    parent = os.getpid() if parent is None else parent
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.add(int(stat.parent.name))
    return found


def running(marker: str) -> list[str]:
    """The processes that have this text in their command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in line and int(place.parent.name) != os.getpid():
            found.append(f"{place.parent.name}: {line}")
    return found


def descendants(pid: int) -> set[int]:
    """All descendants of a process."""
    below = children(pid)
    return below.union(*map(descendants, below))


def is_alive(pid: int) -> bool:
    """Whether a process is still running; a zombie is not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def await_running(marker: str, count: int) -> None:
    """Wait until that many processes have this text in their command line, else fail."""
    deadline = time.monotonic() + 5
    while len(running(marker)) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(running(marker)) >= count


def await_gone(marker: str) -> None:
    """Wait until no process has this text in its command line, else fail."""
    deadline = time.monotonic() + 1
    while running(marker) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert running(marker) == []
