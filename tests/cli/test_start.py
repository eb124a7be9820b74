"""`grade start DIR`, and pytest in the folder that it makes, in a handout and where neither is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.authoring.handout import handout
from autograder.cli import grade as cli
from tests.cli.conftest import environment
from tests.conftest import ROOT

COURSE = courses.load(ROOT)
WRONG = ("out._backward = ", "out._forward = ")


def start(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["start", *arguments])
    return done.exit_code, done.output


def pytest_in(folder: Path, *arguments: str, kit: Path = ROOT) -> tuple[int, str]:
    """What plain pytest says in a folder where nothing of the tests' own is set."""
    env = environment(PYTHONPATH=str(kit))
    env = {name: value for name, value in env.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "-rA", *arguments],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A started course in which assignment0 is right, assignment3 wrong as a notebook is not."""
    to = tmp_path_factory.mktemp("learner") / "micrograd"
    code, said = start(str(to))
    assert code == 0, said
    assert said.startswith(
        f"Created {to} with 10 assignments.\nTo begin: cd {to} && grade assignment0"
    )
    for name, file in (("assignment0", "derivatives.py"), ("assignment3", "closures.py")):
        text = (ROOT / "solutions" / name / file).read_text("utf-8")
        (to / "assignments" / name / file).write_text(text.replace(*WRONG), "utf-8")
    return to


def test_it_holds_what_a_learner_needs_and_no_more(tmp_path: Path) -> None:
    code, _ = start(str(tmp_path / "new"))
    made = {path.name for path in (tmp_path / "new").iterdir()}

    assert code == 0
    assert made == {".gitignore", "README.md", "assignments", "course.toml", "pytest.ini"}
    for path in (ROOT / "assignments").rglob("*.*"):
        copy = tmp_path / "new/assignments" / path.relative_to(ROOT / "assignments")
        assert copy.is_file()
    readme = (tmp_path / "new/README.md").read_text("utf-8")
    assert "grade assignment0" in readme
    assert not re.search(r"\$\w", readme)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()

    assert start(str(tmp_path)) == (
        2,
        f"{tmp_path} is not empty. Name a folder that does not exist yet.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_which_folder_must_be_said() -> None:
    assert start() == (2, "Name the folder to create, for example: grade start micrograd\n")


@pytest.mark.parametrize("option", ["--json", "--watch", "--hint", "--only=tanh", "--html=x.html"])
def test_an_option_of_grading_is_no_part_of_it(option: str, tmp_path: Path) -> None:
    code, said = start(str(tmp_path / "new"), option)

    assert (code, said[:32]) == (2, "grade start only takes a folder,")
    assert not (tmp_path / "new").exists()


def test_a_package_without_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courses, "kit_folder", lambda: None)

    code, said = start(str(tmp_path / "new"))

    assert (code, said[:32]) == (2, "This package contains no course.")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert start(str(tmp_path / "file/new")) == (2, f"{tmp_path}/file/new: Not a directory.\n")


def test_elsewhere_grade_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, ["assignment0"])

    assert done.exit_code == 2
    assert "make one with `grade start DIR`" in done.output


def test_pytest_judges_what_was_begun_each_test_by_its_title(folder: Path) -> None:
    code, said = pytest_in(folder)

    assert code == 1, said
    right = "PASSED assignments/assignment0/derivatives.py::"
    assert right in said
    wrong = (
        "FAILED assignments/assignment3/closures.py::+ passes the upstream gradient on to "
        "both operands"
    )
    assert wrong in said
    assert "from autograder.yours.closures import Value" in said
    assert "No gradient comes back through your +:" in said
    assert "not started; to begin: grade assignment1" in said
    assert "Traceback" not in said
    assert not re.search(r"[1-9]\d* error", said)


def test_one_test_by_its_name_as_an_editor_asks(folder: Path) -> None:
    name = "assignments/assignment3/closures.py::+ passes the upstream gradient on to both operands"
    code, said = pytest_in(folder, "--rootdir", str(folder), name)

    assert (code, "1 failed in" in said) == (1, True), said


def test_what_cannot_be_graded_says_why(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy/assignments/assignment0/derivatives.py").write_text("def f(:\n", "utf-8")
    code, said = pytest_in(tmp_path / "copy", "assignments/assignment0")

    assert code == 1
    assert "derivatives.py is not valid Python yet" in said
    assert "PASSED" not in said


def test_outside_a_course_the_plugin_says_so(tmp_path: Path) -> None:
    code, said = pytest_in(tmp_path, "-p", "autograder.feedback.in_pytest")

    assert code == 4
    assert f"There is no course.toml in {tmp_path}" in said


def test_in_a_handout_the_graders_own_files_are_no_tests(tmp_path: Path) -> None:
    to = tmp_path / "handout"
    handout(COURSE, COURSE.assignments[1], to)
    text = (ROOT / "solutions/assignment0/derivatives.py").read_text("utf-8")
    (to / "assignments/assignment0/derivatives.py").write_text(text, "utf-8")

    code, said = pytest_in(to, ".", kit=to)

    assert code == 0, said
    assert "PASSED assignments/assignment0/derivatives.py::" in said
    assert "autograder/suites" not in said
    assert "uv.lock" in (to / ".gitignore").read_text("utf-8").split()


@pytest.mark.parametrize(
    "assignment", COURSE.assignments, ids=[assignment.name for assignment in COURSE.assignments]
)
def test_no_two_tests_of_an_assignment_have_one_title(assignment: courses.Assignment) -> None:
    from autograder.grading.suite import tasks

    titles = [task.title for task in tasks(assignment)]

    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if "::" in title]


@pytest.mark.long
@pytest.mark.requires("network")
def test_a_wheel_in_an_empty_environment_elsewhere(tmp_path: Path) -> None:
    """As `pipx run --spec WHEEL grade start DIR` has it: nothing of a clone is within reach."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(*command: str | Path, cwd: Path = tmp_path) -> tuple[int, str]:
        done = subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    pip = (sys.executable, "-m", "pip")
    assert run(*pip, "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT)[0] == 0
    (wheel,) = tmp_path.glob("*.whl")
    programs = tmp_path / "env/bin"
    assert run(sys.executable, "-m", "venv", tmp_path / "env")[0] == 0
    constraints = ("--constraint", ROOT / "constraints.txt")
    done = run(programs / "pip", "install", "--quiet", *constraints, wheel)
    assert done[0] == 0, done[1]

    code, said = run(programs / "grade", "start", "mine")
    assert (code, said.splitlines()[0]) == (0, "Created mine with 10 assignments."), said
    code, said = run(programs / "grade", "assignment0", cwd=tmp_path / "mine")
    assert (code, "Open assignments/assignment0/derivatives.py" in said) == (1, True), said
    code, said = run(programs / "grade", "assignment4", "--reset", cwd=tmp_path / "mine")
    assert (code, "toposort.py is back to the stub" in said) == (0, True), said
    code, said = run(programs / "pytest", cwd=tmp_path / "mine")
    assert (code, bool(re.search(r"= \d+ skipped", said))) == (0, True), said


@pytest.mark.long
@pytest.mark.requires("network")
def test_a_wheel_holds_nobodys_own_work(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, clone / name)
    (clone / "assignments/assignment3/closures.py").write_text("mine = 1\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", tmp_path, clone],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert "assignments/assignment3/closures.py is begun" in done.stdout + done.stderr
    assert not list(tmp_path.glob("*.whl"))


PIPX_AND_UV = re.compile(r"^(?:pipx|uvx) .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of somebody who has pipx and uv, with all that they fetch in a folder."""
    folder = tmp_path_factory.mktemp("tools")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    (project,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"][
        "requires"
    ]
    constraints = ("--constraint", ROOT / "constraints.txt")
    for command in (
        (sys.executable, "-m", "venv", folder / "env"),
        (folder / "env/bin/pip", "install", "--quiet", "pipx==1.18.4", "uv==0.13.9"),
        (folder / "env/bin/pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT),
        (folder / "env/bin/pip", "wheel", "--quiet", "-w", folder / "wheels", project, "editables"),
    ):
        subprocess.run(command, env=kept, check=True)
    (wheel,) = folder.glob("*.whl")
    download = (folder / "env/bin/pip", "wheel", "--quiet", *constraints, "-w", folder / "wheels")
    subprocess.run([*download, wheel], env=kept, check=True)
    base = str(Path(sys.base_prefix, "bin"))
    return kept | {
        "PATH": os.pathsep.join([str(folder / "env/bin"), base, os.defpath]),
        "HOME": str(folder), "PIPX_HOME": str(folder / "pipx"),
        "UV_CACHE_DIR": str(folder / "uv"), "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(folder / "wheels"), "UV_PYTHON": sys.executable,
        "WHEEL": str(wheel),
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.requires("network")
def test_pipx_and_uvx_as_the_page_has_them(tools: dict[str, str], tmp_path: Path) -> None:
    wheel = shutil.copy(tools["WHEEL"], tmp_path)
    commands = PIPX_AND_UV.findall((ROOT / "docs/start.md").read_text("utf-8"))
    assert [command.split()[0] for command in commands] == ["pipx", "uvx"]
    for command in commands:
        assert Path(wheel).name in command
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=tools,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert (tmp_path / "micrograd/course.toml").is_file()
        shutil.rmtree(tmp_path / "micrograd")

    assert [path.name for path in tmp_path.iterdir()] == [Path(wheel).name]


@pytest.mark.long
@pytest.mark.requires("network")
@pytest.mark.parametrize("kind", ["handout", "started"])
def test_uv_run_leaves_nothing_that_git_would_take_up(
    kind: str, tools: dict[str, str], tmp_path: Path
) -> None:
    if kind == "handout":
        handout(COURSE, COURSE.assignments[0], tmp_path / "course")
        run = ["uv", "run"]
    else:
        start(str(tmp_path / "course"))
        run = ["uv", "run", "--with", tools["WHEEL"]]
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", tmp_path / "course")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        subprocess.run([*git, *command], check=True)
    for program, said in (("grade", "Open assignments/assignment0"), ("pytest", " skipped in ")):
        arguments = ["assignment0"] if program == "grade" else []
        done = subprocess.run(
            [*run, program, *arguments], cwd=tmp_path / "course", env=tools,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said in done.stdout, done.stdout + done.stderr

    assert subprocess.check_output([*git, "status", "--porcelain"], text=True) == ""
