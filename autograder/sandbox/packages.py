"""Finds the files and folders of installed packages that a learner may import."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib import util
from pathlib import Path


@cache
def locations(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """The files and folders of these packages, and of those they require, if installed.

    Args:
        packages: their names in an import.
    """
    found: list[Path] = []
    pending, seen = list(packages), set(packages)
    while pending:
        name = pending.pop()
        facts = _facts(name)
        found += _places(name, facts)
        for requirement in _requirements(facts):
            if requirement not in seen:
                seen.add(requirement)
                pending.append(requirement)
    return tuple(dict.fromkeys(found))


def _facts(name: str) -> Path | None:
    """The folder in which pip records what it installed under that name.

    `importlib.metadata` is not used, as importing it takes longer than starting a worker.
    """
    normal = _normal(name)
    for folder in sys.path:
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():  # noqa: PTH208, PTH112  a glob is slow
            if entry.endswith(".dist-info") and _normal(entry.partition("-")[0]) == normal:
                return Path(folder, entry)
    return None


def _normal(name: str) -> str:
    """A package's name, normalised for comparison."""
    return re.sub(r"[-_.]+", "_", name).lower()


def _places(name: str, facts: Path | None) -> list[Path]:
    """The files and folders of a package in site-packages."""
    if facts is not None and (facts / "RECORD").is_file():
        lines = (facts / "RECORD").read_text("utf-8").splitlines()
        tops = {line.partition(",")[0].partition("/")[0] for line in lines}
        tops -= {"..", "__pycache__", facts.name}
        return [facts.parent / top for top in sorted(tops) if (facts.parent / top).exists()]
    spec = util.find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        return []
    place = Path(spec.origin)
    return [place.parent if spec.submodule_search_locations else place]


def _requirements(facts: Path | None) -> list[str]:
    """The names of the packages that a package requires on this system."""
    if facts is None or not (facts / "METADATA").is_file():
        return []
    head = (facts / "METADATA").read_text("utf-8", "replace").partition("\n\n")[0]
    lines = [line for line in head.split("\n") if line.startswith("Requires-Dist:")]
    if not lines:
        return []
    from packaging.requirements import Requirement

    parsed = [Requirement(line.partition(":")[2].strip()) for line in lines]
    return [r.name for r in parsed if r.marker is None or r.marker.evaluate({"extra": ""})]
