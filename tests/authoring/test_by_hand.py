"""An author runs a suite with pytest, as the ordinary functions that it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOLUTION = ROOT / "solutions/assignment3/closures.py"


def by_hand(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "autograder/suites/assignment3"]
    command += ["--submission", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_solution_passes() -> None:
    done = by_hand(SOLUTION)

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed in " in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("x = 1\n", 1, "closures.py does not define `Value`."),
        ("x = \n", 4, "invalid syntax"),
        (None, 4, "There is no file "),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str | None, code: int, said: str) -> None:
    path = tmp_path / "closures.py"
    if text is not None:
        path.write_text(text, "utf-8")

    done = by_hand(path)

    assert done.returncode == code
    assert said in done.stdout + done.stderr
