"""Assertions for suites: each compares an answer with the right one and reports both.

Over 400 lines: all assertions are in this one place, where authors of suites look them up.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.assertions.case import Case
from autograder.assertions.remarks import MEASURED
from autograder.expressions.compare import (
    RELATIVE_WHERE_MEASURED,
    close,
    in_words,
    is_number,
)
from autograder.recorder import listed
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote, core_of, source_text
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown
from autograder.worker.protocol import Bag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autograder.assertions.case import Backward, Finding
    from autograder.expressions.expression import Expression
    from autograder.remote.answers import Evaluation
    from autograder.remote.learner import Learner


def assert_number(
    learner: Learner, yours: object, expected: float, message: str = "", look: str | None = None
) -> None:
    """The learner's last answer is this number.

    Args:
        learner: the test's fixture; it knows the lines that led to the answer.
        yours: the answer.
        expected: the right number.
        message: a sentence on what it should be; by default only the two numbers are shown.
        look: the Python that shows the number; by default the last question.

    Raises:
        Mismatch: it is a different number, or not a number.
    """
    if not close(yours, expected):
        message = f"{message} {not_a_number(yours)}".strip()
        raise learner.mismatch(message, yours, expected, look)


def not_a_number(yours: object) -> str:
    """A sentence if an answer is not even a number; else empty."""
    return "" if is_number(yours) else f"That is not a number: it is {kind_of(yours)}."


def assert_data(learner: Learner, value: Any, expected: float, message: str = "") -> None:
    """`value.data` is this number; raises Mismatch."""
    assert_number(learner, _attribute(learner, value, "data"), expected, message)


def assert_gradient(learner: Learner, value: Any, expected: float, message: str = "") -> None:
    """`value.grad` is this number; raises Mismatch."""
    assert_number(learner, _attribute(learner, value, "grad"), expected, message)


def assert_value(learner: Learner, value: object, what: str) -> None:
    """The answer is an instance of the learner's class Value; raises Mismatch.

    Args:
        learner: the test's fixture.
        value: the answer.
        what: its name at the start of a sentence.
    """
    if not learner.is_instance(value, "Value"):
        hint = " Is a `return` missing?" if value is None else ""
        message = f"{what} should be a Value, not {kind_of(value)}.{hint}"
        raise learner.mismatch(message, *_no_value(learner, value))


def assert_values(learner: Learner, expression: Expression) -> None:
    """Every step of the expression has the right number.

    Args:
        learner: the test's fixture.
        expression: computed with new objects.

    Raises:
        Mismatch: at the first step with a wrong number.
        LearnerError: what the learner's code raised.
    """
    _assert(learner, Case(expression).judge(learner))


def assert_gradients(
    learner: Learner,
    expression: Expression,
    *,
    backward: Backward,
    upstream: float | Sequence[float] = 1.0,
) -> None:
    """Every number and every input's gradient is right, by the reference and by differences.

    Args:
        learner: the test's fixture.
        expression: computed with new objects.
        backward: "closures" or "backward"; see `Learner.evaluate`.
        upstream: for "closures", the root's gradient, or several to try in turn.

    Raises:
        Mismatch: at the first number, or the first input's gradient, that is wrong.
        LearnerError: what the learner's code raised.
    """
    if isinstance(upstream, (int, float)):
        upstream = (upstream,)
    answers = learner.evaluate_each(expression, upstream, backward=backward)
    _assert_each(learner, expression, backward, upstream, answers)


def assert_all_gradients(
    learner: Learner,
    pairs: Sequence[tuple[Expression, Sequence[float]]],
    *,
    backward: Backward,
) -> None:
    """The same for several expressions, all in one message.

    Args:
        learner: the test's fixture.
        pairs: each expression, with the root's gradients to try in turn.
        backward: as for `assert_gradients`.

    Raises:
        Mismatch, LearnerError: as `assert_gradients`.
    """
    answers = learner.evaluate_all(pairs, backward=backward)
    for (expression, upstream), each in zip(pairs, answers, strict=True):
        _assert_each(learner, expression, backward, upstream, each)


def _assert_each(
    learner: Learner,
    expression: Expression,
    backward: Backward,
    upstream: Sequence[float],
    answers: Sequence[Evaluation],
) -> None:
    """Check one expression for several root gradients; a remark is based on the first."""
    cases = [Case(expression, backward, number) for number in upstream]
    for case, answer in zip(cases, answers, strict=True):
        _assert(learner, case.judged(answer))
    if cases[0].is_measured(answers[0]):
        learner.remark(MEASURED)


def assert_nothing_remembered(
    learner: Learner,
    pairs: Sequence[tuple[Expression, Sequence[float]]],
    *,
    backward: Backward,
) -> None:
    """Values that get new numbers give the same answers as new Values with those numbers.

    Only the learner's own answers are compared; other tests check whether they are right. If none
    of them is, the first mistake is reported instead.

    Args:
        learner: the test's fixture.
        pairs: expressions, each with the numbers that its inputs get after the first time.
        backward: as for `assert_gradients`.

    Raises:
        Mismatch: at the first number or gradient that differs every time.
        LearnerError: what was raised the second time, but not with new Values.
    """
    answers = learner.evaluate_again(pairs, backward=backward)
    findings, shows = [], []
    for (expression, numbers), (fresh, again) in zip(pairs, answers, strict=True):
        differs = _as_new(learner, Case(expression, backward), numbers, fresh, again)
        if differs and not _lucky_once(learner, expression, numbers, backward):
            raise differs
        names = [name for name, _ in expression.inputs]
        changed = msgspec.structs.replace(
            expression, inputs=tuple(zip(names, numbers, strict=True))
        )
        findings.append(Case(changed, backward).judged(fresh))
        shows.append(findings[-1] is None and (backward is None or any(fresh.grads.values())))
    if not any(shows):
        _assert(learner, next(filter(None, findings), None))


def _lucky_once(
    learner: Learner, expression: Expression, numbers: Sequence[float], backward: Backward
) -> bool:
    """Whether a difference only depends on the order of a set, and so does not always occur."""
    case = Case(expression, backward)
    for spread in range(1, 12):
        [(fresh, again)] = learner.evaluate_again(
            [(expression, numbers)], backward=backward, spread=spread
        )
        if _as_new(learner, case, numbers, fresh, again) is None:
            return True
    return False


def _as_new(
    learner: Learner, case: Case, numbers: Sequence[float], fresh: Evaluation, again: Evaluation
) -> Exception | None:
    """The exception to raise if reused Values answer differently from new ones, or None."""
    if fresh.error is not None:
        return None
    names = [name for name, _ in case.expression.inputs]
    changes = [
        f"{name}.data, {name}.grad = {n!r}, 0.0" for name, n in zip(names, numbers, strict=True)
    ]
    first = (f"from {learner.module_name()} import Value", *case.lines)
    lines = (*first, *changes, *case.lines[len(names) :])
    if again.error is not None:
        error = again.error
        return LearnerError(error.type_name, error.message, error.lines, lines[:-1], lines[-1])
    pairs = [(f"{name}.data", again.data[name], fresh.data[name]) for name in fresh.data]
    pairs += [(f"{name}.grad", again.grads[name], fresh.grads[name]) for name in fresh.grads]
    for look, yours, expected in pairs:
        if is_number(expected) and not close(yours, expected, RELATIVE_WHERE_MEASURED):
            message = (
                "After its data changed, the Value still gives a different answer from "
                "a new Value with the same data."
            )
            example = Counterexample((*lines, look), look, shown(yours), shown(expected))
            return Mismatch(message, example)
    return None


def assert_judged(learner: Learner, case: Case, answer: Evaluation) -> None:
    """The answer to a case is right; a remark is added if its gradients seem to be measured.

    Args:
        learner: the test's fixture.
        case: the question.
        answer: the learner's answer.

    Raises:
        Mismatch: at the first number, or the first input's gradient, that is wrong.
        LearnerError: what the learner's code raised.
    """
    _assert(learner, case.judged(answer))
    if case.is_measured(answer):
        learner.remark(MEASURED)


def _assert(learner: Learner, finding: Finding | None) -> None:
    if finding is not None:
        raise finding.exception(learner)


def _attribute(learner: Learner, value: Any, name: str) -> object:
    if value is None or isinstance(value, (bool, int, float, str, list, tuple, dict)):
        hint = " Is a `return` missing?" if value is None else ""
        message = f"Expected a Value, not {kind_of(value)}.{hint}"
        raise learner.mismatch(message, *_no_value(learner, value))
    return getattr(value, name)


def _no_value(learner: Learner, value: object) -> tuple[object, str, str]:
    """What to show of an answer that is not a Value: it, what is right, the Python for it."""
    if isinstance(value, (bool, int, float, str)):
        return value, "a Value", learner.looked_at()
    return of_what_kind(value, "a Value" if value is None else "Value", learner.looked_at())


def kind_of(value: object) -> str:
    """The answer and its type, short enough for a sentence."""
    if value is None:
        return "None"
    if isinstance(value, (bool, int, float, str)):
        return f"{in_words(value)} ({type(value).__name__})"
    return repr(value)[:80]


def type_name(value: object) -> str:
    """The name of the answer's type in the learner's process."""
    if isinstance(value, Remote):
        return core_of(value).handle.type_name
    return "set" if isinstance(value, Bag) else type(value).__name__


def of_what_kind(value: object, right: str, look: str) -> tuple[object, str, str]:
    """What to show of an answer of the wrong type: it, what is right, the Python for it.

    Args:
        value: the answer.
        right: the name of the type that it should have.
        look: the Python that gives it.
    """
    if value is None:
        return value, right if right.startswith("a ") else f"a {right}", look
    return type_name(value), right, f"type({look}).__name__"


def operands_of(value: Any) -> list[Any]:
    """The nodes in `value._prev`, in arbitrary order.

    Raises:
        Mismatch: it is not a collection, or contains something other than nodes.
    """
    look = f"{source_text(value)}._prev"
    held = value._prev
    found = contents(held)
    message = "`_prev` should be a collection of the operands themselves, which are Values."
    if found is None:
        raise core_of(value).link.mismatch(message, *of_what_kind(held, "set", look))
    if not all(isinstance(item, Remote) for item in found):
        kinds, look = str(sorted({type_name(item) for item in found})), _kinds_in(look)
        raise core_of(value).link.mismatch(message, kinds, "['Value']", look)
    return found


def _kinds_in(look: str) -> str:
    """Python for the names of the types that a collection holds."""
    return f"sorted({{type(each).__name__ for each in {look}}})"


def assert_connected(learner: Learner, result: Any, operand: Any) -> None:
    """`_prev` leads from the result to its operand; raises Mismatch."""
    if not reaches(result, operand):
        message = (
            "The graph is broken: following `_prev` from the result doesn't reach its operand."
        )
        look = f"any(each is {source_text(operand)} for each in below({source_text(result)}))"
        raise learner.mismatch(message, False, True, look)  # noqa: FBT003  what it prints


def not_new(learner: Learner, made: str, operand: Any, message: str) -> Mismatch:
    """The finding on a result that is the operand itself.

    Args:
        learner: the test's fixture.
        made: the Python that gave the result.
        operand: the operand.
        message: the sentence for the learner.
    """
    look = f"({made}) is {source_text(operand)}"
    return learner.mismatch(message, True, False, look)  # noqa: FBT003  what it prints


def reaches(root: Any, leaf: Any) -> bool:
    """Whether `_prev` leads from root to leaf; raises Mismatch if it is not a collection."""
    seen, pending = {root}, [root]
    while pending:
        for operand in operands_of(pending.pop()):
            if operand == leaf:
                return True
            if operand not in seen:
                seen.add(operand)
                pending.append(operand)
    return False


def contents(collection: Any) -> list[Any] | None:
    """The items of a collection, or a dict's keys; None for anything else."""
    if isinstance(collection, (list, tuple, dict, Remote)):
        return list(collection)
    return None


def assert_kept(learner: Learner, kept: Remote, was: Sequence[Any], after: Any = "") -> None:
    """A list in the learner's process still contains the same numbers, lists or objects.

    Args:
        learner: the test's fixture.
        kept: the list, from `Learner.keep`.
        was: what it contained.
        after: the object that was made from it, if any.

    Raises:
        Mismatch: it contains something else now.
    """
    now = list(kept)
    if len(now) != len(was) or not all(map(_as_before, now, was)):
        message = "Your function changed the caller's list."
        look = f"list({source_text(kept)})"
        if any(isinstance(each, Remote) for each in (*now, *was)):
            look = f"names({source_text(kept)})"
        raise learner.mismatch(message, _listed(now), _listed(was), look, source_text(after))


def _as_before(now: object, was: Any) -> bool:
    if isinstance(now, list) and isinstance(was, list):
        return len(now) == len(was) and all(map(_as_before, now, was))
    if isinstance(was, Remote):
        return isinstance(now, Remote) and now == was
    return is_number(was) and close(now, was, 0.0, 0.0)


def _listed(held: Sequence[Any]) -> str:
    if any(isinstance(each, Remote) for each in held):
        names = [source_text(each) if isinstance(each, Remote) else "…" for each in held]
        return listed([name if name.isidentifier() else "…" for name in names])
    return str(list(held))


def assert_result(learner: Learner, result: Any, expected: float, *operands: Any) -> None:
    """An operator's result is a new Value with the right number that remembers its operands.

    Args:
        learner: the test's fixture.
        result: the operator's result.
        expected: the right number.
        operands: the leaves that it was computed from.

    Raises:
        Mismatch: it is not a Value, has a wrong number, is one of the operands or is not connected
            to them; or an operand is no longer a leaf.
    """
    look, made = source_text(result), learner.looked_at()
    assert_value(learner, result, "The result")
    assert_data(learner, result, expected)
    for operand in operands:
        if result == operand:
            message = (
                "The result must be a new Value. Your code changed the operand and returned it."
            )
            raise not_new(learner, made, operand, message)
        assert_connected(learner, result, operand)
        above = operands_of(operand)
        if above:
            message = "An operand was a leaf, but now it has operands of its own."
            own = f"len({source_text(operand)}._prev)"
            raise learner.mismatch(message, len(above), 0, own, after=look)


def assert_unchanged(learner: Learner, result: Any, operand: Any, number: float) -> None:
    """The operand that a result was computed from still has its number; raises Mismatch."""
    _assert_still(learner, result, operand, "data", number, "The operand changed.")


def assert_gradient_kept(learner: Learner, result: Any, operand: Any, number: float) -> None:
    """The operand still has the gradient from before the result was made; raises Mismatch."""
    message = "Its gradient changed, although there was no backward pass."
    _assert_still(learner, result, operand, "grad", number, message)


def _assert_still(
    learner: Learner, result: Any, operand: Any, name: str, number: float, message: str
) -> None:
    yours = _attribute(learner, operand, name)
    if not close(yours, number):
        look = f"{source_text(operand)}.{name}"
        raise learner.mismatch(message, yours, number, look, after=source_text(result))


@contextmanager
def told_as(*lines: str) -> Iterator[None]:
    """Show a failure within the block with these lines, as its own would be too many.

    Args:
        lines: Python to paste; the last one is the expression to look at.
    """
    try:
        yield
    except LearnerError as error:
        if error.lines or error.type_name != "NameError":  # no line can use what is not defined
            error.example, error.look = lines[:-1], lines[-1]
        raise
    except Mismatch as error:
        if error.counterexample is not None:
            error.counterexample = msgspec.structs.replace(
                error.counterexample, lines=lines, input=lines[-1]
            )
        raise
