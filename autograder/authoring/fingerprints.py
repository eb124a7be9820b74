"""fingerprints.json of a suite: what right and wrong engines answer to its probes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from autograder.authoring import engines
from autograder.authoring.house import Violation
from autograder.diagnosis import fingerprint
from autograder.learner.api import Learner
from autograder.learner.host import LearnerFault
from autograder.learner.session import Session
from autograder.submission import of_texts
from autograder.suite import suite_folder, suite_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from autograder.course import Assignment, Course

FILE = "fingerprints.json"


class FingerprintError(Exception):
    """The right engines disagree on a probe, or the solution does not answer one."""


def path_of(assignment: Assignment) -> Path:
    """Where an assignment's fingerprints are stored."""
    return suite_folder(assignment.name) / FILE


def make(course: Course, assignment: Assignment) -> str | None:
    """The text of an assignment's fingerprints.json; None where its suite has no probes.

    Raises:
        FingerprintError: a probe is no good: right engines answer it differently.
        EngineError: an engine cannot be made.
    """
    probes = fingerprint.probes(suite_folder(assignment.name))
    if not probes:
        return None
    solution = {
        file.name: engines.solution_source(course, assignment, file.name)
        for file in assignment.files
    }
    right = _answers(assignment, solution, probes)
    if right is None or fingerprint.UNKNOWN in right.values():
        raise FingerprintError(f"{assignment.name}: the solution does not answer every probe.")
    for engine in engines.right_engines(course, assignment):
        theirs = _answers(assignment, engines.files_with(course, assignment, engine), probes)
        differing = fingerprint.symptoms(theirs or {}, right)
        if theirs is None or differing:
            raise FingerprintError(
                f"{assignment.name}: the right engine {engine.name} answers otherwise: {differing}"
            )
    mistakes = []
    for wrong in engines.wrong_engines(course, assignment):
        texts = engines.files_with(course, assignment, wrong)
        runs = [
            fingerprint.symptoms(_answers(assignment, texts, probes) or {}, right)
            for _ in range(fingerprint.repeats(suite_folder(assignment.name)))
        ]
        symptoms = _steady(runs)
        if symptoms:
            mistakes.append(
                fingerprint.Mistake(wrong.id, wrong.family, wrong.text, wrong.caught_by, symptoms)
            )
    return fingerprint.stored(right, mistakes, suite_sha256(assignment.name))


def _steady(runs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The symptoms of several runs; what differs between them is marked as varying."""
    return {
        name: runs[0][name]
        if all(run.get(name) == runs[0].get(name) for run in runs)
        else fingerprint.VARIES
        for name in dict.fromkeys(name for run in runs for name in run)
    }


def violations(assignment: Assignment) -> list[Violation]:
    """Fingerprints that are missing, or of another state of the suite.

    They are not made again here: what a wrong engine answers by the order of a set differs from
    run to run.
    """
    path = path_of(assignment)
    if not fingerprint.probes(suite_folder(assignment.name)):
        return []
    stored = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if stored.get("suite_sha256") != suite_sha256(assignment.name):
        return [
            Violation(str(path), f"not up to date: run `course fingerprints {assignment.name}`")
        ]
    return []


def _answers(
    assignment: Assignment,
    texts: Mapping[str, str],
    probes: Mapping[str, fingerprint.Probe],
) -> fingerprint.Answers | None:
    """What an engine answers; None where it does not load, hangs or ends its process."""
    handed_in = of_texts(assignment, texts, "engine")
    session = Session(handed_in.sources[0], assignment.limits, trusted=True)
    try:
        session.load()
        session.begin_test()
        return fingerprint.take(Learner(session), probes)
    except LearnerFault:
        return None
    finally:
        session.close()
