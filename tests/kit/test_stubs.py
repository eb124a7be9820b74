"""A run that meets what is not written yet: one sentence for a stub, a traceback for all else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

SETUP = "import autograder.kit.stubs\n"
STUB = """
class Value:
    def add(self):
        def _backward():
            raise NotImplementedError("Add to both.")
        return _backward
"""


def run(folder, text):
    path = folder / "work.py"
    path.write_text(SETUP + text, "utf-8")
    return subprocess.run(
        [sys.executable, path],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_script_ends_in_a_sentence(tmp_path):
    done = run(tmp_path, STUB + "print('so far')\nValue().add()()\n")

    where = "work.py runs up to line 6, where it needs Value.add._backward, which you haven't written yet"
    assert (done.returncode, done.stdout) == (1, "so far\n")
    assert done.stderr == f"{where}: Add to both.\n"


@pytest.mark.parametrize(
    "text",
    [
        "raise NotImplementedError\n",
        "1 / 0\n",
        "import base\nbase.f()\n",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise TypeError('x')\n",
    ],
    ids=["says nothing", "another exception", "another file's", "a chain"],
)
def test_all_else_is_shown_as_ever(tmp_path, text):
    (tmp_path / "base.py").write_text("def f():\n    raise NotImplementedError('not ours')\n")
    done = run(tmp_path, text)

    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert "haven't written yet" not in done.stderr


def test_a_notebook_shows_the_sentence_and_no_traceback(tmp_path, monkeypatch):
    import nbclient
    from nbformat import v4

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = (SETUP + STUB, "Value().add()()", "1 / 0", "raise NotImplementedError", "print('on')")
    notebook = v4.new_notebook(cells=[v4.new_code_cell(text) for text in cells])
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    _, stub, other, silent, after = (cell.outputs for cell in notebook.cells)

    said = "This cell needs Value.add._backward, which you haven't written yet: Add to both."
    assert [output["traceback"] for output in stub] == [[said]]
    assert "ZeroDivisionError" in "".join(other[0]["traceback"])
    assert "Traceback" in "".join(silent[0]["traceback"])
    assert after[0]["text"] == "on\n"
