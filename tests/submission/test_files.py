"""Script and notebook of one file: which is graded, and that both get the same verdict."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import jupytext
import msgspec
import pytest

from autograder import course as courses
from autograder import grading
from autograder.authoring import engines
from autograder.authoring.stub import with_setup
from autograder.report import Report
from autograder.submission.read import Ungradable, of_files, read
from tests.conftest import ROOT
from tests.tiers import sample

COURSE = courses.load(ROOT)
THIRD = COURSE.assignment("assignment3")
SCRIPT, NOTEBOOK = "closures.py", "closures.ipynb"
SOLUTION = (ROOT / "solutions/assignment3/closures.py").read_text("utf-8")
SPREAD = 4
"""So many wrong engines of an assignment are tried, spread over its list; of one with a file that
takes seconds to load, the solution alone."""


def as_notebook(text):
    """A percent-format script as the bytes of a notebook."""
    content: str = jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="ipynb")
    return content.encode()


def judged(assignment, submissions):
    reports: list[Report] = []
    grading.grade_each(COURSE, assignment, submissions, reports.append)
    return reports


# --- the same report ------------------------------------------------------------------------


def tried(assignment):
    """The solution and some wrong engines, as texts by file name."""
    wrong = engines.wrong_engines(COURSE, assignment)
    loads_quickly = not any(file.packages for file in assignment.files)
    chosen = wrong[:: max(1, len(wrong) // SPREAD)][:SPREAD] if loads_quickly else []
    right = {f.name: engines.solution_source(COURSE, assignment, f.name) for f in assignment.files}
    return [right, *(right | {engine.file: engine.source} for engine in chosen)]


def whole(report):
    """The report without the names and hashes that tell the forms apart."""
    return {**msgspec.to_builtins(report), "submission": None}


def marks(report):
    """What must not depend on where a wrong engine's objects lie in memory."""
    return report.status, [(test.name, test.status, test.score) for test in report.tests]


@pytest.mark.parametrize("assignment", sample(COURSE.assignments, of=5), ids=lambda a: a.name)
def test_the_same_code_gets_the_same_report_in_both_forms(assignment):
    texts = tried(assignment)
    scripts = [of_files(assignment, {n: t.encode() for n, t in each.items()}) for each in texts]
    notebooks = [
        of_files(assignment, {f"{Path(n).stem}.ipynb": as_notebook(t) for n, t in each.items()})
        for each in texts
    ]

    reports = judged(assignment, [*scripts, *notebooks])

    pairs = list(zip(reports[: len(texts)], reports[len(texts) :], strict=True))
    for script, notebook in pairs:
        if not (script.status == "ungradable" and notebook.skipped):  # it does raise
            assert marks(notebook) == marks(script)
    script, notebook = pairs[0]
    assert whole(notebook) == whole(script)
    assert script.full_marks


# --- which form counts ----------------------------------------------------------------------


@pytest.fixture
def folder(clone):
    """A learner's folder of assignment3, both forms as they were handed out."""
    return clone.file("assignment3").parent


def begin(folder, name, text=SOLUTION, when=None):
    content = as_notebook(text) if name == NOTEBOOK else text.encode()
    (folder / name).write_bytes(content)
    if when is not None:
        os.utime(folder / name, (when, when))


@pytest.mark.parametrize(
    ("begun", "missing", "counts"),
    [
        ((), (), SCRIPT),
        ((SCRIPT,), (), SCRIPT),
        ((NOTEBOOK,), (), NOTEBOOK),
        ((SCRIPT, NOTEBOOK), (), SCRIPT),  # the same code
        ((SCRIPT,), (NOTEBOOK,), SCRIPT),
        ((NOTEBOOK,), (SCRIPT,), NOTEBOOK),
        ((), (NOTEBOOK,), SCRIPT),
    ],
)
def test_a_form_that_nobody_touched_never_blocks_the_other(folder, begun, missing, counts):
    for name in begun:
        begin(folder, name)
    for name in missing:
        (folder / name).unlink()

    assert read(THIRD, folder).name == counts


def test_a_notebook_that_only_ran_is_not_begun(folder):
    begin(folder, SCRIPT)
    path = folder / NOTEBOOK
    content = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(c for c in content["cells"] if c["cell_type"] == "code"):
        cell.update(execution_count=number, outputs=[{"output_type": "stream", "text": "x"}])
    content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "My notes."})
    path.write_text(json.dumps(content), "utf-8")

    assert read(THIRD, folder).name == SCRIPT


@pytest.mark.parametrize("newer", [SCRIPT, NOTEBOOK])
def test_both_begun_and_different_says_which_is_newer(folder, newer):
    begin(folder, SCRIPT, when=2_000_000_000 if newer == SCRIPT else 1_000_000_000)
    begin(folder, NOTEBOOK, SOLUTION.replace("1.0 *", "1 *"), when=1_500_000_000)

    with pytest.raises(Ungradable) as caught:
        read(THIRD, folder)

    older = NOTEBOOK if newer == SCRIPT else SCRIPT
    assert str(caught.value) == (
        f"{newer} and {older} were both edited and contain different code. {newer} was saved last. Remove the other one, or name the one to grade: grade assignment3 "
        f"{folder / newer}"
    )
    assert read(THIRD, folder / SCRIPT).name == SCRIPT
    assert read(THIRD, folder / NOTEBOOK).name == NOTEBOOK


def test_a_notebook_alone_that_is_not_begun(folder):
    (folder / SCRIPT).unlink()

    with pytest.raises(
        Ungradable, match=r"closures\.py in .*, and closures\.ipynb has not been started"
    ):
        read(THIRD, folder)


def test_the_second_file_is_taken_in_the_form_that_was_begun(tmp_path):
    last = COURSE.assignment("assignment9")
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments")
    folder = tmp_path / "assignments/assignment9"
    second = (ROOT / "solutions/assignment9/beyond_torch.py").read_text("utf-8")
    (folder / "beyond_torch.ipynb").write_bytes(as_notebook(second))

    for asked in (folder, folder / "beyond.py", folder / "beyond.ipynb"):
        torch = read(last, asked).source("beyond_torch.py")
        assert torch is not None
        assert torch.blocks[0].where.startswith("cell ")
    alone = read(last, folder / "beyond_torch.ipynb")
    assert [source.file.name for source in alone.sources] == ["beyond_torch.py", "beyond.py"]


# --- what learners do to notebooks ----------------------------------------------------------


def released():
    """The notebook as a class gets it, the solution's code in its answer cells."""
    content = json.loads((ROOT / "assignments/assignment3" / NOTEBOOK).read_text("utf-8"))
    solved = json.loads(as_notebook(with_setup(SOLUTION)))["cells"]
    told = [c for c in content["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
    for cell, right in zip(told, solved, strict=True):
        cell["source"] = right["source"]
    return content


def locked(content):
    return [cell for cell in content["cells"] if cell["metadata"].get("nbgrader", {}).get("locked")]


def deleted(content):
    gone = {id(cell) for cell in locked(content)}
    content["cells"] = [cell for cell in content["cells"] if id(cell) not in gone]


def duplicated(content):
    content["cells"] += [dict(cell) for cell in locked(content)]


def edited(content):
    for cell in locked(content):
        cell["source"] = "raise SystemExit(0)\nValue = None"


def claiming(content):
    content["metadata"]["nbgrader"] = {"points": 1000, "score": 1000}
    for cell in content["cells"]:
        marks = cell["metadata"].setdefault("nbgrader", {})
        marks.update(points=1000, score=1000, max_score=1000)


def heavy(content):
    content["cells"][-2]["outputs"] = [{"output_type": "stream", "text": "x" * 30_000_000}]


def raising(content):
    content["cells"].insert(5, {"cell_type": "code", "metadata": {}, "source": "1 / 0"})
    content["cells"].insert(6, {"cell_type": "code", "metadata": {}, "source": "%cd /\n!ls\nf?"})


def asking(content):
    content["cells"].insert(5, {"cell_type": "code", "metadata": {}, "source": "name = input()"})


NO_INPUT = (
    "input() cannot be answered while your work is graded. Run the file itself instead: "
    "python closures.py."
)


def reusing(content):
    """Names that tests, or what is beside the file, use too."""
    source = "a = b = x = learner = expected = pytest = check = grade = engine = 0\nlen = id = None"
    content["cells"].append({"cell_type": "code", "metadata": {}, "source": source})


def leaving(content):
    source = "import sys\nsys.exit('enough for today')"
    content["cells"].insert(5, {"cell_type": "code", "metadata": {}, "source": source})


def test_what_is_done_to_a_notebook_costs_and_earns_nothing():
    changes = [lambda _: None, deleted, duplicated, edited, claiming, heavy, reusing]
    changes += [raising, leaving, asking]
    handed_in = []
    for change in changes:
        content = released()
        change(content)
        handed_in.append(of_files(THIRD, {NOTEBOOK: json.dumps(content).encode()}))

    reports = judged(THIRD, handed_in)

    assert [report.score for report in reports] == [30] * len(changes)
    assert [report.skipped for report in reports] == [
        *([()] * (len(changes) - 3)),
        ("Cell 6, line 1, raised ZeroDivisionError: division by zero. That cell was skipped.",),
        ("Cell 6, line 2, raised SystemExit: enough for today. That cell was skipped.",),
        (f"Cell 6, line 1, raised RuntimeError: {NO_INPUT} That cell was skipped.",),
    ]


def test_code_in_a_cell_that_grades_is_not_the_learners():
    content = released()
    for cell in content["cells"]:
        if "def tanh" in "".join(cell["source"]):
            cell["metadata"]["nbgrader"].update(grade=True, solution=False)

    (report,) = judged(THIRD, [of_files(THIRD, {NOTEBOOK: json.dumps(content).encode()})])

    assert report.score < 30


def test_an_old_format_is_refused_in_words():
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}

    with pytest.raises(
        Ungradable, match=r"uses an old notebook format\. Open it in Jupyter and save it again"
    ):
        of_files(THIRD, {NOTEBOOK: json.dumps(old).encode()})


# --- a further file that does not load ------------------------------------------------------


@pytest.mark.requires("torch")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import torch\n1 / 0\n", "importing beyond_torch.py raises ZeroDivisionError"),
        ("x = 1\n", "beyond_torch.py defines none of the names"),
    ],
)
def test_a_further_file_that_does_not_load_loses_its_own_tests_alone(text, said):
    last = COURSE.assignment("assignment9")
    first = (ROOT / "solutions/assignment9/beyond.py").read_bytes()
    files = {"beyond.py": first, "beyond_torch.py": text.encode()}

    both, alone = judged(
        last, [of_files(last, files), of_files(last, {"beyond_torch.py": text.encode()})]
    )

    lost = [test for test in both.tests if test.status != "passed"]
    assert both.status == "graded"
    assert {test.part for test in lost} == {"torch_neuron", "torch_tanh"}
    assert all(said in test.message for test in lost if test.status == "error")
    assert sum(test.score for test in lost) == 0
    assert alone.status == "ungradable"
