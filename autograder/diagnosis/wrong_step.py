"""Finds the first wrong step of a backward pass: its closure, what is wrong, what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.expressions.compare import close
from autograder.kit.walk import Walk, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from autograder.kit.walk import Shown, WalkStep


def wrong_step(
    walk: Walk, expected: Mapping[str, float], shares: Mapping[tuple[str, str], float]
) -> Wrong | None:
    """The first point at which a walk differs from the right one.

    A step is judged by its incoming gradient, and by what it adds to each operand. If an engine
    creates nodes of its own between a result and its operands, as `a + (-b)` for `a - b`, what is
    added there is not judged, and a mistake shows one step later.

    Args:
        walk: what was recorded; its nodes have the names of the expression.
        expected: the right gradient of each name.
        shares: the right contribution of each result to each operand's gradient, by the names of
            operand and result.

    Returns:
        None if every step is right, and every gradient at the end.
    """
    return next(_Judge(walk, expected, shares).all(), None)


class _Judge:
    """Follows the gradients as they change; see `wrong_step` for the arguments."""

    def __init__(
        self,
        walk: Walk,
        expected: Mapping[str, float],
        shares: Mapping[tuple[str, str], float],
    ) -> None:
        self.walk, self.expected, self.shares = walk, expected, shares
        self.names = [node.name for node in walk.nodes]
        self.operands = [dict.fromkeys(node.operands) for node in walk.nodes]
        self.now: list[Shown] = [0.0] * len(walk.nodes)

    def all(self) -> Iterator[Wrong]:
        """Everything that is wrong, the earliest step first."""
        for number, step in enumerate(self.walk.steps):
            if step.node is not None and step.node < len(self.names):
                yield from self._incoming(number, step, self.names[step.node])
                yield from self._sent(number, step)
            for write in step.writes:
                self.now[write.node] = write.after
        yield from self._never_came()

    def _incoming(self, number: int, step: WalkStep, name: str) -> Iterator[Wrong]:
        right = self.expected.get(name)
        if right is None or close(step.incoming, right):
            return
        assert step.node is not None
        later = (write for step in self.walk.steps[number:] for write in step.writes)
        early = any(write.node == step.node for write in later)
        says = (
            "It runs too early: its gradient is not complete yet."
            if early
            else "This incoming gradient is wrong."
        )
        yield Wrong(number, step.node, None, right, says)

    def _sent(self, number: int, step: WalkStep) -> Iterator[Wrong]:
        assert step.node is not None
        operands = self.operands[step.node]
        result = self.names[step.node]
        used = {operand for operand, user in self.shares if user == result}
        if {self.names[operand] for operand in operands} != used:
            return
        for operand in operands:
            yield from self._sent_to(
                number, step, operand, self.shares[self.names[operand], result]
            )

    def _sent_to(self, number: int, step: WalkStep, operand: int, share: float) -> Iterator[Wrong]:
        before = self.now[operand]
        if not isinstance(before, (int, float)):
            return
        own = [(place, write) for place, write in enumerate(step.writes) if write.node == operand]
        right, name = before + share, self.names[operand]
        if close(own[-1][1].after if own else before, right):
            return
        if not own:
            yield Wrong(number, operand, None, right, f"Nothing is sent to {name}.")
            return
        lost = next((place for place, write in own if write.overwrites), None)
        says = (
            "The earlier gradient is lost."
            if lost is not None
            else f"{name} should receive {share:.6g}."
        )
        yield Wrong(number, operand, own[-1][0] if lost is None else lost, right, says)

    def _never_came(self) -> Iterator[Wrong]:
        ran = {step.node for step in self.walk.steps}
        for number, name in enumerate(self.names):
            right = self.expected.get(name)
            if right is None or close(self.now[number], right):
                continue
            silent = [
                self.names[other] or "a value"
                for other, node in enumerate(self.walk.nodes)
                if number in node.operands and other not in ran
            ]
            says = f"The closure of {silent[0]} never ran." if silent else "Something is missing."
            yield Wrong(len(self.walk.steps), number, None, right, says)
