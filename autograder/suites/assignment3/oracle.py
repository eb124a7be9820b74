"""Gradients by hand judged: those of L = (a·b + c)·f."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.assertions.judge import assert_number, of_what_kind

if TYPE_CHECKING:
    from autograder.remote.learner import Learner


def assert_manual_gradients(learner: Learner, *numbers: float) -> None:
    """manual_gradients(a, b, c, f) is the backward pass of L = (a·b + c)·f; raises Mismatch."""
    answer = learner.manual_gradients(*numbers)
    a, b, c, f = numbers or (2.0, -3.0, 10.0, -2.0)
    right = {"L": 1.0, "d": f, "f": a * b + c, "e": f, "c": f, "a": f * b, "b": f * a}
    called = f"manual_gradients({', '.join(map(repr, numbers))})"
    if not isinstance(answer, dict):
        kind = of_what_kind(answer, "dict", called)
        raise learner.mismatch("It should return a dict.", *kind)
    for name, expected in right.items():
        if name not in answer:
            look = f"{name!r} in {called}"
            raise learner.mismatch(f"The key {name!r} is missing.", False, True, look)  # noqa: FBT003  what it prints
        assert_number(learner, answer[name], expected, look=f"{called}[{name!r}]")
