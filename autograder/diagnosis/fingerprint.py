"""A suite's probes, and the answers of correct and wrong engines to them.

A fingerprint is the wrong answers with their probes. It only depends on behaviour, so it matches an
engine in any style. Each suite has its probes in `probes.py`, part by part, and the fingerprints of
its wrong engines in `fingerprints.json`, made by `course fingerprints`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from autograder.assertions.probing import Probe
from autograder.diagnosis.beside import module_of
from autograder.diagnosis.claims import Claim
from autograder.diagnosis.match import Mistake, Parts, Table

if TYPE_CHECKING:
    from pathlib import Path


class Plan(msgspec.Struct, frozen=True):
    """The probes in probes.py for one file of an assignment.

    Attributes:
        probes: by part and name; PROBES in probes.py, or an entry of its OTHER_FILES.
        parts: the parts of the probes; RESTS_ON in probes.py says what a part may use.
        one_node: for some parts, a probe for whether it uses no other part, as its result's
            operands are those that it was given; ONE_NODE in probes.py.
    """

    probes: Mapping[str, Mapping[str, Probe]]
    parts: Parts
    one_node: Mapping[str, Probe]

    @property
    def wanted(self) -> dict[str, Probe]:
        """The probes of all parts by name."""
        return {name: probe for each in self.probes.values() for name, probe in each.items()}


@cache
def plans(suite: Path) -> Mapping[str | None, Plan]:
    """The probes of a suite by file, None for the assignment's first one; empty without probes."""
    module = module_of(suite, "probes")
    if module is None:
        return {}
    rests_on: Mapping[str, Iterable[str]] = getattr(module, "RESTS_ON", {})
    one_node: Mapping[str, Probe] = getattr(module, "ONE_NODE", {})
    files = {None: module.PROBES, **getattr(module, "OTHER_FILES", {})}
    return {
        file: Plan(
            probes,
            Parts({name: part for part, each in probes.items() for name in each}, rests_on),
            one_node,
        )
        for file, probes in files.items()
    }


def unknown_parts(suite: Path) -> set[str]:
    """Parts in RESTS_ON or ONE_NODE that have no probes."""
    known = {part for plan in plans(suite).values() for part in plan.probes}
    spoken_of = {
        name
        for plan in plans(suite).values()
        for part, bases in plan.parts.rests_on.items()
        for name in (part, *bases, *plan.one_node)
    }
    return spoken_of - known


def repeats(suite: Path) -> int:
    """How often a wrong engine is asked, to find answers that vary; REPEATS in probes.py, or 1."""
    return int(getattr(module_of(suite, "probes"), "REPEATS", 1))


@cache
def table(suite: Path) -> Table | None:
    """The suite's stored fingerprints; None if there are none."""
    path = suite / "fingerprints.json"
    if not path.is_file():
        return None
    stored = json.loads(path.read_text("utf-8"))
    mistakes = tuple(
        Mistake(**{**entry, "claims": msgspec.convert(entry.get("claims", ()), tuple[Claim, ...])})
        for entry in stored["mistakes"]
    )
    return Table(stored["right"], mistakes, frozenset(stored["asked"]))


def stored(known: Table, origin_sha256: str) -> str:
    """The text of a fingerprints.json.

    Args:
        known: its content.
        origin_sha256: the hash of what it was made from.
    """
    entries = []
    for mistake in known.mistakes:
        entry: dict[str, object] = {
            "id": mistake.id,
            "family": mistake.family,
            "text": mistake.text,
            "caught_by": mistake.caught_by,
            "symptoms": dict(sorted(mistake.symptoms.items())),
        }
        if mistake.claims:
            entry["claims"] = msgspec.to_builtins(mistake.claims)
        entries.append(entry)
    content = {
        "origin_sha256": origin_sha256,
        "asked": sorted(known.asked),
        "right": dict(known.right),
        "mistakes": entries,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
