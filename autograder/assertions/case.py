"""A question to the learner's engine: an expression, how to run it backward, what is right."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from autograder.expressions.compare import (
    LOST_BY_MEASURING,
    RELATIVE_TO_DIFFERENCE,
    close,
    in_words,
    is_measured,
    is_number,
    right_gradient,
)
from autograder.expressions.right import differences, right_answers
from autograder.operators import OPERATORS
from autograder.remote.errors import LearnerError
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown

if TYPE_CHECKING:
    from autograder.expressions.expression import Answers, Expression
    from autograder.remote.answers import Evaluation
    from autograder.remote.learner import Learner

Backward = Literal["closures", "backward"] | None


class Finding(msgspec.Struct, frozen=True):
    """What is wrong with the answer to a case.

    Attributes:
        case: the question.
        kind: "data" for a wrong number, "grad" for a wrong gradient, "no_value" or "raised".
        look: the Python expression that shows it, evaluated after the case's lines.
        yours: the learner's answer.
        expected: the right answer.
        difference: the central difference, if a gradient is wrong and no kink is near.
        error: the exception that the learner's code raised, if it did.
        message: a sentence for the learner; empty to show only the two answers.
    """

    case: Case
    kind: Literal["data", "grad", "no_value", "raised"]
    look: str
    yours: object
    expected: float | str
    difference: float | None = None
    error: LearnerError | None = None
    message: str = ""

    def exception(self, learner: Learner) -> Exception:
        """The exception to raise in a test: a Mismatch or LearnerError."""
        lines = (f"from {learner.module_name()} import Value", *self.case.lines)
        if self.error is not None:
            error = self.error
            if error.type_name in ("NotImplementedError", "MemoryError"):
                return error
            return LearnerError(
                error.type_name, error.message, error.lines, lines, self.look, finding=self
            )
        example = Counterexample(
            lines if self.kind == "no_value" else (*lines, self.look),
            self.look,
            shown(self.yours),
            shown(self.expected),
            self.difference if math.isfinite(self.difference or 0.0) else None,
        )
        return Mismatch(self.message, example, finding=self)


class Case(msgspec.Struct, frozen=True, dict=True):
    """An expression and how to run it backward.

    Attributes:
        expression: computed with new objects each time.
        backward: None for only the numbers; else "closures" or "backward", see `Learner.evaluate`.
        upstream: the root's gradient for "closures".
    """

    expression: Expression
    backward: Backward = None
    upstream: float = 1.0

    questions = 1
    """What it costs in a `Budget`."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The case as Python that a learner can paste, using only the course's names.

        For "closures", each closure is called by hand; composed operators hide nodes, so for those
        the lines walk the graph, which is correct on trees.
        """
        expression, lines = self.expression, self.expression.lines
        if self.backward is None:
            return lines
        root = expression.root
        if self.backward == "backward":
            return (*lines, f"{root}.backward()")
        seed = f"{root}.grad = {self.upstream!r}"
        if not any(OPERATORS[step.op].composed for step in expression.steps):
            calls = (f"{step.name}._backward()" for step in reversed(expression.steps))
            return (*lines, seed, *calls)
        return (
            *lines,
            seed,
            f"nodes = [{root}]",
            "for node in nodes:  # results before operands",
            "    if node._prev: node._backward()",
            "    nodes.extend(node._prev)",
        )

    def judge(self, learner: Learner, *, spread: int = 0) -> Finding | None:
        """Ask the learner's engine; returns what is wrong, or None.

        Args:
            learner: runs the engine.
            spread: as for `Learner.evaluate`.

        Raises:
            LearnerFault: the process hung, ended or sent an invalid answer.
        """
        answers = learner.evaluate(
            self.expression, backward=self.backward, upstream=self.upstream, spread=spread
        )
        return self.judged(answers)

    def judged(self, answers: Evaluation) -> Finding | None:
        """What is wrong with these answers; None if nothing is."""
        expression = self.expression
        right, slopes = right_answers(expression), differences(expression)
        for step in expression.steps:
            if step.name in answers.data and not close(
                answers.data[step.name], right.data[step.name]
            ):
                part = replace(self, expression=expression.up_to(step.name), backward=None)
                look, yours = f"{step.name}.data", answers.data[step.name]
                return Finding(
                    part, "data", look, yours, right.data[step.name], message=_odd(look, yours)
                )
        if answers.failed is not None:
            return self._stopped(answers)
        if self.backward is None:
            return None
        upstream = self._from_above
        steepest = abs(upstream) * _steepest(right)
        lost = LOST_BY_MEASURING * max(1.0, steepest)
        for name, _ in expression.inputs:
            yours, expected = answers.grads.get(name), right.grads[name] * upstream
            difference = slopes[name] * upstream if slopes else None
            agrees = difference is None or close(yours, difference, RELATIVE_TO_DIFFERENCE, lost)
            if not (right_gradient(yours, expected, steepest) and agrees):
                look = f"{name}.grad"
                message = _odd(look, yours)
                return Finding(self, "grad", look, yours, expected, difference, message=message)
        return None

    def is_measured(self, answers: Evaluation) -> bool:
        """Whether right gradients seem to come from differences, which lose digits."""
        if self.backward is None:
            return False
        right, upstream = right_answers(self.expression), self._from_above
        steepest = abs(upstream) * _steepest(right)
        return any(
            is_measured(answers.grads.get(name), right.grads[name] * upstream, steepest)
            for name, _ in self.expression.inputs
        )

    @property
    def _from_above(self) -> float:
        """The root's gradient."""
        return self.upstream if self.backward == "closures" else 1.0

    def _stopped(self, answers: Evaluation) -> Finding:
        error = answers.error
        assert error is not None
        assert answers.failed is not None
        if answers.failed == "backward":
            return Finding(self, "raised", self.lines[-1], None, "no exception", error=error)
        part = replace(self, expression=self.expression.up_to(answers.failed), backward=None)
        step = part.expression.steps[-1]
        if error.type_name != "NotAValue":
            return Finding(part, "raised", step.name, None, "no exception", error=error)
        what = "None" if error.message == "NoneType" else f"of type {error.message}"
        hint = " Is a `return` missing?" if what == "None" else ""
        message = f"`{step.source}` is {what}, not a Value.{hint}"
        if what == "None":
            return Finding(part, "no_value", step.name, None, "a Value", message=message)
        if (
            error.message == "Value"
        ):  # the learner's class, but without the attributes that the task asks for
            message = f"`{step.source}` is a Value without `data`, where its number belongs."
            look = f"hasattr({step.name}, 'data')"
            return Finding(part, "no_value", look, False, True, message=message)  # noqa: FBT003  what it prints
        look = f"type({step.name}).__name__"
        return Finding(part, "no_value", look, error.message, "Value", message=message)


def _steepest(right: Answers) -> float:
    """The largest gradient in absolute value, including the root's, which is 1."""
    return max(1.0, *map(abs, right.grads.values()))


def _odd(look: str, yours: object) -> str:
    """A sentence if the answer is not even a number; else empty."""
    return "" if is_number(yours) else f"`{look}` is not a number: it is {in_words(yours)}."
