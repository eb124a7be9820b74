"""Compares gradients with central differences, for any function of Values."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

_STEP = 1e-5
_NEAR = 1e-4
"""Relative tolerance; a central difference with this step is more accurate."""


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
    """Compare the gradients of f with central differences at random points, and print the result.

    A point at which f has a corner, as relu has at 0, is skipped.

    Args:
        f: Takes `inputs` Values and returns one.
        value: Makes a Value from a number: your class.
        inputs: How many Values f takes.
        low: The lowest input.
        high: The highest input.
        places: How many points to try.
        seed: Another seed draws other points.

    Raises:
        AssertionError: A gradient is wrong, and the message has the point and both numbers; or f
            has a corner at every point.
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
    """The slope with respect to one input; None if it differs between left and right."""

    def result(step: float) -> float:
        moved = [x + step * (place == number) for place, x in enumerate(at)]
        return float(f(*map(value, moved)).data)

    here, above, below = result(0.0), result(_STEP), result(-_STEP)
    right, left = (above - here) / _STEP, (here - below) / _STEP
    if abs(right - left) > 1e-2 * max(1.0, abs(right), abs(left)):
        return None
    return (above - below) / (2 * _STEP)
