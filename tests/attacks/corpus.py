"""The attacks as they lie on disk: one file each, its aim in the first line."""

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
"""What attacks stand on, by the name of the file: work that earns something, and not all."""


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        path: where it lies.
        aim: what it wants, in words: its first line.
        facts: the further comment lines `# Name: value` at its top.
        text: all of it.
    """

    path: Path
    aim: str
    facts: Mapping[str, str]
    text: str

    @classmethod
    def read(cls, path: Path) -> Attack:
        """The attack in a file; raises ValueError where it does not say its aim."""
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
        """The one of BASES that it stands on."""
        return self.facts.get("Base", "closures")

    @property
    def patience(self) -> str:
        """Which limits of time it meets: "short" for those that use up all that there is."""
        return self.facts.get("Patience", "short" if "timeout" in self.facts["Ends"] else "long")

    @property
    def assignment(self) -> str:
        return BASES[self.base]


def corpus(folder: str) -> list[Attack]:
    """The attacks of a folder, by name."""
    return [Attack.read(path) for path in sorted((HERE / folder).glob("*.py"))]
