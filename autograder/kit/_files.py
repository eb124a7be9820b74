"""Where a picture goes: into the notebook that asks, else into a new file."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.kit._graph import DrawingError

# What this process has saved, so that a second graph becomes graph-2.svg. Case is folded:
# L.svg and l.svg are one file on macOS.
_saved: set[str] = set()


def note_saved(path: Path) -> None:
    """Remember a saved file, so that `write_new` does not replace it."""
    _saved.add(_folded(path))


def write_new(save: Callable[[str], object], label: str, ending: str, then: str = "") -> None:
    """Save a picture in the current folder under a name new to this process, and print the name.

    A picture that cannot be written is reported on stderr.

    Args:
        save: writes it to a file of the given name.
        label: becomes the file's name, with signs other than letters and digits replaced.
        ending: the suffix, without its dot.
        then: text to print after the name.
    """
    stem = re.sub(r"[^\w-]+", "_", label).strip("_-") or "graph"
    name, count = f"{stem}.{ending}", 1
    try:
        while _folded(Path(name)) in _saved:
            count += 1
            name = f"{stem}-{count}.{ending}"
        save(name)
    except (DrawingError, OSError) as problem:
        print(f"{name} was not written: {problem}", file=sys.stderr)  # noqa: T201  a script says so
    else:
        print(f"wrote {name}{then}")  # noqa: T201  as above


def _folded(path: Path) -> str:
    return str(path.absolute()).casefold()
