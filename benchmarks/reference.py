"""The reference engine beside the micrograd package: the same graphs, forward and backward."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import micrograd.engine
import micrograd.nn

import micrograd_ref

ROUNDS = 9


def wide(engine: Any) -> None:
    """Twenty thousand nodes over fifty inputs that are used again and again."""
    rng = random.Random(1)
    inputs = [engine(rng.uniform(-1, 1)) for _ in range(50)]
    total = engine(0.0)
    for step in range(5_000):
        a, b = inputs[step % 50], inputs[step * 7 % 50]
        total = total + (a * b - b).relu() * 0.01
    total.backward()


def deep(engine: Any) -> None:
    """A chain as deep as a recursive sort can follow, forty times."""
    for _ in range(40):
        total, bias = engine(0.5), engine(1.0)
        for _ in range(150):
            total = total * 0.9 + bias
        total.backward()


def network(engine: Any) -> None:
    """One forward and backward pass of 16 · 16 · 1 neurons over eight points."""
    rng = random.Random(2)
    sizes = (2, 16, 16, 1)
    layers = [
        [[engine(rng.uniform(-1, 1)) for _ in range(before + 1)] for _ in range(after)]
        for before, after in zip(sizes, sizes[1:], strict=False)
    ]
    loss = engine(0.0)
    for point in range(8):
        values: list[Any] = [engine(point / 8), engine(1 - point / 8)]
        for layer in layers:
            values = [
                sum((w * x for w, x in zip(ws, values, strict=False)), ws[-1]).relu()
                for ws in layer
            ]
        loss = loss + (values[0] - 1) ** 2
    loss.backward()


def seconds(work: Callable[[Any], None], engine: Any) -> float:
    """The time of one run, garbage collected before."""
    gc.collect()
    started = time.perf_counter()
    work(engine)
    return time.perf_counter() - started


def rows() -> list[tuple[str, float, str]]:
    """A name, our median over theirs, and the budget for each graph."""
    table = []
    for work in (wide, deep, network):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(seconds(work, micrograd.engine.Value))
            ours.append(seconds(work, micrograd_ref.Value))
        ratio = statistics.median(ours) / statistics.median(theirs)
        table.append((f"micrograd_ref / micrograd, {work.__name__} graph", ratio, "≤ 1"))
    return table
