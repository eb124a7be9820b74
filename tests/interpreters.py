"""Finds a Python interpreter for users that may not read ours."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from sysconfig import get_config_var

VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"
PREFIX = Path(sys.base_prefix).resolve()
_NOT_OF_PYTHON = ("test", "site-packages", "idlelib", "tkinter", "lib2to3", "config-*")


def for_all() -> Path | None:
    """One of our version that any user may start: ours, or the system's; None if there is none."""
    places = (PREFIX / "bin" / VERSION, Path(sys.executable).resolve(), Path("/usr/bin", VERSION))
    return next((place for place in places if place.exists() and _is_readable(place)), None)


def can_be_copied() -> bool:
    """Whether a copy works elsewhere; it does not if it needs a shared library next to it."""
    return not get_config_var("Py_ENABLE_SHARED")


def copy_to(folder: Path) -> Path:
    """Copy ours into a folder that does not exist yet; returns the copy's path."""
    ignored = shutil.ignore_patterns(*_NOT_OF_PYTHON)
    library = PREFIX / "lib" / VERSION
    shutil.copytree(library, folder / "lib" / VERSION, ignore=ignored, symlinks=True)
    (folder / "bin").mkdir()
    return Path(shutil.copy(PREFIX / "bin" / VERSION, folder / "bin"))


def _is_readable(place: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in place.parents)
