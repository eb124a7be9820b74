"""Recognises known mistakes in a learner's answers, part by part.

A part can go wrong by itself: it is an operator or a function. A mistake is named if it explains
exactly the answers of its own parts; other parts do not matter. If a part uses others that are
wrong, too, its mistake is only named if its answers do not follow from theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from autograder.diagnosis.claims import Claim
from autograder.diagnosis.evidence import ABSENT, NO_NUMBER, UNKNOWN

VARIES = "varies"
"""In a stored fingerprint: the answer differs from run to run, so it is ignored."""


@dataclass(frozen=True)
class Mistake:
    """A known mistake.

    Attributes:
        id: its own name.
        family: shared by mistakes with the same idea in different places.
        text: for the learner.
        caught_by: the test that must lose points.
        symptoms: its wrong answers, by probe.
        claims: what the text claims about the file or the outcome; all must hold.
    """

    id: str
    family: str
    text: str
    caught_by: str
    symptoms: Mapping[str, str]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Table:
    """A suite's right answers and known mistakes.

    Attributes:
        right: the right answer to each probe.
        mistakes: the known mistakes.
        asked: the functions, classes and methods that the task asks for.
    """

    right: Mapping[str, str]
    mistakes: tuple[Mistake, ...]
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Parts:
    """The parts that can go wrong by themselves, and what they may use.

    Attributes:
        of: the part of each probe.
        rests_on: for a part, others that it may use.
    """

    of: Mapping[str, str]
    rests_on: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def bases(self, part: str) -> set[str]:
        """All parts that this one may use, directly or indirectly."""
        found: set[str] = set()
        pending = [*self.rests_on.get(part, ())]
        while pending:
            base = pending.pop()
            if base not in found and base != part:
                found.add(base)
                pending.extend(self.rests_on.get(base, ()))
        return found

    def home(self, mistake: Mistake) -> set[str]:
        """The parts in which a mistake is made: those where it shows, without consequences."""
        shows = {self.of[name] for name in mistake.symptoms if name in self.of}
        return {part for part in shows if not self.bases(part) & shows - {part}} or shows

    def in_order(self) -> list[str]:
        """The parts, each after those that it may use."""
        names = list(dict.fromkeys(self.of.values()))
        return sorted(names, key=lambda part: len(self.bases(part)))


def match(
    answers: Mapping[str, str],
    known: Table,
    parts: Parts,
    *,
    holds: Callable[[Mistake], bool] = lambda _: True,
    alone: Callable[[str, str], bool] = lambda *_: False,
) -> list[Mistake]:
    """The mistakes that the answers show, those in the parts that others use first.

    Args:
        answers: the answers to some of the probes.
        known: the answers of correct and wrong engines.
        parts: the parts of the probes.
        holds: whether a mistake's text is true here.
        alone: whether a part of the learner's certainly does not use another one.

    Returns:
        At most one mistake for each part; none for a part that several families would fit.
    """
    evidence = _Evidence(answers, known.right, parts)
    fitting = [m for m in known.mistakes if evidence.shows(m) and holds(m)]
    named: dict[str, Mistake] = {}
    for part in parts.in_order():
        candidates = [m for m in fitting if part in parts.home(m)]
        bases = {
            base
            for base in parts.bases(part)
            if base in evidence.wrong_parts and not alone(part, base)
        }
        if evidence.is_told(part):
            if not bases <= named.keys():
                continue  # it uses a part with an unknown mistake
            if any(evidence.follows(part, other) for other in named.values()):
                continue
        if (found := _one(candidates, evidence, part)) is not None:
            named[part] = found
    return list({mistake.id: mistake for mistake in named.values()}.values())


def _one(candidates: list[Mistake], evidence: _Evidence, part: str) -> Mistake | None:
    """The mistake that explains most of a part; None if two families explain equally much.

    One that explains no more of it than another, and would do more harm that is not seen, is left
    out. A text with claims, which are true, is preferred to one without.
    """
    seen = {m.id: (evidence.matched(m, part), evidence.spared(m)) for m in candidates}
    candidates = [
        m
        for m in candidates
        if not any(
            matched >= seen[m.id][0] and spared < seen[m.id][1] for matched, spared in seen.values()
        )
    ]
    if not candidates:
        return None
    rank = {}
    for m in candidates:
        matched, home = seen[m.id][0], evidence.parts.home(m)
        rank[m.id] = (evidence.explained(m), len(matched), len(home), bool(m.claims))
    best = [m for m in candidates if rank[m.id] == max(rank.values())]
    return best[0] if len({m.family for m in best}) == 1 else None


class _Evidence:
    """Compares the learner's answers with the right ones."""

    def __init__(self, answers: Mapping[str, str], right: Mapping[str, str], parts: Parts) -> None:
        self.answers, self.right, self.parts = answers, right, parts
        self.told = {n for n, a in answers.items() if a != UNKNOWN and not a.startswith(ABSENT)}
        self.of_values = {n for n in self.told if not NO_NUMBER.fullmatch(answers[n])}
        self.wrong = {n for n in self.told if answers[n] != right.get(n)}
        self.wrong_parts: AbstractSet[str] = {parts.of[n] for n in self.wrong}

    def is_told(self, part: str) -> bool:
        """Whether something in the part is wrong, not just missing."""
        return part in self.wrong_parts

    def shows(self, mistake: Mistake) -> bool:
        """Whether the mistake explains exactly the answers of its own parts."""
        home, shown = self.parts.home(mistake), False
        for name, sign in mistake.symptoms.items():
            if sign == VARIES or self.parts.of.get(name) not in home:
                continue
            answer = self.answers.get(name, UNKNOWN)
            if answer == sign:
                shown = True
            elif name in self.of_values:
                return False
        wrong = self.wrong & self.of_values
        return shown and all(
            name in mistake.symptoms for name in wrong if self.parts.of[name] in home
        )

    def explained(self, mistake: Mistake) -> bool:
        """Whether it explains everything that is wrong, and nothing else."""
        expected = {n: s for n, s in mistake.symptoms.items() if n in self.told and s != VARIES}
        return self.wrong <= mistake.symptoms.keys() and all(
            self.answers[name] == sign for name, sign in expected.items()
        )

    def matched(self, mistake: Mistake, part: str) -> set[str]:
        """What is wrong in a part in the way in which the mistake makes it wrong."""
        wrong = {name for name in self.wrong if self.parts.of[name] == part}
        return {name for name in wrong if mistake.symptoms.get(name) == self.answers[name]}

    def spared(self, mistake: Mistake) -> set[str]:
        """What is right, although the mistake would make it wrong as a consequence."""
        right = self.told - self.wrong
        return {n for n, sign in mistake.symptoms.items() if sign != VARIES and n in right}

    def follows(self, part: str, base: Mistake) -> bool:
        """Whether a part's wrong answers follow from a mistake in another part."""
        wrong = [name for name in self.wrong if self.parts.of[name] == part]
        return all(base.symptoms.get(name) in (self.answers[name], VARIES) for name in wrong)


def symptoms(answers: Mapping[str, str], right: Mapping[str, str]) -> dict[str, str]:
    """An engine's wrong answers, by probe.

    Args:
        answers: the engine's.
        right: the right ones.
    """
    return {name: a for name, a in answers.items() if a != right[name] and a != UNKNOWN}


def shown_by(known: Table, parts: Parts) -> dict[str, set[str]]:
    """The tests that show mistakes in each part."""
    found: dict[str, set[str]] = {}
    for mistake in known.mistakes:
        for part in parts.home(mistake):
            found.setdefault(part, set()).add(mistake.caught_by)
    return found


def exceptions(mistake: Mistake) -> Iterator[str]:
    """The types of the exceptions among a mistake's symptoms."""
    yield from filter(None, map(_exception, mistake.symptoms.values()))


def raises(sign: str) -> bool:
    """Whether a symptom is an exception, among them those of missing names."""
    return sign.startswith(ABSENT) or bool(_exception(sign))


def _exception(sign: str) -> str | None:
    """The type of the exception in a symptom."""
    head = sign.split(":", maxsplit=1)[0].split(",", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    named = head.endswith(("Error", "Exception", "Exit", "Iteration"))
    return head if head.isidentifier() and named else None
