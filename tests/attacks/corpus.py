"""Reads the corpus of attacks: one file each, with its aim in the first line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BASES = {
    "derivatives": "assignment0",
    "operators": "assignment2",
    "closures": "assignment3",
    "toposort": "assignment4",
    "accumulation": "assignment5",
    "zero_grad": "assignment6",
    "nn": "assignment7",
    "training": "assignment8",
}
"""The work that attacks are added to, by file name: it earns some points, but not all."""


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        path: its path.
        aim: what it tries to do: its first line.
        facts: the comment lines `# Name: value` that follow, by name.
        text: the whole file.
    """

    path: Path
    aim: str
    facts: Mapping[str, str]
    text: str

    @classmethod
    def read(cls, path: Path) -> Attack:
        """The attack in a file; raises ValueError if its first line has no aim."""
        text = path.read_text("utf-8")
        head: dict[str, str] = {}
        for line in text.split("\n"):
            match = re.fullmatch(r"# ([A-Z]\w+): (.+)", line)
            if match is None:
                break
            head[match[1]] = match[2]
        if next(iter(head), None) != "Aim":
            raise ValueError(f"{path}: the first line must be `# Aim: …`")
        return cls(path, head.pop("Aim"), head, text)

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def base(self) -> str:
        """The one of BASES that it is added to."""
        return self.facts.get("Base", "closures")

    @property
    def patience(self) -> str:
        """Which time limits it gets: "short" if it uses up all of its time."""
        return self.facts.get("Patience", "short" if "timeout" in self.facts["Ends"] else "long")

    @property
    def assignment(self) -> str:
        return BASES[self.base]


def corpus(folder: str) -> list[Attack]:
    """The attacks of a folder, by name."""
    return [Attack.read(path) for path in sorted((HERE / folder).glob("*.py"))]
