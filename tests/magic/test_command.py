"""`%grade` in a notebook: the saved file, when it was saved, the same feedback inline."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from autograder.magic import command
from autograder.submission.percent import without_demos
from tests.feedback.samples import ROOT, SQUARED_INPUT

NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.fixture
def in_course(clone, monkeypatch):
    """As a notebook that lies beside the file."""
    monkeypatch.chdir(clone.file("assignment3").parent)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return clone


def notebook_of(path, text):
    cell = {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "id": "a"}
    path.write_text(json.dumps({**NOTEBOOK, "cells": [cell]}), "utf-8")


def test_a_plain_call_grades_the_saved_file(in_course):
    in_course.write("assignment3", SQUARED_INPUT)
    feedback = command.grade("assignment3")

    assert (feedback.report.score, feedback.report.max_score) == (24, 30)
    assert "tanh has the slope" in repr(feedback)
    assert repr(feedback).startswith("saved at ")
    shown = feedback._repr_html_()
    assert 'class="grade-report inline"' in shown
    assert "<svg" in shown
    assert "saved at " in shown
    assert "<html" not in shown


def test_a_file_saved_long_ago_says_so(in_course):
    file = in_course.write("assignment3", SQUARED_INPUT)
    os.utime(file, (1_700_000_000, 1_700_000_000))

    assert "on 2023-11-1" in repr(command.grade("assignment3"))
    assert "save and grade again" in repr(command.grade("assignment3"))


def test_the_notebook_that_asks_is_meant(in_course, monkeypatch):
    in_course.write("assignment3", SQUARED_INPUT)
    notebook = in_course.file("assignment3").with_suffix(".ipynb")
    notebook_of(notebook, in_course.solution("assignment3"))
    os.utime(notebook, (1_700_000_000, 1_700_000_000))

    with pytest.raises(command.GradeError, match=r"closures\.py was saved last"):
        command.grade("assignment3")
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    assert command.grade("assignment3").report.submission.name == "closures.ipynb"


def test_what_is_asked_wrongly_is_said(in_course):
    with pytest.raises(command.GradeError, match="Did you mean assignment3"):
        command.grade("assignment33")
    with pytest.raises(command.GradeError, match="nowhere"):
        command.grade("assignment3", "nowhere.py")
    in_course.file("assignment3").unlink()
    in_course.file("assignment3").with_suffix(".ipynb").unlink()
    with pytest.raises(command.GradeError, match=r"There is no closures\.py"):
        command.grade("assignment3")


def test_the_kernels_modules_do_not_reach_the_grader(in_course, monkeypatch):
    """A learner's folder may hold modules named like ours or Python's."""
    in_course.write("assignment3")
    for name in ("click.py", "random.py", "json.py"):
        (in_course.file("assignment3").parent / name).write_text("raise SystemExit(9)\n", "utf-8")
    monkeypatch.setattr("math.tanh", lambda _: 0.0)

    assert command.grade("assignment3").report.score == 30


KERNEL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.display_formatter.active_types = ["text/plain", "text/html"]
shell.run_line_magic("load_ext", "autograder.magic")
feedback = shell.run_line_magic("grade", "assignment3")
print(sorted(shell.display_formatter.format(feedback)[0]), feedback.report.score)
for line in ("assignment3 --hint", "assignment33", "", "assignment3 --watch"):
    shell.run_line_magic("grade", line)
"""


UNSAVED = """
import json, os
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("%load_ext autograder.magic", store_history=True)
right, wrong, notebook = {right!r}, {wrong!r}, {notebook!r}

def graded(line="assignment3"):
    feedback = shell.run_line_magic("grade", line)
    print(repr(feedback).split("\\n")[0], feedback.report.score, "autograder.yours" in repr(feedback))

shell.run_cell(wrong, store_history=True)
graded()
shell.run_line_magic("grade", "assignment3 --hint")
os.environ["JPY_SESSION_NAME"] = notebook
cells = [{{"cell_type": "code", "metadata": {{}}, "source": wrong, "outputs": []}}]
with open(notebook, "w") as file:
    json.dump({{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": cells}}, file)
shell.run_cell(right, store_history=True)
graded()
os.utime(notebook)  # saved again, with what was there
graded()
"""


def ran(code, home):
    """What a process prints in which IPython runs this code."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_ran_and_is_not_saved_is_judged_as_it_ran(in_course, tmp_path):
    notebook = str(in_course.file("assignment3").with_suffix(".ipynb"))
    right = without_demos(in_course.solution("assignment3"))
    texts = {"right": right, "wrong": right.replace(*SQUARED_INPUT), "notebook": notebook}
    printed = ran(UNSAVED.format(**texts), tmp_path)

    here, hint, *_, since, again = printed.splitlines()
    as_run = "not saved, but graded as you ran it here: "
    as_run += "partial_derivative, Value, manual_gradients, add, mul, …"
    assert here == f"{as_run} 24 False"  # the names are there: nothing is to be imported
    assert hint == f"closures.ipynb, {as_run}"
    assert "The slope of tanh" in printed
    assert "; graded as you ran it since, but not saved: " in since
    assert since.endswith(" 30 False")
    assert ": what you ran differs from the saved notebook. Save it" in again
    assert again.endswith(" 24 True")


def test_the_magic(in_course, tmp_path):
    in_course.write("assignment3", SQUARED_INPUT)
    printed = ran(KERNEL, tmp_path)

    assert printed.startswith("['text/html', 'text/plain'] 24")
    assert "The slope of tanh" in printed
    assert "Did you mean assignment3" in printed
    assert "0 of 3 done" in printed
    assert "--watch only works in a terminal" in printed
