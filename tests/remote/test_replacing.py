"""Names of a learner's module that stand for what is ours, until the next test."""

from __future__ import annotations

import pytest

from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner

from .conftest import Room

FILE = """
    def step(x):
        return helper(x) + 1

    def helper(x):
        return 100

    class Value:
        def __init__(self, data):
            self.data = data

        def double(self):
            return 0

        def four_times(self):
            return 2 * self.double()
"""
OURS = "def helper(x):\n    return 2 * x\n"


def test_the_learners_code_calls_ours_until_the_next_test(room: Room) -> None:
    session = room.session(FILE)
    session.begin_test()
    learner = Learner(session)
    learner.replace(OURS, "helper")

    assert learner.step(5) == 11

    session.begin_test()
    assert Learner(session).step(5) == 101


def test_a_name_that_was_not_there_is_gone_again(limited: Room) -> None:
    session = limited.session("def step(x): return helper(x)")
    session.begin_test()
    learner = Learner(session)
    learner.replace(OURS, "helper")

    assert (learner.step(5), learner.helper(3)) == (10, 6)

    session.begin_test()
    with pytest.raises(LearnerError, match="'helper' is not defined"):
        Learner(session).step(5)
    with pytest.raises(LearnerError, match="does not define `helper`"):
        Learner(session).helper(3)


def test_an_attribute_of_a_class_of_theirs(limited: Room) -> None:
    session = limited.session(FILE)
    session.begin_test()
    learner = Learner(session)
    learner.replace("def double(value):\n    return value.data + value.data\n", "Value.double")

    assert learner.Value(3).four_times() == 12

    session.begin_test()
    assert Learner(session).Value(3).four_times() == 0


def test_ours_sees_the_names_of_the_module_and_those_of_one_another(limited: Room) -> None:
    learner = limited.learner(FILE)
    ours = "def helper(x):\n    return other(Value(x)) + 1\n\n\ndef other(v):\n    return v.data\n"
    learner.replace(ours, "helper")

    assert learner.step(5) == 7


def test_ours_sees_what_lies_beside_the_file(limited: Room) -> None:
    learner = limited.learner("def step(x): return helper(x)", provides=("engine",))
    learner.replace("def helper(x):\n    return Value(x).data\n", "helper")

    assert learner.step(5) == 5


def test_an_example_holds_the_source_only_where_it_is_to_be_shown(limited: Room) -> None:
    learner = limited.learner(FILE)
    learner.replace(OURS, "helper")
    learner.step(5)
    assert "def helper(x):" not in lines_of(learner)

    learner.replace("class Pair(Value):\n    size = 2\n", "Pair", shown=True)
    pair = learner.Pair(1)
    assert pair.size == 2
    assert lines_of(learner) == (
        "from autograder.yours.work import Value",
        "class Pair(Value):",
        "    size = 2",
        "a = Pair(1)",
        "a.size",
    )


def lines_of(learner: Learner) -> tuple[str, ...]:
    """What an example would hold now."""
    example = learner.mismatch("").counterexample
    assert example is not None
    return example.lines


def test_what_cannot_be_replaced_is_the_learners_error(limited: Room) -> None:
    learner = limited.learner("def step(x): return x")

    with pytest.raises(LearnerError, match="has no attribute 'Value'"):
        learner.replace("def log(value):\n    return value\n", "Value.log")
