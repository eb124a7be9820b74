"""`course init-nbgrader`, `course release`, and what is said where they cannot do it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.bridge import class_book
from autograder.classroom.bridge.folder import source
from autograder.classroom.bridge.submitted import expect_all
from autograder.classroom.bridge.verdicts import NoVerdict, verdict
from autograder.classroom.database import FILE
from autograder.cli.course import main
from autograder.course import load

from ..conftest import ROOT, Clone

NAME = "assignment3"


@pytest.fixture
def course(cloning: Callable[..., Clone], monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A course with one assignment; commands are given in its folder."""
    clone = cloning(NAME)
    monkeypatch.chdir(clone.root)
    return clone


def say(*command: str, code: int = 0) -> str:
    """What a command says."""
    done = CliRunner().invoke(main, command)
    assert done.exit_code == code, done.output
    return done.output


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def test_a_second_time_changes_nothing(course: Clone) -> None:
    first = say("init-nbgrader", "class")
    before = files(course.root)
    second = say("init-nbgrader", "class")

    assert "class/source/assignment3/closures.ipynb written" in first
    assert second == "Next, in class: course release assignment3\n"
    del before[str(course.root / "class" / ".course.json")]
    assert before.items() <= files(course.root).items()


def test_no_solution_lies_in_the_folder_and_nobody_else_looks_in(course: Clone) -> None:
    say("init-nbgrader", "class")

    folder = course.root / "class"
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()]
    assert not any("BEGIN SOLUTION" in text for text in texts)
    assert not any("self.grad = other.data * out.grad" in text for text in texts)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (course.root / "exchange").stat().st_mode & 0o777 == 0o777


def test_what_course_toml_says_of_a_class_is_in_both_configurations(course: Clone) -> None:
    exchange = course.root / "for all"
    with (course.root / "course.toml").open("a") as file:
        file.write(f'[class]\nid = "bp-101"\nexchange = "{exchange}"\n')

    say("init-nbgrader", "class")

    for place in ("class", "class/for-learners"):
        text = (course.root / place / "nbgrader_config.py").read_text("utf-8")
        assert 'c.CourseDirectory.course_id = "bp-101"' in text
        assert f'c.Exchange.root = "{exchange}"' in text
    assert "CourseDirectory.root" not in text


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (("init-nbgrader", "/tmp/class"), 1, "is outside the course's folder"),
        (("init-nbgrader", "course.toml/class"), 1, "Not a directory"),
        (("release", NAME), 1, "There is no nbgrader_config.py in .* `course init-nbgrader DIR`"),
        (("release", "assignment33"), 2, "Did you mean assignment3?"),
    ],
)
def test_what_cannot_be_done_is_said(
    course: Clone, command: tuple[str, ...], code: int, message: str
) -> None:
    assert re.search(message, " ".join(say(*command, code=code).split()))


def test_a_handout_is_nothing_to_hand_out_from(course: Clone) -> None:
    (course.root / "solutions").rename(course.root / "away")

    said = " ".join(say("init-nbgrader", "class", code=1).split())

    assert "contains no solutions: it is a handout or a learner's folder." in said
    assert not (course.root / "class").exists()


def test_learners_must_be_able_to_hand_in(course: Clone) -> None:
    exchange = course.root / "exchange"
    exchange.mkdir(mode=0o755)

    said = say("init-nbgrader", "class", code=1)

    assert f"Learners can't submit through {exchange}. Run: chmod 777 {exchange}" in said


@pytest.mark.long
def test_what_nbgrader_refuses_is_told_in_its_words(course: Clone, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # as where the environment is not activated
    say("init-nbgrader", "class")
    (course.root / "exchange").rmdir()
    (course.root / "exchange").write_text("no folder", "utf-8")
    monkeypatch.chdir(course.root / "class")

    assert "Error: nbgrader: NotADirectoryError: " in say("release", NAME, code=1)


def test_the_document_installs_as_the_readme_does() -> None:
    command = re.compile(r"^python3 -m venv .*$", re.MULTILINE)
    ours = command.findall((ROOT / "docs" / "instructors.md").read_text("utf-8"))
    theirs = command.findall((ROOT / "README.md").read_text("utf-8"))

    assert len(ours) == 1
    assert ours[0].replace("instructor", "dev") in {
        text.split(" && .venv/bin/pytest")[0] for text in theirs
    }


@pytest.mark.requires("torch")
def test_every_notebook_of_an_assignment_is_expected(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    notebooks = ["/class/submitted/x/assignment9/other.ipynb"]

    expect_all(assignment="assignment9", student="*", notebooks=notebooks)

    assert [os.path.basename(path) for path in notebooks] == [
        "other.ipynb",
        "beyond.ipynb",
        "beyond_torch.ipynb",
    ]


def test_a_missing_package_is_one_line_before_anybody_is_graded(course: Clone) -> None:
    path = course.root / "course.toml"
    path.write_text(path.read_text("utf-8") + 'packages = ["nosuchpackage"]\n', "utf-8")

    with pytest.raises(
        SystemExit, match=r"Nothing of assignment3 is graded\. nosuchpackage is not"
    ):
        expect_all(assignment=NAME, student="*", notebooks=["/submitted/x/assignment3/a.ipynb"])


def test_a_journal_of_another_format_is_one_line_before_anybody_is_graded(course: Clone) -> None:
    out = class_book.verdicts(course.root, NAME)
    out.mkdir(parents=True)
    with closing(sqlite3.connect(out / FILE)) as old, old:
        old.execute("CREATE TABLE facts (name TEXT, value TEXT)")
        old.execute("INSERT INTO facts VALUES ('format', '2')")

    with pytest.raises(
        SystemExit, match=r"Nothing of assignment3 is graded\. .* belongs to another version"
    ):
        expect_all(assignment=NAME, student="*", notebooks=["/submitted/x/assignment3/a.ipynb"])


def test_what_cannot_be_judged_here_is_no_verdict(course: Clone) -> None:
    path = course.root / "course.toml"
    path.write_text(path.read_text("utf-8") + 'packages = ["nosuchpackage"]\n', "utf-8")
    submitted = course.root / "class" / "submitted"
    (submitted / "x" / NAME).mkdir(parents=True)
    (submitted / "x" / NAME / "closures.py").write_text(course.solution(NAME), "utf-8")

    with pytest.raises(NoVerdict, match="assignment3 needs nosuchpackage, which is not installed"):
        verdict(course.root / "class", submitted, NAME, "x", print)
    with pytest.raises(NoVerdict, match="y cannot be opened"):
        verdict(course.root / "class", submitted, NAME, "y", print)
    with pytest.raises(NoVerdict, match="This course has no assignment 'assignment4'"):
        verdict(course.root / "class", submitted, "assignment4", "x", print)
    assert load(course.root).assignments


def test_what_a_notebook_imports_is_handed_out_beside_it(tmp_path: Path) -> None:
    course = load(ROOT)
    written = source(course, course.assignment("assignment8"), tmp_path)

    assert [file.path.name for file in written] == ["training.ipynb", "engine.py", "neural.py"]
