"""Finds the smallest counterexample: fewest nodes, simplest numbers, the same mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from autograder.assertions.case import Finding
from autograder.assertions.smaller import SmallerFinding
from autograder.expressions.expression import Expression, Step, is_ordinary, names_after
from autograder.expressions.random_graphs import is_tame
from autograder.operators import BINARY, values_of

if TYPE_CHECKING:
    from autograder.assertions.case import Case
    from autograder.remote.learner import Learner

SIMPLE = (2.0, 3.0, -2.0, 4.0, 0.5, 1.5)
"""Without 0 and 1, which hide some mistakes and show others."""

PLAINEST_FIRST = ("add", "mul", "sub", "truediv")

_LARGEST = 100.0


class Budget:
    """How many questions a diagnosis may still ask the learner's engine.

    Args:
        questions: the number at the start.
    """

    def __init__(self, questions: int) -> None:
        self.left = questions

    def spend(self, questions: int = 1) -> bool:
        """Use one or more questions; returns False if there are not enough left."""
        self.left -= questions
        return self.left >= 0


F = TypeVar("F", Finding, SmallerFinding)


def shrink(finding: F, learner: Learner, budget: Budget) -> F:
    """A finding of the same kind on a smaller case, or the same one if there is none.

    Args:
        finding: what is wrong, and the case.
        learner: runs the engine.
        budget: the questions that may be asked.

    Raises:
        LearnerFault: the learner's process ended meanwhile.
    """
    progress = True
    while progress:
        progress = False
        for candidate in _candidates(finding):
            if not budget.spend(candidate.questions):
                return finding
            found = candidate.judge(learner)
            if found is not None and _alike(found, finding):
                finding, progress = found, True
                break
    return _renamed(finding, learner, budget) if isinstance(finding, Finding) else finding


def _candidates(finding: Finding | SmallerFinding) -> Iterator[Any]:
    """Cases of the same sort that are a step smaller."""
    return finding.case.smaller() if isinstance(finding, SmallerFinding) else _smaller(finding.case)


def _alike(found: Finding | SmallerFinding, known: Finding | SmallerFinding) -> bool:
    """Whether it may be the same mistake: the same kind, and the same exception, if any."""
    if found.kind != known.kind:
        return False
    return known.error is None or (
        found.error is not None and found.error.type_name == known.error.type_name
    )


def _smaller(case: Case) -> Iterator[Case]:
    """Cases that are a step smaller and well-behaved, the largest step first."""
    expression = case.expression
    tree = _is_tree(expression)
    for smaller in (
        *_fewer_steps(expression),
        *_plain_numbers(expression),
        *_simpler_operators(expression),
        *_simpler_numbers(expression),
    ):
        if smaller.steps and _is_well_behaved(smaller) and (not tree or _is_tree(smaller)):
            yield replace(case, expression=smaller)
    if case.backward == "closures" and case.upstream not in (1.0, -1.0):
        for upstream in (1.0, -1.0):
            yield replace(case, upstream=upstream)


def _fewer_steps(expression: Expression) -> Iterator[Expression]:
    """Expressions with fewer steps: a part of it, without one step, with one result given."""
    for step in expression.steps[:-1]:
        yield expression.up_to(step.name)
    for step in expression.steps:
        for below in dict.fromkeys(step.uses):
            yield _substituted(expression, step.name, below)
    numbers = expression.by_floats()
    for position, step in enumerate(expression.steps[:-1]):
        given = (step.name, round(numbers[step.name], 2))
        rest = expression.steps[:position] + expression.steps[position + 1 :]
        yield Expression((*expression.inputs, given), rest).up_to(expression.root)
    for position, step in enumerate(expression.steps):
        for other in (name for name, _ in expression.inputs):
            for place, operand in enumerate(step.operands):
                if isinstance(operand, str) and operand != other:
                    operands = (*step.operands[:place], other, *step.operands[place + 1 :])
                    changed = _with(expression, position, Step(step.name, step.op, operands))
                    pruned = changed.up_to(expression.root)
                    if _size(pruned) < _size(expression):
                        yield pruned


def _plain_numbers(expression: Expression) -> Iterator[Expression]:
    """The same expression with one input as a plain number, if it already has such a number.

    Otherwise it could show a different mistake.
    """
    operands = [o for step in expression.steps if step.op in BINARY for o in step.operands]
    if all(isinstance(operand, str) for operand in operands):
        return
    for name, value in expression.inputs:
        users = [step for step in expression.steps if name in step.operands]
        if all(_meets_another(step, name) for step in users):
            steps = tuple(
                Step(s.name, s.op, tuple(value if o == name else o for o in s.operands))
                for s in expression.steps
            )
            inputs = tuple(each for each in expression.inputs if each[0] != name)
            yield Expression(inputs, steps)


def _meets_another(step: Step, name: str) -> bool:
    """Whether the step has another operand that is a Value."""
    return step.op in BINARY and any(other != name for other in step.uses)


def _substituted(expression: Expression, name: str, by: str) -> Expression:
    """The expression without a step, whose users use its operand instead."""
    steps = tuple(
        Step(s.name, s.op, tuple(by if o == name else o for o in s.operands))
        for s in expression.steps
        if s.name != name
    )
    root = by if expression.root == name else expression.root
    if root not in {step.name for step in steps}:
        return Expression(expression.inputs, ())
    return Expression(expression.inputs, steps).up_to(root)


def _simpler_operators(expression: Expression) -> Iterator[Expression]:
    """The same expression with one operator replaced by a simpler one that it already has.

    Any other operator could show a different mistake.
    """
    held = {step.op for step in expression.steps}
    for position, step in enumerate(expression.steps):
        if step.op not in PLAINEST_FIRST:
            continue
        for op in PLAINEST_FIRST[: PLAINEST_FIRST.index(step.op)]:
            if op in held:
                yield _with(expression, position, Step(step.name, op, step.operands))


def _simpler_numbers(expression: Expression) -> Iterator[Expression]:
    """The same expression with one number made simple."""
    for position, (name, value) in enumerate(expression.inputs):
        used = {number for _, number in expression.inputs}
        for simple in SIMPLE:
            if value in SIMPLE and SIMPLE.index(simple) >= SIMPLE.index(value):
                break
            if simple not in used:  # equal inputs could show another mistake
                inputs = list(expression.inputs)
                inputs[position] = (name, simple)
                yield Expression(tuple(inputs), expression.steps)


def _with(expression: Expression, position: int, step: Step) -> Expression:
    """The expression with another step at that position."""
    steps = (*expression.steps[:position], step, *expression.steps[position + 1 :])
    return Expression(expression.inputs, steps)


def _size(expression: Expression) -> int:
    return len(expression.steps) + len(expression.inputs)


def _is_tree(expression: Expression) -> bool:
    """Whether every name is used at most once."""
    used = [name for step in expression.steps for name in step.uses]
    return len(used) == len(set(used))


def _is_well_behaved(expression: Expression) -> bool:
    """Whether all correct engines agree on it: within all domains, no kinks, no huge numbers."""
    try:
        numbers = expression.by_floats()
    except (ValueError, ZeroDivisionError, OverflowError):
        return False
    if not all(is_ordinary(number, _LARGEST) for number in numbers.values()):
        return False
    return all(is_tame(step.op, values_of(step.operands, numbers)) for step in expression.steps)


def _renamed(finding: Finding, learner: Learner, budget: Budget) -> Finding:
    """The same finding with names from the start of the alphabet."""
    expression = finding.case.expression
    names = dict(zip(expression.names, names_after(()), strict=False))
    if list(names) == list(names.values()) or not budget.spend():
        return finding
    steps = tuple(
        Step(names[s.name], s.op, tuple(names[o] if isinstance(o, str) else o for o in s.operands))
        for s in expression.steps
    )
    inputs = tuple((names[name], value) for name, value in expression.inputs)
    found = replace(finding.case, expression=Expression(inputs, steps)).judge(learner)
    return found if found is not None and _alike(found, finding) else finding
