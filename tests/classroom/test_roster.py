"""Nobody vanishes: who is in a class, what they are called, and who handed in nothing."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta, timezone

import pytest

from autograder.classroom import class_run, journal, results
from autograder.classroom.intake import Intake
from autograder.classroom.layouts import CANVAS
from autograder.classroom.names import order
from autograder.classroom.roster import Person, Roster, RosterError, read
from autograder.classroom.timestamps import Due

from .conftest import NAME, Class, put, taken

CANVAS_LIST = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Closures (77)\n"
    "    Points Possible,,,,,30\n"
    '"Lee, Ann",11,s1,ann,A,\n'
    '"Ray, Bob",12,s2,bob,A,\n'
)
LISTS = {
    "nbgrader": "id,first_name,last_name,email\nann,Ann,Lee,ann@x.org\nbob,Bob,Ray,\n",
    "Canvas": CANVAS_LIST,
    "Moodle": "First name;Last name;Email address\nAnn;Lee;ann@x.org\nBob;Ray;bob@x.org\n",
    "names alone": 'Name\n"Lee, Ann"\n"Ray, Bob"\n\n',
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_people(kind, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LISTS[kind], "utf-8")

    people = read(path)

    assert [person.name for person in people] == ["Lee, Ann", "Ray, Bob"]
    roster = Roster(people, "")
    assert roster.find("Ann Lee") == people[0]
    assert roster.missing(["Bob Ray", "eve"]) == [people[0]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "lists no people. Its first line must name the columns"),
        (b"", "lists no people"),
        (b"\xff\xfe\x00", "can't be read"),
        (b"id\n" + b"x" * 200_000, "is not a table: field larger than field limit"),
    ],
)
def test_what_is_no_list_of_people(content, said, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    with pytest.raises(RosterError, match=said):
        read(path)


def test_a_number_means_somebody_within_its_own_system_alone():
    ann, bob = Person(("ann", "11"), "Lee, Ann"), Person(("bob", "12"), "Ray, Bob")

    assert Roster([ann, bob], CANVAS).find("leeann_11") == ann
    assert Roster([ann, bob], "Moodle").find("Ray Bob_11") == bob
    assert Roster([ann, bob], "").find("leeann_11") is None
    assert Roster([ann, bob], "").find("ANN") == ann


def test_two_of_one_name_are_known_by_other_things_alone():
    first, second = Person(("ann1",), "Lee, Ann"), Person(("ann2",), "Ann Lee")
    roster = Roster([first, second], "")

    assert roster.find("Ann Lee") is None
    assert roster.find("ann2") == second


def test_names_are_sorted_as_people_do():
    names = ["learner10", "Zoë", "learner9", "émile", "Adam", "zeno", "ädam", "2", "10"]

    assert sorted(names, key=order) == [
        "2", "10", "Adam", "ädam", "émile", "learner9", "learner10", "zeno", "Zoë",
    ]  # fmt: skip


# --- what is there, and what is not ---------------------------------------------------------------


@pytest.mark.parametrize("name", [".DS_Store", "__pycache__/a.pyc", ".git/config"])
def test_a_folder_of_hidden_files_alone_is_a_row(name, class_):
    put(class_.folder, f"ann/{name}")
    put(class_.folder, f"eve/assignment3/{name}")
    put(class_.folder, "bob.py")
    first = name.partition("/")[0]

    assert taken(class_) == {
        "ann": f"ann contains no work, only {first} and the like.",
        "bob": ["closures.py"],
        "eve": f"eve/assignment3 contains no work, only {first} and the like.",
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-01 22:30:00.000000 UTC", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)),
        ("2026-02-01 22:30:00", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)),
        ("2026-02-01 23:30:00 Europe/Paris", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)),
        ("2026-02-01T23:30:00+01:00", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("2026-02-01 23:30:00 Nowhere/Land", None),
        ("", None),
    ],
)
def test_when_it_came_through_nbgrader(text, moment, class_):
    put(class_.folder, "ann/assignment3/closures.py")
    put(class_.folder, "ann/assignment3/timestamp.txt", text.encode())
    put(class_.folder, "bob/assignment3/closures.py")
    put(class_.folder, "bob/assignment3/timestamp.txt", text.encode())
    one = timezone(timedelta(hours=1))
    due = Due(datetime(2026, 2, 1, 23, tzinfo=one), {"bob": timedelta(days=1)})

    with Intake(class_.folder, class_.clone.course, class_.assignment, due=due) as intake:
        ann, bob = intake

    assert (ann.moment, bob.moment) == (moment, moment)
    assert (ann.late, bob.late) == (moment is not None, False)
    assert ann.place == "assignment3/closures.py"


# --- the class ------------------------------------------------------------------------------------


def page_of(
    class_: Class, people: list[Person]
) -> tuple[class_run.Enrolled, list[dict[str, str]], str]:
    """What is said of a class, its table and its page; nothing of it is graded."""
    with journal.create(class_.out, class_.clone.course, class_.conditions) as kept:
        kept.set_people(people)
        said = class_run.enrol(kept, class_.folder, class_.clone.course, class_.assignment)
        results.write(kept, class_.clone.course, class_.assignment)
        assert kept.is_written
    with (class_.out / "grades.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return said, rows, (class_.out / "index.html").read_text("utf-8")


def test_who_is_missing_is_listed_by_name(class_):
    put(class_.folder, "l10/assignment3/closures.py")
    put(class_.folder, "l10/assignment3/timestamp.txt", b"2026-02-01 22:30:00 UTC")
    put(class_.folder, "l9/assignment3/closures.py")
    people = [Person(("l10",), "Ten, T."), Person(("l2",), "Two, T.")]

    said, rows, page = page_of(class_, people)

    assert [person.name for person in said.missing] == ["Two, T."]
    assert (said.people, said.strangers, said.learners) == (2, ("l9",), 2)
    assert [(row["learner"], row["name"], row["status"], row["score"]) for row in rows] == [
        ("l2", "Two, T.", "handed in nothing", ""),
        ("l9", "", "not graded yet", ""),
        ("l10", "Ten, T.", "not graded yet", ""),
    ]
    assert "<h2>Handed in nothing</h2>\n  <p>Two, T. (l2)</p>" in page
    assert "2026-02-01 22:30 UTC" in page
    assert "assignment3/closures.py" in page
    assert page.index(">l9<") < page.index(">Ten, T. (l10)<")


def test_the_page_for_sharing_says_how_many_are_missing_and_not_who(class_):
    put(class_.folder, "ann.py")
    with journal.create(class_.out, class_.clone.course, class_.conditions) as kept:
        kept.set_people([Person(("bob",), "Ray, Bob")])
        class_run.enrol(kept, class_.folder, class_.clone.course, class_.assignment)
        results.write(kept, class_.clone.course, class_.assignment, anonymous=True)

    page = (class_.out / "anonymous.html").read_text("utf-8")

    assert "<strong>1</strong> handed in nothing" in page
    assert "Bob" not in page
    assert "bob" not in page.partition("<main>")[2]


@pytest.mark.requires("sandbox")
def test_the_roster_is_kept_for_later_runs(class_, tmp_path):
    class_.hand_in("ann", class_.stub)
    roster = tmp_path / "people.csv"
    roster.write_text(CANVAS_LIST, "utf-8")

    first = class_.run(*class_.judging("--roster", str(roster)))
    again = class_.run(*class_.judging())
    nobody = class_.run(*class_.judging("--roster", str(class_.clone.file(NAME))))

    for done in (first, again):
        assert done.exit_code == 0
        assert "1 of the 2 on the roster handed in nothing: Ray, Bob.\n" in done.output
    assert '<p class="muted">Mean and median cover 1. Left out: 1 who handed in nothing.</p>' in (
        (class_.out / "index.html").read_text("utf-8")
    )
    assert (nobody.exit_code, "lists no people" in nobody.output) == (2, True)
