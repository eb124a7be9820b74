"""What a suite's files import from their own folder goes with them, however they write it."""

from __future__ import annotations

import pytest

from autograder.authoring.modules import imported


@pytest.fixture
def suite(tmp_path):
    folder = tmp_path / "assignment10"
    folder.mkdir()
    texts = {
        "test_visible": "from autograder.suites.assignment10.oracle import assert_doubled\n",
        "test_hidden": "from autograder.suites.assignment10 import secrets\n",
        "probes": "import autograder.suites.assignment10.shapes as shapes\n",
        "oracle": (
            "from autograder.expressions.compare import close\n"
            "def assert_doubled():\n"
            "    from autograder.suites.assignment10.numbers import pick\n"
        ),
        "numbers": "import autograder.suites.assignment10.oracle\n",  # in a circle
        "secrets": "from autograder.suites.assignment1.oracle import assert_trace\n",
        "shapes": "from autograder.suites.assignment10.missing import nothing\n",
        "unused": "",
    }
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def names(*files):
    return {path.stem for path in imported(*files)}


def test_modules_are_found_through_others(suite):
    assert names(suite / "test_visible.py") == {"oracle", "numbers"}
    assert names(suite / "probes.py") == {"shapes"}
    assert names(*suite.glob("test_*.py")) == {"oracle", "numbers", "secrets"}


def test_what_is_missing_or_no_python_imports_nothing(suite):
    (suite / "oracle.py").write_text("def (:\n")

    assert names(suite / "test_visible.py") == {"oracle"}
    assert names(suite / "run.py") == set()
