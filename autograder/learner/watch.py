"""How much memory a sandbox uses, all its processes together: their own limits count each alone."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def resident_bytes(process: int) -> int:
    """The memory of a process and of all below it; 0 where the system does not tell."""
    return sum(map(_resident, (process, *_below(process))))


def _below(process: int) -> Iterator[int]:
    for task in _entries(_PROC / str(process) / "task"):
        for child in _words(task / "children"):
            yield int(child)
            yield from _below(int(child))


def _resident(process: int) -> int:
    words = _words(_PROC / str(process) / "statm")
    return int(words[1]) * mmap.PAGESIZE if len(words) > 1 else 0


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # it has ended meanwhile
        return []


def _words(file: Path) -> list[str]:
    try:
        return file.read_text("ascii").split()
    except OSError:
        return []
