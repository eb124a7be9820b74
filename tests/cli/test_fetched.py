"""What nbgrader's learners fetch lies in no course's folder: `grade` takes the kit's own course."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from autograder.course import CourseError, load, of_work
from autograder.magic import command

from ..conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Grade

NAME = "assignment3"


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """The notebook of a class where its learner fetched it."""
    notebook = tmp_path / NAME / "closures.ipynb"
    notebook.parent.mkdir()
    notebook.write_bytes((ROOT / "assignments" / NAME / notebook.name).read_bytes())
    return notebook


@pytest.mark.parametrize("inside", [False, True], ids=["beside it", "in its folder"])
def test_what_the_notebook_names_works(grade: Grade, fetched: Path, inside: bool) -> None:
    folder = fetched.parent if inside else fetched.parent.parent

    judged = grade(folder, NAME)
    hint, more = (grade(folder, NAME, "--hint").stdout for _ in range(2))
    whole = grade(folder)

    assert judged.exit_code == 1
    assert "You haven't started this one yet." in judged.stdout
    assert f"Open {'' if inside else 'assignment3/'}closures.ipynb and read" in judged.stdout
    assert "Hints left: 2." in hint
    assert "Hints left: 1." in more
    assert (whole.exit_code, "0 of 1 done" in whole.stdout) == (0, True)
    assert "closures.ipynb and run:" in whole.stdout
    assert [path.name for path in sorted(fetched.parents[1].iterdir())] == [".grade", NAME]


def test_the_magic_works_there_too(fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(fetched.parent)
    monkeypatch.setenv("JPY_SESSION_NAME", str(fetched))

    assert command.grade(NAME).report.submission.name == fetched.name
    done = command._run([NAME, "--hint"], fetched.parent)
    assert (done.returncode, "Hints left" in done.stdout) == (1, True)


def test_a_file_is_graded_wherever_it_lies(grade: Grade, fetched: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    found = grade(elsewhere, NAME, str(fetched), "--json")

    assert json.loads(found.stdout)["status"] == "graded"


def test_the_form_that_was_fetched_comes_back(
    grade: Grade, fetched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub, kept = fetched.read_bytes(), fetched.with_name("closures.ipynb.1.bak")
    texts = dict.fromkeys(("closures.py", fetched.name), stub)
    monkeypatch.setattr("autograder.submission.handed_out.kept", lambda _: texts)
    fetched.write_bytes(stub.replace(b"raise NotImplementedError", b"pass"))

    done = grade(fetched.parent, NAME, "--reset")

    assert done.exit_code == 0
    assert [path.name for path in sorted(fetched.parent.iterdir())] == [fetched.name, kept.name]
    assert fetched.read_bytes() == stub


def test_a_solved_one_says_what_comes_next(grade: Grade, fetched: Path) -> None:
    text = (ROOT / "solutions" / NAME / "closures.py").read_text("utf-8")
    fetched.with_name("closures.py").write_text(text, "utf-8")
    fetched.unlink()

    done = grade(fetched.parent, NAME)

    assert done.exit_code == 0
    assert "Next: assignment4, once you have fetched it." in done.stdout


def test_only_a_place_with_work_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).mkdir()

    with pytest.raises(CourseError, match=r"There is no course\.toml"):
        of_work(tmp_path)
    assert of_work(tmp_path, anywhere=True).root == tmp_path
    monkeypatch.setattr("autograder.course.kit_folder", lambda: None)
    with pytest.raises(CourseError, match=r"There is no course\.toml"):
        of_work(tmp_path, anywhere=True)


def test_in_a_course_that_course_is_meant(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("title = 3", "utf-8")

    with pytest.raises(CourseError, match="expected text"):
        of_work(tmp_path, anywhere=True)
    assert of_work(ROOT / "assignments" / NAME) == load(ROOT)
