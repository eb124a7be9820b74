"""Every operator of the course: its notation, its function, and where suites may test it.

It goes into the learner's process with worker.py. So it imports only standard modules that load
fast, and contains nothing that an assignment asks for, such as a derivative.
"""

from __future__ import annotations

import math
import operator

TYPE_CHECKING = False  # from `typing`, which takes its time to import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
"""Precedence: how tightly an operator binds in a formula."""


def _everywhere(*_: float) -> bool:
    return True


class Operator:
    """An operator of the course.

    Attributes:
        name: Python's, as in `__add__`, or the method's.
        symbol: its sign; for a method, its name.
        precedence: of its result in a formula.
        arity: how many operands it takes.
        function: computes it for numbers and, if it has a sign, for Values too.
        domain: whether every correct engine has a result and a derivative at these operands, both
            of ordinary size and far from poles.
        kink: the operand at which its derivative jumps, or None.
        plain: a method's notation for plain numbers, with `{}` for the operand.
        with_number: whether its second operand is always a plain number.
        composed: whether most engines build it from other operators.
    """

    __slots__ = (
        "arity", "composed", "domain", "function", "kink", "name", "plain", "precedence",
        "symbol", "with_number",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        symbol: str,
        precedence: int,
        function: Callable[..., float],
        *,
        arity: int = 1,
        domain: Callable[..., bool] = _everywhere,
        kink: float | None = None,
        plain: str = "",
        with_number: bool = False,
        composed: bool = False,
    ) -> None:
        self.name, self.symbol, self.precedence, self.arity = name, symbol, precedence, arity
        self.function, self.domain, self.kink, self.plain = function, domain, kink, plain
        self.with_number, self.composed = with_number, composed

    @property
    def is_method(self) -> bool:
        """Whether it is a method of Value because Python has no sign for it."""
        return self.symbol == self.name

    def written(self, *operands: str) -> str:
        """The operator applied to operands of these names, as Python source."""
        if self.is_method:
            return f"{operands[0]}.{self.name}()"
        return (
            f"{self.symbol}{operands[0]}" if self.arity == 1 else f" {self.symbol} ".join(operands)
        )


def _sign(name: str, symbol: str, precedence: int, arity: int = 2, **facts: Any) -> Operator:
    """An operator with a sign in Python."""
    return Operator(name, symbol, precedence, getattr(operator, name), arity=arity, **facts)


def _method(name: str, function: Callable[[float], float], plain: str, **facts: Any) -> Operator:
    """An operator that is a method of Value."""
    return Operator(name, name, ATOM, function, plain=plain, **facts)


_ALL = (
    _sign("add", "+", SUM),
    _sign("sub", "-", SUM, composed=True),
    _sign("mul", "*", PRODUCT),
    _sign("truediv", "/", PRODUCT, composed=True, domain=lambda _, b: abs(b) >= 0.3),
    _sign("neg", "-", SIGN, arity=1, composed=True),
    _sign(
        "pow", "**", POWER, with_number=True,
        domain=lambda a, n: abs(a) >= 0.1 if n in (2, 3) else a >= 0.3,
    ),
    _method("exp", math.exp, "math.exp({})", domain=lambda a: abs(a) <= 2.5),
    _method("tanh", math.tanh, "math.tanh({})", domain=lambda a: abs(a) <= 2.5),
    _method("relu", lambda a: max(a, 0.0), "max({}, 0.0)", kink=0.0),
    _method("log", math.log, "math.log({})", domain=lambda a: a >= 0.2),
)  # fmt: skip
OPERATORS: Mapping[str, Operator] = {each.name: each for each in _ALL}
BINARY = tuple(each.name for each in _ALL if each.arity == 2 and not each.with_number)
"""Names of the operators at which two Values can meet."""


def values_of(operands: Sequence[str | float], names: Mapping[str, Any]) -> list[Any]:
    """The values of a step's operands: each is a number or the name of an earlier result."""
    return [names[operand] if isinstance(operand, str) else operand for operand in operands]


def apply(name: str, values: Sequence[Any]) -> Any:
    """Compute one step of an expression, with numbers or Values.

    Args:
        name: one of `OPERATORS`.
        values: its operands, as many as its arity.
    """
    each = OPERATORS[name]
    if not each.is_method:
        return each.function(*values)
    (value,) = values
    if isinstance(value, (int, float)) and not hasattr(value, name):  # a Value may be a float
        return each.function(value)
    return getattr(value, name)()
