"""Expressions as data, which plain floats, forward mode and the reference can evaluate.

The learner's engine can, too: see `Learner.evaluate`.

>>> e = express(lambda a, b: (a * b + b).tanh(), a=2.0, b=-0.5)
>>> print(e.text)
a = Value(2.0); b = Value(-0.5); c = a * b; d = c + b; f = d.tanh()
"""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from autograder.expressions.compare import MARGIN_AT_KINK
from autograder.expressions.duals import forward
from autograder.expressions.overload import overload
from autograder.operators import ATOM, OPERATORS, POWER, SIGN, apply, values_of

Operand = str | float
_DIFFERENCE = 1e-5
_QUOTED = 12  # lines; more are hard to read


class Step(msgspec.Struct, frozen=True):
    """One step: `name = op(operands)`.

    Attributes:
        name: the result's name.
        op: the operator's name, as in `OPERATORS`.
        operands: each is a number or the name of an earlier result.
    """

    name: str
    op: str
    operands: tuple[Operand, ...]

    @property
    def uses(self) -> tuple[str, ...]:
        """The operands that are names."""
        return tuple(operand for operand in self.operands if isinstance(operand, str))

    @property
    def source(self) -> str:
        """The right-hand side as Python."""
        parts = [
            operand if isinstance(operand, str) else repr(operand) for operand in self.operands
        ]
        return OPERATORS[self.op].written(*parts)


class Answers(msgspec.Struct, frozen=True):
    """The right answers for an expression.

    Attributes:
        data: each number, by name.
        grads: each input's gradient, by name; that of each result, too, if it was asked for.
    """

    data: dict[str, float]
    grads: dict[str, float]


class Expression(msgspec.Struct, frozen=True):
    """Inputs and the steps computed from them.

    Attributes:
        inputs: names and numbers.
        steps: in order; the last one is the root.
    """

    inputs: tuple[tuple[str, float], ...]
    steps: tuple[Step, ...]

    @property
    def root(self) -> str:
        """The name of the result."""
        return self.names[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, inputs first."""
        return (*(name for name, _ in self.inputs), *(step.name for step in self.steps))

    @property
    def lines(self) -> tuple[str, ...]:
        """The expression as lines of Python, one name a line."""
        given = [f"{name} = Value({value!r})" for name, value in self.inputs]
        return (*given, *(f"{step.name} = {step.source}" for step in self.steps))

    @property
    def text(self) -> str:
        """The expression as one line of Python."""
        return "; ".join(self.lines)

    @property
    def quoted(self) -> str:
        """The expression in a sentence; if it is long, only its number of nodes."""
        lines = self.lines
        return f"`{self.text}`" if len(lines) <= _QUOTED else f"An expression of {len(lines)} nodes"

    def up_to(self, name: str) -> Expression:
        """The part that `name` is computed from, with `name` as root."""
        needed, kept = {name}, []
        for step in reversed(self.steps):
            if step.name in needed:
                kept.append(step)
                needed |= set(step.uses)
        inputs = tuple(entry for entry in self.inputs if entry[0] in needed)
        return Expression(inputs, tuple(reversed(kept)))

    def by_floats(self, **changed: float) -> dict[str, float]:
        """Every number in plain arithmetic, by name.

        Args:
            changed: other numbers for some inputs, by name.

        Raises:
            ValueError: a number has no real result there, such as a negative one to the 0.5.
            ArithmeticError: a division by zero, or an overflow.
        """
        names: dict[str, float] = {**dict(self.inputs), **changed}
        for step in self.steps:
            number = apply(step.op, values_of(step.operands, names))
            if isinstance(number, complex):
                raise ValueError(f"{step.source} is not real")  # noqa: TRY004  as math.sqrt does
            names[step.name] = number
        return names

    def by_duals(self, *, every_gradient: bool = False) -> Answers:
        """Every number and each input's gradient, or every gradient, from forward mode.

        Raises:
            ValueError, ArithmeticError: as `by_floats`.
        """
        data = {name: float(number) for name, number in self.by_floats().items()}
        inputs = dict(self.inputs)
        asked = self.names if every_gradient else inputs
        passes = {name: forward(inputs, self.steps, by=name) for name in asked}
        return Answers(data, {name: duals[self.root][1] for name, duals in passes.items()})

    def by_reference(self) -> Answers:
        """Every number and each input's gradient from the reference engine."""
        from micrograd_ref import Value  # a handout may be without

        names: dict[str, Any] = {name: Value(value) for name, value in self.inputs}
        for step in self.steps:
            names[step.name] = apply(step.op, values_of(step.operands, names))
        names[self.root].backward()
        data = {name: float(node.data) for name, node in names.items()}
        return Answers(data, {name: float(names[name].grad) for name, _ in self.inputs})

    def central_difference(self, name: str, h: float = _DIFFERENCE) -> float:
        """The derivative of the root by that input, from two runs in plain floats.

        The step is relative to the input; see any text on numerical differentiation: the error is
        of order h² from the formula and of order 1e-16 / h from rounding.
        """
        value = dict(self.inputs)[name]
        h *= max(1.0, abs(value))
        above = self.by_floats(**{name: value + h})[self.root]
        below = self.by_floats(**{name: value - h})[self.root]
        return (above - below) / (2 * h)

    def is_smooth_here(self) -> bool:
        """Whether every operand is so far from a kink that differences do not step across it."""
        numbers = self.by_floats()
        return all(
            is_off_kink(step.op, values_of(step.operands, numbers), MARGIN_AT_KINK)
            for step in self.steps
        )

    @property
    def formula(self) -> str:
        """The root as one formula over plain numbers, such as `3 * x**2 - 4 * x + 5`."""
        return self.written(values=False)

    def written(self, *, values: bool) -> str:
        """The root as one formula, over Values or over plain numbers."""
        written: dict[str, tuple[str, int]] = {name: (name, ATOM) for name, _ in self.inputs}
        for step in self.steps:
            written[step.name] = _formula(step, written, values=values)
        return written[self.root][0]


def _formula(step: Step, written: dict[str, tuple[str, int]], *, values: bool) -> tuple[str, int]:
    """A step as a formula over numbers or Values: its text and precedence."""
    op = OPERATORS[step.op]

    def part(operand: Operand, at_least: int) -> str:
        number = (repr(operand), SIGN if str(operand).startswith("-") else ATOM)
        text, bond = written[operand] if isinstance(operand, str) else number
        return text if bond >= at_least else f"({text})"

    first, last = step.operands[0], step.operands[-1]
    if op.is_method and not values:
        return op.plain.format(part(first, 0)), op.precedence
    if op.is_method:
        return op.written(part(first, ATOM)), op.precedence
    if op.arity == 1:
        return op.written(part(first, op.precedence)), op.precedence
    if op.precedence == POWER:  # binds to the right, and is written without spaces
        return f"{part(first, ATOM)}{op.symbol}{part(last, SIGN)}", op.precedence
    return op.written(part(first, op.precedence), part(last, op.precedence + 1)), op.precedence


class Symbol:
    """A name in an expression while it is recorded; operators on it add steps.

    Args:
        name: its name.
        steps: the steps so far.
        fresh: names for results.
    """

    def __init__(self, name: str, steps: list[Step], fresh: Iterator[str]) -> None:
        self._name, self._steps, self._fresh = name, steps, fresh

    def _step(self, op: str, *operands: Symbol | float) -> Symbol:
        names = tuple(o._name if isinstance(o, Symbol) else o for o in operands)  # noqa: SLF001  our own
        step = Step(next(self._fresh), op, names)
        self._steps.append(step)
        return Symbol(step.name, self._steps, self._fresh)


overload(Symbol, lambda symbol, op, *operands: symbol._step(op.name, *operands), methods=True)  # noqa: SLF001  our own


def express(formula: Callable[..., Any], **inputs: float) -> Expression:
    """Record a formula as an expression.

    Args:
        formula: a function of symbols, called once; its parameters have the inputs' names.
        inputs: the names and numbers of the inputs, in order.
    """
    steps: list[Step] = []
    fresh = names_after(inputs)
    formula(**{name: Symbol(name, steps, fresh) for name in inputs})
    return Expression(tuple(inputs.items()), tuple(steps))


def names_after(used: Iterable[str]) -> Iterator[str]:
    """Short names that are not among `used`: letters, then v1, v2, and so on.

    `e` is left out, as it looks like Euler's number, and `l` and `o`, as they look like digits.
    """
    taken = set(used)
    letters = (c for c in string.ascii_lowercase if c not in "elo")
    return (
        name
        for name in itertools.chain(letters, (f"v{n}" for n in itertools.count(1)))
        if name not in taken
    )


def is_ordinary(number: float, largest: float) -> bool:
    """Whether a number is finite, and at most `largest` in absolute value."""
    return math.isfinite(number) and abs(number) <= largest


def is_off_kink(op: str, values: Sequence[float], margin: float) -> bool:
    """Whether an operator's operand is further than the margin from where its derivative jumps."""
    kink = OPERATORS[op].kink
    return kink is None or abs(values[0] - kink) > margin
