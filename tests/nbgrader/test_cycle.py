"""A class in nbgrader, by its own commands: what is in its books, its pages and learners' folders."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

from autograder.classroom import journal
from autograder.report import from_json
from autograder.suites import assignment3

from .conftest import ARTEFACTS, LEARNERS, NAME, Cycle
from .handed_in import ODD, ROBBERY

pytestmark = [pytest.mark.long, pytest.mark.requires("sandbox")]


def report(cycle: Cycle, learner: str):
    """What `grade --json` says of what a learner handed in."""
    path = f"submitted/{learner}/{NAME}/closures.ipynb"
    done = cycle.instructor(f"grade {NAME} '{path}' --json || true")
    return from_json(done.stdout)


def by_cell(found) -> dict[str, float]:
    """A report's points by the cell in which they belong."""
    points: dict[str, float] = defaultdict(float)
    for test in found.tests:
        points[test.part if test.visible else f"{test.part}-hidden"] += test.score
    return {name: round(score, 2) for name, score in points.items()}


def hidden_names() -> list[str]:
    """The names of the hidden tests, and of what only they call."""
    text = (Path(assignment3.__path__[0]) / "test_hidden.py").read_text("utf-8")
    return re.findall(r"^def (\w+)", text, re.MULTILINE)


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_books_say_what_grade_says(cycle: Cycle, learner: str) -> None:
    said = report(cycle, learner)
    scores = dict(cycle.first[learner])
    question = scores.pop("question-1")

    if said.status == "graded":
        assert scores == by_cell(said)
    assert sum(score or 0 for score in scores.values()) == said.score
    assert said.score == {"alice": 30, "bob": 22, "mallory": 0}[learner]
    assert question == {"alice": None, "bob": 0, "mallory": 0}[learner]


def test_nbgrader_exports_the_points(cycle: Cycle) -> None:
    rows = csv.DictReader((cycle.folder / "grades.csv").read_text("utf-8").splitlines())

    scores = {row["student_id"]: float(row["score"]) for row in rows}

    assert {name: scores[name] for name in LEARNERS} == {"alice": 30, "bob": 22, "mallory": 0}


def test_the_released_notebook_is_our_stub(cycle: Cycle) -> None:
    from autograder.authoring.notebook import notebooks

    course = cycle.clone.course
    stub = json.loads(notebooks(course, course.assignment(NAME))["closures.ipynb"])
    released = nbformat.read(cycle.folder / "release" / NAME / "closures.ipynb", 4)

    sources = ["".join(cell["source"]) for cell in stub["cells"]]
    assert [cell.source for cell in released.cells] == sources
    with cycle.gradebook() as books:
        assert books.find_assignment(NAME).max_code_score == 30


def test_a_hidden_test_is_nowhere_in_what_a_learner_has(cycle: Cycle) -> None:
    names = hidden_names()
    assert names

    for learner, shell in cycle.learners.items():
        files = [path for path in shell.cwd.rglob("*") if path.is_file()]
        pages = [path for path in files if path.suffix == ".html"]
        texts = "".join(path.read_text("utf-8") for path in files)
        assert len(pages) == 1, learner
        assert [name for name in names if re.search(rf"\b{name}\b", texts)] == []


def test_the_feedback_shows_numbers_and_the_mistake(cycle: Cycle) -> None:
    (page,) = cycle.learners["bob"].cwd.rglob("*.html")
    text = html.unescape(page.read_text("utf-8"))
    failed = [test for test in report(cycle, "bob").tests if test.status == "failed"]
    texts = [test.misconception.text for test in failed if test.misconception]

    assert failed
    for test in failed:
        assert all(line in text for line in test.counterexample.lines)
    assert texts
    assert all(part in text for part in texts[0].split("`"))
    assert "Hint." in text


def test_a_right_notebook_is_valid_and_a_wrong_one_is_not(cycle: Cycle) -> None:
    right, wrong = (cycle.validated[name] for name in ("alice", "bob"))

    assert "Success! Your notebook passes all the tests." in right
    assert "VALIDATION FAILED ON 2 CELL(S)" in wrong


@pytest.mark.parametrize("learner", ODD)
def test_what_should_never_arrive_is_graded_for_what_is_there(cycle: Cycle, learner: str) -> None:
    scores = cycle.first[learner]
    outputs = [
        text
        for cell in nbformat.read(cycle.autograded(learner), 4).cells
        for output in cell.get("outputs", ())
        for text in output.get("data", {}).values()
    ]
    total = sum(score or 0 for score in scores.values())

    assert set(scores) == set(cycle.first["alice"])
    if learner in {"renamed", "locked_cells", "large_outputs"}:
        assert total == 30
    elif learner in {"endless", "flood"}:
        assert (scores["manual"], scores["manual-hidden"], total) == (0, 0, 26)
    elif learner in {"no_notebook", "linked", "linked_folder"}:
        assert total == 0
        assert any("not yet" in text for text in outputs)
    else:
        assert total == 0
        assert any("can't be graded yet" in text for text in outputs)


def test_folders_of_the_exchange_with_odd_names_are_nobodys(cycle: Cycle) -> None:
    assert {path.name for path in (cycle.folder / "submitted").iterdir()} == {*LEARNERS, *ODD}
    assert not (cycle.folder / NAME).exists()


# --- formgrader --------------------------------------------------------------------------------


def test_formgrader_shows_the_class_and_our_feedback(
    cycle: Cycle, formgrader: str, chromium: Browser
) -> None:
    with cycle.gradebook() as books:
        number = books.find_submission_notebook("closures", NAME, "bob").id
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(120_000)
    view = context.new_page()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    view.goto(f"{formgrader}/formgrader/manage_assignments?token=T")
    row = view.locator("tr", has=view.locator(f"td >> text={NAME}"))
    row.wait_for()
    view.screenshot(path=ARTEFACTS / "formgrader-assignments.png")
    cells = row.inner_text()
    view.goto(f"{formgrader}/formgrader/submissions/{number}/?index=0")
    wrong = view.locator(".grade-report .failure").first
    wrong.scroll_into_view_if_needed()
    view.screenshot(path=ARTEFACTS / "formgrader-submission.png")
    shown, text = wrong.inner_text(), view.content()
    context.close()

    assert "released" in cells
    assert str(len(LEARNERS) + len(ODD)) in cells
    assert "a.grad" in shown
    assert "yours" in shown
    assert [name for name in hidden_names() if re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("place", ["feedback", "formgrader"])
def test_a_learners_text_runs_no_script_and_keeps_its_pictures(
    cycle: Cycle, formgrader: str, chromium: Browser, place: str
) -> None:
    def address(learner: str) -> str:
        if place == "feedback":
            (page,) = cycle.learners[learner].cwd.rglob("*.html")
            return page.as_uri()
        with cycle.gradebook() as books:
            number = books.find_submission_notebook("closures", NAME, learner).id
        return f"{formgrader}/formgrader/submissions/{number}/?index=0&token=T"

    context = chromium.new_context()
    context.set_default_timeout(120_000)
    view = context.new_page()
    view.goto(address("mallory"))
    view.get_by_text("window.robbed = true").first.wait_for()
    view.wait_for_timeout(500)
    robbed, shown = view.evaluate("window.robbed"), view.content()
    view.goto(address("alice"))
    picture = view.get_by_alt_text("my sketch").first
    picture.wait_for()
    size = picture.evaluate("each => each.naturalWidth")
    context.close()

    assert robbed is None
    assert "<script>window.robbed" not in shown
    assert size == 1


@pytest.mark.parametrize("text", ROBBERY[:2])  # the others want more of the page
def test_the_same_text_would_run_if_it_were_not_made_safe(chromium: Browser, text: str) -> None:
    """What is tried above is worth trying."""
    from nbconvert.filters import markdown2html

    page = chromium.new_page()
    page.set_content(f"<html><body>{markdown2html(text)}</body></html>")
    page.wait_for_timeout(500)
    robbed = page.evaluate("window.robbed")
    page.close()

    assert robbed is True


# --- later -------------------------------------------------------------------------------------


def test_points_by_hand_comments_and_extra_credit_stay(later: Cycle) -> None:
    with later.gradebook() as books:
        answer = books.find_grade("question-1", "closures", NAME, "alice")
        override = books.find_grade("mul", "closures", NAME, "bob")
        comment = books.find_comment("question-1", "closures", NAME, "alice")

        assert (answer.score, answer.manual_score) == (2.0, 1.5)
        assert (override.auto_score, override.score) == (0, 1.5)
        assert override.needs_manual_grade
        assert comment.comment == "Well put."


def test_what_is_handed_in_again_is_graded_again(later: Cycle) -> None:
    scores = later.scores("mallory")

    assert scores.pop("question-1") is None
    assert sum(score or 0 for score in scores.values()) == 30


def test_late_work_costs_what_the_configuration_says(later: Cycle) -> None:
    with later.gradebook() as books:
        notebook = books.find_submission_notebook("closures", NAME, "alice")

        assert notebook.late_submission_penalty == notebook.score == 32


def test_a_verdict_is_replayed(later: Cycle) -> None:
    text = (later.folder / "bob.json").read_text("utf-8")
    kept = (later.folder / "verdicts" / NAME / "reports" / "bob.json").read_text("utf-8")

    assert from_json(text).tests == from_json(kept).tests
    assert (later.folder / "gradescope" / "bob" / "results.json").is_file()


def test_a_file_that_was_edited_is_left_alone(later: Cycle) -> None:
    before = (later.folder / "nbgrader_config.py").read_text("utf-8")

    said = later.instructor("course init-nbgrader .").stdout

    assert "nbgrader_config.py was edited, so it is left alone." in said
    assert "written" not in said
    assert (later.folder / "nbgrader_config.py").read_text("utf-8") == before


def test_a_fault_of_ours_leaves_no_grade(later: Cycle) -> None:
    path = later.folder / "submitted" / "renamed" / NAME / "closures (final).ipynb"
    path.write_text(path.read_text("utf-8").replace("math", "math", 1) + "\n", "utf-8")
    command = f"nbgrader autograde {NAME} --student renamed --force"

    with journal.resume(later.folder / "verdicts" / NAME, later.clone.course):
        said = later.instructor(command, code=1).stderr
    taken_back = later.scores("renamed")
    later.instructor(command)

    assert "No grade for renamed, assignment3: Another run is writing to" in said
    assert set(taken_back.values()) == {None}
    assert later.scores("renamed") == later.first["renamed"]
