"""Opens a file folder by folder, so that no link on the way is followed, whoever put it there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Without O_NONBLOCK, a pipe in the file's place would block us."""


def open_beneath(root: Path | int, names: Sequence[str]) -> int:
    """Open a file for reading, and return its descriptor.

    Args:
        root: the folder to start from, or its descriptor; it may be a link itself.
        names: the names of the folders below it, and last that of the file.

    Raises:
        OSError: one of them is a link, does not exist, or may not be read.
    """
    folder = os.open(root, _FOLDER) if isinstance(root, Path) else os.dup(root)
    try:
        for name in names[:-1]:
            inner = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(names[-1], _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def way(path: Path) -> tuple[Path, tuple[str, ...]]:
    """A path as the arguments of `open_beneath`: root and names.

    Links directly below / are the system's own (/tmp on macOS, /home elsewhere), and are followed.
    """
    if not path.is_absolute():
        return Path(), path.parts
    top, names = path.parts[:2], path.parts[2:]
    return (Path(*top), names) if names else (Path(path.anchor), path.parts[1:])


def first_link(path: Path) -> Path | None:
    """The first link that `open_beneath` would refuse on this path, if any."""
    root, names = way(path)
    for name in names:
        root /= name
        if root.is_symlink():
            return root
    return None
