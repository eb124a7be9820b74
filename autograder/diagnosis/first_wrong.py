"""Finds the first node, in backward order, at which the learner's gradients are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.diagnosis.wrong_step import wrong_step
from autograder.expressions.compare import close, in_words
from autograder.expressions.expression import Expression, Step
from autograder.kit.walk import MOST
from autograder.remote.errors import LearnerError
from autograder.report import Edge, Graph, Node, shown

if TYPE_CHECKING:
    from autograder.assertions.case import Case
    from autograder.kit.walk import Walk
    from autograder.remote.learner import Learner


_MOST_STEPS = 1_000
"""The most closures and writes in a walk in which the first wrong one can still be seen."""


def locate(case: Case, learner: Learner) -> Graph | None:
    """The case's graph with both sides' numbers and the first wrong edge marked.

    It walks the steps back from the result. The first node with a wrong gradient got it from its
    consumers, whose gradients are right, so the mistake is on the edge to one of those.

    Args:
        case: an expression and how to run it backward.
        learner: runs the learner's code.

    Returns:
        None if the learner's engine raised.

    Raises:
        LearnerFault: the learner's process ended meanwhile.
    """
    expression = case.expression
    answers = learner.evaluate(
        expression, backward=case.backward, upstream=case.upstream, every_gradient=True
    )
    if answers.failed is not None:
        return None
    upstream = case.upstream if case.backward == "closures" else 1.0
    right = expression.by_duals(every_gradient=True)
    expected = {name: slope * upstream for name, slope in right.grads.items()}
    wrong, where = _first_wrong(expression, answers.grads, expected, right.data)
    nodes = tuple(
        Node(
            name,
            _source(expression, name),
            shown(answers.data.get(name, dict(expression.inputs).get(name))),
            shown(answers.grads.get(name)),
            shown(expected[name]),
        )
        for name in expression.names
    )
    edges = tuple(
        Edge(operand, step.name, (operand, step.name) == wrong)
        for step in expression.steps
        for operand in dict.fromkeys(step.uses)
    )
    walk = _watched(case, learner)
    shares = {
        (operand, step.name): _share(step, operand, right.data) * expected[step.name]
        for step in expression.steps
        for operand in dict.fromkeys(step.uses)
    }
    wrong_at = wrong_step(walk, expected, shares) if walk is not None else None
    return Graph(nodes, edges, where, walk, wrong_at)


def _watched(case: Case, learner: Learner) -> Walk | None:
    """The learner's backward pass, step by step; None if it cannot be recorded."""
    assert case.backward is not None  # there are gradients
    try:
        walk = learner.walk_expression(
            case.expression, backward=case.backward, upstream=case.upstream, most=MOST
        )
    except LearnerError:
        return None
    return walk if sum(1 + len(step.writes) for step in walk.steps) <= _MOST_STEPS else None


def _source(expression: Expression, name: str) -> str:
    for step in expression.steps:
        if step.name == name:
            return step.source
    return f"Value({dict(expression.inputs)[name]!r})"


def _first_wrong(
    expression: Expression,
    yours: dict[str, Any],
    expected: dict[str, float],
    data: dict[str, float],
) -> tuple[tuple[str, str] | None, str]:
    """The edge (operand, result) at which things go wrong, and a sentence on it."""
    for reached in reversed(expression.names):
        name = reached
        if name == expression.root or close(yours.get(name), expected[name]):
            continue
        consumers = [step for step in expression.steps if name in step.operands]
        shares = {step.name: _share(step, name, data) * expected[step.name] for step in consumers}
        guilty = _guilty(consumers, shares, yours.get(name), expected[name])
        if len(consumers) == 1:  # name the first wrong operand that only this step uses
            name = next(
                o
                for o in guilty.uses
                if not close(yours.get(o), expected[o])
                and [step for step in expression.steps if o in step.operands] == [guilty]
            )
        above = in_words(expected[guilty.name])
        got, wanted = in_words(yours.get(name)), in_words(expected[name])
        if len(consumers) == 1:
            sentence = (
                f"At `{guilty.name} = {guilty.source}`: {guilty.name}.grad is {above}, "
                f"so {name}.grad should be {wanted}, but yours is {got}."
            )
        else:
            used = ", ".join(f"{step.name} ({in_words(shares[step.name])})" for step in consumers)
            sentence = (
                f"{name} gets a share from each use, {used}: {wanted} in total, but "
                f"yours is {got}. Look at `{guilty.name} = {guilty.source}`."
            )
        return (name, guilty.name), sentence
    return None, ""


def _share(step: Step, name: str, data: dict[str, float]) -> float:
    """The derivative of one step by one of its operands."""
    inputs = {name: data[name] for name in step.uses}
    return Expression(tuple(inputs.items()), (step,)).by_duals().grads[name]


def _guilty(
    consumers: list[Step], shares: dict[str, float], yours: object, expected: float
) -> Step:
    """The consumer whose share is missing, or is the only one there; else the first to run back."""
    for step in consumers:
        if close(yours, expected - shares[step.name]) or close(yours, shares[step.name]):
            return step
    return consumers[-1]
