"""The reference engine beside the micrograd package: the same programs, forward and backward."""

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
    """Twenty thousand nodes over fifty inputs that are used again and again."""
    rng = random.Random(1)
    inputs = [engine(rng.uniform(-1, 1)) for _ in range(50)]
    total = engine(0.0)
    for step in range(2_000):
        a, b = inputs[step % 50], inputs[step * 7 % 50]
        total = total + (a * b - b).relu() * 0.01 + (a - b) ** 2 - a / 3.0
    total.backward()


def deep(engine: Any) -> None:
    """A chain of ten thousand nodes, so that sorting is most of the work."""
    total = engine(0.5)
    for _ in range(DEEP):
        total = total * 0.9999 + 0.0001
    total.backward()


def network(engine: Any) -> None:
    """A training step of an MLP of 16, 16 and 1 neurons on eight points."""
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
    """The time of one run; the garbage of the last one is collected before."""
    gc.collect()
    started = time.perf_counter()
    work(engine)
    return time.perf_counter() - started


def rows(rounds: int) -> Iterator[Row]:
    """A row for each program; who goes first changes from round to round."""
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
