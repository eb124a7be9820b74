"""The journal's file: who may write to it, transactions, and what is said when that fails."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograder.classroom.names import order

if TYPE_CHECKING:
    from pathlib import Path

FILE = "journal.sqlite3"
LOCK = ".lock"


class JournalError(Exception):
    """The results cannot be used or written; the message says why and what to do."""


class Database:
    """One SQLite file in a folder.

    Args:
        folder: where it lies.
        writes: make it where it is missing, and let nobody else write to it meanwhile.

    Raises:
        JournalError: it cannot be opened, or somebody else is writing to it.
    """

    def __init__(self, folder: Path, *, writes: bool) -> None:
        from urllib.parse import quote

        self._folder = folder
        self._lock = self._locked() if writes else None
        try:
            with self.told():
                mode = "rwc" if writes else "rw"
                uri = f"file:{quote(str(folder.resolve() / FILE))}?mode={mode}"
                self._db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
                self._db.create_function("rank", 1, _rank, deterministic=True)
        except BaseException:
            self._unlock()
            raise
        if writes:
            try:
                for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                    self.run(f"PRAGMA {setting}")
            except BaseException:
                self.close()
                raise

    def _locked(self) -> int:
        try:
            lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise JournalError(f"{self._folder} can't be written: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise JournalError(
                f"Another run is writing to {self._folder}. Wait for it, or use another --out."
            ) from None
        return lock

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        """The rows that a query finds."""
        with self.told():
            yield from self._db.execute(query, values)

    def one(self, query: str, values: tuple[object, ...] = ()) -> Any:
        """The first column of the first row that a query finds; None if there is none."""
        with self.told():
            row = self._db.execute(query, values).fetchone()
        return None if row is None else row[0]

    def run(self, query: str, values: tuple[object, ...] = ()) -> None:
        """Execute a statement."""
        with self.told():
            self._db.execute(query, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done in the block, synced to disk, or nothing of it."""
        with self.told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def told(self) -> Iterator[None]:
        """An error of SQLite's as a JournalError."""
        try:
            yield
        except sqlite3.Error as error:
            if "full" in str(error) or "disk I/O" in str(error):
                raise no_room(self._folder, str(error)) from None
            raise JournalError(f"{self._folder / FILE} can't be used: {error}.") from None

    def close(self) -> None:
        """Close the database and release its lock."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._unlock()


def _rank(name: str) -> str:
    """What queries sort names by."""
    return order(name)[0]


def no_room(folder: Path, why: str) -> JournalError:
    """What to say when a disk is full."""
    return JournalError(
        f"{folder} can't be written ({why}). Free some space on that disk, then run the "
        "same command again: finished results are kept."
    )
