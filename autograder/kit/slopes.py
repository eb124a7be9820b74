"""A gradient beside a central difference, for anything that is made of Values."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

_STEP = 1e-5
_NEAR = 1e-4
"""Relative; a central difference with this step is right to more digits than that."""


def check_slopes(
    f: Callable[..., Any],
    value: Callable[[float], Any],
    inputs: int = 1,
    *,
    low: float = -2.0,
    high: float = 2.0,
    places: int = 20,
    seed: int = 0,
) -> None:
    """Compare the gradients of f with central differences, at places drawn by chance.

    It prints how it went. A place at which f has a corner, as relu has at 0, is passed over.

    Args:
        f: takes so many Values, and returns one.
        value: makes a Value of a number: your class.
        inputs: how many f takes.
        low: no input is below.
        high: no input is above.
        places: how many to try.
        seed: other places for another number.

    Raises:
        AssertionError: A gradient is wrong; the message has the place and both numbers.
        Exception: Whatever f or its `backward` raises.
    """
    chance, tried = random.Random(seed), 0
    for _ in range(places):
        at = [chance.uniform(low, high) for _ in range(inputs)]
        measured = [_measured(f, value, at, number) for number in range(inputs)]
        nodes = [value(number) for number in at]
        f(*nodes).backward()
        for number, (node, slope) in enumerate(zip(nodes, measured, strict=True)):
            if slope is None:
                continue
            tried += 1
            if not abs(node.grad - slope) <= _NEAR * max(1.0, abs(slope)):
                shown = ", ".join(f"{x:.4f}" for x in at)
                raise AssertionError(
                    f"at ({shown}) the gradient of input {number} is {node.grad:.6g}, "
                    f"but measured it is {slope:.6g}"
                )
    if not tried:
        raise AssertionError("f has a corner at every point, so nothing was compared")
    print(f"{tried} gradients match the measured ones")  # noqa: T201  its purpose


def _measured(
    f: Callable[..., Any], value: Callable[[float], Any], at: Sequence[float], number: int
) -> float | None:
    """The slope in one input; None where left and right do not agree."""

    def result(step: float) -> float:
        moved = [x + step * (place == number) for place, x in enumerate(at)]
        return float(f(*map(value, moved)).data)

    here, above, below = result(0.0), result(_STEP), result(-_STEP)
    right, left = (above - here) / _STEP, (here - below) / _STEP
    if abs(right - left) > 1e-2 * max(1.0, abs(right), abs(left)):
        return None
    return (above - below) / (2 * _STEP)
