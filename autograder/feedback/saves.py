"""Tells when one of some files is saved, whatever the editor does to save it.

The folder is watched, not the file: editors write in place, or write another file and rename it,
or delete first. What was really saved is told by looking at the files themselves.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_STEP_MS = 20
"""Seconds without a change after which a save is complete."""

_DEBOUNCE_MS = 400
_LOOK_AGAIN_MS = 1000
"""Seconds between checks that the folder itself has not been replaced."""

Signature = tuple[tuple[str, int, int, int], ...]


class Saves:
    """Watches from a thread of its own; `fileno` becomes readable after a change.

    Args:
        folder: where the files lie; it may be missing for a while.
        names: the files.
    """

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self._folder, self._names = folder, sorted(names)
        self._stop = threading.Event()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._thread = threading.Thread(target=self._run, name="saves", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._read)
        os.close(self._write)

    def fileno(self) -> int:
        """For `select`."""
        return self._read

    def clear(self) -> None:
        """Take note of what was told; `fileno` is readable again after the next change."""
        try:
            while os.read(self._read, 4096):
                pass
        except BlockingIOError:
            return

    def signature(self) -> Signature:
        """Identifies a state of the files without reading them."""
        found = []
        for name in self._names:
            try:
                facts = (self._folder / name).stat()
            except OSError:
                continue
            found.append((name, facts.st_mtime_ns, facts.st_size, facts.st_ino))
        return tuple(found)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except OSError:  # the folder is not there (any more)
                self._stop.wait(_LOOK_AGAIN_MS / 1000)
            self._tell()

    def _watch(self) -> None:
        """Watch until the folder is replaced or watching ends."""
        from watchfiles import watch

        folder = _identity(self._folder)
        changes = watch(
            self._folder,
            watch_filter=None,
            step=_STEP_MS,
            debounce=_DEBOUNCE_MS,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            recursive=False,
            ignore_permission_denied=True,
        )
        last = self.signature()
        self._tell()  # changes from before we started watching
        for _ in changes:
            now = self.signature()
            if now != last:
                last = now
                self._tell()
            if _identity(self._folder) != folder:
                return

    def _tell(self) -> None:
        try:
            os.write(self._write, b"s")
        except BlockingIOError:  # enough notices are waiting
            return


def _identity(folder: Path) -> tuple[int, int]:
    facts = folder.stat()
    return facts.st_dev, facts.st_ino
