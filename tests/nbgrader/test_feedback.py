"""A page of feedback: what was graded by name, a person's points and comments, nothing that runs."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from nbformat import v4
from nbgrader.api import Gradebook

from autograder.classroom.answers import page as answers_page
from autograder.classroom.bridge import books, cells
from autograder.classroom.bridge.feedback import FeedbackPage, Grades

from ..feedback.samples import ASSIGNMENT, COURSE, SAMPLES
from .test_cells import grade_cell, notebook

# nbgrader's own, told by SQLAlchemy of how it adds what was handed in
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")

FACTS = {"assignment": "assignment3", "notebook": "closures", "student": "ann"}


@pytest.fixture
def made(url):
    """A function that makes the page of a report, after a change of the gradebook."""

    def page(report, *more, change=lambda _: None, answers="due"):
        judged = notebook(report)
        cells.mark(judged, report, ASSIGNMENT)
        answer = grade_cell("question-1", 2, kind=v4.new_markdown_cell, solution=True)
        answer.source = "Mine."
        found = [answer, *more, *judged]
        with Gradebook(url) as gradebook:
            who = FACTS["assignment"], FACTS["student"]
            gradebook.add_assignment(who[0])
            gradebook.add_notebook(FACTS["notebook"], who[0])
            for cell in (answer, *judged):
                marks = cell.metadata.nbgrader
                points, kind = marks.points, cell.cell_type
                gradebook.add_grade_cell(
                    marks.grade_id, FACTS["notebook"], who[0], max_score=points, cell_type=kind
                )
            gradebook.add_solution_cell("question-1", FACTS["notebook"], who[0])
            gradebook.add_student(who[1])
            handed_in = gradebook.add_submission(*who)
            for cell in judged:
                name = cell.metadata.nbgrader.grade_id
                grade = gradebook.find_grade(name, FACTS["notebook"], *who)
                grade.auto_score = float(cell.outputs[0].data["text/plain"])
            change(handed_in.notebooks[0])
            gradebook.db.commit()
        exporter = FeedbackPage(answers=answers)
        exporter.register_preprocessor(Grades, enabled=True)
        facts = {"nbgrader": {**FACTS, "db_url": url}}
        text, resources = exporter.from_notebook_node(v4.new_notebook(cells=found), facts)
        assert resources["output_extension"] == ".html"
        assert sorted(resources["outputs"]) == ["submission_secret.txt", "timestamp.txt"]
        return text

    return page


def contents(page):
    """The names and points in the contents."""
    nav = page[page.index("<nav") : page.index("</nav")]
    found = re.findall(r'<li><a href="#(.*?)">(.*?)</a><span class="points">(.*?)</span>', nav)
    return {where: (name, score) for where, name, score in found}


def test_the_contents_name_each_part(made):
    report = SAMPLES["wrong"].report()
    page = made(report)

    found = contents(page)
    of_mul = [test for test in report.tests if cells.grade_id(test) == "mul"]
    earned, worth = (sum(getattr(t, key) for t in of_mul) for key in ("score", "max_score"))
    assert found["mul"] == ("*", f"{earned:g} of {worth:g} points")
    assert found["manual-hidden"][0] == "Gradients by hand: hidden tests"
    assert found["question-1"] == ("Your answer: question 1", "0 of 2 points")
    assert f"<strong>{report.score:g} of 32 points</strong>" in page
    assert all(f'id="{name}"' in page for name in found)


def test_points_and_words_of_a_person_are_shown(made):
    def by_hand(submitted):
        for grade in submitted.grades:
            if grade.name == "question-1":
                grade.manual_score = 1.5
        submitted.comments[0].manual_comment = "*Well* put."
        submitted.late_submission_penalty = 4

    page = made(SAMPLES["right"].report(), change=by_hand)

    assert contents(page)["question-1"] == ("Your answer: question 1", "1.5 of 2 points")
    assert "<em>Well</em> put." in page
    assert "with a comment" in page
    assert "Handed in late: 4 points less." in page
    assert "<strong>27.5 of 32 points</strong>" in page


def test_what_is_wrong_stands_below_its_cell_and_the_call_does_not(made):
    report = SAMPLES["wrong"].report()
    page = html.unescape(made(report))

    found = [t.counterexample for t in report.tests if t.status == "failed" and t.counterexample]
    assert found
    assert all(line in page for each in found for line in each.lines)
    assert ">pass<" not in page  # the cells' own source


def test_a_text_is_shown_and_does_nothing(made):
    code = "<script>window.robbed = true</script>"
    texts = (
        v4.new_markdown_cell(f"# Mine\n{code}\n\n![alt](http://x/y.png)"),
        v4.new_code_cell(code),
    )
    page = made(SAMPLES["right"].report(), *texts)

    assert "<script>window.robbed" not in page
    assert "Mine</h1>" in page
    assert 'alt="alt"' in page
    assert "mathjax" not in page


def test_maths_is_set(made):
    assert "mathjax" in made(SAMPLES["right"].report(), v4.new_markdown_cell("It is $x^2$."))


def test_a_picture_without_a_description_says_so(made):
    page = made(SAMPLES["right"].report(), v4.new_markdown_cell("<img src='http://x/y.png'>"))

    assert re.search(r"<img[^>]* alt=", page)


@pytest.mark.parametrize(
    ("answers", "year", "there"),
    [
        ("due", 2020, True),
        ("due", 2999, False),
        ("due", None, False),
        ("always", None, True),
        ("never", 2020, False),
    ],
)
def test_what_to_compare_with_comes_once_it_is_due(made, answers, year, there, monkeypatch):
    monkeypatch.setattr("autograder.classroom.bridge.feedback.courses.find", lambda _: COURSE)
    moment = year and datetime(year, 3, 1)  # nbgrader's name no zone, and mean UTC

    def due(submitted):
        submitted.assignment.assignment.duedate = moment

    page = made(SAMPLES["right"].report(), change=due, answers=answers)

    assert ("A solution: closures.py" in page) is there
    assert ("Which step causes that?" in page) is there
    assert "### " not in page.partition("A solution")[2]


def test_a_page_of_answers_has_no_points():
    page = answers_page(COURSE, COURSE.assignment("assignment5"))

    assert "<title>assignment5: Accumulation</title>" in page
    assert 'href="#accumulation.py"' in page
    assert "<nav" not in page


def test_the_gradebook_opens_again_after_it_was_closed(url):
    for name in ("one", "two"):
        with books.gradebook(url) as gradebook:
            gradebook.add_assignment(name)
    with Gradebook(url) as gradebook:
        assert [each.name for each in gradebook.assignments] == ["one", "two"]
