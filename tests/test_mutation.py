"""Slips in the kit's own code: which are made, and where."""

from __future__ import annotations

import pytest

from autograder.authoring.mutants import changed

from .conftest import ROOT
from .mutation import TESTS, slips

SOURCE = '''\
"""A module."""
LIMIT = 3


def judge(x, y):
    """A function."""
    if x > LIMIT and y:
        raise ValueError(x)
    return [a for a in y if a] if y else None
'''


def test_each_module_is_there_with_its_tests() -> None:
    for module, tests in TESTS.items():
        assert (ROOT / f"autograder/{module}.py").is_file()
        assert all((ROOT / test).is_file() for test in tests)


@pytest.mark.parametrize(
    "after",
    [
        "LIMIT = (4)",
        "if x < LIMIT and y:",
        "if (x > LIMIT):",
        "if (y):",
        "if (not (x > LIMIT and y)):",
        "pass",
        "return [a for a in y if a] if (not (y)) else None",
        "return None",
    ],
)
def test_slips_of_each_kind_are_made(after: str) -> None:
    assert after in {each.after.strip() for each in changed(SOURCE, range(1, 20), slips)}


def test_no_docstring_is_touched() -> None:
    assert not {1, 6} & {each.line for each in changed(SOURCE, range(1, 20), slips)}
