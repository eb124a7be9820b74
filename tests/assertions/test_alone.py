"""A part is judged by itself: what it rests on may be the learner's or ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.assertions.alone import Ours, assert_alone
from autograder.assertions.judge import assert_number
from autograder.remote.errors import CallTimeout, LearnerError
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

    from .conftest import Make

OURS = Ours("def helper(x):\n    return 2 * x\n", ("helper",))


def judged(learner: Learner) -> None:
    assert_alone(learner, OURS, lambda: assert_number(learner, learner.part(3), 7.0))


@pytest.mark.parametrize(
    "more",
    [
        "def helper(x): return x * 2\ndef part(x): return helper(x) + 1",
        "def helper(x): return 0\ndef part(x): return helper(x) + 1",
        "def helper(x): raise NotImplementedError\ndef part(x): return helper(x) + 1",
        "def part(x): return helper(x) + 1",
        "def helper(x): return x\ndef part(x): return 2 * helper(x) + 1  # together it is right",
        "def part(x): return x + x + 1",
    ],
    ids=["right", "wrong helper", "stub", "missing", "together", "without"],
)
def test_a_right_part_passes_whoever_wrote_what_it_calls(make: Make, more: str) -> None:
    judged(make(more=more))


def test_a_wrong_part_is_found_as_the_file_stands(make: Make) -> None:
    with pytest.raises(Mismatch) as caught:
        judged(make(more="def helper(x): return 0\ndef part(x): return helper(x) - 1"))
    assert caught.value.counterexample is not None
    assert caught.value.counterexample.yours == -1

    with pytest.raises(LearnerError, match="'helper' is not defined"):
        judged(make(more="def part(x): return helper(x) - 1"))


def test_what_does_not_end_is_not_asked_again(make: Make) -> None:
    learner = make(more="def helper(x):\n    while True: pass\ndef part(x): return helper(x) + 1")

    with pytest.raises(CallTimeout):
        judged(learner)
