"""What nbgrader's gradebook says is what is exported, and 0 is never said of what is not known."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.classroom import journal, results
from autograder.classroom.bridge import class_book, folder, submitted
from autograder.classroom.bridge.export import Export
from autograder.classroom.bridge.verdicts import verdict
from autograder.classroom.roster import Person

from ..classroom.conftest import NAME, Class, class_in, put

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own
PARTS = {"add": 2, "mul": 2}
"""Cells that tests judge, with their points."""
QUESTION = "question-1"
"""One that a person judges: 2 points."""


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    """A class with nobody in it."""
    return class_in(tmp_path / "course")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with one assignment and nobody in it: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("books") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        beside = str(Path(sys.executable).parent)  # nbgrader calls `alembic`
        patch.setenv("PATH", os.pathsep.join([beside, os.environ["PATH"]]))
        with Gradebook(f"sqlite:///{path}") as kept:
            kept.add_assignment(NAME, duedate=datetime(2026, 2, 1, 22, 59))
            kept.add_notebook("closures", NAME)
            for name, points in PARTS.items():
                kept.add_grade_cell(name, "closures", NAME, max_score=points, cell_type="code")
            kept.add_grade_cell(QUESTION, "closures", NAME, max_score=2, cell_type="markdown")
            kept.add_solution_cell(QUESTION, "closures", NAME)
            kept.db.commit()
    return path


@pytest.fixture
def teaching(class_: Class, blank: Path) -> Class:
    """A class whose course has an instructor's folder, and a gradebook with one assignment."""
    folder.init(class_.clone.course, root_of(class_))
    shutil.copy(blank, root_of(class_))
    return class_


def root_of(class_: Class) -> Path:
    return class_.clone.root / "class"


def gradebook(class_: Class) -> Any:
    return Gradebook(f"sqlite:///{root_of(class_)}/gradebook.db")


def enter(class_: Class, learner: str, *penalty: float, **cells: dict[str, Any]) -> None:
    """Enter a learner's points by cell, as autograde and formgrader do."""
    with gradebook(class_) as kept:
        kept.update_or_create_student(learner)
        kept.update_or_create_submission(NAME, learner, timestamp=datetime(2026, 2, 1))
        notebook = kept.find_submission_notebook("closures", NAME, learner)
        notebook.late_submission_penalty = sum(penalty)
        for grade in notebook.grades:
            for key, value in cells.get(grade.name.replace("-", "_"), {}).items():
                setattr(grade, key, value)
        kept.db.commit()


def a_class(teaching: Class) -> None:
    """Points of every kind: by tests, by hand, extra, late, waiting, taken back, and nothing."""
    whole = {"add": {"auto_score": 2.0}, "mul": {"auto_score": 1.0}}
    enter(teaching, "ann", **whole, question_1={"manual_score": 1.5, "extra_credit": 0.5})
    enter(teaching, "bob", 1.0, **(whole | {"mul": {"auto_score": 0.0, "manual_score": 2.0}}))
    enter(teaching, "eve", question_1={"manual_score": 2.0})  # nothing is judged: a fault of ours
    enter(teaching, "low", 9.0, **whole, question_1={"manual_score": 0.0})
    with gradebook(teaching) as kept:
        kept.update_or_create_student("joe", first_name="Joe", last_name="Doe, jr.")


def exported(plugin: Any, class_: Class, path: Path) -> dict[str, dict[str, str]]:
    with gradebook(class_) as kept:
        each = plugin(to=str(path))
        each.log = logging.getLogger("nbgrader")
        each.export(kept)
    lines = path.read_text("utf-8").splitlines()
    return {row["student_id"]: row for row in csv.DictReader(lines)}


def test_points_are_those_that_nbgrader_counts(teaching, tmp_path):
    a_class(teaching)

    with gradebook(teaching) as kept:
        found = {grade.learner: grade for grade in class_book.grades(kept, NAME)}
    theirs = exported(CsvExportPlugin, teaching, tmp_path / "theirs.csv")

    assert {who: (grade.score, grade.why) for who, grade in found.items()} == {
        "ann": (5.0, ""),
        "bob": (3.0, ""),
        "eve": (None, class_book.NO_VERDICT),
        "joe": (None, "handed in nothing"),
        "low": (0.0, ""),
    }
    ann, bob = found["ann"], found["bob"]
    assert (ann.tests, ann.by_hand, ann.penalty, ann.waiting) == (3, 2, 0, 0)
    assert (bob.tests, bob.by_hand, bob.penalty, bob.waiting) == (2, 2, 1, 1)
    assert {grade.max_score for grade in found.values()} == {6}
    for who in ("ann", "bob", "low"):
        assert float(theirs[who]["score"]) == found[who].score
    assert theirs["eve"]["score"] == "2.0"  # what is refused here


def test_nbgraders_export_gives_no_points_for_nothing(teaching, tmp_path):
    a_class(teaching)

    rows = exported(Export, teaching, tmp_path / "ours.csv")

    assert {who: row["score"] for who, row in rows.items()} == {
        "ann": "5.0", "bob": "3.0", "eve": "", "joe": "", "low": "0.0",
    }  # fmt: skip
    assert (rows["bob"]["raw_score"], rows["bob"]["late_submission_penalty"]) == ("4.0", "1.0")
    assert (rows["joe"]["last_name"], rows["joe"]["max_score"]) == ("Doe, jr.", "6.0")
    assert rows["eve"]["why"] == class_book.NO_VERDICT


# --- course export --------------------------------------------------------------------------------


def judged(teaching: Class, *learners: str) -> Path:
    """The folder of verdicts, with these on the roll; nothing of theirs is judged."""
    for who in learners:
        put(root_of(teaching) / "submitted", f"{who}/{NAME}/closures.py")
    out = class_book.verdicts(root_of(teaching), NAME)
    with journal.create(out, teaching.clone.course, teaching.conditions) as kept:
        from autograder.classroom import class_run

        course, assignment = teaching.clone.course, teaching.assignment
        class_run.enrol(kept, root_of(teaching) / "submitted", course, assignment)
    return out


def test_the_gradebooks_points_are_exported(teaching, tmp_path):
    a_class(teaching)
    out = judged(teaching, "ann", "bob", "eve", "low", "new")
    roster = tmp_path / "canvas.csv"
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Closures (7)\n"
    lines = [f"{who},{n},,{who},A,\n" for n, who in enumerate(("ann", "bob", "eve", "joe", "low"))]
    roster.write_text(head + "".join(lines), "utf-8")

    done = teaching.run("export", str(out), "--format", "canvas", "--roster", str(roster))
    table = teaching.run("export", str(out), "--format", "csv").stdout
    wrong = teaching.run(
        "export", str(out), "--format", "canvas", "--roster", str(roster), "--column", "Other"
    )

    assert {row[3]: row[-1] for row in list(csv.reader(io.StringIO(done.stdout)))[1:]} == {
        "ann": "5", "bob": "3", "eve": "", "joe": "", "low": "0",
    }  # fmt: skip
    assert done.stderr.splitlines() == [
        f"No points ({class_book.NO_VERDICT}): eve.",
        "No points (handed in nothing): Doe, jr., Joe.",
        "No points (not graded yet): new.",
        "Answers that haven't been graded yet count as 0; give them points in formgrader: bob.",
    ]
    scores = {row["learner"]: row["score"] for row in csv.DictReader(io.StringIO(table))}
    assert scores == {"ann": "5", "bob": "3", "eve": "", "joe": "", "low": "0", "new": ""}
    assert "joe,handed in nothing," in table
    assert (wrong.exit_code, "no column 'Other'" in wrong.output) == (2, True)


@pytest.mark.requires("sandbox")
def test_a_gradebook_that_is_behind_is_told(teaching, tmp_path):
    """Judged again and not entered yet; Gradescope gets the gradebook's points."""
    enter(teaching, "ann", add={"auto_score": 2.0}, mul={"auto_score": 2.0})
    path = put(root_of(teaching) / "submitted", f"ann/{NAME}/closures.py")
    path.write_text(teaching.text(), "utf-8")
    enter(teaching, "bob", add={"auto_score": 0.0}, mul={"auto_score": 0.0})
    put(root_of(teaching) / "submitted", f"bob/{NAME}/notes.txt")
    out = class_book.verdicts(root_of(teaching), NAME)
    verdict(root_of(teaching), root_of(teaching) / "submitted", NAME, "ann", print)

    done = teaching.run("export", str(out), "--format", "gradescope", "--to", str(tmp_path / "to"))

    assert "The gradebook has earlier results for ann. To update it: nbgrader autograde" in (
        done.stderr
    )
    assert "Cannot be graded, and 0 in the gradebook: bob.\n" in done.stderr
    content = json.loads((tmp_path / "to" / "ann" / "results.json").read_text("utf-8"))
    assert content["score"] == 4


# --- who is in the class --------------------------------------------------------------------------


def test_the_gradebook_knows_the_class_and_its_extensions(teaching):
    a_class(teaching)
    judged(teaching, "ann", "low")
    with gradebook(teaching) as kept:
        kept.grant_extension(NAME, "ann", days=2)
        found = class_book.enrolment(kept, NAME, root_of(teaching) / "submitted")

    assert found.people == [  # nbgrader adds nameless ones by itself, one by one
        Person(("bob",)), Person(("eve",)), Person(("joe",), "Doe, jr., Joe"),
    ]  # fmt: skip
    assert found.due is not None
    assert found.due.of("low") == datetime(2026, 2, 1, 22, 59, tzinfo=UTC)
    assert found.due.of("ann") == datetime(2026, 2, 3, 22, 59, tzinfo=UTC)


def test_where_nbgrader_has_no_gradebook_none_is_made(class_):
    root = root_of(class_)
    folder.init(class_.clone.course, root)

    assert class_book.grades_in(root, NAME) is None
    assert class_book.enrolment_in(root, NAME, root) == class_book.NOTHING_KNOWN
    assert not (root / "gradebook.db").exists()


def test_other_results_are_no_folder_of_nbgraders(class_):
    assert class_book.root_of(class_.out) is None


# --- what is graded, and what is written ----------------------------------------------------------


@pytest.mark.parametrize(("student", "notebook"), [("*", "*"), ("bob", "closures")])
def test_work_without_a_notebook_is_graded_too(class_, student, notebook):
    root = root_of(class_)
    place = put(root, f"submitted/bob/{NAME}/closures.py").parent
    (root / f"submitted/stray/{NAME}").parent.mkdir()
    put(root, f"submitted/stray/{NAME}", b"a file")
    found = SimpleNamespace(
        coursedir=SimpleNamespace(
            root=str(root), assignment_id=NAME, student_id=student, notebook_id=notebook
        ),
        _format_source=lambda name, who: str(root / "submitted" / who / name),
    )

    submitted.look_for_submissions(found)

    assert found.assignments == {str(place): [str(place / "closures.ipynb")]}


def test_nbgraders_converter_looks_as_we_do():
    from nbgrader.converters import Autograde

    assert Autograde.init_notebooks is submitted.look_for_submissions


@pytest.mark.requires("sandbox")
def test_what_autograde_makes_old_is_written_anew(teaching):
    """Page, table and reports, whatever it is that changed."""
    root = root_of(teaching)
    handed_in, out = root / "submitted", class_book.verdicts(root, NAME)
    put(handed_in, f"ann/{NAME}/closures.py").write_text(teaching.stub, "utf-8")
    put(handed_in, f"bob/{NAME}/.DS_Store")
    said: list[str] = []

    def autograde(learner: str) -> str:
        with gradebook(teaching) as kept:
            known = class_book.enrolment(kept, NAME, handed_in)
        report = verdict(root, handed_in, NAME, learner, said.append, known)
        return report.status

    def status() -> dict[str, str]:
        table = (out / results.GRADES).read_text("utf-8")
        return {row["learner"]: row["status"] for row in csv.DictReader(io.StringIO(table))}

    assert [autograde(learner) for learner in ("ann", "bob")] == ["graded", "ungradable"]
    assert len(said) == 1  # the rest was a look-up
    assert status() == {"ann": "graded", "bob": "ungradable"}
    assert (out / "reports" / "ann.html").is_file()

    put(handed_in, f"bob/{NAME}/closures.py").write_text(teaching.stub, "utf-8")
    assert autograde("bob") == "graded"  # what ann handed in, too: there is a verdict on it
    assert status() == {"ann": "graded", "bob": "graded"}

    with gradebook(teaching) as kept:
        kept.update_or_create_student("joe", last_name="Doe")
    assert autograde("ann") == "graded"
    assert status() == {"ann": "graded", "bob": "graded", "joe": "handed in nothing"}

    (out / results.ANONYMOUS_PAGE).write_text("old", "utf-8")
    put(handed_in, f"ann/{NAME}/timestamp.txt", b"2026-03-01 00:00:00 UTC")
    assert autograde("ann") == "graded"
    assert ", late" in (out / results.PAGE).read_text("utf-8")
    assert (out / results.ANONYMOUS_PAGE).read_text("utf-8") != "old"
    assert len(said) == 4
    assert autograde("bob") == "graded"
    assert len(said) == 4
