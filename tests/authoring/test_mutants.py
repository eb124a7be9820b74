"""Slips by tool: in the solution's regions only, each valid Python, each another text."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.mutants import mutants
from tests.tiers import sample

SOLUTION = '''\
def given(x):
    return x + 1


def add(self, other):
    """The sum."""
    ### BEGIN SOLUTION: Add.
    total = self.data + other.data
    if total > 3:
        total += 2 * self.grad
    ### END SOLUTION
    return total
'''
FILES = sorted((Path(__file__).resolve().parents[2] / "solutions").glob("*/*.py"))


def test_only_what_learners_write_is_changed():
    for mutant in mutants(SOLUTION):
        before, after = SOLUTION.split("\n"), mutant.source.split("\n")
        changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b]

        assert changed
        assert set(changed) <= {8, 9, 10}


@pytest.mark.parametrize(
    "after",
    [
        "total = self.data - other.data",
        "total = self.data * other.data",
        "total = other.data + other.data",
        "total = self.grad + other.data",
        "if total < 3:",
        "if total > (4):",
        "total = 2 * self.grad",
        "total -= 2 * self.grad",
        "total += 2 + self.grad",
        "pass",
    ],
)
def test_the_slips_of_learners_are_among_them(after):
    assert after in {mutant.after.strip() for mutant in mutants(SOLUTION)}


@pytest.mark.parametrize("path", sample(FILES, of=3), ids=lambda path: path.stem)
def test_every_solution_gives_different_valid_slips(path):
    solution = path.read_text("utf-8")

    found = mutants(solution)

    assert len(found) >= 10
    assert len({mutant.source for mutant in found}) == len(found)
    assert solution not in {mutant.source for mutant in found}
    for mutant in found:
        compile(mutant.source, "mutant", "exec", dont_inherit=True)
