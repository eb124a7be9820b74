"""What a report's lines import: the learner's file as the grader runs it, as it is saved now."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from autograder.submission import files

from .conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HALF = """# %%
def double(x):
    return x * factor

factor = 3

# %% tags=["demo"]
raise NotImplementedError("a stub that the demo calls")
"""
LINES = "from autograder.yours.work import double\nprint(double(2))\n"


def notebook(*cells: str) -> str:
    made: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "source": c, "outputs": [], "execution_count": None}
        for c in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def said(folder: Path, lines: str) -> str:
    """What the lines print, or the last line of the traceback."""
    (folder / "try.py").write_text(lines, "utf-8")
    command = [sys.executable, "-W", "error", str(folder / "try.py")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout or done.stderr.strip().split("\n")[-1]


def test_demo_cells_do_not_run(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(HALF, "utf-8")

    assert said(tmp_path, LINES) == "6\n"


def test_a_notebook_counts_where_the_learner_works_in_it(tmp_path: Path) -> None:
    """A cell that raises is passed over, as it is when the notebook is graded."""
    cells = ("%matplotlib inline\nfactor = 5", "1 / 0", "def double(x): return x * factor")
    (tmp_path / "work.ipynb").write_text(notebook(*cells), "utf-8")

    assert said(tmp_path, LINES) == "10\n"


PASTED = "from autograder.yours.work import double\nprint(double(2))"


def test_an_example_may_have_been_pasted_into_the_notebook_itself(tmp_path: Path) -> None:
    """So may what grades it: neither runs the notebook in the notebook."""
    asks = "from autograder.magic import grade\nprint('graded', grade('assignment3') is None)"
    cells = ("def double(x): return 2 * x", PASTED, asks)
    (tmp_path / "work.ipynb").write_text(notebook(*cells), "utf-8")

    assert said(tmp_path, LINES) == "4\ngraded False\n4\n"


def test_the_file_is_found_from_anywhere_in_the_course(tmp_path: Path) -> None:
    folder = tmp_path / "assignments" / "assignment1"
    folder.mkdir(parents=True)
    (tmp_path / "course.toml").write_text(
        'title = "A course"\nseed = "x"\n[[assignments]]\nname = "assignment1"\ntitle = "One"\n'
        '[[assignments.files]]\nname = "work.py"\nasks = ["double"]\n'
    )
    (folder / "work.py").write_text("import beside\ndouble = beside.double\n", "utf-8")
    (folder / "beside.py").write_text("def double(x): return 2 * x\n", "utf-8")

    assert said(tmp_path, LINES) == "4\n"


@pytest.mark.parametrize("name", ["my work.py", "2-nd.py", "class.ipynb"])
def test_a_file_of_any_name_can_be_imported(name: str, tmp_path: Path) -> None:
    text = "def double(x): return 2 * x"
    (tmp_path / name).write_text(notebook(text) if name.endswith("ipynb") else text, "utf-8")
    lines = LINES.replace("yours.work", f"yours.{files.importable(name)}")

    assert said(tmp_path, lines) == "4\n"


def test_of_two_forms_the_one_that_was_begun_counts(tmp_path: Path) -> None:
    """Lines in a notebook, where Python looks in the folder it is in."""
    folder = tmp_path / "one"
    files.put(folder / "work.py", b"def double(x): raise NotImplementedError", force=False)
    (folder / "work.ipynb").write_text(notebook("def double(x): return 2 * x"), "utf-8")
    here = f"import os, sys\nos.chdir({str(folder)!r})\nsys.path[0] = ''\n"

    assert said(tmp_path, here + LINES) == "4\n"


def test_of_two_forms_the_one_that_was_saved_last_counts(tmp_path: Path) -> None:
    (tmp_path / "work.ipynb").write_text(notebook("def double(x): return 2 * x"), "utf-8")
    (tmp_path / "work.py").write_text(HALF, "utf-8")
    os.utime(tmp_path / "work.ipynb", (1, 1))

    assert said(tmp_path, LINES) == "6\n"


def test_after_a_save_the_next_import_sees_what_is_new(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(HALF, "utf-8")
    save = (
        "from pathlib import Path\nat = Path(__file__).with_name('work.py')\n"
        "at.write_text(at.read_text().replace('3', '4'))\n"
    )

    assert said(tmp_path, LINES + save + LINES) == "6\n8\n"


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        (HALF, "import autograder.yours.wrok", "There is no wrok.py here. Save these lines in"),
        ("", LINES, "ImportError: work.py is empty, so there is nothing to grade yet."),
        ("1 / 0\n", LINES, "ZeroDivisionError: division by zero"),
        (HALF, LINES.replace("double", "triple"), "ImportError: cannot import name 'triple'"),
    ],
    ids=["not there", "empty", "raises", "another name"],
)
def test_what_is_wrong_is_said(text: str, lines: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(text, "utf-8")

    assert expected in said(tmp_path, lines)
