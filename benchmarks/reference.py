"""The reference engine compared with the micrograd package: the same programs, both passes."""

from __future__ import annotations

import gc
import random
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import micrograd.engine

import micrograd_ref
from benchmarks import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEEP = 5_000


def wide(engine: Any) -> None:
    """Twenty thousand nodes from fifty inputs, which are used repeatedly.

    Args:
        engine: the class Value.
    """
    rng = random.Random(1)
    inputs = [engine(rng.uniform(-1, 1)) for _ in range(50)]
    total = engine(0.0)
    for step in range(2_000):
        a, b = inputs[step % 50], inputs[step * 7 % 50]
        total = total + (a * b - b).relu() * 0.01 + (a - b) ** 2 - a / 3.0
    total.backward()


def deep(engine: Any) -> None:
    """A chain of ten thousand nodes, so that most of the work is sorting.

    Args:
        engine: the class Value.
    """
    total = engine(0.5)
    for _ in range(DEEP):
        total = total * 0.9999 + 0.0001
    total.backward()


def network(engine: Any) -> None:
    """A training step of an MLP with layers of 16, 16 and 1 neurons on eight points.

    Args:
        engine: the class Value.
    """
    rng = random.Random(2)
    layers = [
        [([engine(rng.uniform(-1, 1)) for _ in range(before)], engine(0.1)) for _ in range(after)]
        for before, after in pairwise((2, 16, 16, 1))
    ]
    loss = engine(0.0)
    for point in range(8):
        values: list[Any] = [point / 8, 1 - point / 8]
        for layer in layers:
            values = [
                sum((w * x for w, x in zip(weights, values, strict=True)), bias).relu()
                for weights, bias in layer
            ]
        loss = loss + (values[0] - 1) ** 2
    loss.backward()
    for layer in layers:
        for weights, bias in layer:
            for parameter in (*weights, bias):
                parameter.data -= 0.01 * parameter.grad
                parameter.grad = 0


def seconds(work: Callable[[Any], None], engine: Any) -> float:
    """The seconds of one run, after garbage was collected."""
    gc.collect()
    started = time.perf_counter()
    work(engine)
    return time.perf_counter() - started


def rows(rounds: int) -> Iterator[Row]:
    """A row for each program; the two engines alternate in going first."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10 * DEEP)  # the package's sort recurses
    try:
        for work in (wide, deep, network):
            ours: list[float] = []
            theirs: list[float] = []
            turns = [(micrograd_ref.Value, ours), (micrograd.engine.Value, theirs)]
            for _ in range(rounds):
                for engine, times in turns:
                    times.append(seconds(work, engine))
                turns.reverse()
            yield Row(f"micrograd_ref / micrograd: {work.__name__}", ours, theirs, 1.0)
    finally:
        sys.setrecursionlimit(limit)
