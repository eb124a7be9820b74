"""Where a picture goes: into the notebook that asks, or else into a file of its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.kit._graph import DrawingError

# What this process has saved, so that a second graph becomes graph-2.svg. Case is folded:
# L.svg and l.svg are one file on macOS.
_saved: set[str] = set()


def in_notebook() -> bool:
    """Whether IPython runs the code, and shows what ends a cell."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def note_saved(path: Path) -> None:
    """The file exists already; `write_new` leaves it alone."""
    _saved.add(_folded(path))


def write_new(save: Callable[[str], object], label: str, ending: str, then: str = "") -> None:
    """Save a picture in the current folder under a name that this process has not used, and say so.

    Args:
        save: writes it to the file of this name.
        label: what the file is named after.
        ending: of its name.
        then: what to do with it.
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
        print(f"wrote {name}{then}")  # noqa: T201  the way to tell a script's reader


def _folded(path: Path) -> str:
    return str(path.absolute()).casefold()
