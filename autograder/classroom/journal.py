"""The journal of a class: what was handed in and every verdict, in one SQLite file.

Everything is written in transactions, the log synced before a transaction counts as done, so a
process may be killed or a disk be full at any moment: what was said to be kept is there afterwards.
A verdict is found by the hash of what was handed in and by the conditions under which it was
judged; the content itself is kept too, so every verdict can be replayed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec

from autograder.classroom.conditions import Conditions, content_sha256
from autograder.classroom.database import FILE, LOCK, Database, JournalError
from autograder.classroom.roster import Person

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.classroom.intake import HandIn
    from autograder.course import Course

_FORMAT = "3"
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contents (sha TEXT PRIMARY KEY, files BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE roll (
    learner TEXT PRIMARY KEY, content TEXT REFERENCES contents, problem TEXT, place TEXT NOT NULL,
    late INTEGER NOT NULL, moment TEXT, present INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE conditions (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdicts (
    content TEXT NOT NULL REFERENCES contents, conditions TEXT NOT NULL REFERENCES conditions,
    report BLOB NOT NULL, final INTEGER NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (content, conditions)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Row:
    """A learner of the class.

    Attributes:
        learner: who.
        content: the hash of what they handed in; None where that could not be taken.
        problem: why not; None, too, where they handed in nothing.
        report: the verdict as JSON; None where there is none yet.
        late: what they handed in came late.
        place: what was found of theirs.
        moment: when it came, in ISO's form; None where nothing tells.
    """

    learner: str
    content: str | None
    problem: str | None
    report: bytes | None
    late: bool
    place: str
    moment: str | None


@dataclass(frozen=True)
class StoredReport:
    """A verdict as the journal stores it.

    Attributes:
        content: the hash of what was judged.
        report: as JSON.
        is_final: False if it reports a bug of ours: the next run tries again.
        seconds: how long judging took.
    """

    content: str
    report: bytes
    is_final: bool
    seconds: float


class Journal:
    """The journal in a folder of results; from `create`, `resume` or `look`."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self._db = folder, database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the journal, so that others can write to it."""
        self._db.close()

    def fact(self, name: str) -> str | None:
        """A fact stored about the whole class; None if it is not there."""
        value: str | None = self._db.one("SELECT value FROM facts WHERE name = ?", (name,))
        return value

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        return self.fact("assignment") or ""

    # --- what was handed in ---------------------------------------------------------------------

    def conditions(self) -> Conditions:
        """The conditions of the last run."""
        query = "SELECT json FROM conditions WHERE id = ?"
        return msgspec.json.decode(self._db.one(query, (self._now,)), type=Conditions)

    @property
    def _now(self) -> str:
        return self.fact("conditions") or ""

    def use(self, conditions: Conditions) -> None:
        """Make these the present conditions, under which verdicts are stored and found."""
        if conditions.id != self._now:
            with self._db.transaction():
                _set_conditions(self._db, conditions)
                self._outdate()

    # --- what others are told -------------------------------------------------------------------

    @property
    def is_written(self) -> bool:
        """Whether the pages and tables beside it say what it says."""
        return self.fact("written") is not None

    def note_written(self) -> None:
        """Note that they do."""
        with self._db.transaction():
            self._db.run("REPLACE INTO facts VALUES ('written', 'yes')")

    def _outdate(self) -> None:
        self._db.run("DELETE FROM facts WHERE name = 'written'")

    def tell(self) -> None:
        """Note that people were told whose points the present conditions change."""
        with self._db.transaction():
            self._db.run("REPLACE INTO facts VALUES ('told', ?)", (self._now,))

    @property
    def people(self) -> list[Person]:
        """The class as its roster has it; empty where none was given."""
        return msgspec.json.decode(self.fact("people") or "[]", type=list[Person])

    def is_roster(self, people: Iterable[Person]) -> bool:
        """Whether this list from elsewhere says nothing new, or less than what a person gave."""
        return self.fact("roster") is not None or self.people == list(people)

    def set_people(self, people: Iterable[Person], *, by_hand: bool = False) -> None:
        """Note who belongs to the class.

        Args:
            people: all of them.
            by_hand: a person gave the list, and no other takes its place by itself.
        """
        with self._db.transaction():
            text = msgspec.json.encode(list(people)).decode()
            self._db.run("REPLACE INTO facts VALUES ('people', ?)", (text,))
            if by_hand:
                self._db.run("REPLACE INTO facts VALUES ('roster', 'by hand')")
            self._outdate()

    @property
    def layout(self) -> str:
        """How the last run's files were named; empty where nobody is known to name them so."""
        return self.fact("layout") or ""

    def enrol(self, hand_ins: Iterable[HandIn], layout: str = "") -> int:
        """Note what was handed in, all of it or nothing; it stays as it is read now.

        Args:
            hand_ins: what.
            layout: how the files are named.

        Returns:
            How many learners of earlier runs handed in nothing this time. Theirs stays.
        """
        with self._db.transaction():
            self._db.run("UPDATE roll SET present = 0")
            self._db.run("REPLACE INTO facts VALUES ('layout', ?)", (layout,))
            for hand_in in hand_ins:
                content = None
                if hand_in.files:
                    content = content_sha256(hand_in.files)
                    packed = zlib.compress(msgspec.msgpack.encode(dict(hand_in.files)))
                    self._db.run("INSERT OR IGNORE INTO contents VALUES (?, ?)", (content, packed))
                moment = None if hand_in.moment is None else hand_in.moment.isoformat()
                row = (hand_in.learner, content, hand_in.problem, hand_in.place, hand_in.late)
                self._db.run("REPLACE INTO roll VALUES (?, ?, ?, ?, ?, ?, 1)", (*row, moment))
            self._outdate()
        return int(self._db.one("SELECT count(*) FROM roll WHERE NOT present"))

    def drop_missing(self) -> None:
        """Take those off the roll who were not there the last time."""
        with self._db.transaction():
            self._db.run("DELETE FROM roll WHERE NOT present")
            self._outdate()

    def files(self, content: str) -> dict[str, bytes]:
        """What was handed in, by the hash of it."""
        packed = self._db.one("SELECT files FROM contents WHERE sha = ?", (content,))
        return msgspec.msgpack.decode(zlib.decompress(packed), type=dict[str, bytes])

    # --- verdicts -------------------------------------------------------------------------------

    def pending(self) -> list[str]:
        """The contents on the roll without a final verdict under the present conditions."""
        query = """
            SELECT content, min(learner) AS first FROM roll WHERE content IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM verdicts v
                WHERE v.content = roll.content AND v.conditions = ? AND v.final
            ) GROUP BY content ORDER BY first"""
        return [content for content, _ in self._db.rows(query, (self._now,))]

    def keep(self, verdicts: Iterable[StoredReport]) -> None:
        """Store verdicts under the present conditions, all or none."""
        now = self._now
        with self._db.transaction():
            for v in verdicts:
                row = (v.content, now, zlib.compress(v.report), v.is_final, v.seconds)
                self._db.run("REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)", row)
            self._outdate()

    def verdict(self, content: str, conditions: Conditions) -> bytes | None:
        """The final verdict on a content under some conditions, as JSON; None: there is none."""
        query = "SELECT report FROM verdicts WHERE content = ? AND conditions = ? AND final"
        packed = self._db.one(query, (content, conditions.id))
        return None if packed is None else zlib.decompress(packed)

    def forget(self, contents: Iterable[str]) -> None:
        """Drop the verdicts on these under the present conditions: they are judged again."""
        now = self._now
        with self._db.transaction():
            for content in contents:
                query = "DELETE FROM verdicts WHERE content = ? AND conditions = ?"
                self._db.run(query, (content, now))
            self._outdate()

    def rows(self, *, as_told: bool = False, only: str | None = None) -> Iterator[Row]:
        """The class in order of the learners' names, with the verdicts.

        Args:
            as_told: not the present ones, but those under the conditions of `tell`.
            only: this learner alone.
        """
        query = """
            SELECT learner, roll.content, problem, report, late, place, moment FROM roll
            LEFT JOIN verdicts v ON v.content = roll.content AND v.conditions = ?1
            WHERE ?2 IS NULL OR learner = ?2 ORDER BY rank(learner), learner"""
        conditions = (self.fact("told") or "") if as_told else self._now
        for row in self._db.rows(query, (conditions, only)):
            learner, content, problem, report, late, place, moment = row
            unpacked = None if report is None else zlib.decompress(report)
            yield Row(learner, content, problem, unpacked, bool(late), place, moment)

    def learners(self) -> list[str]:
        """The names on the roll."""
        return [learner for (learner,) in self._db.rows("SELECT learner FROM roll")]

    def holds(self, hand_in: HandIn) -> bool:
        """Whether the roll says just this of the learner."""
        query = "SELECT content, problem, place, late, moment FROM roll WHERE learner = ?"
        content = content_sha256(hand_in.files) if hand_in.files else None
        moment = None if hand_in.moment is None else hand_in.moment.isoformat()
        now = (content, hand_in.problem, hand_in.place, int(hand_in.late), moment)
        return [now] == list(self._db.rows(query, (hand_in.learner,)))

    def seconds(self) -> list[float]:
        """Seconds that each verdict under the present conditions took."""
        query = "SELECT seconds FROM verdicts WHERE conditions = ? ORDER BY content"
        return [seconds for (seconds,) in self._db.rows(query, (self._now,))]


def _set_conditions(database: Database, conditions: Conditions) -> None:
    text = msgspec.json.encode(conditions).decode()
    database.run("INSERT OR IGNORE INTO conditions VALUES (?, ?)", (conditions.id, text))
    database.run("REPLACE INTO facts VALUES ('conditions', ?)", (conditions.id,))


def create(folder: Path, course: Course, conditions: Conditions) -> Journal:
    """The journal for a run, a new one or that of an earlier run of the same class.

    Raises:
        JournalError: another run is at it, it is of another course, assignment or version, the
            folder holds other things, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise JournalError(f"{folder} can't be used: {error.strerror}.") from None
    if found - {LOCK} and FILE not in found:
        raise JournalError(f"{folder} contains something other than results. Use another --out.")
    database = Database(folder, writes=True)
    try:
        journal = Journal(folder, database)
        if database.one("SELECT 1 FROM sqlite_master") is None:
            with database.transaction():
                for statement in _SCHEMA.split(";"):
                    database.run(statement)
                title, name = course.title, conditions.assignment.name
                for fact in (("format", _FORMAT), ("course", title), ("assignment", name)):
                    database.run("INSERT INTO facts VALUES (?, ?)", fact)
                _set_conditions(database, conditions)
                database.run("INSERT INTO facts VALUES ('told', ?)", (conditions.id,))
        _refuse_another(journal, course, conditions)
    except BaseException:
        database.close()
        raise
    return journal


def resume(folder: Path, course: Course) -> Journal:
    """The journal of an earlier run, to write to, whatever version of the kit it is from.

    Raises:
        JournalError: there is none, it is of another course, or another run is at it.
    """
    return _existing(folder, course, writes=True)


def look(folder: Path, course: Course, conditions: Conditions | None = None) -> Journal:
    """The journal of an earlier run, to read from, also while a run is at it.

    Args:
        folder: the results.
        course: whose class it is.
        conditions: those of a run that would go on with it; None: nothing will be judged.

    Raises:
        JournalError: there is none, it is of another course, or `create` would refuse it.
    """
    return _existing(folder, course, conditions, writes=False)


def _existing(
    folder: Path, course: Course, conditions: Conditions | None = None, *, writes: bool
) -> Journal:
    if not (folder / FILE).is_file():
        raise JournalError(f"There are no results in {folder}.")
    journal = Journal(folder, Database(folder, writes=writes))
    try:
        _refuse_another(journal, course, conditions)
    except BaseException:
        journal.close()
        raise
    return journal


def _refuse_another(journal: Journal, course: Course, conditions: Conditions | None) -> None:
    folder = journal.folder
    if journal.fact("format") != _FORMAT:
        raise JournalError(
            f"{folder} belongs to another version of the kit. Use another --out, or move it away."
        )
    title = journal.fact("course")
    if title != course.title:
        raise JournalError(f"{folder} has results of the course {title!r}. Use another --out.")
    if conditions is None:
        return
    name, before = journal.assignment, journal.conditions().kit_version
    if name != conditions.assignment.name:
        raise JournalError(f"{folder} has results of {name}. Use another --out.")
    if before != conditions.kit_version:
        raise JournalError(
            f"{folder} has results from version {before} of the kit, and this is "
            f"{conditions.kit_version}. To grade everything again: course regrade "
            f"{folder}"
        )
