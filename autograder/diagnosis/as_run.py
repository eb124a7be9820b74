"""Checks examples as a learner runs them: pasted into a new process."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from autograder.expressions.compare import close, in_words
from autograder.remote.errors import LearnerError, Tampered, WorkerEnded
from autograder.remote.wrong_answer import Mismatch
from autograder.report import shown
from autograder.worker.worker import ORDERS

if TYPE_CHECKING:
    from autograder.diagnosis.shrink import Budget
    from autograder.remote.errors import AllLines
    from autograder.remote.learner import Learner
    from autograder.report import Counterexample, Shown

VARIES = ": it varies from run to run"
_MOST_LINES = 40
_MOST_ANSWERS = 2
Lines = tuple[str, ...]


def as_run(error: Mismatch | LearnerError, learner: Learner, budget: Budget) -> None:
    """Change a failure's example so that its lines reproduce it anywhere, with their answer.

    If it depends on earlier calls, lines with those are added; if no lines reproduce it, it is left
    as it is. An answer that depends on the order of a set is shown as varying.

    Args:
        error: what a test raised; its example is changed.
        learner: runs the lines.
        budget: the questions that may be asked.

    Raises:
        LearnerFault: the process ended, hung or sent an invalid answer.
    """
    every = error.all_lines or learner.all_lines
    if isinstance(error, LearnerError):
        for lines, _ in _candidates(error.example, error.look, every):
            if budget.spend() and _raises(lines, error, learner):
                error.example = lines
                break
    elif error.counterexample is not None and error.counterexample.input is not None:
        error.counterexample = _as_answered(error.counterexample, every, learner, budget)


How = Literal["as they are", "all of the test", "twice"]


def _candidates(given: Lines, look: str | None, all_lines: AllLines) -> Iterator[tuple[Lines, How]]:
    """Lines that may reproduce it: the given ones, the whole test's, the given ones twice."""
    lines = given[:-1] if given[-1:] == (look,) else given
    yield lines, "as they are"
    every = all_lines(look or "")
    if len(every) <= _MOST_LINES:
        yield every, "all of the test"
    imports = [line for line in lines if _IMPORT.match(line)]
    rest = [line for line in lines if line not in imports]
    yield (*imports, *rest, *([look] if look is not None else []), *rest), "twice"


def _raises(lines: Lines, error: LearnerError, learner: Learner) -> bool:
    try:
        learner.run_example((*lines, error.look or ""), "None")  # it may be a statement
    except (Tampered, WorkerEnded):
        raise
    except LearnerError as raised:
        return raised.type_name == error.type_name
    return False


def _as_answered(
    example: Counterexample, all_lines: AllLines, learner: Learner, budget: Budget
) -> Counterexample:
    """The example with the first lines that reproduce it, and their answer."""
    alone: list[object] = []
    for lines, how in _candidates(example.lines, example.input, all_lines):
        answers = _answers(lines, example, learner, budget)
        ends = lines if example.lines[-1:] != (example.input,) else (*lines, example.input)
        if any(_alike(answer, example.yours) for answer in answers):
            found = replace(example, lines=ends, yours=_varying(answers, example.yours))
            return found if how == "as they are" else _fewer(found, learner, budget)
        if how == "twice" and answers and alone:
            changed = not _alike(answers[0], alone[0])
            if changed and not _alike(answers[0], example.expected):
                found = replace(example, lines=ends, yours=shown(answers[0]))
                return _fewer(found, learner, budget)
        alone = alone or answers
    return example


def _fewer(example: Counterexample, learner: Learner, budget: Budget) -> Counterexample:
    """The example without lines that change neither answer."""
    for line in range(len(example.lines) - 1, -1, -1):
        lines = example.lines[:line] + example.lines[line + 1 :]
        if example.lines[line] == example.input or not _MAKES.match(example.lines[line]):
            continue
        ran = lines[:-1] if lines[-1:] == (example.input,) else lines
        answers = _answers(ran, example, learner, budget)
        if answers and _alike(_varying(answers, shown(answers[0])), example.yours):
            example = replace(example, lines=lines)
    return example


_IMPORT = re.compile("(from|import) ")
_MAKES = re.compile(r"\w+ = (?!.*(train|descend)\()")
"""A line that names something new: without it, all else is the same in correct code."""


def _answers(
    lines: Lines, example: Counterexample, learner: Learner, budget: Budget
) -> list[object]:
    """The different answers of these lines over all orders of sets; empty if they raise."""
    assert example.input is not None
    answers: list[object] = []
    for order in range(len(ORDERS)):
        if not budget.spend():
            break
        try:
            answer, met = learner.run_example(lines, example.input, order)
        except (Tampered, WorkerEnded):
            raise
        except LearnerError:
            return []
        if not any(_alike(answer, other) for other in answers):
            answers.append(answer)
        if not met:
            break
    return answers


def _varying(answers: list[object], yours: Shown) -> Shown:
    if len(answers) == 1:
        return yours
    texts = sorted(each if isinstance(each, str) else in_words(each) for each in answers)
    if len(texts) > _MOST_ANSWERS:  # other orders may give yet other answers
        texts[_MOST_ANSWERS:] = ["another"]
    return f"{' or '.join(texts)}{VARIES}"


def _alike(answer: object, other: object) -> bool:
    if isinstance(answer, (int, float)) and isinstance(other, (int, float)):
        try:
            return close(answer, other) or (math.isnan(answer) and math.isnan(other))
        except OverflowError:  # an int larger than any float
            return answer == other
    return str(answer) == str(other)
