"""The journal: transactions, one writer, only its own class, and a disk that is full."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import msgspec
import pytest

from autograder.classroom import journal
from autograder.classroom.database import FILE, JournalError
from autograder.classroom.intake import HandIn
from autograder.classroom.journal import StoredReport
from autograder.classroom.roster import Person
from autograder.cli.classroom import _scores
from autograder.report import to_json

from ..feedback.samples import SAMPLES
from .conftest import environment

WORK = {"closures.py": b"x = 1\n"}


def kept(class_, out=None):
    return journal.create(out or class_.out, class_.clone.course, class_.conditions)


def hand_ins(*learners, files=WORK):
    return [HandIn(name, {**files, "who": name.encode()}, None, name) for name in learners]


def contents(book):
    return [row.content for row in book.rows()]


def test_what_was_handed_in_is_kept_by_its_content(class_):
    with kept(class_) as book:
        book.enrol([*hand_ins("ann", "bob"), HandIn("carol", {}, "No file.", "carol")])
        book.enrol([HandIn("dan", WORK, None, "dan"), HandIn("eve", WORK, None, "eve")])
        rows = list(book.rows())
        pending = book.pending()
        files = book.files(rows[3].content)

    assert [row.learner for row in rows] == ["ann", "bob", "carol", "dan", "eve"]
    assert rows[2].problem == "No file."
    assert rows[3].content == rows[4].content
    assert len(pending) == 3
    assert files == WORK


def test_a_verdict_holds_for_its_content_and_conditions_alone(class_):
    with kept(class_) as book:
        book.enrol(hand_ins("ann", "bob"))
        ann, bob = contents(book)
        book.keep([StoredReport(ann, b"{}", True, 0.1), StoredReport(bob, b"{}", False, 0.1)])

        assert book.pending() == [bob]  # a mistake of ours is tried again
        book.keep([StoredReport(bob, b'{"x":1}', True, 0.2)])
        assert book.pending() == []
        assert [row.report for row in book.rows()] == [b"{}", b'{"x":1}']
        assert sorted(book.seconds()) == [0.1, 0.2]

        another = msgspec.structs.replace(class_.conditions, seed="another")
        book.use(another)
        assert book.conditions() == another
        assert book.pending() == [ann, bob]
        assert [row.report for row in book.rows()] == [None, None]

        book.use(class_.conditions)
        assert book.pending() == []
        book.forget([ann])
        assert book.pending() == [ann]


def test_what_is_noted_of_a_learner_comes_back(class_):
    moment = datetime(2027, 2, 1, 12, tzinfo=UTC)
    ann = HandIn("ann", WORK, None, "ann/closures.py", late=True, moment=moment)
    bob = HandIn("bob", {}, "No file.", "bob.pdf")
    with kept(class_) as book:
        book.enrol([bob, ann], "Canvas")
        ((of_ann,), (of_bob,)) = (list(book.rows(only=name)) for name in ("ann", "bob"))

        assert (of_ann.late, of_ann.place, of_ann.problem) == (True, "ann/closures.py", None)
        assert (of_ann.moment, of_bob.moment) == (moment.isoformat(), None)
        assert (of_bob.late, of_bob.content, of_bob.problem) == (False, None, "No file.")
        assert sorted(book.learners()) == ["ann", "bob"]
        assert book.layout == "Canvas"
        assert book.holds(ann)
        assert book.holds(bob)
        for other in (
            HandIn("ann", {}, None, "ann/closures.py", late=True, moment=moment),
            HandIn("ann", WORK, None, "ann.py", late=True, moment=moment),
            HandIn("ann", WORK, None, "ann/closures.py", late=False, moment=moment),
            HandIn("ann", WORK, None, "ann/closures.py", late=True),
            HandIn("bob", {}, "Another.", "bob.pdf"),
            HandIn("eve", {}, "No file.", "bob.pdf"),
        ):
            assert not book.holds(other)


def test_a_verdict_is_looked_up_where_it_is_final_and_under_its_conditions_alone(class_):
    another = msgspec.structs.replace(class_.conditions, seed="another")
    with kept(class_) as book:
        book.enrol(hand_ins("ann"))
        (ann,) = contents(book)
        assert book.verdict(ann, class_.conditions) is None
        book.keep([StoredReport(ann, b"{}", False, 0.1)])
        assert book.verdict(ann, class_.conditions) is None
        book.keep([StoredReport(ann, b"{}", True, 0.1)])

        assert book.verdict(ann, class_.conditions) == b"{}"
        assert book.verdict(ann, another) is None
        book.note_written()
        book.use(class_.conditions)
        assert book.is_written  # nothing has changed


def test_who_is_not_there_any_more_stays_until_told_otherwise(class_):
    with kept(class_) as book:
        assert book.enrol(hand_ins("ann", "bob", "carol")) == 0
        assert book.enrol(hand_ins("bob")) == 2
        assert [row.learner for row in book.rows()] == ["ann", "bob", "carol"]
        book.drop_missing()
        assert [row.learner for row in book.rows()] == ["bob"]


def test_half_a_roll_is_no_roll(class_):
    def breaks():
        yield from hand_ins("ann", "bob")
        raise KeyboardInterrupt

    with kept(class_) as book:
        book.enrol(hand_ins("carol"))
        with pytest.raises(KeyboardInterrupt):
            book.enrol(breaks())
        assert [row.learner for row in book.rows()] == ["carol"]


def test_it_writes_ahead_and_waits_for_the_disk(class_):
    with kept(class_):
        pass
    with kept(class_) as book:
        assert book._db.one("PRAGMA journal_mode") == "wal"
        assert book._db.one("PRAGMA synchronous") == 2  # FULL


def test_one_run_at_a_time(class_):
    with kept(class_):
        with pytest.raises(JournalError, match="Another run is writing to"):
            kept(class_)
        with pytest.raises(JournalError, match="Another run is writing to"):
            journal.resume(class_.out, class_.clone.course)
        with journal.look(class_.out, class_.clone.course) as seen:
            assert list(seen.rows()) == []
    with kept(class_):
        pass


def test_results_of_something_else_are_refused(class_, tmp_path):
    with kept(class_) as book:
        book.enrol(hand_ins("ann"))
    course, conditions = class_.clone.course, class_.conditions
    other = msgspec.structs.replace(course, title="Another")
    second = msgspec.structs.replace(
        conditions, assignment=msgspec.structs.replace(conditions.assignment, name="assignment1")
    )
    newer = msgspec.structs.replace(conditions, kit_version="9.9.9")

    with pytest.raises(JournalError, match="has results of the course 'Backpropagation'"):
        journal.create(class_.out, other, conditions)
    with pytest.raises(JournalError, match="has results of the course"):
        journal.look(class_.out, other)
    with pytest.raises(JournalError, match="has results of assignment3"):
        journal.create(class_.out, course, second)
    with pytest.raises(JournalError, match=r"from version .* of the kit, .* course regrade"):
        journal.create(class_.out, course, newer)
    with journal.resume(class_.out, course) as book:
        book.use(newer)
    with journal.create(class_.out, course, newer) as book:
        assert len(book.pending()) == 1


def test_a_folder_with_other_things_is_refused(class_):
    class_.out.mkdir()
    (class_.out / "thesis.tex").write_text("x")

    with pytest.raises(JournalError, match="contains something other than results"):
        kept(class_)
    with pytest.raises(JournalError, match="There are no results in"):
        journal.look(class_.out, class_.clone.course)

    assert [path.name for path in class_.out.iterdir()] == ["thesis.tex"]


def test_folders_that_are_missing_are_made(class_, tmp_path):
    with kept(class_, tmp_path / "autumn" / "results") as book:
        assert list(book.rows()) == []
        assert book.layout == ""


def test_a_folder_that_cannot_be_made(class_, tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(JournalError, match="can't be used: Not a directory"):
        kept(class_, tmp_path / "file" / "out")


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_journal_that_is_none(content, class_):
    class_.out.mkdir()
    (class_.out / FILE).write_bytes(content)

    if content:
        with pytest.raises(JournalError, match="can't be used: file is not a database"):
            kept(class_)
    else:  # killed before there were tables
        with kept(class_) as book:
            assert book.pending() == []


def test_a_newer_format_is_refused(class_):
    with kept(class_):
        pass
    with sqlite3.connect(class_.out / FILE) as db:
        db.execute("UPDATE facts SET value = '99' WHERE name = 'format'")
    db.close()

    with pytest.raises(
        JournalError, match=r"belongs to another version of the kit\. Use another --out"
    ):
        kept(class_)


FILL = """
import resource, sys
from pathlib import Path
from autograder import course as courses
from autograder.classroom import journal
from autograder.classroom.conditions import here
from autograder.classroom.database import JournalError
from autograder.classroom.journal import StoredReport
course = courses.load(Path(sys.argv[1]))
book = journal.resume(Path(sys.argv[2]), course)
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
import os
try:
    for n, content in enumerate(book.pending()):
        book.keep([StoredReport(content, os.urandom(4000), True, 0.1)])
        print(content, flush=True)
except JournalError as error:
    print("ERROR", error)
"""


def filled(class_, limit):
    argv = [sys.executable, "-c", FILL, str(class_.clone.root), str(class_.out), str(limit)]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, check=True)
    *said, last = done.stdout.splitlines()
    return said, last


def test_a_disk_that_is_full_loses_nothing_that_was_kept(class_):
    """Each verdict that was said to be kept is there, and no other one."""
    learners = [f"l{n:03}" for n in range(100)]
    with kept(class_) as book:
        book.enrol(hand_ins(*learners))

    said, last = filled(class_, 200_000)

    assert last.startswith("ERROR")
    assert "Free some space on that disk, then run the same command again" in last
    assert 5 < len(said) < 100
    with journal.look(class_.out, class_.clone.course) as book:
        judged = [row.content for row in book.rows() if row.report is not None]
        assert sorted(map(str, judged)) == sorted(map(str, said))
    rest, last = filled(class_, 0)
    assert len(said) + len(rest) + 1 == 100
    assert not last.startswith("ERROR")


@pytest.mark.requires("mounts")
def test_a_real_disk_that_is_full(class_):
    class_.out.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(class_.out)]
    subprocess.run(argv, check=True)
    try:
        with kept(class_) as book:
            book.enrol(hand_ins(*(f"l{n:03}" for n in range(150))))
        said, last = filled(class_, 0)
        assert last.startswith("ERROR")
        assert "Free some space" in last
        with journal.look(class_.out, class_.clone.course) as book:
            judged = [row.content for row in book.rows() if row.report is not None]
        assert sorted(map(str, judged)) == sorted(map(str, said))
    finally:
        subprocess.run(["umount", "-l", str(class_.out)], check=True)


def test_limits_of_this_process_are_as_before():
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


# --- what others are told --------------------------------------------------------------------------


def test_whose_points_change_is_told_whoever_judged_first(class_):
    """As when `nbgrader autograde` comes before `course regrade`."""

    def verdict(kind):
        return StoredReport(content, to_json(SAMPLES[kind].report()).encode(), True, 0.1)

    before = class_.conditions
    after = msgspec.structs.replace(before, suite_sha256="f" * 64)
    with kept(class_) as book:
        book.enrol(hand_ins("ann"))
        (content,) = contents(book)
        book.keep([verdict("right")])
        book.use(after)
        book.keep([verdict("stubbed")])
        first = _scores(book) | _scores(book, as_told=True)
        now = _scores(book)
        book.tell()
        second = _scores(book) | _scores(book, as_told=True)

    assert (first, now, second) == ({"ann": "30"}, {"ann": "0"}, {"ann": "0"})


@pytest.mark.parametrize("change", ["enrol", "drop", "use", "keep", "forget", "people"])
def test_whatever_changes_makes_the_pages_old(change, class_):
    with kept(class_) as book:
        book.enrol(hand_ins("ann"))
        book.note_written()
        assert book.is_written

        if change == "enrol":
            book.enrol(hand_ins("ann"))
        elif change == "drop":
            book.drop_missing()
        elif change == "use":
            book.use(msgspec.structs.replace(class_.conditions, suite_sha256="f" * 64))
        elif change == "keep":
            book.keep([StoredReport(contents(book)[0], b"{}", True, 0.1)])
        elif change == "forget":
            book.forget(contents(book))
        else:
            book.set_people([Person(("bob",))])

        assert not book.is_written


def test_a_roster_that_a_person_gave_is_kept(class_):
    with kept(class_) as book:
        book.set_people([Person(("ann",))])
        assert not book.is_roster([])
        book.set_people([Person(("bob",), "Ray, Bob")], by_hand=True)

        assert book.is_roster([])
        assert book.people == [Person(("bob",), "Ray, Bob")]
