"""A real kernel runs a learner's notebook: its grade cells judge what is saved."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.magic import command
from tests.conftest import ROOT
from tests.submission.test_files import NOTEBOOK, SOLUTION, released

WRONG_TANH = ("(1 - out.data**2)", "(1 - self.data**2)")


@pytest.fixture
def folder(clone, monkeypatch):
    """As a kernel that lies in no front end."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return clone.file("assignment3").parent


def run(folder, content):
    """The notebook saved, then run from top to bottom; what each of its cells raised, by id."""
    path = folder / NOTEBOOK
    path.write_text(json.dumps(content), "utf-8")
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(
        book, timeout=300, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    home = {"HOME": str(folder)}  # without it, who has no account has none
    client.execute(env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **home})
    outputs = {cell.id: cell.get("outputs", []) for cell in book.cells}
    raised = {i: o.evalue for i, each in outputs.items() for o in each if "evalue" in o}
    return raised, outputs


def test_the_solution_runs_top_to_bottom_and_every_grade_cell_is_content(folder):
    raised, outputs = run(folder, released())

    assert raised == {}
    assert "All good: 2 of 2 points." in outputs["tanh"][0].text
    assert outputs["tanh-hidden"] == []


@pytest.mark.long
def test_a_grade_cell_fails_for_its_own_part_and_names_what_ran_unsaved(folder):
    content = released()
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace(*WRONG_TANH)
    unsaved = {"cell_type": "code", "id": "x", "metadata": {"tags": ["demo"]}, "outputs": []}
    save_another = "import json\nc = json.load(open('closures.ipynb'))\nfor e in c['cells']:\n"
    save_another += (
        "    e['source'] = ''.join(e['source']).replace('def exp', '# mine\\ndef exp')\n"
    )
    save_another += "json.dump(c, open('closures.ipynb', 'w'))"
    place = next(n for n, cell in enumerate(content["cells"]) if cell["id"] == "relu")
    content["cells"].insert(place, {**unsaved, "execution_count": None, "source": save_another})

    raised, outputs = run(folder, content)

    assert list(raised) == ["tanh"]
    assert "0 of 2 points" in raised["tanh"]
    assert "exp: what you ran differs from the saved notebook." in outputs["relu"][0].text


def test_a_part_that_does_not_exist_or_a_notebook_that_is_elsewhere(folder, monkeypatch):
    (folder / "closures.py").write_text(SOLUTION, "utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(command.GradeError, match="has no visible tests for a part 'tan'"):
        command.check("assignment3", "tan")
    with pytest.raises(command.GradeError, match="Did you mean assignment3"):
        command.check("assignment33", "tanh")
    monkeypatch.chdir(folder.parent)
    with pytest.raises(
        command.GradeError, match=r"There is no closures\.ipynb in .* Save the notebook under"
    ):
        command.check("assignment3", "tanh")
