"""The journal of a class: what was handed in and every verdict, in one SQLite file.

Everything is written in transactions, the log synced before a transaction counts as done, so a
process may be killed or a disk be full at any moment: what was said to be kept is there afterwards.
A verdict is found by the hash of what was handed in and by the conditions under which it was
judged; the content itself is kept too, so every verdict can be replayed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import msgspec

from autograder.classroom.conditions import Conditions, content_sha256

if TYPE_CHECKING:
    from autograder.classroom.intake import HandIn
    from autograder.course import Assignment, Course

FILE = "journal.sqlite3"
_LOCK = ".lock"
_FORMAT = "1"
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contents (sha TEXT PRIMARY KEY, files BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE roll (
    learner TEXT PRIMARY KEY, content TEXT REFERENCES contents, problem TEXT, place TEXT NOT NULL,
    present INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE conditions (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdicts (
    content TEXT NOT NULL REFERENCES contents, conditions TEXT NOT NULL REFERENCES conditions,
    report BLOB NOT NULL, final INTEGER NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (content, conditions)
) WITHOUT ROWID;
"""


class JournalError(Exception):
    """The results cannot be used or written; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """A learner of the class.

    Attributes:
        learner: who.
        content: the hash of what they handed in; None where that could not be taken.
        problem: why not.
        report: the verdict as JSON; None where there is none yet.
    """

    learner: str
    content: str | None
    problem: str | None
    report: bytes | None


class Journal:
    """The journal in a folder of results. Made by `create`, `resume` or `look`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: int | None) -> None:
        self.folder = folder
        self._db, self._lock = connection, lock

    # --- opening --------------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, course: Course, conditions: Conditions) -> Self:
        """The journal for a run, a new one or that of an earlier run of the same class.

        Raises:
            JournalError: another run is at it, it is of another course, assignment or version, or
                it cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(f"{folder} cannot be made: {error.strerror}.") from None
        journal = cls._locked(folder)
        try:
            with journal._told():
                if not journal._has_tables():
                    journal._found(course, conditions)
            journal._refuse_another(course, conditions)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def resume(cls, folder: Path, course: Course) -> Self:
        """The journal of an earlier run, to write to, whatever version of the kit it is from.

        Raises:
            JournalError: there is none, it is of another course, or another run is at it.
        """
        _expect(folder)
        journal = cls._locked(folder)
        try:
            journal._refuse_another(course, None)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def look(cls, folder: Path, course: Course) -> Self:
        """The journal of an earlier run, to read from, also while a run is at it.

        Raises:
            JournalError: there is none, or it is of another course.
        """
        _expect(folder)
        journal = cls(folder, _connect(folder, "rw"), None)
        journal._refuse_another(course, None)
        return journal

    @classmethod
    def _locked(cls, folder: Path) -> Self:
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise JournalError(f"{folder} cannot be written: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise JournalError(
                f"Another run is writing to {folder}. Wait for it, or give another --out."
            ) from None
        try:
            return cls(folder, _connect(folder, "rwc"), lock)
        except BaseException:
            os.close(lock)
            raise

    def _has_tables(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None

    def _found(self, course: Course, conditions: Conditions) -> None:
        """Make the tables, all or none of them."""
        facts = {
            "format": _FORMAT,
            "course": course.title,
            "assignment": conditions.assignment.name,
        }
        self._db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";"):
            self._db.execute(statement)
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self._set_conditions(conditions)
        self._db.execute("COMMIT")

    def _refuse_another(self, course: Course, conditions: Conditions | None) -> None:
        with self._told():
            facts = dict(self._db.execute("SELECT name, value FROM facts"))
        if facts.get("format") != _FORMAT:
            raise JournalError(
                f"{self.folder} is of another version of the kit: use another --out."
            )
        if facts["course"] != course.title:
            raise JournalError(
                f"{self.folder} holds results of the course {facts['course']!r}: use another --out."
            )
        if conditions is None:
            return
        if facts["assignment"] != conditions.assignment.name:
            raise JournalError(
                f"{self.folder} holds results of {facts['assignment']}: use another --out."
            )
        before = self.conditions().kit_version
        if before != conditions.kit_version:
            raise JournalError(
                f"{self.folder} holds results of version {before} of the kit, and this is "
                f"{conditions.kit_version}. To judge all of it anew: course regrade {self.folder}"
            )

    # --- what was handed in ---------------------------------------------------------------------

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        with self._told():
            (name,) = self._db.execute(
                "SELECT value FROM facts WHERE name = 'assignment'"
            ).fetchone()
        return str(name)

    def conditions(self) -> Conditions:
        """Those of the last run."""
        with self._told():
            query = "SELECT json FROM conditions JOIN facts ON value = id AND name = 'conditions'"
            (text,) = self._db.execute(query).fetchone()
        return msgspec.json.decode(text, type=Conditions)

    def use(self, conditions: Conditions) -> None:
        """From now on verdicts are those under these conditions."""
        with self._told(), self._transaction():
            self._set_conditions(conditions)

    def _set_conditions(self, conditions: Conditions) -> None:
        text = msgspec.json.encode(conditions).decode()
        self._db.execute("INSERT OR IGNORE INTO conditions VALUES (?, ?)", (conditions.id, text))
        self._db.execute("REPLACE INTO facts VALUES ('conditions', ?)", (conditions.id,))

    def enrol(self, hand_ins: Iterable[HandIn]) -> int:
        """Note what was handed in, all of it or nothing; it stays as it is read now.

        Returns:
            How many learners of earlier runs handed in nothing this time. Theirs stays.
        """
        with self._told(), self._transaction():
            self._db.execute("UPDATE roll SET present = 0")
            for hand_in in hand_ins:
                content = None
                if hand_in.problem is None:
                    content = content_sha256(hand_in.files)
                    packed = zlib.compress(msgspec.msgpack.encode(dict(hand_in.files)))
                    self._db.execute(
                        "INSERT OR IGNORE INTO contents VALUES (?, ?)", (content, packed)
                    )
                self._db.execute(
                    "REPLACE INTO roll VALUES (?, ?, ?, ?, 1)",
                    (hand_in.learner, content, hand_in.problem, hand_in.place),
                )
            (missing,) = self._db.execute("SELECT count(*) FROM roll WHERE NOT present").fetchone()
        return int(missing)

    def drop_missing(self) -> None:
        """Take those off the roll who were not there the last time."""
        with self._told(), self._transaction():
            self._db.execute("DELETE FROM roll WHERE NOT present")

    def files(self, content: str) -> dict[str, bytes]:
        """What was handed in, by the hash of it."""
        with self._told():
            query = "SELECT files FROM contents WHERE sha = ?"
            (packed,) = self._db.execute(query, (content,)).fetchone()
        return msgspec.msgpack.decode(zlib.decompress(packed), type=dict[str, bytes])

    # --- verdicts -------------------------------------------------------------------------------

    def pending(self) -> list[str]:
        """The contents on the roll without a final verdict under the present conditions."""
        query = """
            SELECT content, min(learner) AS first FROM roll WHERE content IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM verdicts v JOIN facts ON value = v.conditions AND name = 'conditions'
                WHERE v.content = roll.content AND v.final
            ) GROUP BY content ORDER BY first"""
        with self._told():
            return [content for content, _ in self._db.execute(query)]

    def keep(self, verdicts: Iterable[tuple[str, bytes, bool, float]]) -> None:
        """Store verdicts under the present conditions, all or none.

        Args:
            verdicts: content, report as JSON, whether it is final (a mistake of ours is not),
                seconds.
        """
        with self._told(), self._transaction():
            (now,) = self._db.execute("SELECT value FROM facts WHERE name='conditions'").fetchone()
            self._db.executemany(
                "REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)",
                [(c, now, zlib.compress(r), final, s) for c, r, final, s in verdicts],
            )

    def forget(self) -> None:
        """Drop the verdicts under the present conditions: all is judged again."""
        with self._told(), self._transaction():
            query = "SELECT value FROM facts WHERE name = 'conditions'"
            self._db.execute(f"DELETE FROM verdicts WHERE conditions = ({query})")  # noqa: S608

    def rows(self, conditions: str | None = None) -> Iterator[Row]:
        """The class in order of the learners' names, with the verdicts.

        Args:
            conditions: the id of those that the verdicts are under; by default the present ones.
        """
        query = """
            SELECT learner, roll.content, problem, report FROM roll
            LEFT JOIN facts ON name = 'conditions'
            LEFT JOIN verdicts v ON v.content = roll.content AND v.conditions = coalesce(?, value)
            ORDER BY learner"""
        with self._told():
            for learner, content, problem, report in self._db.execute(query, (conditions,)):
                unpacked = None if report is None else zlib.decompress(report)
                yield Row(learner, content, problem, unpacked)

    def seconds(self) -> list[float]:
        """How long each verdict under the present conditions took."""
        query = (
            "SELECT seconds FROM verdicts JOIN facts ON value = conditions AND name='conditions'"
        )
        with self._told():
            return [seconds for (seconds,) in self._db.execute(query)]

    # --- the database ---------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
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
    def _told(self) -> Iterator[None]:
        """What the database says as our own error."""
        try:
            yield
        except sqlite3.Error as error:
            _fail(self.folder, error)

    def close(self) -> None:
        """Let others at it."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _expect(folder: Path) -> None:
    if not (folder / FILE).is_file():
        raise JournalError(f"There are no results in {folder}.")


def _connect(folder: Path, mode: str) -> sqlite3.Connection:
    from urllib.parse import quote

    try:
        uri = f"file:{quote(str(folder.resolve() / FILE))}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
        if mode == "rwc":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error as error:
        _fail(folder, error)
    return connection


def _fail(folder: Path, error: sqlite3.Error) -> NoReturn:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        raise JournalError(
            f"{folder} cannot be written ({text}). Make room on that disk, then give the same "
            "command again: what was judged so far is kept."
        ) from None
    raise JournalError(f"{folder / FILE} cannot be used: {text}.") from None
