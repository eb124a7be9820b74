"""Graphs to draw, and what a drawing of one shows."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

from autograder.kit import Drawing

ROOT = Path(__file__).parents[2]
HOSTILE = '<script>|{}"'


class Value:
    """A learner's engine, as far as drawing goes; children are kept as `keep` says."""

    def __init__(
        self,
        data: Any,
        children: Iterable[Any] = (),
        op: Any = "",
        label: Any = "",
        keep: Callable[[Any], Any] = tuple,
    ) -> None:
        self.data = data
        self.grad = 0.0
        self._prev = keep(children)
        self._op = op
        self.label = label


class Agreeable(Value):
    """Equal to everything, hash and truth forbidden: only identity tells two apart."""

    __hash__ = None  # type: ignore[assignment]  # on purpose

    def __eq__(self, other: object) -> bool:
        return True

    def __bool__(self) -> NoReturn:
        raise AssertionError("asked for its truth")

    def __len__(self) -> NoReturn:
        raise AssertionError("asked for its length")


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, **options)


def neuron(make: Callable[..., Any] = Value, **options: Any) -> Any:
    """Return the lecture's neuron with its gradients."""

    def value(data: float, grad: float, label: str, *children: Any, op: str = "") -> Any:
        made = make(data, children, op, label, **options)
        made.grad = grad
        return made

    x1, w1 = value(2.0, -1.5, "x1"), value(-3.0, 1.0, "w1")
    x2, w2 = value(0.0, 0.5, "x2"), value(1.0, 0.0, "w2")
    b = value(6.8813735870195432, 0.5, "b")
    x1w1 = value(-6.0, 0.5, "x1*w1", x1, w1, op="*")
    x2w2 = value(0.0, 0.5, "x2*w2", x2, w2, op="*")
    total = value(-6.0, 0.5, "x1*w1 + x2*w2", x1w1, x2w2, op="+")
    n = value(0.8813735870195432, 0.5, "n", total, b, op="+")
    return value(math.tanh(n.data), 1.0, "o", n, op="tanh")


def chain(length: int) -> Value:
    root = Value(0, label="v0")
    for step in range(1, length):
        root = Value(step, (root,), "+", f"v{step}")
    return root


def comb(length: int) -> Value:
    root = Value(0.0)
    for _ in range(length):
        root = Value(1.0, (root, Value(1.0)), "+")
    return root


def parts(svg: str, kind: str) -> dict[str, list[str]]:
    """Return the texts of every node or edge of an SVG, by Graphviz's name for it."""
    tree = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    return {
        str(group.findtext(f"{space}title")): [
            "".join(text.itertext()).replace("\xa0", " ").strip()
            for text in group.iter(f"{space}text")
        ]
        for group in tree.iter(f"{space}g")
        if group.get("class") == kind
    }


def nodes(drawing: Drawing) -> list[list[str]]:
    return sorted(parts(drawing.svg(), "node").values())


def arrows(drawing: Drawing) -> list[str]:
    """Return every drawn arrow as 'first text -> first text', sorted."""
    svg = drawing.svg()
    shown = parts(svg, "node")
    tree = ET.fromstring(svg)
    titles = [
        str(group.findtext("{http://www.w3.org/2000/svg}title"))
        for group in tree.iter("{http://www.w3.org/2000/svg}g")
        if group.get("class") == "edge"
    ]
    ends = [title.split("->") for title in titles]
    return sorted(f"{shown[tail][0]} -> {shown[head][0]}" for tail, head in ends)
