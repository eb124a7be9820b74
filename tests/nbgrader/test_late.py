"""Late work in the gradebook, and whose work is whose, whatever a learner is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from nbformat import v4
from nbgrader.api import Course, Gradebook
from nbgrader.preprocessors import AssignLatePenalties, latesubmissions
from traitlets.config import Config

from autograder.classroom.bridge import books as books_module
from autograder.classroom.bridge import submitted  # noqa: F401  it sees to what is shared
from autograder.classroom.bridge.preprocessor import Save
from autograder.classroom.bridge.release import enter_due
from autograder.classroom.intake import Intake
from autograder.course import Teaching, load

from ..conftest import ROOT
from .test_cells import grade_cell

NAME = "assignment3"
COURSE = load(ROOT)
DUE = datetime(2027, 2, 1, 23, 59, tzinfo=timezone(timedelta(hours=1)))
ZERO = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})

# nbgrader's own, told by SQLAlchemy of how it adds what was handed in
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")


@pytest.fixture
def books(url):
    """A gradebook in which the assignment is due, and is worth 2 points."""
    due = msgspec.structs.replace(COURSE, teaching=Teaching(due={NAME: DUE}))
    with Gradebook(url) as gradebook:
        gradebook.add_assignment(NAME)
        enter_due(gradebook, due, COURSE.assignment(NAME))
        gradebook.add_notebook("closures", NAME)
        gradebook.add_grade_cell("add", "closures", NAME, max_score=2, cell_type="code")
        gradebook.add_student("ann")
        yield gradebook


def hand_in(books, moment):
    """Ann hands in; nbgrader's time stamps have no zone, and are in UTC."""
    stamp = moment.astimezone(UTC).replace(tzinfo=None)
    return books.update_or_create_submission(NAME, "ann", timestamp=stamp)


def autograded(url, points=2):
    """What the two preprocessors enter that follow on the verdict; returns the penalty."""
    cell = grade_cell("add", 2)
    cell.outputs = [v4.new_output("execute_result", {"text/plain": str(points)})]
    nb, facts = v4.new_notebook(cells=[cell]), {"assignment": NAME, "student": "ann"}
    resources = {"nbgrader": {**facts, "notebook": "closures", "db_url": url}}
    Save().preprocess(nb, resources)
    AssignLatePenalties(config=ZERO).preprocess(nb, resources)
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_submission_notebook("closures", NAME, "ann")
        return notebook.score, notebook.late_submission_penalty


@pytest.mark.parametrize("hours", [-8, 0, 9])
def test_a_deadline_is_one_moment_in_every_zone(books, hours):
    there = timezone(timedelta(hours=hours))

    on_time = hand_in(books, DUE.astimezone(there)).total_seconds_late
    late = hand_in(books, DUE.astimezone(there) + timedelta(seconds=1)).total_seconds_late

    assert (on_time, late) == (0, 1)


def test_nbgraders_steps_share_a_gradebook(url):
    from nbgrader.converters import autograde

    assert autograde.Gradebook is latesubmissions.Gradebook is books_module.gradebook
    assert autograde.Gradebook(url, "backprop") is autograde.Gradebook(url, "backprop")
    assert [course.id for course in autograde.Gradebook(url, "backprop").db.query(Course)] == [
        "default_course",
        "backprop",
    ]


def test_an_extension_takes_the_penalty_back(books, url):
    hand_in(books, DUE + timedelta(hours=3))
    before = autograded(url)
    books.update_or_create_submission(NAME, "ann", extension=timedelta(hours=4))
    books.db.commit()

    assert before == (2, 2)
    assert autograded(url) == (2, None)
    assert autograded(url, points=1) == (1, None)


@pytest.mark.parametrize(
    "learner", ["o'brien", "Łukasz Öz", "a b", "100%", "[ab]*", "a+b@uni.edu", "-rf", "$(id)", "名"]
)
def test_a_learner_may_have_any_name(learner, tmp_path):
    for name, text in {learner: "mine = 1\n", "a": "x = 1\n", "ab": "y = 1\n"}.items():
        place = tmp_path / name / NAME
        place.mkdir(parents=True)
        (place / "closures.py").write_text(text, "utf-8")

    with Intake(tmp_path, COURSE, COURSE.assignment(NAME), only=learner) as intake:
        (found,) = intake

    assert dict(found.files) == {"closures.py": b"mine = 1\n"}
