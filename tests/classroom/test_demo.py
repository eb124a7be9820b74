"""A class that never was: of every kind, judged, and with its page."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom import demo
from autograder.classroom.roster import read
from autograder.cli.course import main
from autograder.course import load

from ..conftest import ROOT
from .conftest import NAME, Class


def test_the_made_up_class_is_of_every_kind(tmp_path: Path) -> None:
    course = load(ROOT)
    assignment = demo.chosen(course)
    demo.make(course, assignment, tmp_path)
    texts = {p.stem: p.read_text("utf-8") for p in (tmp_path / demo.SUBMITTED).iterdir()}
    people = read(tmp_path / demo.GRADEBOOK)

    assert assignment.name == NAME
    assert (len(texts), len(people)) == (27, 30)
    assert not [who for who, text in texts.items() if "SOLUTION" in text]
    assert len({texts[who] for who in demo.WRONG}) == len(demo.WRONG)
    assert {"raise NotImplementedError" in texts[who] for who in demo.UNFINISHED} == {True}
    with pytest.raises(SyntaxError):
        compile(texts[demo.BROKEN], "closures.py", "exec")


@pytest.mark.long
@pytest.mark.requires("sandbox")
def test_the_class_page_is_seen_with_one_command(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with contextlib.chdir(ROOT):
        done = CliRunner().invoke(main, ["demo", str(folder)])
        out, roster = str(folder / "results"), str(folder / demo.GRADEBOOK)
        exported = CliRunner().invoke(
            main, ["export", out, "--format", "canvas", "--roster", roster]
        )

    assert done.exit_code == 0, done.output
    assert "3 of the 30 on the roster handed in nothing: Flores, Ximena; " in done.output
    assert f"course export {out} --format canvas --roster {roster}" in done.output
    assert (folder / "results" / "index.html").is_file()
    scores = {
        row["Student"]: row["Closures (101)"]
        for row in csv.DictReader(exported.stdout.splitlines())
    }
    assert len(scores) == 30
    assert scores["Okafor, Ada"] == "30"
    assert [who for who, score in scores.items() if not score] == [
        "Flores, Ximena", "Kowalska, Wanda", "Rossi, Carla", "Weber, Jonas",
    ]  # fmt: skip


def test_what_lies_there_is_left_alone(class_: Class) -> None:
    with contextlib.chdir(class_.clone.root):
        done = CliRunner().invoke(main, ["demo", str(class_.clone.root)])

    assert done.exit_code == 2
    assert "is not empty: name another DIR" in done.output


def test_without_solutions_there_is_nothing_to_make_it_of(class_: Class, tmp_path: Path) -> None:
    (class_.clone.root / "solutions").rename(tmp_path / "elsewhere")
    with contextlib.chdir(class_.clone.root):
        done = CliRunner().invoke(main, ["demo", "demo"])

    assert done.exit_code == 2
    assert "There are no solutions here" in done.output
