"""`course check` finds what an author got wrong, and says where to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import course as courses
from autograder import suite
from autograder.authoring import check as checking
from autograder.authoring import engines

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A course with assignment1 alone, and a copy of its suite to spoil."""
    shutil.copytree(ROOT / "solutions/assignment1", tmp_path / "solutions/assignment1")
    suites = tmp_path / "suites"
    shutil.copytree(suite.SUITES / "assignment1", suites / "assignment1")
    table = suites / "assignment1" / "misconceptions.toml"
    entries = table.read_text("utf-8").split("[[misconceptions]]\n")
    table.write_text("[[misconceptions]]\n".join(entries[:4]), "utf-8")  # the rest takes time
    text = (ROOT / "course.toml").read_text("utf-8")
    limits = text[: text.index("[[assignments]]")]
    table = text[text.index('name = "assignment1"') :].split("[[assignments]]\n", 1)[0]
    limits = limits.split("[finale]")[0] + "[limits]" + limits.split("[limits]", 1)[1]
    (tmp_path / "course.toml").write_text(f"{limits}[[assignments]]\n{table}", "utf-8")
    monkeypatch.setattr(suite, "SUITES", suites)
    for cached in (suite.hints, suite.suite_sha256, engines._test_names):
        cached.cache_clear()
    course = courses.load(tmp_path)
    from autograder.authoring.build import build

    build(course, course.assignments[0])
    yield course, suites / "assignment1"
    for cached in (suite.hints, suite.suite_sha256, engines._test_names):
        cached.cache_clear()


def violations(course):
    verdict = checking.check(course, course.assignments[0], with_mutants=False)
    return [str(violation) for violation in verdict.violations]


def test_a_good_assignment_has_no_violation(kit):
    course, _ = kit

    assert violations(course) == []


def test_a_wrong_engine_that_nobody_catches(kit):
    course, suite = kit
    text = (suite / "misconceptions.toml").read_text("utf-8")
    (suite / "misconceptions.toml").write_text(
        text + '\n[[misconceptions]]\nid = "new"\nfamily = "harmless"\ntext = "A comment."\n'
        'caught_by = "test_data"\nseen = "adversarial"\n[[misconceptions.edits]]\n'
        'find = "self.data = data\\n        self.grad"\nreplace = "self.data = data  # so\\n        self.grad"\n',
        "utf-8",
    )

    (found,) = violations(course)

    assert "misconceptions.toml: new" in found
    assert "test_data does not catch it" in found


def test_a_right_engine_that_is_rejected(kit):
    course, suite = kit
    (suite / "right").mkdir(exist_ok=True)
    (suite / "right" / "odd.py").write_text("class Value:\n    pass\ndef trace(root):\n    pass\n")

    (found,) = violations(course)

    assert "odd is right but does not get full marks" in found


def test_hints_that_lack_a_step_or_the_blank(kit):
    course, suite = kit
    path = suite / "hints.toml"
    text = path.read_text("utf-8").replace("____", "everything").replace("place =", "spot =", 1)
    path.write_text(text, "utf-8")

    found = "\n".join(violations(course))

    assert "`place` is missing" in found
    assert "needs one blank, written ____" in found


def test_stray_files_and_drift(kit):
    course, suite = kit
    (suite / "notes.txt").write_text("?")
    (course.root / "solutions/assignment1/extra.py").write_text("")
    stub = course.root / "assignments/assignment1/value.py"
    stub.write_text(stub.read_text("utf-8") + "# edited\n", "utf-8")

    found = "\n".join(violations(course))

    assert "notes.txt: a stray file" in found
    assert "extra.py: a stray file" in found
    assert "was edited by hand" in found


def test_a_slip_that_no_test_notices(kit):
    course, suite = kit
    for path in suite.glob("test_*.py"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("def test_grad", "def untested_grad"), "utf-8")
    toml = suite / "misconceptions.toml"
    toml.write_text("misconceptions = []\n")

    verdict = checking.check(course, course.assignments[0])

    found = "\n".join(map(str, verdict.violations))
    assert "solutions/assignment1/value.py:" in found
    assert "no test notices  self.grad = 0.0" in found
