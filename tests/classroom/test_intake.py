"""Who handed in what: each layout, and everything that can be wrong with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from autograder import course as courses
from autograder.classroom import entries, select_files
from autograder.classroom.entries import IntakeError, Unreadable, read_file
from autograder.classroom.intake import Intake

from ..conftest import ROOT
from .conftest import RIGHT, Class, contents, put, taken

# --- layouts -------------------------------------------------------------------------------------


def test_a_folder_of_files(class_):
    put(class_.folder, "ann.py")
    put(class_.folder, "bob.ipynb")
    put(class_.folder, "carol_closures.py")
    put(class_.folder, "doejane_12345_98765_closures-2.py")
    put(class_.folder, "roejim_LATE_777_98766_my work.py")
    put(class_.folder, ".DS_Store")

    assert taken(class_) == {
        "ann": ["closures.py"],
        "bob": ["closures.ipynb"],
        "carol": ["closures.py"],
        "doejane_12345": ["closures.py"],
        "roejim_777": ["closures.py"],
    }


def test_a_folder_a_learner(class_):
    put(class_.folder, "ann/closures.py")
    put(class_.folder, "bob/deep/er/closures.py")
    put(class_.folder, "carol/something.py")
    put(class_.folder, "dan/closures.ipynb")
    put(class_.folder, "dan/__pycache__/closures.py")
    put(class_.folder, "Eve Doe_123_assignsubmission_file_/closures.py")

    assert taken(class_) == {
        "Eve Doe_123": ["closures.py"],
        "ann": ["closures.py"],
        "bob": ["closures.py"],
        "carol": ["closures.py"],
        "dan": ["closures.ipynb"],
    }


def test_nbgraders_folders(class_):
    put(class_.folder, "ann/assignment3/closures.ipynb")
    put(class_.folder, "ann/assignment3/timestamp.txt", b"2026-01-01")
    put(class_.folder, "bob/assignment3/closures.py")
    put(class_.folder, "bob/assignment1/value.py")

    assert taken(class_) == {"ann": ["closures.ipynb"], "bob": ["closures.py"]}


def test_who_handed_in_another_assignment_alone_is_not_lost(cloning, tmp_path):
    folder = tmp_path / "submitted"
    class_ = Class(cloning("assignment1", "assignment3"), folder, tmp_path / "out")
    put(folder, "ann/assignment3/closures.py")
    put(folder, "bob/assignment1/value.py")

    assert taken(class_) == {
        "ann": ["closures.py"],
        "bob": [],
    }


@pytest.mark.parametrize("names", [("ann/closures.py", "bob/closures.py"), ("ann.py", "bob.py")])
@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_around_all_of_it_is_one_learners(packed, names, class_, tmp_path):
    """Whose folder it is hands in nothing for others; who gave the wrong folder is told."""
    for name in names:
        put(class_.folder, f"mallory/{name}", name.encode())
    put(class_.folder, "__MACOSX/x")
    place = class_.folder
    if packed:
        place = Path(shutil.make_archive(str(tmp_path / "all"), "zip", class_.folder))

    with Intake(place, class_.clone.course, class_.assignment) as intake:
        (found,) = intake

    assert (found.learner, found.files) == ("mallory", {})
    assert found.problem is not None
    instead = "unpack it and name that folder" if packed else f"name {place / 'mallory'}"
    assert intake.around == (
        "Everything is in the folder mallory, which is taken for one learner's. "
        f"If it contains learners' folders, {instead}."
    )
    assert set(taken(class_, class_.folder / "mallory")) == {"ann", "bob"}


def test_one_learner_alone_is_nothing_to_speak_of(class_):
    put(class_.folder, "ann/closures.py")
    put(class_.folder, "ann/notes/closures.txt")

    with Intake(class_.folder, class_.clone.course, class_.assignment) as intake:
        assert [hand_in.learner for hand_in in intake] == ["ann"]
    assert intake.around is None


def test_one_name_like_an_lmss_makes_no_archive_of_a_learners_folder(class_):
    put(class_.folder, "mallory/alice_11_205_closures.py")
    put(class_.folder, "mallory/bob/closures.py")

    assert set(taken(class_)) == {"mallory"}


def test_whose_folder_alone_is_looked_at_has_no_other_around_it(class_):
    put(class_.folder, "mallory/alice_11_205_closures.py")
    put(class_.folder, "mallory/bob_12_206_closures.py")
    put(class_.folder, "ann/closures.py")
    course, assignment = class_.clone.course, class_.assignment

    with Intake(class_.folder, course, assignment, only="mallory") as intake:
        assert [hand_in.learner for hand_in in intake] == ["mallory"]


def test_the_untouched_stub_beside_it_does_not_count(class_):
    put(class_.folder, "ann/closures.py", class_.stub.encode())
    put(class_.folder, "ann/closures.ipynb", b"{}")
    put(class_.folder, "bob/closures.py", class_.stub.encode())

    assert taken(class_) == {"ann": ["closures.ipynb"], "bob": ["closures.py"]}


@pytest.mark.parametrize(("stub", "work"), [("a", "b"), ("b", "a")])
def test_the_stub_does_not_count_wherever_it_lies(stub, work, class_):
    put(class_.folder, f"ann/{stub}/closures.py", class_.stub.encode())
    put(class_.folder, f"ann/{work}/closures.py")

    assert contents(class_) == {"ann": {"closures.py": RIGHT}}


def test_the_same_file_twice_is_one(class_):
    put(class_.folder, "ann/closures.py")
    put(class_.folder, "ann/copy/closures.py")

    assert contents(class_) == {"ann": {"closures.py": RIGHT}}


def test_the_same_work_in_both_forms_is_one(class_):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x = 1\ny = 2"}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    put(class_.folder, "ann/closures.py", b"# %%\nx = 1\n\ny = 2\n")
    put(class_.folder, "ann/closures.ipynb", json.dumps(book).encode())

    assert taken(class_) == {"ann": ["closures.ipynb"]}


def test_further_files_of_an_assignment(tmp_path):
    course = courses.load(ROOT)
    assignment = next((a for a in course.assignments if len(a.files) > 1), None)
    assert assignment is not None
    first, second = (file.name for file in assignment.files)
    put(tmp_path, f"ann/{first}")
    put(tmp_path, f"ann/{second}", b"y = 2\n")
    put(tmp_path, f"bob_{first}")
    put(tmp_path, f"bob_{second}")
    put(tmp_path, f"carol/{second}")

    with Intake(tmp_path, course, assignment) as intake:
        found = {h.learner: sorted(h.files) for h in intake}

    assert found == {"ann": [first, second], "bob": [first, second], "carol": [second]}


# --- a row for each ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"x/a.py": b"1", "x/b.py": b"2"}, "There is no closures.py, but several files could be it: x/a.py, x/b.py. Hand in one of them as closures.py."),
        ({"x/closures.py": b"1", "x/closures.ipynb": b"2"}, "Two files could be the one to grade: x/closures.ipynb and x/closures.py. Keep one."),
        ({"x/a/closures.py": b"1", "x/b/closures.py": b"2"}, "Two files could be the one to grade: x/a/closures.py and x/b/closures.py. Keep one."),
        ({"x.py": b"1", "x/closures.py": b"2"}, "This learner handed in two: x and x.py. Keep one."),
        ({"x.py": b"1", "x.ipynb": b"2"}, "This learner handed in two: x.ipynb and x.py. Keep one."),
        ({"x/work.pdf": b"%PDF"}, "There is no closures.py, only: x/work.pdf."),
        ({"x.pdf": b"%PDF"}, "There is no closures.py, only: x.pdf."),
        ({"x/a.py": b"1", "x/b.py": b"2", **{f"x/{n}.txt": b"" for n in range(5)}}, "There is no closures.py, but several files could be it: x/a.py, x/b.py. Hand in one of them as closures.py."),
        ({f"x/{n}.txt": b"" for n in range(9)}, "There is no closures.py, only: x/0.txt, x/1.txt, x/2.txt, x/3.txt, x/4.txt, …."),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_a_row(files, problem, class_):
    for name, content in files.items():
        put(class_.folder, name, content)
    put(class_.folder, "ok.py")

    assert taken(class_) == {"ok": ["closures.py"], "x": problem}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"x/closures.Rmd": b""}, "closures.Rmd is an R Markdown document. "),
        ({"x/work.md": b"# A\n```{code-cell}\n"}, "work.md is a MyST Markdown notebook. "),
        (
            {"x/closures.qmd": b"", "x/notes.md": b"", "x/README.md": b""},
            "closures.qmd is a Quarto",
        ),
        ({"x.qmd": b""}, "x.qmd is a Quarto document. "),
    ],
)
def test_work_in_another_format_is_named_with_what_converts_it(files, said, class_):
    for name, content in files.items():
        put(class_.folder, name, content)
    (problem,) = taken(class_).values()

    assert problem.startswith(said)
    assert re.search(r"\n    \S.* closures\.\w+$|\n    \S.* (work|x)\.\w+$", problem), problem


def test_a_text_about_the_work_is_not_taken_for_it(class_):
    put(class_.folder, "ann/README.md", b"# Hello")
    put(class_.folder, "bob/closures.qmd", b"x" * 2_000_000)

    assert taken(class_) == {
        "ann": "There is no closures.py, only: ann/README.md.",
        "bob": "bob/closures.qmd has 2,000,000 bytes, over the limit of 1,048,576 bytes. "
        "Does it contain data or output?",
    }


def test_an_empty_folder_of_a_learner_is_a_row(class_):
    (class_.folder / "ann").mkdir()
    put(class_.folder, "bob.py")

    assert taken(class_) == {
        "ann": "ann is an empty folder.",
        "bob": ["closures.py"],
    }


def test_odd_names_are_learners_too(class_):
    odd = [
        "zoë",
        "новый",
        "two words",
        "new\nline",
        "=1+1",
        "-rf",
        "a'b\"c",
        "\u202egnp",
        "x" * 200,
    ]
    for name in odd:
        put(class_.folder, f"{name}/closures.py")
    os.mkdir(os.fsencode(class_.folder) + b"/not\xffutf8")
    with open(os.fsencode(class_.folder) + b"/not\xffutf8/closures.py", "wb") as file:
        file.write(RIGHT)

    found = contents(class_)

    assert set(found) == {*odd, "not\\xffutf8"}
    assert set(map(str, found.values())) == {str({"closures.py": RIGHT})}


def test_links_and_devices_are_rows_and_are_not_followed(class_, tmp_path):
    secret = put(tmp_path, "secret.py")
    (class_.folder / "ann").mkdir()
    (class_.folder / "ann" / "closures.py").symlink_to(secret)
    (class_.folder / "bob").symlink_to(tmp_path)
    (class_.folder / "carol.py").symlink_to(secret)
    (class_.folder / "dan").mkdir()
    os.mkfifo(class_.folder / "dan" / "closures.py")

    assert taken(class_) == {
        "ann": "ann/closures.py is a symbolic link, which is not followed.",
        "bob": "bob is a symbolic link, which is not followed.",
        "carol": "carol.py is a symbolic link, which is not followed.",
        "dan": "dan/closures.py is not a regular file.",
    }


def test_a_file_too_large_is_a_row(class_):
    put(class_.folder, "ann.py", b"#" * (1024 * 1024 + 1))

    (problem,) = taken(class_).values()

    assert problem.startswith("ann.py has 1,048,577 bytes, over the limit of 1,048,576 bytes")


def test_a_learner_with_a_million_files_is_a_row(class_, monkeypatch):
    monkeypatch.setattr("autograder.classroom.intake._MOST_FILES", 5)
    for n in range(50):
        put(class_.folder, f"ann/{n}.txt")

    assert taken(class_)["ann"].startswith("There is no closures.py, only: ann/0.txt")


@pytest.fixture
def open_folder():
    """A folder that other users can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_no_permission_is_a_row_and_for_the_whole_an_error(clone, open_folder):
    folder, closed = open_folder / "handed in", open_folder / "closed"
    class_ = Class(clone, folder, open_folder)
    put(folder, "ann/closures.py").chmod(0)
    put(folder, "bob/closures.py").parent.chmod(0)
    put(folder, "carol/closures.py")
    put(closed, "inner/x.py")
    closed.chmod(0)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)  # root may read everything
    try:
        found = taken(class_)
        with pytest.raises(IntakeError, match="closed cannot be opened: Permission denied"):
            taken(class_, closed)
        with pytest.raises(IntakeError, match="inner cannot be opened: Permission denied"):
            taken(class_, closed / "inner")
    finally:
        os.seteuid(was)
        (folder / "bob").chmod(0o755)
        closed.chmod(0o755)

    assert found == {
        "ann": "ann/closures.py cannot be read: Permission denied.",
        "bob": "bob cannot be opened: Permission denied.",
        "carol": ["closures.py"],
    }


def test_a_file_that_changes_while_it_is_read_is_never_read_by_halves(tmp_path):
    path = put(tmp_path, "x.py", b"a" * 1000)
    reads: list[Any] = []

    def once(root, names, limit, once=entries._once):
        reads.append(len(reads))
        if len(reads) < 3:
            return None  # as `_once` says of a change
        return once(root, names, limit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "_once", once)
        assert read_file(tmp_path, (path.name,), 5000) == b"a" * 1000
        assert reads == [0, 1, 2]
        patch.setattr(entries, "_once", lambda *_: None)
        with pytest.raises(Unreadable, match="keeps changing while it is read"):
            read_file(tmp_path, (path.name,), 5000)


def test_a_change_is_noticed(tmp_path):
    path = put(tmp_path, "x.py", b"a" * 200_000)
    stop = threading.Event()

    def write():
        letter = b"a"
        while not stop.is_set():
            letter = b"b" if letter == b"a" else b"a"
            path.write_bytes(letter * 200_000)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(20):
            try:
                content = read_file(tmp_path, (path.name,), 1_000_000)
            except Unreadable:
                continue
            assert content in (b"", b"a" * 200_000, b"b" * 200_000)  # emptied, then written
    finally:
        stop.set()
        thread.join()


def test_a_folder_that_becomes_a_link_after_it_was_seen_is_not_followed(class_, tmp_path):
    """A learner who may write to their own folder meanwhile hands in nobody else's work."""
    put(class_.folder, "mallory/part/closures.py", b"mine = 1\n")
    put(tmp_path, "secret/closures.py", b"theirs = 1\n")
    course = class_.clone.course
    with Intake(class_.folder, course, class_.assignment) as intake:
        part = class_.folder / "mallory/part"
        part.rename(class_.folder / "aside")
        part.symlink_to(tmp_path / "secret")
        (found,) = [each for each in intake if each.learner == "mallory"]

    assert found.files == {}
    assert "cannot be read" in str(found.problem)


def test_a_file_with_another_name_elsewhere_may_be_anybodys(class_, tmp_path):
    theirs = put(tmp_path, "closures.py", b"theirs = 1\n")
    (class_.folder / "mallory").mkdir()
    (class_.folder / "mallory/closures.py").hardlink_to(theirs)

    (found,) = taken(class_).values()

    assert found.endswith("a hard link and could be anyone's work.")


def test_files_of_one_name_are_read_within_a_budget(class_, monkeypatch):
    put(class_.folder, "ann.py")
    for number in range(6):
        put(class_.folder, f"eve/{number}/closures.py", b"x = %d\n" % number)
    assert "Two files could be the one to grade: " in taken(class_)["eve"]

    monkeypatch.setattr(select_files, "_MOST_READ", 36)
    assert "Two files could be the one to grade: " in taken(class_)["eve"]
    monkeypatch.setattr(select_files, "_MOST_READ", 20)

    assert (
        taken(class_)["eve"]
        == "6 files could be the one to grade: eve/3/closures.py and others. Keep one."
    )


# --- nothing to take -----------------------------------------------------------------------------


def test_places_that_hold_nothing_are_errors(class_, tmp_path):
    single = put(tmp_path, "ann.py")

    with pytest.raises(IntakeError, match=r"contains nothing that a learner could have"):
        taken(class_)
    with pytest.raises(IntakeError, match="There is no "):
        taken(class_, tmp_path / "missing")
    with pytest.raises(
        IntakeError, match=r"neither a folder nor an archive .* grade ASSIGNMENT FILE"
    ):
        taken(class_, single)


def test_a_learner_with_too_many_files_is_a_row(class_, monkeypatch):
    monkeypatch.setattr(entries, "MOST_ENTRIES", 9)
    monkeypatch.setattr(entries, "MOST_OF_ONE", 4)
    for n in range(12):
        put(class_.folder, f"ann/{n:02}.txt")
        put(class_.folder, f"bob/.venv/{n}.py")
    put(class_.folder, "bob/closures.py")

    found = taken(class_)

    assert found["bob"] == ["closures.py"]
    assert found["ann"].startswith("There is no closures.py, only: ann/00.txt")


def test_too_many_files_in_a_folder_are_an_error(class_, monkeypatch):
    monkeypatch.setattr(entries, "MOST_ENTRIES", 5)
    for n in range(6):
        put(class_.folder, f"{n}.py")

    with pytest.raises(IntakeError, match="Is it the right one"):
        taken(class_)
