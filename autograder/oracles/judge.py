"""Assertions for suites: each compares with what is right and says what is wrong, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograder.learner.host import LearnerError
from autograder.mismatch import Mismatch
from autograder.oracles.compare import (
    RELATIVE_TO_DIFFERENCE,
    RELATIVE_TO_REFERENCE,
    close,
    in_words,
    is_number,
)
from autograder.learner.remote import source_text
from autograder.report import Counterexample, shown

if TYPE_CHECKING:
    from autograder.learner.api import Evaluation, Learner
    from autograder.oracles.expression import Expression


def assert_number(
    learner: Learner,
    yours: object,
    expected: float,
    message: str = "",
    *,
    relative: float = RELATIVE_TO_REFERENCE,
) -> None:
    """What the learner's code just answered is this number.

    Args:
        learner: the test's fixture; it knows which lines led to the answer.
        yours: the answer.
        expected: what is right.
        message: a sentence on what it should be; by default the two numbers.
        relative: the tolerance.

    Raises:
        Mismatch: it is another number, or none.
    """
    if not close(yours, expected, relative):
        what = "" if is_number(yours) else f" That is not a number but {_kind(yours)}."
        raise learner.mismatch(message + what if message else what.strip(), yours, expected)


def assert_data(learner: Learner, value: Any, expected: float, message: str = "") -> None:
    """`value.data` is this number; raises Mismatch."""
    assert_number(learner, _attribute(learner, value, "data"), expected, message)


def assert_gradient(learner: Learner, value: Any, expected: float, message: str = "") -> None:
    """`value.grad` is this number; raises Mismatch."""
    assert_number(learner, _attribute(learner, value, "grad"), expected, message)


def assert_value(learner: Learner, value: object, what: str) -> None:
    """The answer is an object of the learner's class Value; raises Mismatch."""
    if not learner.is_instance(value, "Value"):
        hint = " Is a `return` missing?" if value is None else ""
        raise learner.mismatch(
            f"{what} should be a Value, not {_kind(value)}.{hint}", value, "a Value"
        )


def assert_values(learner: Learner, expression: Expression) -> None:
    """Every step of the expression has the right number; raises Mismatch at the first that has not."""
    answers = learner.evaluate(expression)
    right = expression.by_reference().data
    for step in expression.steps:
        if step.name not in answers.data:
            break
        yours = answers.data[step.name]
        if not close(yours, right[step.name]):
            raise _finding(learner, expression.up_to(step.name), "data", yours, right[step.name])
    _no_failure(learner, expression, answers)


def assert_gradients(
    learner: Learner, expression: Expression, *, backward: str, upstream: float = 1.0
) -> None:
    """Every input's gradient is right, by the reference and by central differences.

    Args:
        learner: the test's fixture.
        expression: what to differentiate; fresh objects are made for it.
        backward: "closures" or "backward", see `Learner.evaluate`.
        upstream: for "closures", the gradient that the root is given.

    Raises:
        Mismatch: at the first input, in order, whose gradient is wrong.
        LearnerError: what the learner's code raised.
    """
    answers = learner.evaluate(expression, backward=backward, upstream=upstream)
    _no_failure(learner, expression, answers, backward=backward, upstream=upstream)
    right = expression.by_reference()
    root = expression.root
    if not close(answers.data[root], right.data[root]):
        raise _finding(learner, expression, "data", answers.data[root], right.data[root])
    smooth = expression.is_smooth_here()
    for name, _ in expression.inputs:
        yours, expected = answers.grads.get(name), right.grads[name] * upstream
        wrong = not close(yours, expected)
        if not wrong and smooth:
            difference = expression.central_difference(name) * upstream
            wrong = not close(yours, difference, RELATIVE_TO_DIFFERENCE)
        if wrong:
            lines = (*expression.lines, *backward_lines(expression, backward, upstream))
            raise _found(learner, lines, f"{name}.grad", yours, expected)


def backward_lines(
    expression: Expression,
    backward: str,
    upstream: float,
    composed: Sequence[str] = ("sub", "neg", "truediv"),
) -> tuple[str, ...]:
    """The lines that run an expression backward with nothing but the names of the course.

    Where the learner's file has no `backward` yet, each closure is called by hand; operators that
    are composed hide nodes without a name, so there the graph is walked, which on trees is right.
    """
    root = expression.root
    if backward == "backward":
        return (f"{root}.backward()",)
    seed = f"{root}.grad = {upstream!r}"
    plain = all(
        step.op not in composed
        and all(isinstance(o, str) for o in step.operands[: 2 - (step.op == "pow")])
        for step in expression.steps
    )
    if plain:
        return (seed, *(f"{step.name}._backward()" for step in reversed(expression.steps)))
    return (
        seed,
        f"nodes = [{root}]",
        "for node in nodes:  # results before operands",
        "    if node._prev: node._backward()",
        "    nodes.extend(node._prev)",
    )


def _no_failure(
    learner: Learner,
    expression: Expression,
    answers: Evaluation,
    backward: str | None = None,
    upstream: float = 1.0,
) -> None:
    """Raise what stopped the evaluation, with the lines up to there."""
    if answers.failed is None or answers.error is None:
        return
    error, lines = answers.error, expression.lines
    if answers.failed == "backward":
        assert backward is not None
        lines = (*lines, *backward_lines(expression, backward, upstream))
        look = lines[-1]
    else:
        part = expression.up_to(answers.failed)
        lines, look = part.lines, part.root
        if error.type_name == "NotAValue":
            step = part.steps[-1]
            what = "None" if error.message == "NoneType" else f"of type {error.message}"
            hint = " Is a `return` missing?" if what == "None" else ""
            raise _found(
                learner,
                lines,
                step.name,
                what,
                "a Value",
                f"`{step.source}` is {what}, not a Value.{hint}",
            )
    if error.type_name in ("NotImplementedError", "MemoryError"):
        raise error
    raise LearnerError(error.type_name, error.message, error.lines, _pasted(learner, lines), look)


def _finding(
    learner: Learner, expression: Expression, attribute: str, yours: object, expected: float
) -> Mismatch:
    return _found(learner, expression.lines, f"{expression.root}.{attribute}", yours, expected)


def _found(
    learner: Learner,
    lines: Sequence[str],
    look: str,
    yours: object,
    expected: float | str,
    message: str = "",
) -> Mismatch:
    example = Counterexample((*_pasted(learner, lines), look), look, shown(yours), shown(expected))
    if not message and not is_number(yours):
        message = f"`{look}` is not a number but {_kind(yours)}."
    return Mismatch(message, example)


def _pasted(learner: Learner, lines: Sequence[str]) -> tuple[str, ...]:
    return (f"from {learner.module_name()} import Value", *lines)


def _attribute(learner: Learner, value: Any, name: str) -> object:
    if value is None or isinstance(value, (bool, int, float, str, list, tuple, dict)):
        hint = " Is a `return` missing?" if value is None else ""
        raise learner.mismatch(f"A Value was expected, not {_kind(value)}.{hint}", value, "a Value")
    return getattr(value, name)


def _kind(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, (bool, int, float, str)):
        return f"{in_words(value)} ({type(value).__name__})"
    return repr(value)[:80]


def identities(collection: Any) -> set[Any]:
    """The learner's objects in a collection, told apart by identity; order and kind don't matter."""
    return set(collection)


def reaches(root: Any, leaf: Any) -> bool:
    """Whether `_prev` leads from root to leaf."""
    seen, pending = {root}, [root]
    while pending:
        for operand in pending.pop()._prev:
            if operand == leaf:
                return True
            if operand not in seen:
                seen.add(operand)
                pending.append(operand)
    return False


def assert_result(learner: Learner, result: Any, expected: float, *operands: Any) -> None:
    """A result of an operator is a new Value with the right number that remembers its operands.

    Raises:
        Mismatch: no Value, a wrong number, one of the operands itself, or a graph cut off.
    """
    look = source_text(result)
    assert_value(learner, result, "The result")
    assert_data(learner, result, expected)
    for operand in operands:
        if result == operand:
            message = "The result must be a new Value; this is the operand itself, changed."
            raise learner.mismatch(message, "the operand", "a new Value", look)
        if not reaches(result, operand):
            message = "The graph is cut: `_prev` does not lead from the result to its operand."
            raise learner.mismatch(message, "cut", "connected", f"{look}._prev")


def assert_trace(learner: Learner, root: Any, nodes: set[Any], edges: set[tuple[Any, Any]]) -> None:
    """trace(root) gives these nodes and edges, each once; raises Mismatch."""
    answer = learner.trace(root)
    look = f"trace({source_text(root)})"
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise learner.mismatch(
            "trace should return two things: nodes and edges.", answer, "nodes, edges", look
        )
    found_nodes, found_edges = _items(learner, answer[0], look), _items(learner, answer[1], look)
    if set(found_nodes) != nodes or len(found_nodes) != len(nodes):
        wrong = "nodes" if set(found_nodes) != nodes else "nodes, some twice"
        raise learner.mismatch(
            f"The nodes are not those of the graph.",
            f"{len(found_nodes)} {wrong}",
            f"{len(nodes)} nodes",
            f"{look}[0]",
        )
    pairs = [tuple(edge) if isinstance(edge, (tuple, list)) else () for edge in found_edges]
    if any(len(pair) != 2 for pair in pairs):
        raise learner.mismatch(
            "An edge is a pair (operand, result).", "something else", "pairs", f"{look}[1]"
        )
    if {(b, a) for a, b in pairs} == edges and edges:
        raise learner.mismatch(
            "The edges run backwards.", "(result, operand)", "(operand, result)", f"{look}[1]"
        )
    if set(pairs) != edges:
        raise learner.mismatch(
            "The edges are not those of the graph.",
            f"{len(set(pairs))} edges",
            f"{len(edges)} edges",
            f"{look}[1]",
        )


def _items(learner: Learner, collection: Any, look: str) -> list[Any]:
    if isinstance(collection, (list, tuple, dict)) or hasattr(collection, "__iter__"):
        return list(collection)
    raise learner.mismatch(
        "trace should return two collections.", _kind(collection), "nodes, edges", look
    )


def assert_manual_gradients(learner: Learner, *numbers: float) -> None:
    """manual_gradients(a, b, c, f) is the backward pass of L = (a·b + c)·f; raises Mismatch."""
    answer = learner.manual_gradients(*numbers)
    a, b, c, f = numbers or (2.0, -3.0, 10.0, -2.0)
    right = {"L": 1.0, "d": f, "f": a * b + c, "e": f, "c": f, "a": f * b, "b": f * a}
    called = f"manual_gradients({', '.join(map(repr, numbers))})"
    if not isinstance(answer, dict):
        raise learner.mismatch("It should return a dict.", _kind(answer), "a dict", called)
    for name, expected in right.items():
        if name not in answer:
            raise learner.mismatch(
                f"The key {name!r} is missing.", sorted(map(str, answer)), sorted(right), called
            )
        assert_number_at(learner, answer[name], expected, f"{called}[{name!r}]")


def assert_number_at(learner: Learner, yours: object, expected: float, look: str) -> None:
    """The number found at `look` is right; raises Mismatch."""
    if not close(yours, expected):
        message = "" if is_number(yours) else f"A plain number was expected, not {_kind(yours)}."
        raise learner.mismatch(message, yours, expected, look)
