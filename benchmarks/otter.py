"""Otter-Grader on a sample of a class, in an environment of its own that is made on first use."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.submission.percent import without_demos
from benchmarks.handed_in import ROOT
from benchmarks.processes import Took, run

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = "7.0.0"
_HOME = ROOT / ".benchmarks" / f"otter-{VERSION}"
_TESTS = """\
import math

from otter.test_files import test_case

OK_FORMAT = False
name = "closures"
points = 7


def passes(out, inputs, slopes):
    out.grad = 2.0
    out._backward()
    for each, slope in zip(inputs, slopes):
        assert math.isclose(each.grad, 2.0 * slope, rel_tol=1e-5)


@test_case(points=1)
def test_manual(manual_gradients):
    assert manual_gradients()["a"] == 6.0


@test_case(points=1)
def test_add(Value):
    a, b = Value(2.0), Value(-3.0)
    passes(a + b, (a, b), (1.0, 1.0))


@test_case(points=1)
def test_mul(Value):
    a, b = Value(2.0), Value(-3.0)
    passes(a * b, (a, b), (-3.0, 2.0))


@test_case(points=1)
def test_pow(Value):
    a = Value(2.0)
    passes(a**3, (a,), (12.0,))


@test_case(points=1)
def test_exp(Value):
    a = Value(0.5)
    passes(a.exp(), (a,), (math.exp(0.5),))


@test_case(points=1)
def test_tanh(Value):
    a = Value(0.5)
    passes(a.tanh(), (a,), (1 - math.tanh(0.5) ** 2,))


@test_case(points=1)
def test_relu(Value):
    a = Value(3.0)
    passes(a.relu(), (a,), (1.0,))
"""
"""One probe of each operator: less than our suite asks, so that the comparison favours Otter."""


def install() -> Path:
    """The environment's `otter`; takes a few minutes and 550 MB where it is missing."""
    program = _HOME / "bin" / "otter"
    if not program.exists():
        venv.create(_HOME, with_pip=True, clear=True)
        packages = [f"otter-grader=={VERSION}", "ipykernel"]
        command = [str(_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return program


def grade(texts: Sequence[str], folder: Path) -> Took:
    """Grade these scripts as notebooks, one after another as Otter does without containers.

    Args:
        texts: what was handed in.
        folder: an empty one.

    Returns:
        The seconds of all of them together, and the most memory.

    Raises:
        Failed: one was not graded.
    """
    otter = str(install())
    (folder / "tests").mkdir()
    (folder / "tests" / "closures.py").write_text(_TESTS, "utf-8")
    run([otter, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder)
    took = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.ipynb"
        path.write_text(_notebook(text), "utf-8")
        path.with_suffix("").mkdir()
        command = [otter, "run", "--no-logo", "-a", "autograder.zip", "-o", f"{number}", path.name]
        took.append(run(command, folder))
    return Took(sum(each.seconds for each in took), max(each.peak for each in took))


def _notebook(text: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "work",
        "metadata": {},
        "outputs": [],
        "source": without_demos(text),  # they show what our kit draws
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook)
