"""`course check --names`: checks that no mistake is named that the file does not make.

It grades each wrong engine, pairs of them in one file, and the solution without one of its
functions or with one that raises.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.authoring import engines
from autograder.authoring.lint import Violation
from autograder.diagnosis import fingerprint
from autograder.grading import Options, grade_each
from autograder.grading.suite import suite_folder
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

if TYPE_CHECKING:
    from autograder.authoring.engines import WrongEngine
    from autograder.course import Assignment, Course
    from autograder.report import Report

USUAL = ("TypeError", "ValueError", "AttributeError", "IndexError", "ZeroDivisionError")
"""Exceptions that learners' functions often raise."""

PAIRS = 40
"""How many pairs of mistakes are drawn for an assignment."""

_BATCH = 12


@dataclass(frozen=True)
class NameTrial:
    """A wrong file, and the mistakes that may be named in it.

    Attributes:
        label: what is wrong, for messages.
        file: the assignment's file that it stands for.
        text: its text.
        allowed: families of mistakes that it makes.
    """

    label: str
    file: str
    text: str
    allowed: frozenset[str]


def trials(course: Course, assignment: Assignment, *, pairs: int | None) -> Iterator[NameTrial]:
    """The files on which an assignment's names are tried, the same each time.

    Args:
        course: the course, whose seed draws the pairs.
        assignment: the one to check.
        pairs: how many pairs of mistakes to draw; None for all pairs and all usual exceptions.
    """
    rng = random.Random(f"{course.seed} {assignment.name}")
    known = fingerprint.table(suite_folder(assignment.name))
    asked = known.asked if known is not None else frozenset()
    here = [file.name for file in assignment.files if not file.lacks()]
    wrong = [each for each in engines.wrong_engines(course, assignment) if each.file in here]
    defined = [(each.family, set(functions(each.source))) for each in wrong]
    for each in wrong:
        yield NameTrial(each.id, each.file, each.source, frozenset({each.family}))
    couples = list(itertools.combinations(wrong, 2))
    rng.shuffle(couples)
    yield from itertools.islice(_together(course, assignment, couples), pairs)
    for name in here:
        solution = engines.solution_source(course, assignment, name)
        for function in filter(asked.__contains__, functions(solution)):
            lack = {family for family, found in defined if function not in found}
            label, text = f"{name} without {function}", without(solution, function)
            yield NameTrial(label, name, text, frozenset(lack))
            for kind in USUAL if pairs is None else rng.sample(USUAL, 1):
                label, text = f"{kind} in {function}", raising(solution, function, kind)
                yield NameTrial(label, name, text, frozenset())


def violations(
    course: Course,
    assignment: Assignment,
    pairs: int | None,
) -> list[Violation]:
    """Mistakes that are wrongly named.

    Args:
        course: the course.
        assignment: the one to check.
        pairs: see `trials`.
    """
    everything = iter(trials(course, assignment, pairs=pairs))
    batches = iter(lambda: tuple(itertools.islice(everything, _BATCH)), ())
    found: list[Violation] = []
    with ProcessPoolExecutor() as pool:
        jobs = [
            pool.submit(_false_names, course, assignment, batch, slot)
            for slot, batch in enumerate(batches)
        ]
        for job in jobs:
            found += job.result()
    return found


def functions(text: str) -> list[str]:
    """The names of a file's functions and methods, without duplicates."""
    return list(dict.fromkeys(node.name for node, _ in _defined(text)))


def without(text: str, function: str) -> str:
    """The file without a function, and without top-level assignments of it.

    Args:
        text: valid Python.
        function: a name; all functions and methods of this name are removed.
    """
    lines = text.split("\n")
    for node, alone in _defined(text):
        if node.name == function:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            indent = " " * node.col_offset
            lines[first - 1 : node.end_lineno] = [
                f"{indent}pass" if alone else "",
                *[""] * ((node.end_lineno or first) - first),
            ]
    for statement in ast.parse(text).body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign) and getattr(value, "id", "") == function:
            lines[statement.lineno - 1] = ""
    return "\n".join(lines)


def raising(text: str, function: str, kind: str) -> str:
    """The file with a function that raises immediately.

    Args:
        text: valid Python.
        function: a name; all functions and methods of this name raise.
        kind: the name of the exception.
    """
    lines = text.split("\n")
    for node, _ in reversed(_defined(text)):
        if node.name == function:
            first = node.body[0]
            lines.insert(first.lineno - 1, f"{' ' * first.col_offset}raise {kind}('something')")
    return "\n".join(lines)


def _defined(text: str) -> list[tuple[ast.FunctionDef, bool]]:
    """Functions and methods in order, and whether each is the only statement of its class."""
    found: list[tuple[ast.FunctionDef, bool]] = []
    for statement in ast.parse(text).body:
        inner = statement.body if isinstance(statement, ast.ClassDef) else [statement]
        alone = isinstance(statement, ast.ClassDef) and len(inner) == 1
        found += [(each, alone) for each in inner if isinstance(each, ast.FunctionDef)]
    return found


def _together(
    course: Course, assignment: Assignment, couples: Iterable[tuple[WrongEngine, WrongEngine]]
) -> Iterator[NameTrial]:
    """Pairs of mistakes in one file, in different parts and with edits that do not overlap."""
    home = _homes(assignment)
    for one, other in couples:
        if one.file != other.file or not (one.edits and other.edits):
            continue
        if home.get(one.id, frozenset()) & home.get(other.id, frozenset()):
            continue
        solution = engines.solution_source(course, assignment, one.file)
        try:
            text = engines.edited(solution, [*one.edits, *other.edits])
            compile(text, one.file, "exec", dont_inherit=True)
        except (engines.EngineError, SyntaxError):
            continue
        allowed = frozenset({one.family, other.family})
        yield NameTrial(f"{one.id} and {other.id}", one.file, text, allowed)


def _homes(assignment: Assignment) -> dict[str, frozenset[str]]:
    """The parts in which each mistake is made, by its id."""
    suite = suite_folder(assignment.name)
    known = fingerprint.table(suite)
    return {
        mistake.id: frozenset(plan.parts.home(mistake))
        for plan in fingerprint.plans(suite).values()
        for mistake in (known.mistakes if known is not None else ())
        if mistake.symptoms.keys() & plan.wanted.keys()
    }


def _false_names(
    course: Course, assignment: Assignment, batch: tuple[NameTrial, ...], slot: int
) -> list[Violation]:
    """The mistakes falsely named in some files; runs in a worker process."""
    submissions = [
        of_texts(
            assignment,
            {
                file.name: engines.solution_source(course, assignment, file.name)
                for file in assignment.files
            }
            | {each.file: each.text},
            each.label,
        )
        for each in batch
    ]
    reports: list[Report] = []
    options = Options(slot=slot, sandbox=Limited(trusted=True), shrink=False)
    grade_each(course, assignment, submissions, reports.append, options)
    found = []
    for trial, report in zip(batch, reports, strict=True):
        for test in report.tests:
            named = test.misconception
            if named is not None and named.id not in trial.allowed:
                what = f"{test.name} is wrongly told {named.id!r}: {named.text}"
                found.append(Violation(f"{assignment.name}: {trial.label}", what))
    return found
