"""nbgrader on the same notebooks, stock and with our verdicts: autograde, then feedback.

    python -m benchmarks.nbgrader 10      ten submissions, three rounds; takes some minutes

The time of one more submission is the difference between a run with all and a run with one. Stock
nbgrader's test cells do nothing here: its time is that of starting kernels and of the gradebook,
one after another. Ours grades each submission meanwhile, as many at a time as there are processors;
nothing was graded before. Its feedback has verdicts, and theirs has none.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jupytext

from autograder.authoring.notebook import notebooks
from autograder.submission.percent import without_demos
from benchmarks import HEAD, Row
from benchmarks.handed_in import NAME, ROOT, assignment, course, of_kind
from benchmarks.processes import Took, environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

COMMAND = (sys.executable, "-m", "nbgrader")
BUDGET = 0.2
ROUNDS = 3
_STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'


def stock(texts: Sequence[str], folder: Path) -> Took:
    """Grade these scripts as notebooks with stock nbgrader.

    Args:
        texts: the scripts.
        folder: an empty folder.

    Returns:
        The seconds and the most memory of `nbgrader autograde`.

    Raises:
        Failed: it was not graded.
    """
    (folder / "nbgrader_config.py").write_text(_STOCK, "utf-8")
    released = _released()
    for cell in released["cells"]:
        if _facts(cell).get("grade") and cell["cell_type"] == "code":
            cell["source"] = "pass"
    _write(folder / "source" / NAME, released)
    return _autograde(texts, folder)


def ours(texts: Sequence[str], folder: Path) -> Took:
    """Grade the same with the configuration that `course init-nbgrader` writes; see `stock`."""
    from autograder import course as courses
    from autograder.classroom.bridge import folder as folders

    shutil.copy(ROOT / courses.FILE, folder)
    (folder / "solutions").symlink_to(ROOT / "solutions")
    folders.init(courses.load(folder), folder / "class")
    return _autograde(texts, folder / "class")


def rows(rounds: int, number: int = 10) -> Iterator[Row]:
    """One more submission, ours and stock, in turns: a row for each of `_taken`."""
    texts = of_kind("mixed", number)
    each: dict[Callable[..., Took], list[Sequence[float]]] = {ours: [], stock: []}
    for _ in range(rounds):
        for grade, times in each.items():
            times.append(one_more(grade, texts))
    names = f"autograde (ours on {os.cpu_count()} processors)", "autograde, processors' time"
    for step, name in enumerate((*names, "generate_feedback", "feedback, processors' time")):
        mine, theirs = ([took[step] for took in each[grade]] for grade in (ours, stock))
        yield Row(f"nbgrader {name}, one more / stock", mine, theirs, BUDGET)


def one_more(grade: Callable[[Sequence[str], Path], Took], texts: Sequence[str]) -> Sequence[float]:
    """What one more submission takes, in seconds; see `_taken`."""
    first, whole = (_taken(grade, texts[:number]) for number in (1, len(texts)))
    return [(b - a) / (len(texts) - 1) for a, b in zip(first, whole, strict=True)]


def _taken(
    grade: Callable[[Sequence[str], Path], Took], texts: Sequence[str]
) -> tuple[float, float, float, float]:
    """Seconds of `autograde` by the clock and of all processors, and the same for feedback."""
    with tempfile.TemporaryDirectory() as name:
        began = _processors()
        graded = grade(texts, Path(name).resolve()).seconds
        then = _processors()
        (books,) = Path(name).rglob("gradebook.db")
        told = run([*COMMAND, "generate_feedback", NAME], books.parent, environment()).seconds
    return graded, then - began, told, _processors() - then


def _processors() -> float:
    """The processor time in seconds of the commands that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _autograde(texts: Sequence[str], folder: Path) -> Took:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**environment(), "PATH": programs}  # nbgrader calls alembic by its name
    run([*COMMAND, "generate_assignment", NAME], folder, env)
    released = json.loads((folder / "release" / NAME / _file()).read_text("utf-8"))
    for number, text in enumerate(texts):
        place = folder / "submitted" / f"learner{number:05}" / NAME
        _write(place, {**released, "cells": list(_handed_in(released["cells"], text))})
    return run([*COMMAND, "autograde", NAME], folder, env)


def _released() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(notebooks(course(), assignment())[_file()])
    return found


def _file() -> str:
    return assignment().files[0].notebook


def _facts(cell: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def _handed_in(cells: Sequence[dict[str, Any]], text: str) -> Iterator[dict[str, Any]]:
    """The cells of a script's code, and the released ones around the learner's code."""
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "outputs": [],
        "metadata": {},
    }
    written = jupytext.reads(without_demos(text), fmt="py:percent").cells
    for number, cell in enumerate(each for each in written if each.cell_type == "code"):
        yield {**code, "id": f"work-{number}", "source": cell.source}
    yield from (cell for cell in cells if cell["cell_type"] != "code" or _facts(cell).get("grade"))


def _write(folder: Path, notebook: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / _file()).write_text(json.dumps(notebook), "utf-8")


if __name__ == "__main__":
    print(HEAD)
    for row in rows(ROUNDS, int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        print(row)
