"""Makes a learner's notebook, with nbgrader's metadata on its cells, from a solution.

The markers of a solution's cells say where the grade cells go:

    # %% parts=["tanh"]           the grade cells of this part end the section of this cell
    # %% [markdown] points=2      a question in words: an answer cell follows, graded by hand
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.groups import Group, groups
from autograder.authoring.stub import stub, with_setup
from autograder.grading.suite import SuiteError, suite_folder

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["NotebookError", "SuiteError", "notebook", "notebooks"]

_HEADING = re.compile(r"^#+ ", re.MULTILINE)
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_ANSWER = "*Your answer:*"


class NotebookError(Exception):
    """A solution's markers do not match its suite; the message says where and what was expected."""


def notebooks(course: Course, assignment: Assignment) -> dict[str, str]:
    """The notebooks of an assignment as learners get them: JSON by file name.

    Args:
        course: has the solutions.
        assignment: one of its assignments.

    Raises:
        OSError: a solution is missing.
        UnicodeDecodeError: it is not text.
        StubError: its BEGIN and END markers are wrong.
        NotebookError: its `parts` do not match the suite.
        SuiteError: the suite cannot be collected.
    """
    has_suite = suite_folder(assignment.name).is_dir()  # the text may be written before its tests
    found = groups(assignment) if has_suite else ()
    texts = {}
    for file in assignment.files:
        path = course.root / "solutions" / assignment.name / file.name
        name = f"{file.module}.ipynb"
        own = [group for group in found if group.notebook == name]
        where = str(path.relative_to(course.root))
        texts[name] = notebook(path.read_text("utf-8"), where, assignment.name, own)
    return texts


def notebook(solution: str, where: str, assignment: str, found: Sequence[Group]) -> str:
    """The learner's notebook as JSON, the same text every time.

    Args:
        solution: the text of the solution, in percent format.
        where: its path, for messages.
        assignment: the assignment's name, for its grade cells.
        found: the groups, each of which gets a grade cell.

    Raises:
        StubError: the solution's BEGIN and END markers are wrong.
        NotebookError: its `parts` do not match the groups.
    """
    answers, shown = (
        jupytext.reads(with_setup(text), fmt="py:percent").cells
        for text in (solution, stub(solution, where))
    )
    cells: list[Any] = []
    waiting: list[Group] = []
    left = list(found)
    questions = 0
    for number, (answer, cell) in enumerate(zip(answers, shown, strict=True)):
        if cell.cell_type == "markdown" and _HEADING.search(cell.source):
            cells += _grade_cells(waiting, assignment)
            waiting = []
        parts, points = cell.metadata.pop("parts", []), cell.metadata.pop("points", None)
        waiting += _taken(left, parts, where)
        cells.append(_marked(cell, number, is_answer="### BEGIN SOLUTION" in answer.source))
        if points is not None:
            questions += 1
            cells.append(_answer_cell(f"question-{questions}", points))
    cells += _grade_cells(waiting, assignment)
    if left:
        raise NotebookError(
            f"{where}: no cell has the part {left[0].part!r}. Where learners solve it, write  "
            f'# %% parts=["{left[0].part}"].'
        )
    made = new_notebook(cells=cells, metadata=_KERNEL)
    nbformat.validate(made)
    text: str = nbformat.writes(made, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n"


def _taken(left: list[Group], parts: Sequence[str], where: str) -> Iterator[Group]:
    """The groups of these parts, which are removed from those that are left."""
    for part in parts:
        chosen = [group for group in left if group.part == part]
        if not chosen:
            raise NotebookError(f"{where}: the suite has no part {part!r}, or two cells have it.")
        for group in chosen:
            left.remove(group)
            yield group


def _marked(cell: Any, number: int, *, is_answer: bool) -> Any:
    """A cell with its metadata: learners edit answers, and text is read-only.

    Other code has none: learners may change it, as in the script.
    """
    if is_answer:
        return _identified(cell, f"answer-{_first_name(cell.source)}", solution=True)
    if cell.cell_type == "markdown":
        return _identified(cell, f"text-{number}", locked=True)
    cell.id = f"code-{number}"
    return cell


def _first_name(source: str) -> str:
    """The first function or class of a cell."""
    named = (ast.FunctionDef, ast.ClassDef)
    return next(node.name for node in ast.parse(source).body if isinstance(node, named))


def _grade_cells(found: Sequence[Group], assignment: str) -> Iterator[Any]:
    for group in found:
        worth = f"{group.points:g} {'more ' * (not group.visible)}point{'s' * (group.points != 1)}"
        if group.visible:
            source = (
                f"# {group.title}, {worth}. Save the notebook, then run this cell.\n"
                "from autograder.magic import check\n\n"
                f'check("{assignment}", "{group.part}")'
            )
        else:
            source = f"pass  # {group.title}, {worth}: graded after you hand in"
        cell = new_code_cell(source)
        yield _identified(cell, group.grade_id, grade=True, locked=True, points=group.points)


def _answer_cell(grade_id: str, points: float) -> Any:
    return _identified(
        new_markdown_cell(_ANSWER), grade_id, grade=True, solution=True, points=points
    )


def _identified(
    cell: Any,
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> Any:
    """The cell with nbgrader's metadata, version 3."""
    cell.id = grade_id
    cell.metadata["nbgrader"] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell
