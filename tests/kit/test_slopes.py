"""Gradients beside measured ones, for any engine."""

from __future__ import annotations

import pytest

from autograder.kit import check_slopes
from micrograd_ref.engine import Value


def test_right_gradients_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    check_slopes(lambda a, b: (a * b).tanh() + a.exp(), Value, inputs=2)

    assert capsys.readouterr().out == "40 gradients match the measured ones\n"


def test_a_wrong_gradient_is_shown_with_its_place() -> None:
    def wrong(a: Value) -> Value:
        return a * Value(a.data)  # half of the slope of a square

    with pytest.raises(AssertionError, match=r"at \(.*\) the gradient of input 0 is .*measured it"):
        check_slopes(wrong, Value)


def test_a_corner_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    check_slopes(lambda a: (a - 0.5).relu(), Value)
    assert capsys.readouterr().out == "20 gradients match the measured ones\n"

    with pytest.raises(AssertionError, match="a corner at every point"):
        check_slopes(lambda a: a.relu(), Value, low=0.0, high=0.0)
