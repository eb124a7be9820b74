"""Measures the memory of a whole sandbox, as limits only count each process."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_PROC = Path("/proc")
_FILE = 1024  # bytes that the kernel uses for a file, even an empty one


def held_bytes(process: int, folders: Sequence[str]) -> int:
    """The memory in bytes of a process and all its descendants; 0 if unknown.

    Args:
        process: its id.
        folders: folders whose contents are in memory, too, as the descendants see them.
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
