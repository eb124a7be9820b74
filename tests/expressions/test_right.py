"""What is right is asked of three readers in `course check`; here each of them is wrong once."""

from __future__ import annotations

import pytest

from autograder.expressions import duals, right
from autograder.expressions.expression import Answers, Expression, express
from autograder.expressions.right import (
    Disagreement,
    cross_checked,
    differences,
    disagreement,
    right_answers,
)
from autograder.remote.functions import as_function

TREE = express(lambda a, b: (a * b + 2.0).tanh(), a=0.5, b=-1.5)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    for kept in (right._by_duals, differences, disagreement):
        kept.cache_clear()


def off(answers: Answers, part: str, name: str) -> Answers:
    """The answers, one of which is a little wrong."""
    numbers = {**getattr(answers, part), name: getattr(answers, part)[name] * (1 + 1e-7)}
    return Answers(**{"data": answers.data, "grads": answers.grads, part: numbers})


def test_three_readers_agree() -> None:
    assert disagreement(TREE) is None
    assert differences(TREE).keys() == {"a", "b"}
    with cross_checked():
        assert right_answers(TREE) == TREE.by_duals()


def test_near_a_kink_differences_mean_nothing_and_are_left_out() -> None:
    expression = express(lambda a: a.relu() * 3, a=1e-3)

    assert differences(expression) == {}
    assert disagreement(expression) is None


def test_a_slope_of_forward_mode_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(duals._SLOPES, "mul", lambda a, b: (b * 1.001, a))

    found = disagreement(TREE)
    assert found is not None
    assert found.startswith("a.grad is ")
    assert "by forward mode" in found
    assert found.endswith(TREE.text)


@pytest.mark.parametrize(("part", "name"), [("data", TREE.root), ("grads", "b")])
def test_a_reference_that_is_wrong(monkeypatch: pytest.MonkeyPatch, part: str, name: str) -> None:
    answers = off(TREE.by_reference(), part, name)
    monkeypatch.setattr(Expression, "by_reference", lambda _: answers)

    found = disagreement(TREE)
    assert found is not None
    assert f"{name}.{part.removesuffix('s')} is " in found
    assert "by the reference" in found


def test_both_wrong_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the differences know it."""
    answers = off(TREE.by_reference(), "grads", "a")
    answers.grads["a"] *= 1.001
    monkeypatch.setattr(Expression, "by_reference", lambda _: answers)
    monkeypatch.setattr(Expression, "by_duals", lambda _: answers)

    found = disagreement(TREE)
    assert found is not None
    assert "by differences" in found


def test_a_disagreement_is_raised_where_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(duals._SLOPES, "tanh", lambda a: (1.0,))
    right_answers(TREE)
    with cross_checked():
        with pytest.raises(Disagreement, match=r"a\.grad"):
            right_answers(TREE)
        with pytest.raises(Disagreement, match=r"a\.grad"):
            as_function(TREE)

    assert right_answers(TREE).grads["a"] == -1.5
    assert as_function(TREE).result == TREE.root


def test_what_was_asked_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = right_answers(express(lambda a: a + 1, a=2.0))
    monkeypatch.setattr(Expression, "by_duals", None)

    assert right_answers(express(lambda a: a + 1, a=2.0)) is first
