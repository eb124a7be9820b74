"""A recorded backward pass as plain data, step by step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

MOST = 60
"""The most values in a picture that is still legible."""
_LONGEST = 100  # characters of a name

Shown = float | str | None
"""A finite number; anything else as text."""


class Value(msgspec.Struct, frozen=True):
    """A value of the graph.

    Attributes:
        name: its label, else a variable that holds it, else empty.
        op: its operator; empty for an input.
        data: its number.
        operands: the positions of its operands.
        left_out: how many more operands are not among the nodes.
    """

    name: str
    op: str
    data: Shown
    operands: tuple[int, ...]
    left_out: int = 0


class Write(msgspec.Struct, frozen=True):
    """A number that was written into a node's `grad`.

    Attributes:
        node: the node's position.
        before: the old value.
        after: the new value.
        kept: whether the old value was read first, so that it may be part of the new one; None if
            unknown.
    """

    node: int
    before: Shown
    after: Shown
    kept: bool | None

    @property
    def share(self) -> float | None:
        """Its contribution: the whole number if the old one was not kept, else the difference."""
        if not isinstance(self.after, (int, float)):
            return None
        if self.kept is False:
            return self.after
        return self.after - self.before if isinstance(self.before, (int, float)) else None

    @property
    def overwrites(self) -> bool:
        """Whether a number other than 0 is lost by it."""
        return self.kept is False and isinstance(self.before, (int, float)) and self.before != 0


class WalkStep(msgspec.Struct, frozen=True):
    """A closure that ran, or what happened outside of any.

    Attributes:
        node: the position of the closure's node; beyond the last position, a node that is left
            out. None outside of any closure, as when the root gets its gradient.
        incoming: the node's `grad` when the closure started.
        writes: what it wrote, in order.
        how: `called` if the closure was seen running; `read` if the engine has none, and this
            node's gradient was the last one read; `after` if nothing was seen, only that a `grad`
            had changed.
    """

    node: int | None
    incoming: Shown
    writes: tuple[Write, ...]
    how: Literal["called", "read", "after"]

    def slope(self, write: Write) -> float | None:
        """The local derivative along that edge: its contribution divided by the incoming gradient.

        None if one of them is not a number, or the incoming gradient is 0.
        """
        share = write.share
        if share is None or not isinstance(self.incoming, (int, float)) or not self.incoming:
            return None
        return share / self.incoming


class Walk(msgspec.Struct, frozen=True):
    """A graph and its backward pass.

    Attributes:
        nodes: the values nearest to the root, which is first; at least one.
        steps: in the order in which they happened.
        left_out: how many values are not among the nodes.

    Raises:
        ValueError: a position is not that of a node.
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
        """Check and convert what `autograder.recorder.walk` returned, perhaps in another process.

        Args:
            recorded: not trusted.

        Raises:
            ValueError: it does not have that form.
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
        """Each node's `grad` at the end."""
        last: dict[int, Shown] = {w.node: w.after for step in self.steps for w in step.writes}
        return tuple(last.get(number, 0.0) for number in range(len(self.nodes)))


class Wrong(msgspec.Struct, frozen=True):
    """The first point at which a walk differs from the right one.

    Attributes:
        step: the step's position; the number of steps if something was still missing at the end.
        node: the position of the node whose `grad` is wrong.
        write: the position of the write in the step; None if one is missing or came too early.
        right: what the `grad` should be.
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
