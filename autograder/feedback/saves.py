"""Notices when one of some files is saved, however the editor saves it.

It watches the folder, not the file: editors write in place, or write another file and rename it, or
delete it first. Then it checks the files themselves for what has changed.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_STEP_MS = 20
"""Milliseconds without a change after which a save is complete."""

_DEBOUNCE_MS = 400
_LOOK_AGAIN_MS = 1000
"""Milliseconds between checks that the folder itself has not been replaced."""

Signature = tuple[tuple[str, int, int, int], ...]


class Saves:
    """Watches files from its own thread; `fileno` becomes readable after a change.

    Args:
        folder: the files' folder; it may be missing at times.
        names: the files' names.
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
        """The descriptor for `select`."""
        return self._read

    def clear(self) -> None:
        """Forget changes so far; `fileno` becomes readable after the next one."""
        try:
            while os.read(self._read, 4096):
                pass
        except BlockingIOError:
            return

    def signature(self) -> Signature:
        """A value that differs if the files have changed; they are not read."""
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
            except OSError:  # the folder does not exist, or no longer does
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
