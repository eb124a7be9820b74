"""How much memory a sandbox uses, all of it together: limits count each process alone."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_PROC = Path("/proc")
_FILE = 1024  # bytes that the kernel keeps of a file, be it empty


def held_bytes(process: int, folders: Sequence[str]) -> int:
    """The memory of a process and of all below it; 0 where the system does not tell.

    Args:
        process: which one.
        folders: what lies in these is in memory too, as those below the process see them.
    """
    below = tuple(_below(process))
    inside = sum(_contents(f"/proc/{below[0]}/root{folder}") for folder in folders if below)
    return inside + sum(map(_resident, (process, *below)))


def _contents(folder: str) -> int:
    try:
        facts = os.statvfs(folder)
    except OSError:  # it has ended meanwhile
        return 0
    files = facts.f_files - facts.f_ffree
    return (facts.f_blocks - facts.f_bfree) * facts.f_frsize + files * _FILE


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
