"""What a learner handed in, as a notebook that nbgrader can go on with, whatever it was.

Of the learner's notebook only the text of its cells is kept, with the pictures in it. What it says
of grading comes from the gradebook, which knows what was released: locked cells that were edited,
deleted, doubled or worth more points are as they were. What cannot be read at all is replaced by
the released cells, so that the learner gets a page that says why.
"""

from __future__ import annotations

import json
import re
import sys
from fnmatch import fnmatch
from glob import glob
from pathlib import Path
from typing import Any
from uuid import uuid4

from nbconvert.exporters import NotebookExporter
from nbformat import convert, from_dict, reader, v4
from nbgrader.converters import Autograde
from nbgrader.converters import autograde as converter
from nbgrader.preprocessors import NbGraderPreprocessor, latesubmissions
from traitlets.log import get_logger

from autograder.classroom.bridge import books
from autograder.classroom.entries import read_file
from autograder.report import fault_in_words, writable
from autograder.submission.notebook import MOST_CELLS

_MOST = 64 * 1024**2  # bytes of a notebook that are read at all
_NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_KINDS: dict[str, dict[str, Any]] = {
    "code": {"execution_count": None, "outputs": []},
    "markdown": {},
    "raw": {},
}
"""What a cell has beside its text, by its type."""
_LOST = "The cell of this answer is not there any more. Is the text in another one?"
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Submitted(NotebookExporter):
    """Reads notebooks for `nbgrader autograde`; set as `Autograde.exporter_class`."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """The notebook of a submission; see `nbconvert.Exporter.from_filename`."""
        notebook = from_dict({**_NOTEBOOK, "cells": _cells(_meant(Path(filename)))})
        return super().from_notebook_node(notebook, resources, **options)  # type: ignore[no-untyped-call]  # nbconvert has no types

    def _preprocess(self, nb: Any, resources: Any) -> Any:
        """Run the preprocessors alone: nbconvert copies and validates the notebook around each.

        The notebook is ours from its first cell on.
        """
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources


class Restore(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Makes of the cells what the gradebook says that they were when they were released."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """See `nbconvert.preprocessors.Preprocessor`."""
        facts = resources["nbgrader"]
        with books.gradebook(facts["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(facts["notebook"], facts["assignment"])
            nb.cells = _as_released(nb.cells, _released(notebook))
        return nb, resources


def expect_all(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Have every notebook of an assignment graded, there or not; nbgrader calls it before each.

    Without it a notebook under another name is no notebook, and its learner gets nothing at all.
    What would keep everybody from a verdict is said here, once.

    Args:
        assignment: its name.
        student: unused; nbgrader's pattern of them.
        notebooks: the paths of those that were handed in; the others are added.

    Raises:
        SystemExit: a package of the assignment's is not installed, or the journal can't be used.
            nbgrader passes over any other exception here, and shows one from further on with its
            traceback, for each learner.
    """
    del student
    from autograder import course as courses
    from autograder import extras
    from autograder.classroom.bridge import verdicts

    root, folder = Path.cwd(), Path(notebooks[0]).parent
    course = courses.find(root)
    wanted = course.assignment(assignment)
    for package in [name for file in wanted.files if (name := file.lacks()) is not None]:
        sys.exit(f"Nothing of {assignment} is graded. {extras.lacking(package, package)}")
    try:
        verdicts.expect_usable(root, course, wanted)
    except verdicts.NoVerdict as problem:
        sys.exit(f"Nothing of {assignment} is graded. {problem}")
    for file in wanted.files:
        path = str(folder / file.notebook)
        if path not in notebooks:
            notebooks.append(path)


def look_for_submissions(autograde: Any) -> None:
    """Find what is to be graded; stands in the place of nbgrader's `Autograde.init_notebooks`.

    nbgrader passes over whoever has no notebook, such as one whose script somebody put there.

    Args:
        autograde: nbgrader's converter; what it is to convert is noted in it.
    """
    from autograder import course as courses

    place = autograde.coursedir
    name, notebook = place.assignment_id, f"{place.notebook_id}.ipynb"
    course = courses.find(Path(place.root))
    known = [assignment for assignment in course.assignments if assignment.name == name]
    expected = [file.notebook for assignment in known for file in assignment.files]
    wanted = [each for each in expected if fnmatch(each, notebook)]
    autograde.assignments, autograde.notebooks = {}, []
    pattern = autograde._format_source(name, place.student_id)  # noqa: SLF001  it is one of its own
    for folder in map(Path, glob(pattern)):  # noqa: PTH207  a whole path
        found = [*folder.glob(notebook)] or [folder / each for each in wanted]
        if folder.is_dir() and found:
            autograde.assignments[str(folder)] = list(map(str, found))
    if not autograde.assignments:
        _nbgraders_own(autograde)  # it says what may be meant


_nbgraders_own = Autograde.init_notebooks
Autograde.init_notebooks = look_for_submissions  # there is no hook as early as this
for module in (converter, latesubmissions):  # they open one six times for each learner
    module.Gradebook = books.gradebook


def _meant(path: Path) -> Path:
    """The file that stands for this one: where it is missing, the only notebook there is."""
    if path.exists():
        return path
    others = list(path.parent.glob("*.ipynb"))
    return others[0] if len(others) == 1 else path


def _cells(path: Path) -> list[Any]:
    """The learner's cells: kind, text and what each says of itself to nbgrader."""
    try:
        content = json.loads(read_file(path.parent, (path.name,), _MOST).decode("utf-8-sig"))
        if reader.get_version(content)[0] != v4.nbformat:
            content = convert(reader.reads(json.dumps(content)), v4.nbformat)
        found = [_cell(cell) for cell in content["cells"][: MOST_CELLS + 1]]
    except Exception as error:  # noqa: BLE001  nbformat raises anything; the verdict says why
        get_logger().warning("%s: %s", path, fault_in_words(error))
        return []
    if len(found) > MOST_CELLS:
        get_logger().warning("%s has more than %d cells", path, MOST_CELLS)
        return []
    return [cell for cell in found if cell is not None]


def _new(kind: str, source: str) -> Any:
    """A cell; nbformat's own functions validate each, which takes longer than all the rest."""
    cell = {"cell_type": kind, "id": uuid4().hex[:8], "metadata": {}, "source": source}
    return from_dict({**cell, **_KINDS[kind]})


def _cell(found: Any) -> Any:
    """The cell, None where it is none."""
    try:
        source, claims = found["source"], found.get("metadata", {}).get("nbgrader")
        text = source if isinstance(source, str) else "".join(source)
        kind = found["cell_type"]
        if kind == "raw":  # a page would hold it as it is, scripts and all
            kind, text = "markdown", _fenced(text)
        cell = _new(kind, writable(text))
        if kind == "markdown":
            _attach(cell, found.get("attachments"))
    except (AttributeError, KeyError, TypeError):
        return None
    if isinstance(claims, dict) and isinstance(claims.get("grade_id"), str):
        cell.metadata["nbgrader"] = from_dict(claims)
    elif isinstance(name := found.get("id"), str):  # some editors drop what they do not know
        cell.metadata["nbgrader"] = from_dict({"grade_id": name})
    return cell


def _fenced(text: str) -> str:
    """The text in a block of code, whatever it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _attach(cell: Any, attachments: object) -> None:
    """Give a text its pictures; without one that it speaks of no page could be made."""
    kept = {}
    for name, forms in attachments.items() if isinstance(attachments, dict) else ():
        form = next((kind for kind in _PICTURES if isinstance(forms.get(kind), str)), None)
        if form is not None:
            kept[name] = {form: forms[form]}
    cell.source = re.sub(
        r"attachment:([^\s)\"'>]*)",
        lambda found: found[0] if found[1] in kept else f"missing:{found[1]}",
        cell.source,
    )
    if kept:
        cell["attachments"] = from_dict(kept)


def _as_released(cells: list[Any], released: dict[str, Any]) -> list[Any]:
    """The learner's cells with what was released of each; the graded ones all there, and once."""
    named: dict[str, list[Any]] = {}
    for cell in cells:
        named.setdefault(cell.metadata.pop("nbgrader", {}).get("grade_id"), []).append(cell)
    begun = bool(cells)
    for name, known in released.items():
        facts, found = known.metadata["nbgrader"], named.get(name, [])
        written = facts["task"] or (facts["grade"] and facts["solution"])
        meant = _answer(found, known) if written else _last_alike(found, known)
        if meant is not None:
            meant.metadata = known.metadata
            if facts["locked"]:
                meant.source = known.source
        elif facts["grade"] or facts["task"]:
            if written and begun:  # else nobody would look for what they wrote
                known.source = _LOST if known.cell_type == "markdown" else f"# {_LOST}"
            cells.append(known)
    return cells


def _last_alike(found: list[Any], known: Any) -> Any:
    """Of a cell and its copies the last one, as for nbgrader; None where none is of its kind."""
    return next((cell for cell in reversed(found) if cell.cell_type == known.cell_type), None)


def _answer(found: list[Any], known: Any) -> Any:
    """Of an answer in words and its copies the last one that says something, whatever its kind.

    nbgrader gives no points, and asks nobody, where the text is as it was released.
    """
    said = [cell for cell in found if cell.source.strip() not in ("", known.source.strip())]
    meant = (said or found or [None])[-1]
    if meant is not None and meant.cell_type != known.cell_type:
        made = _new(known.cell_type, _fenced(meant.source))
        meant.clear()
        meant.update(made)
    return meant


def _released(notebook: Any) -> dict[str, Any]:
    """The released cells that nbgrader knows, by name."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    found = {}
    for source in notebook.source_cells:
        cell = _new(source.cell_type, source.source)
        facts = {
            "schema_version": 3,
            "grade_id": source.name,
            "grade": source.name in points,
            "solution": source.name in solutions,
            "task": source.name in tasks,
            "locked": source.locked,
            "cell_type": source.cell_type,
            "checksum": source.checksum,
        }
        worth = points.get(source.name, tasks.get(source.name))
        if worth is not None:
            facts["points"] = worth
        cell.metadata["nbgrader"] = facts
        found[source.name] = cell
    return found
