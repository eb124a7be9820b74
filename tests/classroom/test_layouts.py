"""An archive of each LMS: learners, the last attempt, lateness, and what is not understood."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec
import pytest

from autograder.classroom import layouts
from autograder.classroom.class_run import enrol
from autograder.classroom.intake import Intake
from autograder.course import Teaching
from tests.classroom.conftest import NAME, RIGHT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.classroom.conftest import Class

OLD = b"x = 0\n"
DUE = datetime(2026, 2, 1, 14, 0, tzinfo=timezone(timedelta(hours=-5)))
METADATA = b"""---
submission_901:
  :submitters:
  - :name: Ann Lee
    :sid: '11'
    :email: ann@example.org
  :created_at: 2026-02-01 13:59:00.000000000 -05:00
  :score: 3.0
  :results:
    tests: []
submission_902:
  :submitters:
  - :name: Bob Ray
    :email: bob@example.org
  - :name: Cy Young
    :sid: '13'
  :created_at: 2026-02-01 19:01:00.000000000 Z
"""
ARCHIVES = {
    "Moodle": (
        {
            "Ann Lee_11_assignsubmission_file_/closures.py": RIGHT,
            "Ann Lee_11_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
            "Bob_Ray_12_assignsubmission_file/work/my closures.py": RIGHT,
            "Cy_13_assignsubmission_onlinetext/onlinetext.html": b"<p>No file</p>",
        },
        {"Ann Lee_11": RIGHT, "Bob_Ray_12": RIGHT, "Cy_13": None},
        set(),
    ),
    "Moodle, flat": (
        {
            "Ann Lee_11_assignsubmission_file_closures.py": RIGHT,
            "Ann Lee_11_assignsubmission_onlinetext_onlinetext.html": b"<p>Hello</p>",
            "Bob_12_assignsubmission_file_closures.ipynb": b"{}",
        },
        {"Ann Lee_11": RIGHT, "Bob_12": b"{}"},
        set(),
    ),
    "Canvas": (
        {
            "leeann_11_101_closures.py": OLD,
            "leeann_11_205_closures-1.py": RIGHT,
            "leeann_11_206_notes.txt": b"",
            "raybob_LATE_12_207_closures-3.py": RIGHT,
            "young_13_text.html": b"",
            "van_damjo_LATE_14_link.html": b"",
            "o_2neil_15_209_closures.py": RIGHT,
        },
        {
            "leeann_11": RIGHT,
            "raybob_12": RIGHT,
            "young_13": None,
            "van_damjo_14": None,
            "o_2neil_15": RIGHT,
        },
        {"raybob_12", "van_damjo_14"},
    ),
    "Canvas (anonymous)": (
        {
            "anon_aB3dE_101_closures.py": OLD,
            "anon_aB3dE_205_closures-1.py": RIGHT,
            "LATE_anon_9xY2k_207_closures.py": RIGHT,
            "anon_12345_text.html": b"",
        },
        {"anon_aB3dE": RIGHT, "anon_9xY2k": RIGHT, "anon_12345": None},
        {"anon_9xY2k"},
    ),
    "Blackboard": (
        {
            "Assignment 3_a_lee_attempt_2026-02-01-13-00-00.txt": b"Name: Ann Lee",
            "Assignment 3_a_lee_attempt_2026-02-01-13-00-00_closures.py": OLD,
            "Assignment 3_a_lee_attempt_2026-02-01-14-00-01.txt": b"Name: Ann Lee",
            "Assignment 3_a_lee_attempt_2026-02-01-14-00-01_closures.py": RIGHT,
            "Assignment 3_b_ray_attempt_2026-01-31-23-59-59.txt": b"",
            "Assignment 3_b_ray_attempt_2026-01-31-23-59-59_my_work.py": RIGHT,
        },
        {"a_lee": RIGHT, "b_ray": RIGHT},
        {"a_lee"},
    ),
    "Blackboard, with numbers in the assignment's name": (
        {
            "lab_1_2_a_lee_attempt_2026-02-01-13-00-00_closures.py": RIGHT,
            "lab_1_2_b_ray_attempt_2026-02-01-13-00-00_closures.py": RIGHT,
        },
        {"a_lee": RIGHT, "b_ray": RIGHT},
        set(),
    ),
    "Brightspace (D2L)": (
        {
            "index.html": b"<html>",
            "11-500 - Ann Lee - Jan 31, 2026 1105 PM/closures.py": OLD,
            "11-500 - Ann Lee - Feb 1, 2026 105 PM/closures.py": RIGHT,
            "12-500 - Bob-Ray Oh - Feb 1, 2026 1201 AM/closures.py": OLD,
            "12-500 - Bob-Ray Oh - February 1, 2026 201 PM/closures.py": RIGHT,
        },
        {"Ann Lee_11": RIGHT, "Bob-Ray Oh_12": RIGHT},
        {"Bob-Ray Oh_12"},
    ),
    "Gradescope": (
        {
            "assignment_7_export/submission_metadata.yml": METADATA,
            "assignment_7_export/submission_901/closures.py": RIGHT,
            "assignment_7_export/submission_902/src/closures.py": RIGHT,
            "assignment_7_export/submission_903/closures.py": RIGHT,
        },
        {
            "Ann Lee_11": RIGHT,
            "Bob Ray_bob@example.org and Cy Young_13": RIGHT,
            "submission_903": RIGHT,
        },
        {"Bob Ray_bob@example.org and Cy Young_13"},
    ),
    "GitHub Classroom": (
        {
            f"backprop-submissions/backprop-{who}/{name}": content
            for who in ("ann-lee", "bob")
            for name, content in {
                ".git/config": b"",
                ".github/workflows/grade.yml": b"",
                "assignments/assignment1/value.py": OLD,
                "assignments/assignment3/closures.py": RIGHT,
                "old/closures.py": OLD,
                "autograder/suites/assignment3/test_visible.py": OLD,
            }.items()
        },
        {"ann-lee": RIGHT, "bob": RIGHT},
        set(),
    ),
}
CASES = [pytest.param(*value, id=name) for name, value in ARCHIVES.items()]


def zipped(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unzipped(folder: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(zipped(folder, files)) as archive:
        archive.extractall(folder / "folder")
    return folder / "folder"


def opened(path: Path, class_: Class, due: datetime | None = DUE) -> Intake:
    teaching = Teaching(due={NAME: due} if due else {})
    course = msgspec.structs.replace(class_.clone.course, teaching=teaching)
    return Intake(path, course, class_.assignment)


@pytest.mark.parametrize("packed", [zipped, unzipped])
@pytest.mark.parametrize(("files", "expected", "late"), CASES)
def test_each_archive(files, expected, late, packed, class_, tmp_path):
    with opened(packed(tmp_path, files), class_) as intake:
        found = list(intake)

    assert {h.learner: next(iter(h.files.values()), None) for h in found} == expected
    assert {h.learner for h in found if h.late} == late
    assert all(h.files or h.problem for h in found)


@pytest.mark.parametrize("packed", [zipped, unzipped])
@pytest.mark.parametrize(("files", "expected", "late"), CASES)
def test_a_folder_around_an_archives_files_is_nobodys(
    files, expected, late, packed, class_, tmp_path
):
    around = {f"a folder/{name}": content for name, content in files.items()}
    with opened(packed(tmp_path, around), class_) as intake:
        assert {h.learner for h in intake} == set(expected)
        assert {h.learner for h in intake if h.late} == late
    assert str(intake.around).startswith("Everything is in the folder a folder")
    assert str(intake.around).endswith("which is not a learner's.")


def test_every_layout_has_an_archive():
    assert {layout.of for layout in layouts.LAYOUTS} == {name.split(", ")[0] for name in ARCHIVES}


def test_what_a_layout_does_not_explain_is_listed(class_, tmp_path):
    files, _, _ = ARCHIVES["Brightspace (D2L)"]
    with opened(zipped(tmp_path, {**files, "eve.py": RIGHT}), class_) as intake:
        assert intake.left_out == ["index.html is not named the way Brightspace (D2L) names files"]
        assert intake.layout == "Brightspace (D2L)"
        assert "eve" in {hand_in.learner for hand_in in intake}  # work is never left out


def test_names_that_only_look_like_it(class_, tmp_path):
    files = {
        "11-500 - Ann - Feb 31, 2026 105 PM/closures.py": RIGHT,  # no such day
        "submission_x/closures.py": RIGHT,
        "ann_attempt_today_closures.py": RIGHT,
    }
    with opened(zipped(tmp_path, files), class_) as intake:
        assert intake.layout is None
        assert len(list(intake)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1, 2]", "it is not a table of submissions"),
        (b"a: [", "can't be parsed: "),
        (b"\xff\xfe\x00", "can't be parsed: "),
        (b"a: &a [x]\nb: *c\n", "undefined alias"),
        (b"!!python/object/apply:os.system ['exit']", "could not determine a constructor"),
    ],
)
def test_gradescopes_names_that_cannot_be_read_are_numbers(content, said, class_, tmp_path):
    files = {"submission_metadata.yml": content, "submission_901/closures.py": RIGHT}
    with opened(zipped(tmp_path, files), class_) as intake:
        (left_out,) = intake.left_out
        assert said in left_out
        assert [hand_in.learner for hand_in in intake] == ["submission_901"]


def test_without_the_package_that_reads_names_the_line_that_installs_it(
    class_, tmp_path, monkeypatch
):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    files, _, _ = ARCHIVES["Gradescope"]
    with opened(zipped(tmp_path, files), class_) as intake:
        assert "yaml is not installed. To install:" in intake.left_out[0]
        assert len(intake) == 3


def test_one_learners_archive_keeps_their_name(class_, tmp_path):
    files = {
        "Ann Lee_11_assignsubmission_file_/closures.py": RIGHT,
        "Ann Lee_11_assignsubmission_file_/closures.ipynb": RIGHT,
    }
    with opened(zipped(tmp_path, files), class_) as intake:
        assert [hand_in.learner for hand_in in intake] == ["Ann Lee_11"]


def test_without_a_moment_when_it_was_due_nobody_is_late_by_the_clock(class_, tmp_path):
    files, _, _ = ARCHIVES["Blackboard"]
    with opened(zipped(tmp_path, files), class_, due=None) as intake:
        assert not any(hand_in.late for hand_in in intake)


def test_lateness_is_in_the_table_and_on_the_page(class_, tmp_path):
    from autograder.classroom import results

    files, _, _ = ARCHIVES["Canvas"]
    with class_.journal({}) as journal:
        enrolled = enrol(journal, zipped(tmp_path, files), class_.clone.course, class_.assignment)
        results.write(journal, class_.clone.course, class_.assignment)
        assert journal.layout == "Canvas"

    assert (enrolled.late, enrolled.layout, enrolled.learners) == (2, "Canvas", 5)
    with (class_.out / "grades.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert {row["learner"]: row["late"] for row in rows} == {
        "leeann_11": "",
        "raybob_12": "late",
        "young_13": "",
        "van_damjo_14": "late",
        "o_2neil_15": "",
    }
    page = (class_.out / "index.html").read_text("utf-8")
    assert len(re.findall(r"not graded yet, late", page)) >= 1


def test_a_moment_in_a_name_is_by_the_clock_of_that_system():
    name = layouts.named("A_ann_attempt_2026-02-01-14-00-01_f.py", {})
    assert name is not None
    assert name.moment == datetime(2026, 2, 1, 14, 0, 1)
