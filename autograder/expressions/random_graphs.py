"""Random expressions, the same for the same seed on every machine."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from autograder.expressions.compare import MARGIN_AT_KINK
from autograder.expressions.expression import (
    Expression,
    Operand,
    Step,
    is_off_kink,
    is_ordinary,
    names_after,
)
from autograder.operators import BINARY, OPERATORS, apply, values_of

_T = TypeVar("_T")
_LARGEST = 12.0  # of a number in the graph: every correct tanh and exp works there
_STEEPEST = 1e3  # of a gradient
_TRIES = 200
SMOOTH = (*BINARY, "neg", "pow", "exp", "tanh")
ALL = (*SMOOTH, "relu")


def seeded(*parts: str) -> random.Random:
    """A random generator seeded only by these texts, so the same on every machine."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def tree(
    rng: random.Random, size: int, ops: Sequence[str] = ALL, *, numbers: bool = True
) -> Expression:
    """An expression in which everything is used exactly once.

    Args:
        rng: only its `random()` is used, which is the same in all Python versions.
        size: the number of operators; there are about half as many inputs.
        ops: the names of the operators to draw from.
        numbers: whether operands may be plain numbers.

    Raises:
        RuntimeError: no expression of ordinary size was found.
    """
    return _until_ordinary(rng, size, ops, shared=False, numbers=numbers)


def graph(rng: random.Random, size: int, ops: Sequence[str] = ALL) -> Expression:
    """An expression whose nodes are used several times; arguments and errors as for `tree`."""
    return _until_ordinary(rng, size, ops, shared=True)


def number(rng: random.Random, low: float, high: float) -> float:
    """A random number with two decimals, for easy reading, and at least 0.2 from zero."""
    while True:
        value = round(low + (high - low) * rng.random(), 2)
        if abs(value) >= 0.2:
            return value


def pick(rng: random.Random, items: Sequence[_T]) -> _T:
    """A random item."""
    return items[int(rng.random() * len(items))]


def _until_ordinary(
    rng: random.Random, size: int, ops: Sequence[str], *, shared: bool, numbers: bool = True
) -> Expression:
    kind: Callable[[], random.Random] = type(rng)
    state = rng.getstate()
    expression, after = _ordinary_from(
        kind, state, size, tuple(ops), shared=shared, numbers=numbers
    )
    rng.setstate(after)
    return expression


@lru_cache(maxsize=100)  # every submission gets the same questions
def _ordinary_from(
    kind: Callable[[], random.Random],
    state: tuple[object, ...],
    size: int,
    ops: tuple[str, ...],
    *,
    shared: bool,
    numbers: bool,
) -> tuple[Expression, tuple[object, ...]]:
    """An expression drawn by a generator in this state, and the generator's state afterwards."""
    rng = kind()
    rng.setstate(state)
    for _ in range(_TRIES):
        expression = _draw(rng, size, ops, shared=shared, constants=numbers)
        if expression is not None and expression.is_smooth_here():
            slopes = expression.by_duals().grads.values()
            if all(is_ordinary(slope, _STEEPEST) for slope in slopes):
                return expression, rng.getstate()
    raise RuntimeError(f"no ordinary expression of {size} steps over {', '.join(ops)}")


def _draw(
    rng: random.Random, size: int, ops: Sequence[str], *, shared: bool, constants: bool
) -> Expression | None:
    """Operators drawn one after another; None if a number grows too large."""
    binary = [op for op in ops if op in BINARY]
    count = 3 if shared else size // 2 + 2 if binary else 1
    last = "add" if "add" in ops else next(iter(binary), "")  # joins what is left
    inputs = tuple((name, number(rng, -3, 3)) for name in islice(names_after(()), count))
    fresh = names_after([name for name, _ in inputs])
    numbers = dict(inputs)
    loose = [name for name, _ in inputs]  # not used by a step yet
    steps: list[Step] = []
    while len(steps) < size or len(loose) > 1:
        op = pick(rng, ops) if len(steps) < size else last
        pool = list(numbers) if shared and len(steps) < size else loose
        operands = _operands(rng, op, pool, loose, constants=constants and len(steps) < size)
        if operands is None or not is_tame(op, values_of(operands, numbers)):
            if len(steps) >= size or not constants or "mul" not in ops:
                return None
            op, operands = "mul", (pick(rng, loose), 0.25)
        step = Step(next(fresh), op, operands)
        steps.append(step)
        numbers[step.name] = apply(op, values_of(operands, numbers))
        loose = [name for name in loose if name not in operands] + [step.name]
        if not is_ordinary(numbers[step.name], _LARGEST):
            return None
    return Expression(inputs, tuple(steps))


def _operands(
    rng: random.Random, op: str, pool: Sequence[str], loose: Sequence[str], *, constants: bool
) -> tuple[Operand, ...] | None:
    """The operator's operands; None if the pool is too small."""
    first = pick(rng, loose) if rng.random() < 0.5 else pick(rng, pool)
    if OPERATORS[op].with_number:
        return (first, pick(rng, (2, 3, -1, 0.5, -2, 1.5)))
    if OPERATORS[op].arity == 1:
        return (first,)
    if constants and rng.random() < 0.2:
        constant = number(rng, -3, 3)
        return (first, constant) if rng.random() < 0.5 else (constant, first)
    others = [name for name in pool if name != first] if pool is loose else list(pool)
    if not others:
        return None
    second = pick(rng, others)
    return (first, second) if rng.random() < 0.5 else (second, first)


def is_tame(op: str, values: Sequence[float]) -> bool:
    """Whether every correct engine has a result and a slope there, far from kinks and poles."""
    return OPERATORS[op].domain(*values) and is_off_kink(op, values, 2 * MARGIN_AT_KINK)
