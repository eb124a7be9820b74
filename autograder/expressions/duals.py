"""Forward mode: each step computes a number and its derivative by one input together.

Such a pair is a dual number, x + x'ε with ε² = 0, for which f(x + x'ε) = f(x) + f'(x)·x'ε. One pass
gives the derivatives of everything by one input, exact except for rounding. No graph is built and
nothing runs backward, so this is unlikely to share a mistake with an engine in reverse mode. See
Griewank and Walther, Evaluating Derivatives (SIAM 2008), chapter 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.operators import apply

if TYPE_CHECKING:
    from autograder.expressions.expression import Step

Dual = tuple[float, float]
"""A number, and its derivative with respect to the input of this pass."""

_SLOPES: Mapping[str, Callable[..., tuple[float, ...]]] = {
    "add": lambda _a, _b: (1.0, 1.0),
    "sub": lambda _a, _b: (1.0, -1.0),
    "mul": lambda a, b: (b, a),
    "truediv": lambda a, b: (1 / b, -a / b**2),
    "neg": lambda _a: (-1.0,),
    "pow": lambda a, n: (n * a ** (n - 1), 0.0),  # the exponent is always a plain number
    "exp": lambda a: (math.exp(a),),
    "tanh": lambda a: ((1 / math.cosh(a)) ** 2,),
    "relu": lambda a: (1.0 if a > 0 else 0.0,),
    "log": lambda a: (1 / a,),
}
"""By operator name: the partial derivative of the result with respect to each operand."""


def forward(inputs: Mapping[str, float], steps: Sequence[Step], by: str) -> dict[str, Dual]:
    """Every number of an expression, with its derivative with respect to one of them.

    Args:
        inputs: the numbers that it starts with, by name.
        steps: what is computed, in order.
        by: the name of an input, or of a step whose result is treated as one.

    Raises:
        ValueError: an operator has no real result there, as log of -1.
        ArithmeticError: a division by zero, or an overflow.
    """
    duals = {name: (value, float(name == by)) for name, value in inputs.items()}
    for step in steps:
        operands = [duals[o] if isinstance(o, str) else (o, 0.0) for o in step.operands]
        numbers = [number for number, _ in operands]
        slope = float(step.name == by)
        if any(own for _, own in operands):
            shares = zip(_SLOPES[step.op](*numbers), operands, strict=True)
            slope += sum(share * own for share, (_, own) in shares if own)
        duals[step.name] = (apply(step.op, numbers), slope)
    return duals
