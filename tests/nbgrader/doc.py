"""The commands of a document, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```sh(?: (?P<who>\w+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Commands that one person gives."""

    who: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def blocks(path: Path, *, since: str = "", until: str = "") -> list[Block]:
    """The blocks of a document marked `sh`, from one heading to another."""
    text = path.read_text("utf-8")
    begin = text.index(since) if since else 0
    end = text.index(until, begin + 1) if until else len(text)
    return [Block(m["who"] or "instructor", m["text"]) for m in _FENCE.finditer(text[begin:end])]
