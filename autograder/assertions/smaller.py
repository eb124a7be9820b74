"""Findings that are shown by a smaller question with the same mistake in its answer.

For expressions, see `case.py`. Here are graphs of which only the shape matters, as there are no
operators yet or only an order is asked for, and questions with a list of simpler ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.expressions.expression import Expression, Step, names_after
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, core_of
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

_MOST = 1_000  # nodes
_MOST_AGAIN = 60  # nodes; larger graphs are not rebuilt in full

Shape = tuple[tuple[int, ...], ...]
"""The operands of each node, by position; operands come first, and the root is last."""

SMALL: tuple[Shape, ...] = (
    ((),),
    ((), (0,)),
    ((), (), (0, 1)),
    ((), (0,), (0, 1)),
    ((), (0,), (1,)),
    ((), (0,), (1,), (1, 2)),
    ((), (0,), (1,), (0, 2)),
    ((), (0,), (0,), (1, 2)),
    ((), (), (0, 1), (0, 2)),
    ((), (), (0, 1), (0, 1), (2, 3)),
)
"""Shapes that reveal most mistakes, smallest first."""

Judge = Callable[["Learner", "Shape", list[float]], None]
"""Makes a graph of that shape with these numbers in its leaves, and asserts something about it."""


class SmallerFinding(msgspec.Struct, frozen=True):
    """What is wrong with the answer to a question that has smaller ones.

    Attributes:
        case: the question.
        kind: what is wrong, in words without names and numbers.
        raised: the finding, or what the learner's code raised.
        learner: answered the question.
    """

    case: Question
    kind: str
    raised: Mismatch | LearnerError
    learner: Learner | None = None

    @property
    def error(self) -> LearnerError | None:
        """The exception that the learner's code raised, if it did."""
        return self.raised if isinstance(self.raised, LearnerError) else None

    def exception(self, learner: Learner) -> Exception:
        """The exception to raise in a test."""
        del learner
        return self.raised


class Question(msgspec.Struct, frozen=True):
    """A question that can be asked again, in a worker that was reset.

    Attributes:
        times: how often to ask it, as the second answer may be wrong even if the first is right.
    """

    times: int = 1

    @property
    def questions(self) -> int:
        """What it costs in a `Budget`, in questions about expressions."""
        raise NotImplementedError

    def ask(self, learner: Learner) -> None:
        """Ask and compare; raises Mismatch or LearnerFault."""
        raise NotImplementedError

    def smaller(self) -> Iterator[Question]:
        """Smaller questions, the simplest first."""
        raise NotImplementedError

    def judge(self, learner: Learner) -> SmallerFinding | None:
        """Ask it in a worker that was reset; returns what is wrong, or None.

        Raises:
            LearnerFault: the process hung, ended or sent an invalid answer.
        """
        learner = learner.afresh()
        try:
            for _ in range(self.times):
                self.ask(learner)
        except (Mismatch, LearnerError) as error:
            return self.found(error, learner)
        return None

    def found(
        self, error: Mismatch | LearnerError, learner: Learner | None = None
    ) -> SmallerFinding:
        """A finding on this question, from what an assertion raised.

        Args:
            error: what was raised; it gets the finding.
            learner: answered the question.
        """
        kind = re.sub(r"\b[a-z]\w?\b|\bv\d+\b|\d+|[…,]| (is|are) ", " ", error.message)
        finding = SmallerFinding(self, " ".join(kind.split()), error, learner)
        error.finding = finding
        return finding

    def alone(self, learner: Learner) -> SmallerFinding | None:
        """The finding if nothing else was asked before, on the first or second call; else None."""
        cases = (self, msgspec.structs.replace(self, times=2))
        return next((found for case in cases if (found := case.judge(learner)) is not None), None)


class Asked(Question, frozen=True, kw_only=True):
    """A question with a list of simpler ones.

    Attributes:
        asks: asks and compares.
        simpler: simpler questions, the simplest first.
    """

    asks: Callable[[Learner], None]
    simpler: tuple[Callable[[Learner], None], ...] = ()

    @property
    def questions(self) -> int:
        return 5 * self.times

    def ask(self, learner: Learner) -> None:
        self.asks(learner)

    def smaller(self) -> Iterator[Question]:
        for asks in self.simpler:
            yield Asked(asks=asks, times=self.times)


def simplest(
    learner: Learner,
    asks: Callable[[Learner], None],
    simpler: Iterable[Callable[[Learner], None]] = (),
) -> None:
    """Ask a question; a failure is shown by the simplest question that fails, too.

    Args:
        learner: the test's fixture.
        asks: asks and compares.
        simpler: simpler questions, the simplest first.

    Raises:
        Mismatch, LearnerFault: as raised by `asks`.
    """
    try:
        asks(learner)
    except (Mismatch, LearnerError) as error:
        Asked(asks=asks, simpler=tuple(simpler)).found(error)
        raise


class Shaped(Question, frozen=True, kw_only=True):
    """A question about a graph of some shape.

    Attributes:
        shape: the graph's shape.
        asks: makes the graph, asks and compares.
        are_equal: whether all leaves have the same number.
    """

    shape: Shape
    asks: Judge
    are_equal: bool = False

    @property
    def questions(self) -> int:
        return 2 + 2 * self.times * len(self.shape)

    def ask(self, learner: Learner) -> None:
        numbers = [2.0 if self.are_equal else float(place + 2) for place in range(len(self.shape))]
        self.asks(learner, self.shape, numbers)

    def alone(self, learner: Learner) -> SmallerFinding | None:
        if len(self.shape) <= _MOST_AGAIN:
            return super().alone(learner)
        few = (msgspec.structs.replace(self, shape=shape, times=2) for shape in SMALL[:3])
        return next((found for case in few if (found := case.judge(learner)) is not None), None)

    def smaller(self) -> Iterator[Question]:
        seen: set[Shape] = set()
        if self.shape in SMALL:  # the smaller ones were tried
            return
        few = (shape for shape in SMALL if len(shape) < len(self.shape))
        for shape in chain(few, _smaller(self.shape)):  # a large one has very many
            if shape in seen:
                continue
            seen.add(shape)
            smaller = msgspec.structs.replace(self, shape=shape)
            yield smaller
            if not self.are_equal and shape in SMALL and shape.count(()) > 1:
                yield msgspec.structs.replace(smaller, are_equal=True)


def told_by_shape(error: Mismatch, nodes: Iterable[Any], edges: Any, ask: Judge) -> None:
    """Have a finding on these nodes shown by the smallest graph that has the same mistake.

    Args:
        error: the finding.
        nodes: the learner's objects.
        edges: pairs of operand and result.
        ask: asks the question for another shape.
    """
    shape = shape_of(nodes, edges)
    if shape is not None:
        Shaped(shape=shape, asks=ask).found(error)


def told_by_expression(
    error: Mismatch, expression: Expression, ask: Callable[[Learner, Expression], None]
) -> None:
    """Have a finding on an expression shown by one of the smallest shape with the same mistake.

    Args:
        error: the finding.
        expression: the expression on which it was made.
        ask: asks the question for another expression.
    """
    place = {name: number for number, name in enumerate(expression.names)}
    shape: list[tuple[int, ...]] = [() for _ in expression.inputs]
    shape += [tuple(dict.fromkeys(place[name] for name in s.uses)) for s in expression.steps]
    if len(shape) <= _MOST:
        Shaped(
            shape=tuple(shape),
            asks=lambda learner, small, numbers: ask(learner, _expression(small, numbers)),
        ).found(error)


def _expression(shape: Shape, numbers: list[float]) -> Expression:
    """An expression of that shape: sums of two, and tanh of one."""
    names = list(islice(names_after(()), len(shape)))
    given = [place for place, operands in enumerate(shape) if not operands]
    steps: list[Step] = []
    for place, operands in enumerate(shape):
        if operands:
            op = "tanh" if len(operands) == 1 else "add"
            uses = tuple(names[operand] for operand in operands[:2])
            steps.append(Step(names[place], op, uses))
    return Expression(tuple((names[place], numbers[place]) for place in given), tuple(steps))


def shape_of(nodes: Iterable[Any], edges: Any) -> Shape | None:
    """The shape of a graph; None if it is too large, or not a graph."""
    order = sorted((n for n in nodes if isinstance(n, Remote)), key=_age)
    pairs = sorted(edges, key=lambda pair: (_age(pair[1]), _age(pair[0])))
    place = {node: number for number, node in enumerate(_operands_first(order, pairs))}
    if not 0 < len(place) == len(order) <= _MOST:
        return None
    operands: list[list[int]] = [[] for _ in place]
    for operand, result in pairs:
        operands[place[result]].append(place[operand])
    return tuple(map(tuple, operands))


def _age(node: Remote) -> int:
    return core_of(node).handle.number


def _operands_first(nodes: list[Remote], pairs: list[tuple[Remote, Remote]]) -> list[Remote]:
    """The nodes, each after its operands, else by age; those on a cycle are left out."""
    below = {node: {a for a, b in pairs if b == node and a != b} for node in nodes}
    found: list[Remote] = []
    while ready := [node for node in nodes if node in below and not below[node]]:
        for node in ready:
            del below[node]
            found.append(node)
        for rest in below.values():
            rest.difference_update(ready)
    return found


def _smaller(shape: Shape) -> Iterator[Shape]:
    for place in range(1, len(shape) - 1):
        if shape[place]:
            yield _below(shape, place)
    for place in range(len(shape) - 1, -1, -1):
        if shape[place] and place < len(shape) - 1:
            yield _with(shape, place, ())
        for operand in dict.fromkeys(shape[place]):
            yield _instead(shape, place, operand)
    for place, operands in enumerate(shape):
        for number, operand in enumerate(operands):
            if len(operands) > 1:
                yield _with(shape, place, operands[:number] + operands[number + 1 :])
            for other in range(operand):
                if not shape[other] and other not in operands:
                    yield _with(shape, place, (*operands[:number], other, *operands[number + 1 :]))


def _with(shape: Shape, place: int, operands: tuple[int, ...]) -> Shape:
    """The shape with other operands of that node."""
    return _below((*shape[:place], operands, *shape[place + 1 :]), len(shape) - 1)


def _instead(shape: Shape, place: int, operand: int) -> Shape:
    """The shape with a node replaced by one of its operands."""
    if place == len(shape) - 1:
        return _below(shape, operand)
    changed = tuple(tuple(operand if o == place else o for o in each) for each in shape)
    return _below(changed, len(shape) - 1)


def _below(shape: Shape, root: int) -> Shape:
    """The part of the shape that leads to a node, which comes last."""
    needed = {root}
    for place in range(root, -1, -1):
        if place in needed:
            needed |= set(shape[place])
    order = sorted(needed)
    place_of = {old: new for new, old in enumerate(order)}
    return tuple(tuple(place_of[operand] for operand in shape[old]) for old in order)
