"""Stubs are written, brought up to date, and never over what a learner has begun."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import autograder
from autograder import course as courses
from autograder.authoring.build import BuildError, build, drift
from autograder.authoring.stub import StubError
from autograder.cli import actions
from autograder.cli.course import main
from autograder.cli.grade import main as grade
from autograder.course import Assignment, Course
from autograder.submission import files, handed_out
from autograder.submission.files import Given, WriteResult, untouched

COURSE = """
title = "T"
seed = "s"
[[assignments]]
name = "one"
title = "One"
[[assignments.files]]
name = "first.py"
asks = ["f"]
[[assignments.files]]
name = "second.py"
asks = ["f"]
"""
SOLUTION = """def f():
    ### BEGIN SOLUTION: Return one.
    return 1
    ### END SOLUTION
"""
STUB = 'def f():\n    raise NotImplementedError("Return one.")\n'
BEGUN = "def f():\n    return 2\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text(COURSE)
    folder = tmp_path / "solutions" / "one"
    folder.mkdir(parents=True)
    (folder / "first.py").write_text(SOLUTION)
    (folder / "second.py").write_text(SOLUTION)
    return courses.load(tmp_path)


@pytest.fixture
def one(course: Course) -> Assignment:
    return course.assignments[0]


def file(course: Course, name: str = "first.py") -> Path:
    return course.root / "assignments" / "one" / name


def states(built: list[WriteResult]) -> list[str]:
    return [each.state for each in built]


def is_noted(course: Course, name: str) -> bool:
    """Whether the file is noted as it was handed out."""
    path = file(course, name)
    return files.given(path.parent)[name] == Given.of(path, path.read_bytes())


NAMES = ["first.py", "second.py", "first.ipynb", "second.ipynb"]


def ran(path: Path, **changes: object) -> None:
    """A notebook's file after its first cell ran in Jupyter, with changes to that cell."""
    content = json.loads(path.read_text("utf-8"))
    content["cells"][0].update(execution_count=1, **changes)
    path.write_text(json.dumps(content), "utf-8")


def run(course: Course, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(course.root)
    return CliRunner().invoke(main, ["build", *arguments])


def test_stubs_are_written_once(course: Course, one: Assignment) -> None:
    assert drift(course, one) == [
        f"assignments/one/{name} is missing: run `course build one`." for name in NAMES
    ]
    assert not untouched(course, one)
    assert states(build(course, one)) == ["written"] * 4
    assert file(course).read_text("utf-8") == STUB
    assert all(is_noted(course, name) for name in NAMES)
    assert states(build(course, one)) == ["unchanged"] * 4
    assert drift(course, one) == []
    assert untouched(course, one)


def test_modules_that_a_file_may_import_lie_beside_it(course: Course) -> None:
    facts = course.root / "course.toml"
    facts.write_text(COURSE.replace('["f"]\n[[', '["f"]\nprovides = ["engine", "neural"]\n[['))
    course = courses.load(course.root)
    one = course.assignments[0]

    assert states(build(course, one)) == ["written"] * 6
    assert "class MLP" in file(course, "neural.py").read_text("utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import neural"], cwd=file(course).parent, check=False
    )
    assert done.returncode == 0


def test_begun_work_is_left_alone(course: Course, one: Assignment) -> None:
    build(course, one)
    file(course).write_text(BEGUN)

    assert states(build(course, one)) == ["begun", *["unchanged"] * 3]
    assert file(course).read_text() == BEGUN
    assert not untouched(course, one)
    assert drift(course, one) == [
        (
            "assignments/one/first.py was edited by hand. If it is a learner's work, leave it. "
            "Otherwise run `course build one --force`, which keeps the old file."
        )
    ]


def test_begun_work_is_left_alone_when_the_solution_changed_too(
    course: Course, one: Assignment
) -> None:
    build(course, one)
    file(course).write_text(BEGUN)
    (course.root / "solutions" / "one" / "first.py").write_text(SOLUTION.replace("one", "1"))

    assert states(build(course, one)) == ["begun", "unchanged", "written", "unchanged"]
    assert file(course).read_text() == BEGUN


def test_a_stub_that_nobody_touched_is_brought_up_to_date(course: Course, one: Assignment) -> None:
    build(course, one)
    (course.root / "solutions" / "one" / "first.py").write_text(SOLUTION.replace("one", "1"))

    assert drift(course, one) == [
        f"assignments/one/first.{form} is older than its solution: run `course build`."
        for form in ("py", "ipynb")
    ]
    assert states(build(course, one)) == ["written", "unchanged"] * 2
    assert "Return 1." in file(course).read_text("utf-8")
    assert drift(course, one) == []


def test_a_notebook_that_only_ran_is_not_begun(course: Course, one: Assignment) -> None:
    build(course, one)
    notebook = file(course, "first.ipynb")
    ran(notebook)

    assert untouched(course, one)
    assert drift(course, one) == [
        "assignments/one/first.ipynb contains outputs: `course build one` clears them."
    ]


@pytest.mark.parametrize(
    ("changes", "is_untouched"),
    [
        ({"source": BEGUN}, False),
        ({"cell_type": "markdown"}, False),
        ({"source": [STUB.rstrip()]}, True),
    ],
)
def test_a_notebook_is_begun_when_its_cells_hold_something_else(
    course: Course, one: Assignment, changes: dict[str, object], *, is_untouched: bool
) -> None:
    build(course, one)
    ran(file(course, "first.ipynb"), **changes)

    assert files.begun(file(course, "first.ipynb")) is not is_untouched
    assert untouched(course, one) is is_untouched


def test_a_file_of_which_nobody_knows_what_it_was_is_begun_work(
    course: Course, one: Assignment
) -> None:
    file(course).parent.mkdir(parents=True)
    file(course).write_text(BEGUN)

    assert states(build(course, one)) == ["begun", "written", "written", "written"]
    assert file(course).read_text() == BEGUN


@pytest.mark.parametrize("has_jupytext", [True, False])
def test_reset_makes_it_anew_from_the_solution(
    course: Course, one: Assignment, monkeypatch: pytest.MonkeyPatch, *, has_jupytext: bool
) -> None:
    build(course, one)
    given = {name: file(course, name).read_bytes() for name in NAMES}
    file(course).write_text(BEGUN)
    ran(file(course, "first.ipynb"), source=BEGUN)
    monkeypatch.setattr(actions, "find_spec", lambda _: has_jupytext or None)
    monkeypatch.chdir(course.root)

    done = CliRunner().invoke(grade, ["one", "--reset"])

    assert done.exit_code == 0
    assert "one/first.py is back to the stub. Your file was saved as first.py.1.bak." in done.stdout
    assert file(course, "first.py.1.bak").read_text() == BEGUN
    assert ("Only the scripts are restored" in done.stdout) is not has_jupytext
    back = NAMES if has_jupytext else NAMES[:2]
    assert {name: file(course, name).read_bytes() for name in back} == {n: given[n] for n in back}


def test_reset_without_solutions_takes_what_the_package_keeps(
    course: Course, one: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(course, one)
    (course.root / "solutions").rename(course.root / "elsewhere")
    handed_out.keep(tmp_path, {"one/first.py": STUB, "two/second.py": STUB})
    monkeypatch.setattr(autograder, "__file__", str(tmp_path / "__init__.py"))
    file(course).write_text(BEGUN)
    monkeypatch.chdir(course.root)

    done = CliRunner().invoke(grade, ["one", "--reset"])

    said = f"{Path('assignments/one/first.py')} is back to the stub. Your file was saved as first.py.1.bak."
    assert said in done.stdout.splitlines()
    assert file(course).read_text("utf-8") == STUB
    (tmp_path / "handed_out.zip").unlink()
    lost = CliRunner().invoke(grade, ["one", "--reset"])
    assert lost.exit_code == 2
    assert "handed_out.zip: No such file or directory." in lost.stderr


def test_force_keeps_begun_work_aside_every_time(course: Course, one: Assignment) -> None:
    build(course, one)
    for number, text in enumerate((BEGUN, BEGUN + "# again\n"), start=1):
        file(course).write_text(text)
        first, second, *_ = build(course, one, force=True)
        aside = file(course, f"first.py.{number}.bak")
        assert first == WriteResult(file(course), "written", aside)
        assert second.state == "unchanged"
        assert aside.read_text() == text
        assert file(course).read_text("utf-8") == STUB
    assert file(course, "first.py.1.bak").read_text() == BEGUN


def test_force_keeps_nothing_aside_where_nothing_was_begun(course: Course, one: Assignment) -> None:
    build(course, one)
    (course.root / "solutions" / "one" / "first.py").write_text(SOLUTION.replace("one", "1"))

    assert build(course, one, force=True)[0] == WriteResult(file(course), "written", None)
    assert list(file(course).parent.glob("*.bak")) == []


def test_a_missing_solution(course: Course, one: Assignment) -> None:
    missing = course.root / "solutions" / "one" / "second.py"
    missing.unlink()
    with pytest.raises(BuildError, match=r"second\.py: No such file or directory\."):
        build(course, one)

    assert not file(course).exists()


def test_a_solution_that_is_no_text(course: Course, one: Assignment) -> None:
    (course.root / "solutions" / "one" / "second.py").write_bytes(b"\xff")
    with pytest.raises(BuildError, match=r"second\.py: not UTF-8 text\."):
        drift(course, one)


def test_a_solution_whose_markers_do_not_fit_writes_nothing(
    course: Course, one: Assignment
) -> None:
    (course.root / "solutions" / "one" / "second.py").write_text("### END SOLUTION\n")
    with pytest.raises(StubError, match=r"^solutions/one/second\.py:1: END SOLUTION without"):
        build(course, one)

    assert not file(course).exists()


def test_the_command_says_what_became_of_each_file(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(course, monkeypatch=monkeypatch)
    file(course).write_text(BEGUN)
    second = run(course, "one", monkeypatch=monkeypatch)
    third = run(course, "--force", monkeypatch=monkeypatch)

    assert (first.exit_code, second.exit_code, third.exit_code) == (0, 0, 0)
    assert first.output == "".join(f"assignments/one/{name} written\n" for name in NAMES)
    assert second.output.startswith(
        "assignments/one/first.py was edited, so it is left alone (--force replaces it and keeps a copy).\n"
        "assignments/one/second.py unchanged\n"
    )
    assert third.output.startswith(
        "assignments/one/first.py written; the old file is now first.py.1.bak\n"
        "assignments/one/second.py unchanged\n"
    )


def test_the_check_lists_what_drifted_and_writes_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run(course, "--check", monkeypatch=monkeypatch)
    assert before.exit_code == 1
    assert before.stdout == ""
    assert before.stderr.splitlines() == [
        f"assignments/one/{name} is missing: run `course build one`." for name in NAMES
    ]
    assert not (course.root / "assignments").exists()
    run(course, monkeypatch=monkeypatch)
    after = run(course, "--check", monkeypatch=monkeypatch)
    assert (after.exit_code, after.output) == (0, "")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("solutions/one/first.py", None, "first.py: No such file or directory."),
        ("solutions/one/first.py", "### BEGIN\n", "first.py:1: unknown marker"),
        ("course.toml", "title = 3", "course.toml: title: expected text, got a whole number."),
        ("course.toml", None, "There is no course.toml in "),
    ],
)
@pytest.mark.parametrize("option", [(), ("--check",)], ids=["build", "check"])
def test_what_cannot_be_built_is_a_usage_error(
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, ...],
    name: str,
    content: str | None,
    message: str,
) -> None:
    place = course.root / name
    place.unlink() if content is None else place.write_text(content)
    result = run(course, *option, monkeypatch=monkeypatch)

    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_an_unknown_assignment_gets_the_nearest_one(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(course, "ones", monkeypatch=monkeypatch)

    assert result.exit_code == 2
    assert "This course has no assignment 'ones'. Did you mean one?" in result.stderr


def test_a_folder_that_cannot_be_written(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    (course.root / "assignments").write_text("a file where the folder should be")
    result = run(course, monkeypatch=monkeypatch)

    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert "assignments" in result.stderr
    assert "Traceback" not in result.output
