"""Notebooks: made from the stub's source, with a locked cell a test group, and nothing hidden."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata

from autograder import course as courses
from autograder.authoring.build import made
from autograder.authoring.groups import Group, groups
from autograder.authoring.notebook import NotebookError, notebook, notebooks
from autograder.grading.suite import tasks
from autograder.submission import percent

COURSE = courses.load(Path(__file__).resolve().parents[2])
FILES = [
    pytest.param(assignment, file, id=f"{assignment.name}-{file.module}")
    for assignment in COURSE.assignments
    for file in assignment.files
]


def released(assignment, file):
    """The notebook as it lies in assignments/; another test sees to it that it is up to date."""
    folder = COURSE.root / "assignments" / assignment.name
    return nbformat.read(folder / f"{file.module}.ipynb", as_version=4)


def marks(cell):
    return cell.metadata.get("nbgrader", {})


def test_they_are_made_alike_every_time_and_lie_there_as_made():
    assignment = COURSE.assignment("assignment3")
    folder = COURSE.root / "assignments" / "assignment3"

    first, second = notebooks(COURSE, assignment), notebooks(COURSE, assignment)

    assert first == second
    assert first["closures.ipynb"] == (folder / "closures.ipynb").read_text("utf-8")
    assert made(COURSE, assignment)[folder / "closures.ipynb"] == first["closures.ipynb"]


@pytest.mark.parametrize(("assignment", "file"), FILES)
def test_nbformat_and_nbgrader_find_nothing_wrong(assignment, file):
    book = released(assignment, file)

    nbformat.validate(book)
    MetadataValidator().validate_nb(book)
    CheckCellMetadata().preprocess(book, {})
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("assignment", "file"), FILES)
def test_what_learners_read_and_fill_in_is_the_stub(assignment, file):
    stub = (COURSE.root / "assignments" / assignment.name / file.name).read_text("utf-8")

    told = [
        (cell.cell_type, cell.source, "demo" in cell.metadata.get("tags", []))
        for cell in released(assignment, file).cells
        if not marks(cell).get("grade")
    ]

    assert told == [
        (
            "markdown" if cell.markdown else "code",
            re.sub(r"^# ?", "", text, flags=re.MULTILINE) if cell.markdown else text,
            cell.is_demo,
        )
        for cell in percent.cells(stub)
        for text in ["\n".join(cell.lines).strip()]
    ]


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda a: a.name)
def test_points_are_the_suites(assignment):
    cells = [cell for file in assignment.files for cell in released(assignment, file).cells]
    locked = {
        marks(c)["grade_id"]: c for c in cells if marks(c).get("grade") and marks(c)["locked"]
    }

    found = {group.grade_id: group for group in groups(assignment)}
    assert set(locked) == set(found)
    assert sum(marks(c)["points"] for c in locked.values()) == sum(
        task.points for task in tasks(assignment)
    )
    for grade_id, cell in locked.items():
        assert marks(cell)["points"] == found[grade_id].points
        assert not marks(cell)["solution"]


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda a: a.name)
def test_each_assignment_asks_one_question_that_is_graded_by_hand(assignment):
    cells = [cell for file in assignment.files for cell in released(assignment, file).cells]
    asked = [
        (cells[number - 1].source, marks(cell))
        for number, cell in enumerate(cells)
        if marks(cell).get("grade") and marks(cell)["solution"]
    ]

    ((question, mark),) = asked
    assert "think about" in question
    assert (mark["grade_id"], mark["locked"], mark["points"]) == ("question-1", False, 2)


@pytest.mark.parametrize(("assignment", "file"), FILES)
def test_nothing_of_a_hidden_test_is_in_it(assignment, file):
    hidden = [task for task in tasks(assignment) if not task.visible]
    book = released(assignment, file)
    text = nbformat.writes(book)

    assert [task.name for task in hidden if re.search(rf"\b{task.name}\b", text)] == []
    for cell in book.cells:
        if marks(cell).get("grade_id", "").endswith("-hidden"):
            assert re.fullmatch(
                r"pass  # .+, \d+ more points?: graded after you hand in", cell.source
            )


ONE = Group("a", "work.ipynb", "a", "The part", 1, visible=True, tests=("test_a",))
LAST = Group("a-hidden", "work.ipynb", "a", "The part", 2.5, visible=False, tests=("test_b",))
TEXT = """# %% [markdown]
# # First
# %% parts=["a"]
def f():
    ### BEGIN SOLUTION: Return one.
    return 1
    ### END SOLUTION
# %% tags=["demo"]
f()
# %% [markdown] points=3
# Why?
# %% [markdown]
# ## Second
"""


def ids(text, *found):
    return [cell["id"] for cell in json.loads(notebook(text, "work.py", "one", found))["cells"]]


def test_grade_cells_close_the_section_and_answers_follow_questions():
    assert ids(TEXT, ONE, LAST) == [
        *("text-0", "code-1", "answer-f", "code-3"),
        *("text-4", "question-1", "a", "a-hidden", "text-5"),
    ]
    assert ids(TEXT.replace("## Second", "more"), ONE)[-1] == "a"


def test_a_grade_cell_says_what_it_is_worth():
    book = json.loads(notebook(TEXT, "work.py", "one", [ONE, LAST]))
    cells = {cell["id"]: "".join(cell["source"]) for cell in book["cells"]}

    assert cells["a"] == (
        "# The part, 1 point. Save the notebook, then run this cell.\n"
        'from autograder.magic import check\n\ncheck("one", "a")'
    )
    assert cells["a-hidden"] == "pass  # The part, 2.5 more points: graded after you hand in"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace(' parts=["a"]', ""), r"work\.py: no cell has the part 'a'\. Where"),
        (TEXT.replace('["a"]', '["b"]'), r"work\.py: the suite has no part 'b', or two cells"),
        (TEXT.replace('["demo"]', '["demo"] parts=["a"]'), "no part 'a', or two cells have it"),
    ],
)
def test_parts_that_do_not_fit_the_suite(text, message):
    with pytest.raises(NotebookError, match=message):
        notebook(text, "work.py", "one", [ONE, LAST])
