"""Removes what only IPython understands from a cell or script: `%matplotlib`, `!pip`, `x?`."""

from __future__ import annotations

import re

_MAGIC = re.compile(r"\s*([%!?]|[\w.*]+\?{1,2}\s*$|[\w.][\w., \t]*=\s*[%!])")
_RUN_THEIR_CELL = ("time", "capture", "prun")
"""Cell magics whose cells are plain Python, which runs without them."""
_TOKEN = re.compile(r"""#.*|\"{3}|'{3}|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[][(){}]|\\$""")
_END = {quote: re.compile(rf"(?s:\\.|[^\\])*?{quote}") for quote in ('"""', "'''")}


def without_magics(source: str) -> str:
    """A notebook's code cell as plain Python; the other lines keep their numbers."""
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first][2:].split(" ")[0].strip() not in _RUN_THEIR_CELL:
            return "\n" * len(lines)
        lines[first] = ""
    return "\n".join(python_alone(lines)) + "\n"


def python_alone(lines: list[str]) -> list[str]:
    """The lines without magics, each of which becomes a blank line or, in a block, `pass`.

    Within brackets and strings, a line that starts with % or ! is Python.
    """
    place, goes_on = _Place(), False  # goes_on: the magic above continues after a backslash
    kept = []
    for line in lines:
        if goes_on or (place.begins_statement and _MAGIC.match(line)):
            indent = "" if goes_on else line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass" if indent else "")
            goes_on = line.endswith("\\")
        else:
            place.read(line)
            kept.append(line)
    return kept


class _Place:
    """Whether the lines read so far end inside brackets or a string, or at a statement's end."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""  # the three quotes that end the current string
        self._continued = False

    @property
    def begins_statement(self) -> bool:
        return not (self._depth > 0 or self._quote or self._continued)

    def read(self, line: str) -> None:
        at, self._continued = 0, False
        while match := (_END[self._quote].match if self._quote else _TOKEN.search)(line, at):
            at, sign = match.end(), match[0]
            if self._quote:
                self._quote = ""
            elif sign in _END:
                self._quote = sign
            elif sign == "\\":
                self._continued = True
            else:
                self._depth += (sign in "([{") - (sign in ")]}")
