"""Files in a house that nothing should read or change; they reveal whether something did."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path


class Canaries:
    """Watches files for changes and reads during a run.

    Args:
        quiet: files that nothing should read, either.
        folders: everything in these is watched for changes.
    """

    def __init__(self, quiet: Iterable[Path], folders: Iterable[Path]) -> None:
        self._quiet, self._folders = frozenset(quiet), tuple(folders)
        self._before = self._state()

    def touched(self) -> list[str]:
        """What has happened to them since, in sentences."""
        said = [
            f"{place} was read"
            for place in sorted(self._quiet)
            if place.exists() and place.stat().st_atime_ns != 0
        ]
        before, after = self._before, self._state()
        said += [f"{path} is new" for path in after.keys() - before.keys()]
        said += [f"{path} is gone" for path in before.keys() - after.keys()]
        both = before.keys() & after.keys()
        return said + [f"{path} was changed" for path in both if before[path] != after[path]]

    def _state(self) -> dict[Path, tuple[object, ...]]:
        """What can be told from outside: each file's kind, owner, size and times."""
        found: dict[Path, tuple[object, ...]] = {}
        for path in (path for folder in self._folders for path in sorted(folder.rglob("*"))):
            facts = path.lstat()
            if "__pycache__" in path.parts:
                continue
            changed: tuple[int, ...] = ()
            content = b""
            if stat.S_ISREG(facts.st_mode):
                changed = facts.st_size, facts.st_mtime_ns
                if path not in self._quiet:
                    changed = *changed, facts.st_ctime_ns  # which nobody can set back
            if path in self._quiet:
                content = hashlib.sha256(path.read_bytes()).digest()
                os.utime(path, ns=(0, facts.st_mtime_ns))  # an access would show
            found[path] = (facts.st_mode, facts.st_uid, *changed, content)
        return found


def access_times_work(folder: Path) -> bool:
    """Whether this file system records that a file was read."""
    probe = folder / "probe"
    probe.write_text("x")
    os.utime(probe, ns=(0, probe.stat().st_mtime_ns))
    probe.read_text()
    return probe.stat().st_atime_ns != 0
