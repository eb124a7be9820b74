"""What the class hands in: right work, a known mistake, an attack, and what should never arrive."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import v4

from ..conftest import Clone

MISTAKE = ("self.grad = other.data * out.grad", "self.grad = self.data * out.grad")
HOSTILE = '''
import os, sys

class Value:
    """Equal to everything, and loud."""
    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self._prev, self._backward = self, self, self, self
    def __eq__(self, other): return True
    def __call__(self, *_): print("full marks", file=sys.stderr)
    def __getattr__(self, name): return lambda *_: self
    __hash__ = object.__hash__
    __add__ = __mul__ = __pow__ = lambda self, other: self
Value.__float__ = lambda self: 1.0
manual_gradients = lambda *_: os._exit(0)
'''
ROBBERY = (
    "<script>window.robbed = true</script>",
    "<img src='x' onerror='window.robbed = true'><svg onload='window.robbed = true'></svg>",
    "[a link](javascript:window.robbed=true) <iframe srcdoc='<script>parent.robbed=true</script>'>",
    "```mermaid\ngraph TD; a[<img src=x onerror=window.robbed=true>]\n```",
)
"""Text that wants to run where somebody reads it."""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""
STAMP = "2027-01-01 00:00:00.000000 UTC"


def introduce(name: str, configuration: Path, folder: Path) -> None:
    """A learner who has nbgrader's configuration, and an account of that name."""
    text = (configuration / "nbgrader_config.py").read_text("utf-8")
    text += f"c.CourseDirectory.student_id = {name!r}\n"  # in a class the account says it
    (folder / "nbgrader_config.py").write_text(text, "utf-8")


def _answers(clone: Clone) -> dict[str, str]:
    """The solution's cells by the name that the notebook has for each."""
    found = {}
    for cell in jupytext.reads(clone.solution("assignment3"), fmt="py:percent").cells:
        if "### BEGIN SOLUTION" in cell.source:
            named = [n for n in ast.parse(cell.source).body if hasattr(n, "name")]
            found[f"answer-{named[0].name}"] = cell.source
    return found


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def solve(path: Path, clone: Clone, *changes: tuple[str, str]) -> Any:
    """Put the solution's answers into a released notebook, with some changes."""
    notebook = nbformat.read(path, 4)
    answers = _answers(clone)
    for cell in notebook.cells:
        text = answers.get(_grade_id(cell))
        if text is not None:
            for old, new in changes:
                text = text.replace(old, new)
            cell.source = text
    nbformat.write(notebook, path)
    return notebook


def right(path: Path, clone: Clone) -> None:
    notebook = solve(path, clone)
    for cell in notebook.cells:
        if _grade_id(cell) == "question-1":
            cell.source = "The local slope changes: ![my sketch](attachment:sketch.png)"
            cell.attachments = {"sketch.png": {"image/png": PICTURE}}
    nbformat.write(notebook, path)


def wrong(path: Path, clone: Clone) -> None:
    solve(path, clone, MISTAKE)


def hostile(path: Path, clone: Clone) -> None:
    """Full marks, says the notebook: in its metadata, its locked cells and its outputs."""
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 1000
            if cell.cell_type == "code":
                cell.source = "1000"
                cell.outputs = [v4.new_output("execute_result", {"text/plain": "1000"})]
        elif _grade_id(cell).startswith("answer-"):
            cell.source = ""
    notebook.cells.append(v4.new_code_cell(HOSTILE))
    for text in ROBBERY:
        notebook.cells += [v4.new_markdown_cell(text), v4.new_raw_cell(text)]
    lost = v4.new_markdown_cell("![nothing](attachment:lost.png) ![drawn](attachment:drawn.svg)")
    lost.attachments = {"drawn.svg": {"image/svg+xml": "<svg onload='window.robbed=true'/>"}}
    notebook.cells.append(lost)
    nbformat.write(notebook, path)


WORK: dict[str, Callable[[Path, Clone], None]] = {
    "alice": right,
    "bob": wrong,
    "mallory": hostile,
}


# --- what should never arrive ------------------------------------------------------------------


def _no_notebook(folder: Path, _: Any) -> None:
    (folder / "closures.ipynb").unlink()
    (folder / "notes.txt").write_text("I could not do it.", "utf-8")


def _renamed(folder: Path, _: Any) -> None:
    (folder / "closures.ipynb").rename(folder / "closures (final).ipynb")


def _linked(folder: Path, _: Any) -> None:
    """Another's work, which the instructor may read."""
    (theirs,) = folder.parent.glob("alice+*")
    (folder / "closures.ipynb").unlink()
    (folder / "closures.ipynb").symlink_to(theirs / "closures.ipynb")


def _linked_folder(folder: Path, _: Any) -> None:
    """The whole of another's work."""
    (theirs,) = folder.parent.glob("alice+*")
    shutil.rmtree(folder)
    folder.symlink_to(theirs)


def _invalid_json(folder: Path, _: Any) -> None:
    path = folder / "closures.ipynb"
    path.write_bytes(path.read_bytes()[:-200])


def _old_format(folder: Path, notebook: Any) -> None:
    old = nbformat.convert(notebook, 3)
    (folder / "closures.ipynb").write_text(nbformat.writes(old, version=3), "utf-8")


def _locked_cells(folder: Path, notebook: Any) -> None:
    """Deleted, doubled, edited, of another kind, and with metadata that is none."""
    cells = {_grade_id(cell): cell for cell in notebook.cells}
    notebook.cells.remove(cells["add"])
    notebook.cells.append(cells["mul"].copy())
    cells["pow"].source = "assert True"
    cells["exp-hidden"].cell_type = "raw"
    del cells["exp-hidden"]["outputs"], cells["exp-hidden"]["execution_count"]
    content = json.loads(json.dumps(notebook))  # nbformat would put it right
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "tanh":
            cell["metadata"] = {
                "nbgrader": {"grade": "yes", "points": "many", "grade_id": ["tanh"]}
            }
    (folder / "closures.ipynb").write_text(json.dumps(content), "utf-8")


def _large_outputs(folder: Path, notebook: Any) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[-1].outputs = [v4.new_output("stream", name="stdout", text="x" * 30_000_000)]
    nbformat.write(notebook, folder / "closures.ipynb")


def _code(folder: Path, notebook: Any, text: str) -> None:
    notebook.cells.append(v4.new_code_cell(text))
    nbformat.write(notebook, folder / "closures.ipynb")


def _endless(folder: Path, notebook: Any) -> None:
    _code(folder, notebook, "def manual_gradients(a=2, b=-3, c=10, f=-2):\n    while True: pass")


def _flood(folder: Path, notebook: Any) -> None:
    text = "import sys\n\ndef flood(*_):\n    while True: sys.stderr.write('x' * 65536)\n"
    _code(
        folder, notebook, f"{text}\nmanual_gradients = flood\nflood.__name__ = 'manual_gradients'"
    )


def _not_a_notebook(folder: Path, _: Any) -> None:
    (folder / "closures.ipynb").write_text('{"cells": 3}', "utf-8")


ODD: dict[str, Callable[[Path, Any], None]] = {
    "no_notebook": _no_notebook,
    "linked": _linked,
    "linked_folder": _linked_folder,
    "renamed": _renamed,
    "invalid_json": _invalid_json,
    "not_a_notebook": _not_a_notebook,
    "old_format": _old_format,
    "locked_cells": _locked_cells,
    "large_outputs": _large_outputs,
    "endless": _endless,
    "flood": _flood,
}


ODD_NAMES = ("eve+assignment3+yesterday+x", f"..+assignment3+{STAMP}+x")
"""Folders in the exchange whose names are no learner's or no date."""


def odd_ones(clone: Clone) -> None:
    """Put each into the exchange, as nbgrader would have; their code is right unless they say."""
    course = next(path for path in (clone.root / "exchange").iterdir())
    for name, spoil in ODD.items():
        folder = course / "inbound" / f"{name}+assignment3+{STAMP}+{name}"
        shutil.copytree(course / "outbound" / "assignment3", folder)
        (folder / "timestamp.txt").write_text(STAMP, "utf-8")
        (folder / "submission_secret.txt").write_text(name * 20, "utf-8")
        spoil(folder, solve(folder / "closures.ipynb", clone))
    for name in ODD_NAMES:
        shutil.copytree(course / "outbound" / "assignment3", course / "inbound" / name)
