"""`nbgrader autograde` on the same notebooks, as it comes and with our verdicts.

    python -m benchmarks.nbgrader 10      so many submissions; takes a minute

What one more submission takes is the difference between a run with all and a run with one. As it
comes, nbgrader's test cells do nothing here: what it takes is what starting a kernel and keeping
the books take. Ours judges each submission on the way; nothing was judged before.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring.notebook import notebooks
from autograder.submission.percent import without_demos
from benchmarks import HEAD, Row
from benchmarks.handed_in import NAME, ROOT, assignment, course, of_kind
from benchmarks.processes import Took, environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

COMMAND = (sys.executable, "-m", "nbgrader")
BUDGET = 0.25
_STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'


def stock(texts: Sequence[str], folder: Path) -> Took:
    """Grade these scripts as notebooks with nbgrader as it comes.

    Args:
        texts: what was handed in.
        folder: an empty one.

    Returns:
        The seconds of `nbgrader autograde`, and the most memory.

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
    """One row: one more submission, ours and stock, in turns."""
    texts = of_kind("mixed", number)
    each: dict[Callable[..., Took], list[float]] = {ours: [], stock: []}
    for _ in range(max(1, rounds // 5)):
        for grade, times in each.items():
            times.append(one_more(grade, texts))
    yield Row("nbgrader autograde, one more / stock", each[ours], each[stock], BUDGET)


def one_more(grade: Callable[[Sequence[str], Path], Took], texts: Sequence[str]) -> float:
    """What one more submission takes, in seconds."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        first = grade(texts[:1], Path(one).resolve()).seconds
        whole = grade(texts, Path(many).resolve()).seconds
    return (whole - first) / (len(texts) - 1)


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
    """The text of a script in one cell, and the released ones around the learner's code."""
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "outputs": [],
        "metadata": {},
    }
    yield {**code, "id": "work", "source": without_demos(text)}
    yield from (cell for cell in cells if cell["cell_type"] != "code" or _facts(cell).get("grade"))


def _write(folder: Path, notebook: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / _file()).write_text(json.dumps(notebook), "utf-8")


if __name__ == "__main__":
    print(HEAD)
    for row in rows(1, int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        print(row)
