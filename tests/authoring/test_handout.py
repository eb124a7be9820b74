"""What a class is given: installed by itself it grades, and it shows nothing that it must not."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.authoring import handout as making
from autograder.authoring.engines import wrong_engines
from autograder.authoring.handout import HandoutError
from autograder.authoring.handout import handout as make
from autograder.cli.course import main
from autograder.grading import Options, grade_each
from autograder.grading.suite import tasks
from autograder.report import Report
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

ROOT = Path(__file__).resolve().parents[2]
COURSE = courses.load(ROOT)
THIRD = COURSE.assignment("assignment3")


INSTALLED = pytest.param("", marks=[pytest.mark.long, pytest.mark.requires("network")])


@pytest.fixture(scope="module", params=[INSTALLED], ids=["installed"])
def handout(tmp_path_factory):
    """Up to assignment3, installed as its README says, in an environment that holds nothing."""
    folder = tmp_path_factory.mktemp("class") / "handout"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        done = CliRunner().invoke(main, ["handout", str(folder), "--upto", "assignment3"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0] == (
        f"{folder} contains assignment0, assignment1, assignment2, assignment3."
    )
    readme = (folder / "README.md").read_text("utf-8")
    install = readme.split("```sh\n")[1].split("\n")[0]
    subprocess.run(["bash", "-ec", install], cwd=folder, check=True, env=environment())
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Up to the last assignment, not installed."""
    folder = tmp_path_factory.mktemp("whole") / "handout"
    make(COURSE, COURSE.assignments[-1], folder)
    return folder


def environment():
    """Nothing of the environment that the tests run in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {
        **kept,
        "PATH": os.pathsep.join([Path(sys.base_prefix, "bin").as_posix(), kept["PATH"]]),
    }


def grade(folder, *arguments):
    return subprocess.run(
        [str(folder / ".venv/bin/grade"), *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def last_line(done):
    return done.stdout.rstrip("\n").split("\n")[-1]


def solution(assignment):
    return ROOT / "solutions" / assignment.name / assignment.files[0].name


def test_a_stub_is_not_yet_and_the_end_says_what_is_judged_later(handout):
    done = grade(handout, "assignment3")

    assert done.returncode == 1
    assert last_line(done) == "visible 0 of 14; 16 more points are graded after you hand in"


@pytest.mark.requires("sandbox")
def test_solutions_have_all_visible_points(handout):
    for assignment in COURSE.assignments[:4]:
        points = {True: 0.0, False: 0.0}
        for task in tasks(assignment):
            points[task.visible] += task.points
        done = grade(handout, assignment.name, str(solution(assignment)))

        assert done.returncode == 0, done.stdout + done.stderr
        assert last_line(done) == (
            f"visible {points[True]:g} of {points[True]:g}; "
            f"{points[False]:g} more points are graded after you hand in"
        )


@pytest.mark.requires("sandbox")
def test_mistakes_keep_their_names(handout, tmp_path):
    visible = {task.name for task in tasks(THIRD) if task.visible}
    known = next(e for e in wrong_engines(COURSE, THIRD) if e.caught_by in visible)
    (tmp_path / "closures.py").write_text(known.source, "utf-8")

    report = json.loads(grade(handout, "assignment3", f"{tmp_path}/closures.py", "--json").stdout)

    named = [t["misconception"]["id"] for t in report["tests"] if t["misconception"]]
    assert named == [known.family]
    assert report["seed_sha256"] != COURSE.seed


def test_a_notebook_is_graded_and_reset_brings_it_back(handout):
    notebook = handout / "assignments/assignment1/value.ipynb"
    given = notebook.read_text("utf-8")
    notebook.write_text(
        given.replace("### ", "").replace("Set self.data", "set self.data"), "utf-8"
    )
    assert "value.ipynb" in grade(handout, "assignment1").stdout

    done = grade(handout, "assignment1", "--reset")

    assert done.returncode == 0
    assert "Your file was saved as value.ipynb.1.bak." in done.stdout
    assert notebook.read_text("utf-8") == given


def test_what_is_not_there_is_said(handout):
    assert grade(handout, "assignment4").returncode == 2
    assert grade(handout, "finale").returncode == 2
    done = grade(handout, "assignment3", "--solution")
    assert (done.returncode, done.stderr) == (2, "This course folder has no solutions.\n")
    assert not (handout / ".venv/bin/course").exists()


def files(folder):
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not {".venv", ".grade"} & set(path.relative_to(folder).parts)
    ]


def test_nothing_of_later_assignments_is_there(handout):
    later = COURSE.assignments[4:]
    modules = {file.module for assignment in later for file in assignment.files}

    for path in files(handout):
        parts = path.relative_to(handout).parts
        assert not {assignment.name for assignment in later} & set(parts), path
        assert parts[0] != "assignments" or path.stem not in modules, path
        if path.suffix in (".toml", ".json"):
            text = path.read_text("utf-8")
            assert not [a.name for a in later if re.search(rf"\b{a.name}\b", text)], path
    assert not list((handout / "autograder").glob("provided/*.py"))


def test_what_its_modules_import_of_ours_is_there(whole):
    missing = set()
    for path in files(whole):
        if path.suffix == ".py":
            for module in re.findall(
                r"^ *from (autograder[.\w]*) import", path.read_text(), re.MULTILINE
            ):
                place = whole.joinpath(*module.split("."))
                if not (place.is_dir() or place.with_suffix(".py").is_file()):
                    missing.add((path.name, module))

    in_a_clone_alone = {("actions.py", "autograder.authoring")}  # --reset, where solutions lie
    assert missing == in_a_clone_alone


def test_no_folder_of_the_instructors_is_there(whole):
    inside = {str(path.relative_to(whole)) for path in files(whole)}

    assert not [p for p in inside if re.search(r"solutions|test_hidden|right/|wrong/|wild", p)]
    assert not [p for p in inside if p.startswith(("autograder/authoring", "autograder/classroom"))]


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda a: a.name)
def test_no_hidden_test_is_named(whole, assignment):
    hidden = {task.name for task in tasks(assignment) if not task.visible}

    for path in files(whole):
        if assignment.name in path.parts:
            words = set(re.findall(r"\w+", path.read_text("utf-8")))
            assert not words & hidden, path


def answers(assignment):
    """The lines that stand in the solution's regions and nowhere else in its files."""
    inside, outside = set(), set()
    for file in assignment.files:
        text = (ROOT / "solutions" / assignment.name / file.name).read_text("utf-8")
        within = False
        for line in text.split("\n"):
            if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
                within = "BEGIN" in line
            elif within:
                inside.add(line.strip())
            else:
                outside.add(line.strip().removeprefix("# "))
    return {line for line in inside - outside if len(line) > 8}


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda a: a.name)
def test_no_line_of_its_own_solution_is_there(whole, assignment):
    lines = answers(assignment)
    assert lines
    suite = whole / "autograder" / "suites" / assignment.name
    needed = [suite / "engines", suite / "oracle.py"]  # what a visible test judges by
    for path in files(whole):
        if assignment.name not in path.parts or any(n in (path, *path.parents) for n in needed):
            continue
        text = path.read_text("utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(cell["source"]) for cell in cells)
        found = lines & {line.strip() for line in text.split("\n")}
        assert not found, path


GIVEN_AWAY = {
    "autograder/provided/engine.py": "later assignments import it: it is what one has built by then",
    "autograder/provided/neural.py": "likewise",
    "assignments/assignment7/engine.py": "the same, beside the file that imports it",
    "assignments/assignment8/engine.py": "likewise",
    "assignments/assignment8/neural.py": "likewise",
    "autograder/suites/assignment5/engines/a.py": "a learner's own test is tried on a right engine",
    "autograder/suites/assignment5/engines/b.py": "and on wrong ones",
    "micrograd_ref/engine.py": "from assignment8 on, where learners have an engine",
}
"""Modules in a handout that would earn points, and why they are there."""


@pytest.mark.long
def test_no_module_in_it_earns_what_it_asks(tmp_path):
    """Each one, handed in under the names that are asked for, in every assignment."""
    modules = {}
    for upto in ("assignment3", "assignment7", "assignment9"):
        folder = tmp_path / upto
        make(COURSE, COURSE.assignment(upto), folder)
        alone = [path for path in files(folder) if path.suffix == ".py" and stands_alone(path)]
        modules[upto] = {path.relative_to(folder).as_posix(): path.read_text() for path in alone}
    earning = {text for texts in modules.values() for text in texts.values()}
    earning = set().union(*(those_that_earn(each, earning) for each in COURSE.assignments))
    earned = {
        upto: {name for name, text in texts.items() if text in earning}
        for upto, texts in modules.items()
    }

    assert earned["assignment3"] == set()
    assert "micrograd_ref/engine.py" not in modules["assignment3"]
    assert earned["assignment7"] <= set(GIVEN_AWAY)
    assert earned["assignment9"] == set(GIVEN_AWAY)  # the test finds those that there are


def those_that_earn(assignment, modules):
    """The modules that score more than the stub does."""
    texts = {file.name: stub(ROOT, assignment, file) for file in assignment.files}
    main = assignment.files[0]
    offered = {offer(text, main.asks): text for text in modules}
    submissions = [of_texts(assignment, texts, "stub")]
    submissions += [of_texts(assignment, texts | {main.name: text}, "x") for text in offered]
    reports: list[Report] = []
    options = Options(sandbox=Limited(), shrink=False)
    grade_each(COURSE, assignment, submissions, reports.append, options)
    before, *after = reports
    pairs = zip(offered.values(), after, strict=True)
    return {text for text, report in pairs if report.score > before.score}


def stub(root, assignment, file):
    return (root / "assignments" / assignment.name / file.name).read_text("utf-8")


def stands_alone(path):
    """Whether it is code that a learner's file may be: it imports nothing of the kit."""
    text = path.read_text("utf-8")
    in_suite = path.name.startswith("test_") or path.name in ("probes.py", "oracle.py")
    return not in_suite and not re.search(
        r"^ *(from|import) (autograder|\.|msgspec|click|pytest)", text, re.MULTILINE
    )


def offer(text, asked):
    """The module, with each of its classes and functions in turn under each name it lacks."""
    tree = ast.parse(text)
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    lacking = [
        name for name in asked if not re.search(rf"^(def|class) {name}\b", text, re.MULTILINE)
    ]
    aliases = [f"{name} = {classes[0]}" for name in lacking if name[0].isupper() and classes]
    return "\n".join([text, *aliases, ""])


def test_of_a_jury_only_the_small_one_is_there(whole):
    text = (whole / "autograder/suites/assignment5/engines/engines.toml").read_text("utf-8")

    assert text.count("small = true") == text.count("file = ") == 4


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(HandoutError, match="is not empty"):
        make(COURSE, THIRD, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_visible_suite_that_names_a_hidden_test_makes_no_handout(tmp_path, monkeypatch):
    suites = tmp_path / "suites"
    shutil.copytree(ROOT / "autograder/suites", suites, ignore=shutil.ignore_patterns("right"))
    shown = suites / "assignment0/test_visible.py"
    hidden = next(task.name for task in tasks(COURSE.assignments[0]) if not task.visible)
    shown.write_text(shown.read_text("utf-8") + f"# see {hidden}\n", "utf-8")
    monkeypatch.setattr(making, "suite_folder", lambda name: suites / name)

    with pytest.raises(HandoutError, match=rf"test_visible\.py would reveal .* {hidden}\."):
        make(COURSE, COURSE.assignments[0], tmp_path / "handout")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["suites"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["here"], 2, "Missing option '--upto'"),
        (["here", "--upto", "assignment33"], 2, "Did you mean assignment3?"),
        (["no/where", "--upto", "assignment0"], 1, "No such file or directory"),
    ],
)
def test_what_is_asked_wrongly_is_said(monkeypatch, arguments, code, message):
    monkeypatch.chdir(ROOT)

    done = CliRunner().invoke(main, ["handout", *arguments])

    assert done.exit_code == code
    assert message in done.output
