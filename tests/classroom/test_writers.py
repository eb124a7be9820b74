"""Everything that is written for people, about learners with names that want to mislead them."""

from __future__ import annotations

import csv

import pytest

from autograder.classroom.names import cell, file_stem
from autograder.cli.classroom import _FORMATS
from autograder.cli.course import main

from ..conftest import clone_into
from .conftest import Class

pytestmark = pytest.mark.requires("sandbox")

REWRITES = "\x1b\r\nFORGED\u202e\u2066\u200b\u3164\ufe0f\u034f\U000e0041"
"""Controls, a line of one's own, what turns a line round, and what is drawn as nothing."""
NAMES = [f"=1+1{REWRITES}", f"eve{REWRITES}", "eve", "con", "\uff1d1+1", " =1+1"]


@pytest.fixture(scope="module")
def written_by(tmp_path_factory):
    """Every text that a command writes, by the command: on its streams and into files."""
    root = tmp_path_factory.mktemp("writers")
    clone = clone_into(root / "course")
    class_ = Class(clone, root / "submitted", root / "results")
    class_.folder.mkdir()
    for learner in NAMES:
        class_.hand_in(learner, class_.text())
    twice = class_.hand_in(f"two{REWRITES}", class_.text()).parent
    (twice / "again.py").write_text(class_.text())
    roster = root / "roster.csv"
    roster.write_text("Student,ID,SIS User ID,SIS Login ID,Section,Closures\n=2+2,7,,,,\n")
    commands = {
        "class": class_.judging("--anonymous"),
        "regrade": ("regrade", str(class_.out), "--anonymous"),
        "a roster": ("export", str(class_.out), "--format", "canvas", "--roster", str(roster)),
    }
    for form in _FORMATS:
        to = ("--to", str(root / form)) if form == "gradescope" else ()
        commands[form] = ("export", str(class_.out), "--format", form, *to)
    said = {name: class_.run(*command) for name, command in commands.items()}
    found = {f"{n}, a stream": s.stdout + s.stderr for n, s in said.items() if s.exit_code == 0}
    assert len(found) == len(commands), [
        str(each.stderr) + each.stdout for each in said.values() if each.exit_code
    ]
    for folder in (class_.out, root / "gradescope"):
        for path in folder.rglob("*"):
            found[f"the name {path.name}"] = path.name
            if path.suffix in (".html", ".csv", ".json"):
                found[path.name] = path.read_text("utf-8")
    return found


def test_nothing_that_is_written_can_mislead(written_by):
    unseen = {sign for sign in REWRITES if not sign.isascii()} | {"\x1b"}
    for place, text in written_by.items():
        assert not set(text) & unseen, place
        assert not [line for line in text.splitlines() if line.startswith("FORGED")], place


def test_no_cell_of_a_table_is_a_formula(written_by):
    tables = [
        text for name, text in written_by.items() if name.endswith(".csv") or "Student" in text
    ]
    assert len(tables) >= 3
    for text in tables:
        for row in csv.reader(text.splitlines()):
            assert not [found for found in row if found.lstrip()[:1] in {*"=+@", "\uff1d"}]


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@A1", "\t=1", " =1", "\uff1d1", "\uff0b1", "(=1)", '"=1'],
)
def test_a_formula_is_quoted(text):
    assert cell(text).startswith(("'", "\\t"))


@pytest.mark.parametrize("text", ["Ann-Marie", "zo\u00eb", "a=b", "_x", "12345", "O'Neil"])
def test_a_name_is_left_as_it_is(text):
    assert cell(text) == text


@pytest.mark.parametrize("name", ["con", "nul", "com1", "aux.closures", "lpt9", "prn"])
def test_no_file_has_the_name_of_a_device(name):
    assert file_stem(name).startswith(f"{name.partition('.')[0]}-")
    assert file_stem("console") == "console"


def test_every_command_about_a_class_is_tried_here():
    places = {"results", "submissions"}
    about = {n for n, each in main.commands.items() if places & {p.name for p in each.params}}

    assert about == {"class", "regrade", "export"}
