"""What is measured runs at all: a benchmark is started by hand, and seldom."""

from __future__ import annotations

import pytest

from autograder.sandbox import bubblewrap
from benchmarks.grading import bare_interpreter


@pytest.mark.requires("sandbox")
def test_a_workers_interpreter_starts_with_nothing_to_do() -> None:
    sandbox = bubblewrap.present()
    assert sandbox is not None

    assert bare_interpreter(sandbox.launch(("numpy",))) > 0
