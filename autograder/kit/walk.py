"""Gradients on their way back through a graph, step by step, as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

MOST = 60
"""Values in a picture: more of them are not legible."""
_LONGEST = 100  # characters of what anything is called

Shown = float | str | None
"""A number; as text what is not finite, or no number."""


class Value(msgspec.Struct, frozen=True):
    """A value of the graph.

    Attributes:
        name: its label, or else the variable that holds it; empty where it has none.
        op: what made it; empty for an input.
        data: its number.
        operands: what it was made from, by position.
        left_out: so many more operands, which are not among the nodes.
    """

    name: str
    op: str
    data: Shown
    operands: tuple[int, ...]
    left_out: int = 0


class Write(msgspec.Struct, frozen=True):
    """A number that was written into a node's `grad`.

    Attributes:
        node: whose, by position.
        before: what was there.
        after: what is there now.
        kept: whether what was there is part of it, as its writer had read it first; None where
            nobody saw.
    """

    node: int
    before: Shown
    after: Shown
    kept: bool | None

    @property
    def share(self) -> float | None:
        """What this one brought: the whole number where it overwrites, else the difference."""
        if not isinstance(self.after, (int, float)):
            return None
        if self.kept is False:
            return self.after
        return self.after - self.before if isinstance(self.before, (int, float)) else None

    @property
    def overwrites(self) -> bool:
        """Whether a number that was there is lost by it."""
        return self.kept is False and isinstance(self.before, (int, float)) and self.before != 0


class WalkStep(msgspec.Struct, frozen=True):
    """A closure that ran, or what happened outside of any.

    Attributes:
        node: whose closure, by position; beyond the last one it is a node that is left out. None
            outside of any: the start, at which the root gets its gradient.
        incoming: what its `grad` was at that moment.
        writes: what it wrote, in order.
        how: `called`, where the closure was seen running; `read`, where the engine has none, and
            this node's gradient was the last one read; `after`, where nothing was seen, only that
            a `grad` had changed.
    """

    node: int | None
    incoming: Shown
    writes: tuple[Write, ...]
    how: Literal["called", "read", "after"]

    def slope(self, write: Write) -> float | None:
        """The local slope along that edge: what arrived for each 1 that came in."""
        share = write.share
        if share is None or not isinstance(self.incoming, (int, float)) or not self.incoming:
            return None
        return share / self.incoming


class Walk(msgspec.Struct, frozen=True):
    """A graph, the root first, and what happened in it on the way back.

    Attributes:
        nodes: the values, those nearest to the root.
        steps: in the order in which they happened.
        left_out: how many values are not among the nodes.
    """

    nodes: tuple[Value, ...]
    steps: tuple[WalkStep, ...]
    left_out: int = 0

    def __post_init__(self) -> None:
        count = len(self.nodes)
        named = [o for node in self.nodes for o in node.operands]
        named += [write.node for step in self.steps for write in step.writes]
        named += [step.node for step in self.steps if step.node is not None and step.node < 0]
        if not count or not all(0 <= number < count for number in named):
            raise ValueError("a walk speaks of a node that it does not have")

    @classmethod
    def of(cls, recorded: Mapping[str, Any]) -> Walk:
        """What `autograder.recorder.walk` told.

        Raises:
            ValueError: it is not of that form, as another process may well send.
        """
        try:
            nodes = tuple(
                Value(_text(name), _text(op), _shown(data), _whole(operands), *_whole([more]))
                for name, op, data, operands, more in recorded["nodes"]
            )
            steps = tuple(_step(*step) for step in recorded["steps"])
            return cls(nodes, steps, *_whole([recorded["left_out"]]))
        except (TypeError, KeyError, OverflowError) as error:
            raise ValueError(f"this is no walk ({type(error).__name__})") from None

    @property
    def gradients(self) -> tuple[Shown, ...]:
        """What is in each `grad` at the end."""
        last: dict[int, Shown] = {w.node: w.after for step in self.steps for w in step.writes}
        return tuple(last.get(number, 0.0) for number in range(len(self.nodes)))


class Wrong(msgspec.Struct, frozen=True):
    """Where a walk first leaves the right one.

    Attributes:
        step: which of the walk's; as many as it has: at its end, where something never came.
        node: whose `grad` it is, by position.
        write: which number of the step, or None where one is missing or came in too early.
        right: what should be there then.
        says: what is wrong, in a sentence.
    """

    step: int
    node: int
    write: int | None
    right: float
    says: str


def _step(node: object, incoming: object, writes: Sequence[Any], how: object) -> WalkStep:
    if how not in ("called", "read", "after"):
        raise TypeError("no way to know that")
    written = tuple(
        Write(_whole([number])[0], _shown(before), _shown(after), _truth(kept))
        for number, before, after, kept in writes
    )
    return WalkStep(None if node is None else _whole([node])[0], _shown(incoming), written, how)


def _whole(numbers: Sequence[object]) -> tuple[int, ...]:
    found = tuple(number for number in numbers if type(number) is int and number >= 0)
    if len(found) != len(numbers):
        raise TypeError("no number of a node")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value[:_LONGEST]


def _shown(value: object) -> Shown:
    if value is None or isinstance(value, str):
        return value and value[:_LONGEST]
    if isinstance(value, (int, float)) and math.isfinite(number := float(value)):
        return number
    raise TypeError("no number")


def _truth(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError("no truth")
