"""course.toml: what is read, and what is said where it cannot be."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder import course
from autograder.course import AssignmentFile, CourseError, Finale, Limits, Teaching

ROOT = Path(course.__file__).parents[1]
GOOD = """
title = "T"
seed = "s"
packages = ["numpy"]

[limits]
memory_mb = 256
call_seconds = 2

[[assignments]]
name = "assignment1"
title = "Value"
[[assignments.files]]
name = "value.py"
asks = ["Value", "trace"]

[[assignments]]
name = "assignment2"
title = "Operators"
limits = { memory_mb = 512, total_seconds = 60 }
[[assignments.files]]
name = "operators.py"
asks = ["Value"]
provides = ["engine"]
packages = ["nosuchpackage"]
"""


def read(folder: Path, text: str | bytes) -> course.Course:
    """The course of this text."""
    content = text.encode() if isinstance(text, str) else text
    (folder / course.FILE).write_bytes(content)
    return course.load(folder)


def refusal(folder: Path, text: str | bytes) -> str:
    """What is said to this text, after the file's name."""
    with pytest.raises(CourseError) as caught:
        read(folder, text)
    start = f"{folder / course.FILE}: "
    assert str(caught.value).startswith(start)
    return str(caught.value).removeprefix(start)


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def test_a_course_is_read(tmp_path: Path) -> None:
    read_course = read(tmp_path, GOOD)

    assert (read_course.root, read_course.title, read_course.seed) == (tmp_path, "T", "s")
    assert [a.name for a in read_course.assignments] == ["assignment1", "assignment2"]
    assert read_course.finale is None
    assert read_course.assignment("assignment2").title == "Operators"


def test_limits_are_the_defaults_the_courses_and_the_assignments(tmp_path: Path) -> None:
    first, second = read(tmp_path, GOOD).assignments

    assert first.limits == Limits(memory_mb=256, call_seconds=2.0)
    assert second.limits == Limits(memory_mb=512, call_seconds=2.0, total_seconds=60.0)
    assert type(second.limits.memory_mb) is int
    assert isinstance(second.limits.total_seconds, (int, float))


def test_a_file_may_import_the_courses_packages_and_its_own(tmp_path: Path) -> None:
    first, second = (assignment.files[0] for assignment in read(tmp_path, GOOD).assignments)

    assert first == AssignmentFile("value.py", ("Value", "trace"), (), ("numpy",), ())
    assert second.packages == ("numpy", "nosuchpackage")
    assert second.own_packages == ("nosuchpackage",)
    assert (second.module, second.provides) == ("operators", ("engine",))
    assert (first.lacks(), second.lacks()) == (None, "nosuchpackage")


def test_a_finale_names_assignments(tmp_path: Path) -> None:
    finale = '[finale]\nengine = "assignment1"\nnn = "assignment2"\ntraining = "assignment2"\n'

    assert read(tmp_path, GOOD + finale).finale == Finale(
        "assignment1", "assignment2", "assignment2"
    )
    assert refusal(tmp_path, GOOD + finale.replace('nn = "assignment2"', 'nn = "asignment2"')) == (
        "finale: nn: expected the name of an assignment, got 'asignment2'. Did you mean assignment2?"
    )


def test_a_class_has_a_name_a_folder_and_days(tmp_path: Path) -> None:
    table = '[class]\nid = "bp-101"\nexchange = "/srv/x"\n[class.due]\nassignment2 = {}\n'
    due = {"assignment2": datetime(2027, 2, 1, 22, 59, tzinfo=UTC)}

    read_course = read(tmp_path, GOOD + table.format("2027-02-01T23:59:00+01:00"))

    assert read(tmp_path, GOOD).teaching == Teaching()
    assert read_course.teaching == Teaching("bp-101", "/srv/x", due)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('id = "a/b"', "class: id: expected letters, digits and . _ -, got 'a/b'."),
        (
            "due = { assignment3 = 2027-02-01T23:59:00Z }",
            "class: due: expected names of assignments, got 'assignment3'. Did you mean assignment2?",
        ),
        (
            "due = { assignment2 = 2027-02-01T23:59:00 }",
            "class: due: assignment2: expected a moment with its offset, such as 2027-02-01T23:59:00+02:00.",
        ),
        (
            "due = { assignment2 = 2027-02-01 }",
            "class.due[...]: expected a moment, such as 2027-02-01T23:59:00+01:00.",
        ),
        (
            'due = { assignment2 = "tomorrow" }',
            "class.due[...]: expected a moment, such as 2027-02-01T23:59:00+01:00.",
        ),
    ],
)
def test_what_makes_no_sense_for_a_class_is_said(table: str, message: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, f"{GOOD}[class]\n{table}\n") == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the key 'title' is missing."),
        ("title = ", "not valid TOML: Invalid value (at end of document)."),
        (b'title = "\xe9"', "the file is not UTF-8 text."),
        (changed("title", "titel"), "there is no key 'titel' here. Did you mean title?"),
        (changed("seed", "zzz"), "there is no key 'zzz' here."),
        (changed('"T"', "3"), "title: expected text, got a whole number."),
        (changed('"s"', "1.5"), "seed: expected text, got a number."),
        (changed('["numpy"]', '"numpy"'), "packages: expected a list, got text."),
        (changed('"numpy"', '"numpy.linalg"'), "packages: expected names, got 'numpy.linalg'."),
        (changed("[limits]", "[limit]"), "there is no key 'limit' here. Did you mean limits?"),
        (
            changed("memory_mb", "memory"),
            "limits: there is no key 'memory' here. Did you mean memory_mb?",
        ),
        (changed("256", '"256"'), "limits.memory_mb: expected a whole number, got text."),
        (changed("256", "true"), "limits.memory_mb: expected a whole number, got true or false."),
        (changed("256", "0.5"), "limits.memory_mb: expected a whole number, got a number."),
        (changed("256", "0"), "limits: memory_mb: expected a number above 0, got 0."),
        (changed("256", "-5"), "limits: memory_mb: expected a number above 0, got -5."),
        (
            changed("call_seconds = 2", "call_seconds = nan"),
            "limits: call_seconds: expected a number above 0, got nan.",
        ),
        (
            changed("call_seconds = 2", "call_seconds = inf"),
            "limits: call_seconds: expected a number above 0, got inf.",
        ),
        (changed('name = "assignment1"\n', ""), "assignments[0]: the key 'name' is missing."),
        (
            changed('title = "Operators"', 'titles = "Operators"'),
            "assignments[1]: there is no key 'titles' here. Did you mean title?",
        ),
        (
            changed('"assignment1"', '"../assignment1"'),
            "assignments: '../assignment1': name: expected letters, digits and _.",
        ),
        (
            changed('"assignment2"', '"assignment1"'),
            "assignments: expected each name once, got 'assignment1' again.",
        ),
        (
            changed("512", "0"),
            "assignments: 'assignment2': limits: memory_mb: expected a number above 0, got 0.",
        ),
        (
            changed("512", '"much"'),
            "assignments: 'assignment2': limits: memory_mb: expected a whole number, got text.",
        ),
        (
            changed("total_seconds", "total"),
            "assignments: 'assignment2': limits: there is no key 'total' here. Did you mean title?",
        ),
        (
            changed('"value.py"', '"value"'),
            "assignments: 'assignment1': files: expected NAME.py, got 'value'.",
        ),
        (
            changed('"value.py"', '"my/value.py"'),
            "assignments: 'assignment1': files: expected NAME.py, got 'my/value.py'.",
        ),
        (
            changed('["Value", "trace"]', '["Value", "tra ce"]'),
            "assignments: 'assignment1': value.py: asks: expected names, got 'tra ce'.",
        ),
        (
            changed('["Value", "trace"]', "5"),
            "assignments[0].files[0].asks: expected a list, got a whole number.",
        ),
        (
            changed("asks", "ask"),
            "assignments[0].files[0]: there is no key 'ask' here. Did you mean asks?",
        ),
        (
            changed('["engine"]', '["motor"]'),
            (
                "assignments: 'assignment2': operators.py: provides: "
                "expected one of engine, neural, "
                "got 'motor'."
            ),
        ),
        (
            changed("nosuchpackage", "../x"),
            "assignments: 'assignment2': operators.py: packages: expected names, got '../x'.",
        ),
        (
            GOOD + '[[assignments.files]]\nname = "operators.py"\nasks = []\n',
            "assignments: 'assignment2': files: expected each file once, got 'operators.py' again.",
        ),
        (
            GOOD + '[[assignments]]\nname = "c"\ntitle = "C"\nfiles = []\n',
            "assignments: 'c': files: expected at least one.",
        ),
        ('title = "T"\nseed = "s"\nassignments = []', "assignments: expected at least one."),
    ],
)
def test_a_mistake_is_told_with_its_key_and_what_was_expected(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    assert refusal(tmp_path, text) == message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / course.FILE).mkdir()
    with pytest.raises(CourseError, match=r"course\.toml: Is a directory\."):
        course.load(tmp_path)


def test_the_course_is_the_first_one_upward(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    below = tmp_path / "assignments" / "assignment1"
    below.mkdir(parents=True)

    assert course.find(below).root == tmp_path
    assert course.find(tmp_path).root == tmp_path
    (below / course.FILE).write_text(changed('"T"', '"Inner"'))
    assert course.find(below).title == "Inner"


def test_no_course_here(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        course.find(tmp_path)

    assert str(caught.value) == (
        f"There is no course.toml in {tmp_path} or any folder above it. "
        "Change to the course's folder and try again, or make one with `grade start DIR`."
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("asignment1", "Did you mean assignment1?"),
        ("assignment3", "Did you mean assignment2?"),
        ("2", "Did you mean assignment2?"),
        ("closures", "Available: assignment1, assignment2."),
    ],
)
def test_an_unknown_assignment(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(CourseError) as caught:
        read(tmp_path, GOOD).assignment(name)

    assert str(caught.value) == f"This course has no assignment {name!r}. {hint}"


def test_our_own_course_is_read_and_each_of_its_keys_explained() -> None:
    ours = course.load(ROOT)
    explained = (ROOT / "docs" / "course-toml.md").read_text("utf-8")

    assert len(ours.assignments) >= 3
    words = set(re.findall(r"\w+", explained))
    assert [key for key in course._KEYS if key not in words] == []
