"""`course check` finds what an author got wrong, and says where to fix it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.authoring import check as checking
from autograder.authoring import engines, lint
from autograder.authoring.check_runs import run
from autograder.diagnosis.beside import module_of
from autograder.grading import suite as suite_module

ROOT = Path(__file__).resolve().parents[2]
CACHED = (
    suite_module.hints,
    suite_module.rests_on,
    suite_module.suite_sha256,
    engines.test_names,
    module_of,
)


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A course with assignment1 alone, and a copy of its suite to spoil."""
    shutil.copytree(ROOT / "solutions/assignment1", tmp_path / "solutions/assignment1")
    suites = tmp_path / "suites"
    shutil.copytree(suite_module.SUITES / "assignment1", suites / "assignment1")
    for engine in sorted((suites / "assignment1/right").iterdir())[1:]:
        engine.unlink()
    table = suites / "assignment1" / "misconceptions.toml"
    entries = table.read_text("utf-8").split("[[misconceptions]]\n")
    table.write_text("[[misconceptions]]\n".join(entries[:4]), "utf-8")  # more would take time
    text = (ROOT / "course.toml").read_text("utf-8")
    limits = text[: text.index("[[assignments]]")]
    table = text[text.index('name = "assignment1"') :].split("[[assignments]]\n", 1)[0]
    limits = limits.split("[finale]")[0] + "[limits]" + limits.split("[limits]", 1)[1]
    (tmp_path / "course.toml").write_text(f"{limits}[[assignments]]\n{table}", "utf-8")
    monkeypatch.setattr(suite_module, "SUITES", suites)
    for name in [name for name in sys.modules if name.startswith("assignment1.")]:
        monkeypatch.delitem(sys.modules, name)  # a suite of that name that was graded with before
    course = courses.load(tmp_path)
    from autograder.authoring.build import build

    build(course, course.assignments[0])
    for cached in CACHED:
        cached.cache_clear()
    yield course, suites / "assignment1"
    for cached in CACHED:
        cached.cache_clear()


def verdict(course, **how):
    suite_check = checking.SuiteCheck(course, course.assignments[0], **how)
    return suite_check.result(run(course, {"assignment1": suite_check.candidates})["assignment1"])


def violations(course, **how):
    return [str(violation) for violation in verdict(course, slips=False, **how).violations]


def seen(course):
    """What is seen without running anything."""
    return "\n".join(map(str, lint.violations(course, course.assignments[0])))


@pytest.mark.long
def test_a_good_assignment_has_no_violation(kit):
    course, _ = kit

    assert violations(course) == []


@pytest.mark.long
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


@pytest.mark.long
def test_a_right_engine_that_is_rejected(kit):
    course, suite = kit
    (suite / "right").mkdir(exist_ok=True)
    (suite / "right" / "odd.py").write_text("class Value:\n    pass\ndef trace(root):\n    pass\n")

    (found,) = violations(course)

    assert "odd is correct but does not get full marks" in found


def test_hints_that_lack_a_step_or_the_blank(kit):
    course, suite = kit
    path = suite / "hints.toml"
    text = path.read_text("utf-8").replace("____", "everything").replace("place =", "spot =", 1)
    path.write_text(text, "utf-8")

    found = seen(course)

    assert "`place` is missing" in found
    assert "needs one blank, written ____" in found


def test_stray_files_and_drift(kit):
    course, suite = kit
    (suite / "notes.txt").write_text("?")
    (suite / "shapes.py").write_text("")
    (suite / "unused.py").write_text("")
    visible = suite / "test_visible.py"
    later = "\n\ndef later():\n    import autograder.suites.assignment1.shapes\n"
    visible.write_text(visible.read_text("utf-8") + later, "utf-8")
    (course.root / "solutions/assignment1/extra.py").write_text("")
    stub = course.root / "assignments/assignment1/value.py"
    stub.write_text(stub.read_text("utf-8") + "# edited\n", "utf-8")

    found = seen(course)

    assert "notes.txt: a stray file" in found
    assert "unused.py: a stray file" in found
    assert "shapes.py" not in found
    assert "extra.py: a stray file" in found
    assert "was edited by hand" in found


@pytest.mark.long
def test_a_slip_that_no_test_notices(kit):
    course, suite = kit
    for path in suite.glob("test_*.py"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("def test_grad", "def untested_grad"), "utf-8")
    toml = suite / "misconceptions.toml"
    toml.write_text("misconceptions = []\n")

    found = "\n".join(map(str, verdict(course).violations))

    assert "solutions/assignment1/value.py:" in found
    assert "no test catches  self.grad = 0.0" in found


def add(suite, id_, replace, caught_by="test_data"):
    """One more wrong engine: another line in the place of `self.data = data`."""
    with (suite / "misconceptions.toml").open("a", encoding="utf-8") as table:
        table.write(
            f'\n[[misconceptions]]\nid = "{id_}"\nfamily = "{id_}"\ntext = "So."\n'
            f'caught_by = "{caught_by}"\nseen = "adversarial"\n[[misconceptions.edits]]\n'
            'find = "self.data = data\\n        self.grad"\n'
            f'replace = "{replace}\\n        self.grad"\n'
        )


@pytest.mark.long
def test_a_wrong_engine_that_an_earlier_test_catches_already(kit):
    course, suite = kit
    add(suite, "none", "self.data = None", caught_by="test_data_as_given")

    (found,) = violations(course)

    assert "misconceptions.toml: none" in found
    assert "test_data_as_given waits for test_data, which already fails" in found


@pytest.mark.long
def test_a_wrong_engine_that_another_test_catches(kit):
    course, suite = kit
    add(suite, "none", "self.data = None", caught_by="test_grad")

    (found,) = violations(course)

    assert "test_grad does not catch it; it loses points in test_data" in found


@pytest.mark.long
def test_a_wrong_engine_that_does_not_load(kit):
    course, suite = kit
    with (suite / "misconceptions.toml").open("a", encoding="utf-8") as table:
        table.write(
            '\n[[misconceptions]]\nid = "ends"\nfamily = "ends"\ntext = "So."\n'
            'caught_by = "test_data"\nseen = "adversarial"\n[[misconceptions.edits]]\n'
            'find = "class Value:"\nreplace = "raise SystemExit\\nclass Value:"\n'
        )

    (found,) = violations(course)

    assert "misconceptions.toml: ends: ungradable" in found


@pytest.mark.long
def test_a_wrong_engine_that_is_judged_otherwise_from_run_to_run(kit):
    course, suite = kit
    (suite / "misconceptions.toml").write_text("", "utf-8")
    luck = "__import__('os').urandom(1)[0] % 2"
    add(suite, "luck", f"self.data = data; _op = 'x'; label = label if {luck} else 3", "test_op")

    found = "\n".join(violations(course, repeats=16))

    assert "misconceptions.toml: luck: test_label change their result from run to run" in found


@pytest.mark.parametrize(
    ("find", "replace", "said"),
    [
        ("@pytest.mark.points(1)\n", "", "has no points"),
        ('@pytest.mark.part("fields")\n', "", "has no part"),
        ('part("fields")', 'part("feilds")', "belongs to the part 'feilds'"),
        ('    """Value(2.5) remembers its number"""\n', "", "has no docstring"),
    ],
)
def test_a_test_that_lacks_something(kit, find, replace, said):
    course, suite = kit
    path = suite / "test_visible.py"
    text = path.read_text("utf-8")
    assert find in text
    path.write_text(text.replace(find, replace, 1), "utf-8")

    found = seen(course)

    assert f"{path}:" in found
    assert said in found


def test_a_suite_that_cannot_be_collected(kit):
    course, suite = kit
    (suite / "test_more.py").write_text("import nothing_of_that_name\n", "utf-8")

    found, *_ = violations(course)  # its notebook has no grade cells either

    assert "No module named 'nothing_of_that_name'" in found


def table_says(suite, part, rests_on):
    """Another line `rests_on` for a part."""
    path = suite / "hints.toml"
    head, tail = path.read_text("utf-8").split(f"[parts.{part}]\n")
    path.write_text(
        f"{head}[parts.{part}]\n{re.sub('rests_on = .*', rests_on, tail, count=1)}", "utf-8"
    )


def add_test(suite, part, body, needs=""):
    """One more hidden test."""
    with (suite / "test_hidden.py").open("a", encoding="utf-8") as file:
        file.write(
            f'\n\n@pytest.mark.part("{part}")\n@pytest.mark.points(1)\n{needs}'
            f'def test_more(learner):\n    """more"""\n    {body}\n'
        )


@pytest.mark.long
def test_a_mistake_that_costs_points_in_a_part_that_does_not_rest_on_its_own(kit):
    course, suite = kit
    table_says(suite, "trace", "rests_on = []")
    shared = "first, second = learner.Value(1.0), learner.Value(2.0, (learner.Value(1.0),))\n"
    add_test(suite, "trace", f"{shared}    assert first._prev == set()")

    found = violations(course)

    (of_first,) = [line for line in found if "misconceptions.toml: F1:" in line]
    assert "test_more (trace)" in of_first
    assert "does not rest on fields" in of_first


@pytest.mark.long
def test_a_score_that_rises_when_a_right_part_is_taken_out(kit):
    course, suite = kit
    add_test(suite, "trace", 'assert "data=" not in repr(learner.Value(2.0))')

    found = violations(course)

    (line,) = [line for line in found if "value.py without the last 1" in line]
    assert "test_more scores higher without this part: Return the text Value(data=...)" in line


@pytest.mark.long
def test_a_file_with_nothing_right_that_earns_points(kit):
    course, suite = kit
    add_test(suite, "trace", "pass")

    found = "\n".join(violations(course))

    assert "value.py where every function returns None earns 1: test_more" in found
    assert "value.py where every function returns its first argument earns 1: test_more" in found


@pytest.mark.parametrize(
    ("rests_on", "needs", "said"),
    [
        ('rests_on = ["fields"]', "test_repr", "needs test_repr, but trace does not rest on repr"),
        ('rests_on = ["fields"]', "test_nothing", "needs test_nothing, which is not there"),
        ('rests_on = ["feilds"]', "test_data", "names a part that is not there"),
        ("", "test_data", "parts.trace: `rests_on` is missing"),
    ],
)
def test_a_test_that_waits_without_reason(kit, rests_on, needs, said):
    course, suite = kit
    table_says(suite, "trace", rests_on)
    add_test(suite, "trace", "pass", f'@pytest.mark.needs("{needs}")\n')

    assert said in seen(course)


def test_a_probe_of_a_part_that_is_not_there(kit):
    course, suite = kit
    path = suite / "probes.py"
    path.write_text(path.read_text("utf-8") + 'RESTS_ON["trace"] = ["feilds"]\n', "utf-8")

    assert "it has no probes for the part 'feilds'" in seen(course)
