"""A new assignment from its first command to a clean check, as docs/authors.md tells."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import course as courses
from autograder.authoring import engines
from autograder.authoring.new import NewError, lay_out
from autograder.cli.course import main
from autograder.grading import suite
from docs.commands import of_page

ROOT = Path(__file__).resolve().parents[2]
NAME = "assignment10"

SOLUTION = """\
# %% [markdown]
# # Doubling

# %% parts=["double"]
def double(x):
    ### BEGIN SOLUTION: Return x twice.
    return x + x
    ### END SOLUTION
"""
TEST = '''"""assignment10, the tests that learners may read."""

import pytest


@pytest.mark.part("double")
@pytest.mark.points(2)
def test_double(learner):
    """double(x) is x and x"""
    assert learner.double(3.0) == 6.0
    assert learner.double(-1.5) == -3.0
'''
HINTS = """[parts.double]
title = "double"
rests_on = []
idea = "Twice a number is the number and itself."
place = "Inside double: one line."
line = "return x + ____"
"""
MISTAKES = """[[misconceptions]]
id = "squared"
family = "squared"
text = "double squares x: at 2 both are 4, elsewhere they differ."
caught_by = "test_double"
seen = "adversarial"
[[misconceptions.edits]]
find = "    return x + x"
replace = "    return x * x"
"""
PROBES = '''"""assignment10: what is asked to tell mistakes apart."""

PROBES = {"double": {"double of 3": lambda learner: learner.double(3.0)}}
'''


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The course with its facts and no assignment's files; suites in a folder of their own."""
    shutil.copy(ROOT / courses.FILE, tmp_path)
    (tmp_path / "suites").mkdir()
    monkeypatch.setattr(suite, "SUITES", tmp_path / "suites")
    monkeypatch.chdir(tmp_path)
    caches = (suite.hints, suite.rests_on, suite.suite_sha256, engines.test_names)
    for cached in caches:
        cached.cache_clear()
    yield courses.load(tmp_path)
    for cached in caches:
        cached.cache_clear()


def course_says(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def test_from_the_first_command_to_a_clean_check(course):
    page = of_page(ROOT / "docs/authors.md")
    (command,) = (c.text for c in page if c.text.startswith("course new"))

    code, said = course_says(*command.split()[1:])
    assert code == 0, said
    code, said = course_says("check", NAME)
    assert code == 1
    for missing in (
        "`asks` for no name",
        "no BEGIN SOLUTION",
        "no test",
        "the mistakes that the tests must catch",
        "no correct engine built differently",
        "without probes, reports can't name mistakes",
    ):
        assert missing in said

    folder, table = suite.suite_folder(NAME), course.root / courses.FILE
    (course.root / "solutions" / NAME / "optimizers.py").write_text(SOLUTION, "utf-8")
    (folder / "test_visible.py").write_text(TEST, "utf-8")
    (folder / "hints.toml").write_text(HINTS, "utf-8")
    (folder / "misconceptions.toml").write_text(MISTAKES, "utf-8")
    (folder / "probes.py").write_text(PROBES, "utf-8")
    (folder / "right" / "product.py").write_text("double = lambda x: 2 * x\n", "utf-8")
    table.write_text(table.read_text("utf-8").replace("asks = []", 'asks = ["double"]'), "utf-8")
    suite.hints.cache_clear()
    suite.rests_on.cache_clear()
    engines.test_names.cache_clear()
    assert course_says("build", NAME)[0] == 0
    assert course_says("fingerprints", NAME)[0] == 0

    code, said = course_says("check", NAME)
    assert code == 0, said
    assert "1 wrong engines caught, 1 correct ones accepted" in said


@pytest.mark.parametrize(
    ("name", "file", "message"),
    [
        ("assignment3", "closures.py", "assignment3 is already in course.toml"),
        ("taken", "taken.py", "taken already exists. Move it away"),
        ("no name", "a.py", "letters, digits and _"),
        (NAME, "notes.txt", "NAME.py, got 'notes.txt'"),
    ],
)
def test_what_cannot_be_laid_out_leaves_all_as_it_was(course, name, file, message):
    (course.root / "solutions" / "taken").mkdir(parents=True)
    before = (course.root / courses.FILE).read_bytes()

    with pytest.raises(NewError, match=re.escape(message)):
        lay_out(course, name, "A title", file)

    assert (course.root / courses.FILE).read_bytes() == before
    assert not suite.suite_folder(name).exists()


def test_a_title_may_hold_any_sign(course):
    lay_out(course, NAME, 'Adam\'s "β₁" \\ and more', "adam.py")

    assert courses.load(course.root).assignment(NAME).title == 'Adam\'s "β₁" \\ and more'
