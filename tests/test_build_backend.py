"""Who installs with a Python that is too old is told so in a sentence."""

import runpy
import sys
import tomllib

import pytest

from tests.conftest import ROOT

BACKEND = ROOT / "build_backend.py"


def test_an_old_python_is_told_what_is_needed_and_what_to_do(monkeypatch):
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = table["project"]["requires-python"].removeprefix(">=")
    monkeypatch.setattr(sys, "version_info", (3, int(needed.split(".")[1]) - 1, 9))

    with pytest.raises(SystemExit, match=f"needs Python {needed} or newer") as caught:
        runpy.run_path(str(BACKEND))

    assert "-m venv --clear .venv" in str(caught.value)


def test_pip_asks_it_and_a_handout_has_it(tmp_path):
    from autograder import course as courses
    from autograder.authoring.handout import handout

    course = courses.load(ROOT)
    handout(course, course.assignments[0], tmp_path / "handout")

    for root in (ROOT, tmp_path / "handout"):
        system = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["build-system"]
        assert (system["build-backend"], system["backend-path"]) == (BACKEND.stem, ["."])
        assert (root / BACKEND.name).read_bytes() == BACKEND.read_bytes()
