"""The mistake's name: what the learner's code answers to fixed probes, compared with what known
wrong engines answer.

A fingerprint is the probes whose answer is not the right one, with that answer. It depends on
behaviour alone, so an engine written in any style matches. Each suite has its probes in
`probes.py` and the fingerprints of its wrong engines in `fingerprints.json`, made by
`course fingerprints`.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.diagnosis.beside import module_of
from autograder.learner.host import LearnerError
from autograder.learner.remote import Remote
from autograder.mismatch import Mismatch

if TYPE_CHECKING:
    from autograder.learner.api import Learner

Probe = Callable[["Learner"], object]
Answers = dict[str, str]
UNKNOWN = "unknown"
"""The answer of what is not written yet: it neither fits nor contradicts a mistake."""

VARIES = "varies"
"""In a stored fingerprint: the answer differs from run to run, so it tells nothing."""

_DIGITS = 7
_MOST_AT_ONCE = 3


@dataclass(frozen=True)
class Mistake:
    """A known mistake: its family's name, the learner's sentence, its tests, its fingerprint."""

    id: str
    family: str
    text: str
    caught_by: str
    symptoms: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A suite's right answers and known mistakes."""

    right: Mapping[str, str]
    mistakes: tuple[Mistake, ...]


def probes(suite: Path) -> Mapping[str, Probe]:
    """The suite's probes by name, in order; none where it has no probes.py."""
    module = module_of(suite, "probes")
    found: Mapping[str, Probe] = {} if module is None else module.PROBES
    return found


def repeats(suite: Path) -> int:
    """How often a wrong engine is asked, to see which answers vary; 1 unless probes.py says so."""
    return int(getattr(module_of(suite, "probes"), "REPEATS", 1))


@cache
def table(suite: Path) -> Table | None:
    """The suite's stored fingerprints; None where there are none."""
    path = suite / "fingerprints.json"
    if not path.is_file():
        return None
    stored = json.loads(path.read_text("utf-8"))
    return Table(stored["right"], tuple(Mistake(**entry) for entry in stored["mistakes"]))


def take(learner: Learner, wanted: Mapping[str, Probe]) -> Answers:
    """Ask every probe.

    Raises:
        LearnerFault: the learner's process hung, ended or tampered; exceptions are answers.
    """
    return {name: _answer(learner, probe) for name, probe in wanted.items()}


def _answer(learner: Learner, probe: Probe) -> str:
    try:
        return _canonical(probe(learner))
    except LearnerError as error:
        if error.type_name in ("NotImplementedError", "NameError"):
            return UNKNOWN
        return "endless recursion" if error.type_name == "RecursionError" else "raises"
    except Mismatch:
        return "no value"
    except (AttributeError, TypeError, ValueError, LookupError, ArithmeticError):
        # a plain answer where an object was expected, or no list, or no number
        return "no value"


def _canonical(value: Any) -> str:
    """The answer as text that two engines with the same mistake share."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        number = float(value) if abs(value) < 1e300 else math.inf
        return f"{0.0 if abs(number) < 1e-9 else number:.{_DIGITS}g}"
    if isinstance(value, Remote):
        return "an object"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_canonical(item)}" for name, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_canonical(item) for item in value)}]"
    return str(value)


def match(answers: Answers, known: Table) -> tuple[Mistake, ...]:
    """The mistakes that the answers show.

    Returns:
        One mistake where one family alone explains every wrong answer; two or three where one set
        of families alone does; none where nothing is wrong, nothing fits, or several would fit.
    """
    unknown = {name for name, answer in answers.items() if answer == UNKNOWN}
    wrong = {
        name: answer
        for name, answer in answers.items()
        if name not in unknown and answer != known.right.get(name)
    }
    if not wrong:
        return ()
    candidates = []
    for mistake in known.mistakes:
        told = {n: a for n, a in mistake.symptoms.items() if n not in unknown}
        sure = {name for name, answer in told.items() if answer != VARIES}
        if sure and all(wrong.get(name) == told[name] for name in sure):
            candidates.append((mistake, frozenset(sure | (told.keys() & wrong.keys()))))
    everything = frozenset(wrong)
    for count in range(1, _MOST_AT_ONCE + 1):
        fitting = [
            chosen
            for chosen in itertools.combinations(candidates, count)
            if frozenset().union(*(names for _, names in chosen)) == everything
        ]
        families = {frozenset(mistake.family for mistake, _ in chosen) for chosen in fitting}
        if len(families) == 1 and len(next(iter(families))) == count:
            return tuple(mistake for mistake, _ in fitting[0])
        if fitting:
            return ()
    return ()


def symptoms(answers: Answers, right: Mapping[str, str]) -> dict[str, str]:
    """The part of a wrong engine's answers that is not right."""
    return {name: a for name, a in answers.items() if a != right[name] and a != UNKNOWN}


def stored(right: Mapping[str, str], mistakes: Iterable[Mistake], suite_sha256: str) -> str:
    """The text of a fingerprints.json."""
    entries = [
        {
            "id": mistake.id,
            "family": mistake.family,
            "text": mistake.text,
            "caught_by": mistake.caught_by,
            "symptoms": dict(sorted(mistake.symptoms.items())),
        }
        for mistake in mistakes
    ]
    content = {"suite_sha256": suite_sha256, "right": dict(right), "mistakes": entries}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
