"""Makes and checks a suite's fingerprints.json: the answers of its engines to its probes."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING

from autograder import extras
from autograder.authoring import engines
from autograder.authoring.lint import Violation
from autograder.diagnosis import evidence, fingerprint
from autograder.diagnosis.code import Code, names_asked
from autograder.diagnosis.match import VARIES, Mistake, Table, symptoms
from autograder.grading.suite import suite_folder
from autograder.remote.errors import LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.session import open_sessions
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from autograder.course import Assignment, Course

FILE = "fingerprints.json"


class FingerprintError(Exception):
    """The correct engines disagree on a probe, or the solution does not answer one."""


def path_of(assignment: Assignment) -> Path:
    """Where an assignment's fingerprints are stored."""
    return suite_folder(assignment.name) / FILE


def origin_sha256(course: Course, assignment: Assignment) -> str:
    """The SHA-256 of what fingerprints are made from: probes, mistakes and the solution's code.

    Tests and the solution's prose are not included: they may change without new fingerprints.

    Returns:
        64 hexadecimal digits.
    """
    suite = suite_folder(assignment.name)
    paths = [suite / "probes.py", suite / engines.TABLE, *sorted(suite.glob("wrong/*.py"))]
    paths += [course.root / "solutions" / assignment.name / file.name for file in assignment.files]
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix == ".py":
            content = re.sub(rb"(?m)^#.*\n", b"", content)
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def up_to_date(course: Course, assignment: Assignment) -> bool:
    """Whether the stored fingerprints match the suite as it is; always, if it has no probes."""
    if not fingerprint.plans(suite_folder(assignment.name)):
        return True
    path = path_of(assignment)
    stored = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return bool(stored.get("origin_sha256") == origin_sha256(course, assignment))


def violations(course: Course, assignment: Assignment) -> list[Violation]:
    """Fingerprints that do not match the suite as it is, and mistakes that can never be named.

    Fingerprints are not recomputed here: answers that depend on the order of a set differ from run
    to run.
    """
    suite = suite_folder(assignment.name)
    if not fingerprint.plans(suite):
        return []
    if not up_to_date(course, assignment):
        what = f"not up to date: run `course fingerprints {assignment.name}`"
        return [Violation(str(path_of(assignment)), what)]
    known = fingerprint.table(suite)
    assert known is not None
    probes = {name for plan in fingerprint.plans(suite).values() for name in plan.wanted}
    if probes - known.right.keys():
        return []  # the table is older than some probes, so their answers are unknown
    named = {mistake.id for mistake in known.mistakes}
    return [
        Violation(str(suite / engines.TABLE), f"{wrong.id}: {what}")
        for wrong in engines.wrong_engines(course, assignment)
        for what in _never_named(wrong, has_fingerprint=wrong.id in named)
    ]


def _never_named(wrong: engines.WrongEngine, *, has_fingerprint: bool) -> Iterator[str]:
    """Why a mistake can never be named, unless `unnamed` in its entry explains it."""
    if has_fingerprint == bool(wrong.unnamed):
        yield (
            "it has a fingerprint, so `unnamed` is wrong"
            if has_fingerprint
            else "no probe tells it apart from the correct engines: add one, or explain why "
            "in `unnamed`"
        )
    code = Code([wrong.source])
    for claim in wrong.claims:
        if not claim.holds(code, "…" if claim.printed else "", timeout=claim.timeout):
            yield f"its sentence claims something that is false for its own engine: {claim}"


def make(course: Course, assignment: Assignment, pool: Executor) -> str:
    """The text of an assignment's fingerprints.json.

    Args:
        course: the course.
        assignment: one whose suite has probes.
        pool: runs the engines.

    Raises:
        FingerprintError: correct engines disagree on a probe, or a file cannot run here.
        EngineError: an engine cannot be made.
    """
    for file in assignment.files:
        if lacking := file.lacks():
            raise FingerprintError(f"{file.name}: {extras.lacking(lacking, lacking)}")
    solution = {
        file.name: engines.solution_source(course, assignment, file.name)
        for file in assignment.files
    }
    asked = frozenset(names_asked(solution.values()))
    ask = partial(_answers, assignment, asked)
    right_ones = engines.right_engines(course, assignment)
    wrong_ones = engines.wrong_engines(course, assignment)
    repeats = fingerprint.repeats(suite_folder(assignment.name))
    wrong_texts = [{e.file: e.source} for e in wrong_ones for _ in range(repeats)]
    right, *answers = pool.map(ask, [solution, *({e.file: e.source} for e in right_ones)])
    runs = list(pool.map(ask, wrong_texts))
    if not right or evidence.UNKNOWN in right.values():
        raise FingerprintError(f"{assignment.name}: the solution does not answer every probe.")
    for engine, theirs in zip(right_ones, answers, strict=True):
        differing = symptoms(theirs, right)
        if not theirs or differing:
            raise FingerprintError(
                f"{assignment.name}: the correct engine {engine.name} answers "
                f"differently: {differing}"
            )
    mistakes = []
    for number, wrong in enumerate(wrong_ones):
        own = runs[number * repeats : (number + 1) * repeats]
        signs = _steady([symptoms(run, right) for run in own])
        if signs or any(claim.timeout for claim in wrong.claims):
            mistakes.append(
                Mistake(wrong.id, wrong.family, wrong.text, wrong.caught_by, signs, wrong.claims)
            )
    known = Table(right, tuple(mistakes), asked)
    return fingerprint.stored(known, origin_sha256(course, assignment))


def _steady(runs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The symptoms of several runs; those that differ between runs are marked as varying."""
    return {
        name: runs[0][name] if all(run.get(name) == runs[0].get(name) for run in runs) else VARIES
        for name in dict.fromkeys(name for run in runs for name in run)
    }


def _answers(
    assignment: Assignment, asked: frozenset[str], texts: Mapping[str, str]
) -> dict[str, str]:
    """An engine's answers; empty if it does not load, hangs or ends its process."""
    found: dict[str, str] = {}
    sessions = open_sessions(
        of_texts(assignment, texts, "engine"), assignment, sandbox=Limited(trusted=True)
    )
    try:
        for file, plan in fingerprint.plans(suite_folder(assignment.name)).items():
            session = sessions.get(file)
            if session is not None:
                session.load()
                session.begin_test()
                found |= evidence.take(Learner(session), plan.wanted, asked)
    except LearnerFault:
        return {}
    finally:
        for session in sessions.values():
            session.close()
    return found
