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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.diagnosis.beside import module_of
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from autograder.assertions.probing import Probe
    from autograder.remote.learner import Learner

Answers = dict[str, str]
UNKNOWN = "unknown"
"""The answer of what is not written yet: it neither fits nor contradicts a mistake."""

VARIES = "varies"
"""In a stored fingerprint: the answer differs from run to run, so it tells nothing."""

_DIGITS = 7


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


def probes(suite: Path) -> Mapping[str | None, Mapping[str, Probe]]:
    """The suite's probes by the file that they ask, None being the first, and by name.

    probes.py has those of the first file in PROBES, and in OTHER_FILES those of others by the
    file's name. There are none where it is missing.
    """
    module = module_of(suite, "probes")
    if module is None:
        return {}
    return {None: module.PROBES, **getattr(module, "OTHER_FILES", {})}


def rests_on(suite: Path, parts: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """For a probe, others of which it may be a consequence: those of the parts its own rests on.

    A difference may be a node of its own or composed of a sum and a product, so where the product
    is wrong the difference may be wrong too, in one way or another.

    Args:
        suite: where probes.py says in PARTS which probes ask for which part.
        parts: for each part those on which it rests.
    """
    asked = asked_of(suite)
    return {
        name: frozenset(base for other in parts[part] for base in asked.get(other, ()))
        for part, names in asked.items()
        for name in names
    }


def asked_of(suite: Path) -> Mapping[str, Iterable[str]]:
    """The names of the probes that ask for a part: PARTS in probes.py."""
    found: Mapping[str, Iterable[str]] = getattr(module_of(suite, "probes"), "PARTS", {})
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
    if isinstance(value, str):
        return value if value == UNKNOWN else repr(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_canonical(item)}" for name, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_canonical(item) for item in value)}]"
    return str(value)


def match(
    answers: Answers, known: Table, rests: Mapping[str, Iterable[str]] = {}
) -> tuple[Mistake, ...]:
    """The mistakes that the answers show.

    Args:
        answers: to some of the probes; others tell nothing.
        known: what right and wrong engines answer.
        rests: for a probe, others of which it may be a consequence.

    Returns:
        One mistake where one family alone explains every wrong answer; two or three where one set
        of families alone does; none where nothing is wrong, nothing fits, or several would fit.
    """
    told = {name for name, answer in answers.items() if answer != UNKNOWN}
    wrong = frozenset(name for name in told if answers[name] != known.right.get(name))
    exact = [s for m in known.mistakes if (s := _suspect(m, answers, told, {})).shown]
    loose = [s for m in known.mistakes if (s := _suspect(m, answers, told, rests)).shown]
    clean = [suspect for suspect in exact if not suspect.missed]
    for candidates in (
        itertools.combinations(exact, 1),
        itertools.combinations(clean, 2),
        itertools.combinations(loose, 1),
        _by_family(exact),
        _by_family(loose),
        itertools.combinations(exact, 2),
        itertools.combinations(loose, 2),
        itertools.combinations(clean, 3),
    ):
        fitting = [chosen for chosen in candidates if _explain(chosen, wrong)]
        families = {frozenset(suspect.mistake.family for suspect in c) for c in fitting}
        if len(families) == 1:
            best = max(fitting, key=lambda chosen: sum(len(s.shown) for s in chosen))
            return tuple({s.mistake.family: s.mistake for s in reversed(best)}.values())[::-1]
    return ()


def _by_family(suspects: Iterable[_Suspect]) -> Iterator[tuple[_Suspect, ...]]:
    """The same idea at several places."""
    families: dict[str, list[_Suspect]] = {}
    for suspect in suspects:
        families.setdefault(suspect.mistake.family, []).append(suspect)
    return map(tuple, families.values())


@dataclass(frozen=True)
class _Suspect:
    """A mistake beside the learner's answers.

    Attributes:
        mistake: the mistake.
        shown: the probes whose answer is what the mistake makes of it.
        missed: those whose answer is another one, and should not be.
        reach: all those that it may make wrong.
    """

    mistake: Mistake
    shown: frozenset[str]
    missed: frozenset[str]
    reach: frozenset[str]


def _suspect(
    mistake: Mistake, answers: Answers, told: set[str], rests: Mapping[str, Iterable[str]]
) -> _Suspect:
    signs = {name: answer for name, answer in mistake.symptoms.items() if name in told}
    reach = set(signs)
    follows: set[str] = set()
    while more := {name for name, bases in rests.items() if reach & set(bases)} - follows:
        follows |= more
        reach |= more
    follows &= told
    sure = {name for name, a in signs.items() if a != VARIES and name not in follows}
    shown = {name for name in sure if answers[name] == signs[name]}
    return _Suspect(mistake, frozenset(shown), frozenset(sure - shown), frozenset(reach & told))


def _explain(chosen: tuple[_Suspect, ...], wrong: frozenset[str]) -> bool:
    """Whether these together make exactly the wrong answers, each with a share of its own.

    Where two reach the same probe, its answer may be neither's; but it is wrong.
    """
    if not wrong <= frozenset().union(*(suspect.reach for suspect in chosen)):
        return False
    for suspect in chosen:
        others = frozenset().union(*(other.reach for other in chosen if other is not suspect))
        if suspect.missed - (wrong & others) or not suspect.shown - others:
            return False
    return True


def symptoms(answers: Answers, right: Mapping[str, str]) -> dict[str, str]:
    """The part of a wrong engine's answers that is not right."""
    return {name: a for name, a in answers.items() if a != right[name] and a != UNKNOWN}


def stored(right: Mapping[str, str], mistakes: Iterable[Mistake], origin_sha256: str) -> str:
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
    content = {"origin_sha256": origin_sha256, "right": dict(right), "mistakes": entries}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
