"""An operator judged on leaves alone: a Value with the right number that remembers its operands.

Operators may be made of others. Who makes -a of a * -1 is right about -a even where their * is not;
so what an operator gives is right, too, if it is what their own simpler operators make of it: also
with stand-ins of ours in the place of these, which no other operator agrees with by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from autograder.assertions.judge import (
    assert_connected,
    assert_data,
    assert_unchanged,
    assert_value,
    not_new,
    operands_of,
    reaches,
)
from autograder.expressions.compare import close, is_number
from autograder.expressions.expression import express
from autograder.remote.errors import LearnerError
from autograder.remote.objects import source_text
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

Operate = Callable[..., Any]
"""Takes Values; where it uses signs alone, numbers too."""

Forms = tuple[Operate, ...]
"""How an operator may be made of others."""


def positive(x: float) -> float:
    """relu of a plain number."""
    return max(x, 0.0)


def _quotient_of_sums(a: Any) -> Any:
    grown = (a * 2).exp()
    return (grown - 1) / (grown + 1)


def _quotient_of_both(a: Any) -> Any:
    up, down = a.exp(), (-a).exp()
    return (up - down) / (up + down)


_STAND_INS = """
def _other(b):
    return getattr(b, "data", b)


def _made(number, *operands):
    return Value(number, tuple(each for each in operands if isinstance(each, Value)), "?")


def __add__(a, b):
    return _made(2 * a.data + 3 * _other(b) + 1, a, b)


def __mul__(a, b):
    return _made(5 * a.data - 2 * _other(b) + 0.5, a, b)


def __pow__(a, b):
    return _made(0.5 * a.data + _other(b) + 12, a)


def __sub__(a, b):
    return _made(3 * a.data + 4 * _other(b) - 0.25, a, b)


def __truediv__(a, b):
    return _made(6 * a.data - 7 * _other(b) + 0.125, a, b)


def __neg__(a):
    return _made(0.75 * a.data - 8, a)


def exp(a):
    return _made(1.5 * a.data + 9, a)
"""
_STANDING_IN = {
    "neg": ("__mul__", "__sub__", "__add__"),
    "sub": ("__add__", "__neg__", "__mul__"),
    "truediv": ("__mul__", "__pow__"),
    "tanh": ("exp",),
    "rsub": ("__add__", "__neg__", "__sub__"),
    "rtruediv": ("__mul__", "__pow__", "__truediv__"),
}
"""For each operator those that it may be made of; `a + 1` may be `1 + a` and need call nothing."""

NEG: Forms = (lambda a: a * -1,)
SUB: Forms = (lambda a, b: a + (-b), lambda a, b: a + b * -1)
TRUEDIV: Forms = (lambda a, b: a * b**-1,)
TANH: Forms = (_quotient_of_sums, _quotient_of_both, lambda a: 1 - 2 / ((a * 2).exp() + 1))


def sub_number(learner: Learner, n: float) -> Forms:
    """a - n."""
    return (lambda a: a + (-n), lambda a: a - learner.Value(n))


def truediv_number(learner: Learner, n: float) -> Forms:
    """a / n."""
    return (lambda a: a * n**-1, lambda a: a / learner.Value(n))


def radd(learner: Learner, n: float) -> Forms:
    """n + a."""
    return (lambda a: a + n, lambda a: learner.Value(n) + a)


def rmul(learner: Learner, n: float) -> Forms:
    """n * a."""
    return (lambda a: a * n, lambda a: learner.Value(n) * a)


def rsub(learner: Learner, n: float) -> Forms:
    """n - a."""
    return (lambda a: -a + n, lambda a: learner.Value(n) - a, lambda a: -(a - n))


def rtruediv(learner: Learner, n: float) -> Forms:
    """n / a."""
    return (lambda a: a**-1 * n, lambda a: learner.Value(n) / a, lambda a: (a / n) ** -1)


def assert_operator(
    learner: Learner,
    operate: Operate,
    *numbers: float,
    of_numbers: Operate | None = None,
    made_of: Forms = (),
    itself: bool = False,
) -> Any:
    """An operator, used on fresh leaves, gives a new Value with the right number and all ways back.

    Args:
        learner: the test's fixture.
        operate: uses the operator once.
        numbers: the leaves'.
        of_numbers: the same for plain numbers, if `operate` takes Values alone.
        made_of: how the operator may be made of others. Where their own are wrong, what it gives
            need only be what they make of it.
        itself: whether the result may be an operand, as for 0 + a.

    Returns:
        The result.

    Raises:
        Mismatch: no Value, a wrong number, an operand itself, a graph that is cut, or an operand
            that is changed.
    """
    use = _Use(learner, operate, of_numbers or operate, numbers, made_of, itself)
    return use.judge(use.leaves())


def assert_numbers(
    learner: Learner,
    operate: Operate,
    each: Sequence[Sequence[float]],
    *,
    of_numbers: Operate | None = None,
    made_of: Forms = (),
) -> None:
    """The result's number for many operands, all asked in one message; raises Mismatch.

    Args:
        learner: the test's fixture.
        operate: uses the operator once; its operands are called a and b.
        each: the operands' numbers.
        of_numbers: as for `assert_operator`.
        made_of: as for `assert_operator`.
    """
    expressions = [express(operate, **dict(zip("ab", numbers, strict=False))) for numbers in each]
    answers = learner.evaluate_all([(e, [1.0]) for e in expressions], backward=None)
    for numbers, expression, (answer,) in zip(each, expressions, answers, strict=True):
        right = (of_numbers or operate)(*numbers)
        if answer.error is not None and answer.error.type_name == "MemoryError":
            raise answer.error  # the process has ended with it: nothing can be asked again
        if answer.failed or not close(answer.data[expression.root], right):
            how: dict[str, Any] = {"of_numbers": of_numbers, "made_of": made_of}
            assert_operator(learner, operate, *numbers, **how)


def assert_anew(
    learner: Learner,
    operate: Operate,
    before: Sequence[float],
    after: Sequence[float],
    *,
    of_numbers: Operate | None = None,
    made_of: Forms = (),
    itself: bool = False,
) -> None:
    """Nothing is remembered: the same leaves with other numbers, then other leaves like them.

    Args:
        learner: the test's fixture.
        operate: uses the operator once.
        before: the numbers of the leaves at first, and of the others.
        after: their numbers when they are used once more.
        of_numbers: as for `assert_operator`.
        made_of: as for `assert_operator`.
        itself: as for `assert_operator`.

    Raises:
        Mismatch: an answer from before, or a first result that has changed with its operands.
    """
    use = _Use(learner, operate, of_numbers or operate, after, made_of, itself)
    operands = [learner.Value(number) for number in before]
    first = operate(*operands)
    was = first.data
    for operand, number in zip(operands, after, strict=True):
        operand.data = number
    use.judge(operands)
    if is_number(was) and not any(first == operand for operand in operands):
        message = "A result is computed once. It should not change when its operand changes later."
        assert_data(learner, first, was, message)
    how: dict[str, Any] = {"of_numbers": of_numbers, "made_of": made_of, "itself": itself}
    assert_operator(learner, operate, *before, **how)


class _Seen(NamedTuple):
    """A result's number, to which operands `_prev` leads, and which of them have operands."""

    data: object
    reached: tuple[bool, ...]
    made: tuple[bool, ...]


@dataclass(frozen=True)
class _Use:
    """One use of an operator; its attributes are arguments of `assert_operator`."""

    learner: Learner
    operate: Operate
    of_numbers: Operate
    numbers: Sequence[float]
    made_of: Forms
    itself: bool

    def leaves(self) -> list[Any]:
        """Fresh ones with the numbers."""
        return [self.learner.Value(number) for number in self.numbers]

    def judge(self, operands: Sequence[Any]) -> Any:
        """The result, which is right, and the operands are as they were; raises Mismatch."""
        result, made = self.operate(*operands), self.learner.looked_at()
        assert_value(self.learner, result, "The result")
        right, found = self.of_numbers(*self.numbers), self._seen(result, operands)
        is_new = self.itself or result not in operands
        is_right = close(found.data, right) and all(found.reached)
        if not is_right and is_new:
            is_right = any(self._as_theirs(form, found) for form in self.made_of)
        if not is_right:
            assert_data(self.learner, result, right)
        if not is_new:
            message = "The result must be a new Value, but this is the operand itself."
            same = next(operand for operand in operands if operand == result)
            raise not_new(self.learner, made, same, message)
        if not is_right:
            for operand in operands:
                assert_connected(self.learner, result, operand)
        if any(found.made):
            self._assert_still_made_of_the_same()
        if self.learner.read_each(operands, "data") != list(self.numbers):
            for operand, number in zip(operands, self.numbers, strict=True):
                assert_unchanged(self.learner, result, operand, number)
        return result

    def _seen(self, result: Any, operands: Sequence[Any]) -> _Seen:
        data = result.data
        try:
            graph = self.learner.graph(result)
        except LearnerError:  # no nodes, and this says what is in their place
            return _Seen(data, tuple(reaches(result, operand) for operand in operands), ())
        made = {graph.nodes[result] for _, result in graph.edges}
        return _Seen(
            data,
            tuple(operand in graph.nodes for operand in operands),
            tuple(operand in made for operand in operands if operand != result),
        )

    def _as_theirs(self, form: Operate, found: _Seen) -> bool:
        """Whether the learner's own operators come to the same, and come to something."""
        return self._comes_to(form, found) and self._is_telling() and self._follows(form)

    def _is_telling(self) -> bool:
        """Whether other numbers come out where other numbers go in, at each operand."""
        outs = []
        for place in range(-1, len(self.numbers)):
            moved = [n + 0.375 * (place == k) for k, n in enumerate(self.numbers)]
            try:
                out = self.operate(*(self.learner.Value(number) for number in moved)).data
            except (LearnerError, Mismatch, AttributeError):
                return False
            outs.append(out)
        return all(is_number(out) for out in outs) and len(set(outs)) == len(outs)

    def _follows(self, form: Operate) -> bool:
        """Whether it still does when operators that it is made of are ours, until the test ends."""
        names = _STANDING_IN.get(self._operator(), ())
        if not names:
            return True
        self.learner.replace(_STAND_INS, *(f"Value.{name}" for name in names))
        operands = self.leaves()
        try:
            found = self._seen(self.operate(*operands), operands)
        except (LearnerError, Mismatch, AttributeError):
            return False
        return self._comes_to(form, found)

    def _operator(self) -> str:
        """Which is used: "sub", or "rsub" where a number stands on its left."""
        try:
            (step,) = express(self.operate, **dict(zip("ab", self.numbers, strict=False))).steps
        except (TypeError, ValueError):
            return ""
        left = not isinstance(step.operands[0], str)
        return f"r{step.op}" if left else step.op

    def _comes_to(self, form: Operate, found: _Seen) -> bool:
        """Whether the operators of a form give the same as was found, on leaves like these."""
        operands = self.leaves()
        try:
            result = form(*operands)
            if not self.learner.is_instance(result, "Value"):
                return False
            theirs = self._seen(result, operands)
        except (LearnerError, Mismatch):
            return False
        return (
            found.reached == theirs.reached
            and is_number(theirs.data)
            and close(found.data, cast("float", theirs.data))
        )

    def _assert_still_made_of_the_same(self) -> None:
        """The operator gives its operands no operands of their own; raises Mismatch."""
        operands = self.leaves()
        before = [set(operands_of(operand)) for operand in operands]
        result = self.operate(*operands)
        for operand, held in zip(operands, before, strict=True):
            now = set(operands_of(operand))
            if now != held:
                message = "The operands of an operand changed."
                own, after = f"len({source_text(operand)}._prev)", source_text(result)
                raise self.learner.mismatch(message, len(now), len(held), own, after=after)
