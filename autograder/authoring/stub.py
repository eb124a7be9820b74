"""Makes a learner's file from a solution: removes what they are to write.

In a solution, inside a function body:

    ### BEGIN SOLUTION: One sentence of what to do.
    ...
    ### END SOLUTION

becomes `raise NotImplementedError("One sentence of what to do.")`. If a block

    ### BEGIN GIVEN
    # lines, commented
    ### END GIVEN

follows, the stub has those lines instead.

After its first cell, a stub has a cell of ours that makes a run end in a sentence, not a traceback,
when it reaches an unwritten function. It is a demo cell, which the grader does not run.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Container
from dataclasses import dataclass
from itertools import islice

from autograder.submission import percent

_MARKER = re.compile(
    r"^(?P<indent>\s*)### (?P<edge>BEGIN|END) (?P<kind>SOLUTION|GIVEN)(?:: (?P<text>.+\S))?\s*$"
)
_WIDTH = 100
_SETUP = """\
# %% tags=["demo"]
# If you run into a function that isn't written yet, this ends the run with one sentence.
import autograder.kit.stubs  # not found? In the course's folder: source .venv/bin/activate

"""
_CELL = re.compile(r"^# %%", re.MULTILINE)


class StubError(Exception):
    """A solution's markers are wrong; the message says on which line and what was expected."""


def with_setup(text: str) -> str:
    """The text with our cell after its first one; unchanged if it has no second one."""
    second = next(islice(_CELL.finditer(text), 1, None), None)
    return text if second is None else f"{text[: second.start()]}{_SETUP}{text[second.start() :]}"


def stub(solution: str, name: str, only: Container[int] | None = None) -> str:
    """The learner's file, without the cell that `with_setup` adds.

    Args:
        solution: the text of the solution.
        name: its path, for messages.
        only: the solution regions to remove, by position in the text, from 0; by default all. The
            others are left as they are.

    Raises:
        StubError: markers do not pair, are outside a function, or lack their sentence.
    """
    reader = _Reader(solution, name, only)
    text = reader.end()
    try:
        tree = ast.parse(text, name)
    except (SyntaxError, ValueError) as error:
        raise StubError(f"{name}: its stub is not valid Python: {error}") from None
    functions = [
        node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    for number, line_of_stub in reader.taken_out:
        if not any(f.lineno < line_of_stub <= (f.end_lineno or 0) for f in functions):
            raise StubError(f"{name}:{number}: a solution must be inside a function's body")
    return text


@dataclass(frozen=True)
class Region:
    """A solution region.

    Attributes:
        sentence: what the learner is to do.
        lines: the lines that do it.
    """

    sentence: str
    lines: list[str]


def regions(solution: str, name: str) -> list[Region]:
    """The solution regions of a text, in order; raises StubError as `stub` does."""
    reader = _Reader(solution, name, only=())
    reader.end()
    return reader.regions


def solved(solution: str) -> str:
    """The cells of a solution in which learners write, without markers and GIVEN blocks."""
    written = []
    for cell in percent.cells(solution):
        kinds = [
            match and (match["edge"], match["kind"]) for match in map(_MARKER.match, cell.lines)
        ]
        if ("BEGIN", "SOLUTION") not in kinds:
            continue
        kept, given = [], False
        for line, kind in zip(cell.lines, kinds, strict=True):
            given = kind == ("BEGIN", "GIVEN") or (given and kind != ("END", "GIVEN"))
            kept += [line] if not given and not kind else []
        written.append("\n".join(kept).strip("\n"))
    return "\n\n\n".join(written) + "\n"


class _Reader:
    """Turns a solution into its stub, line by line.

    Attributes:
        regions: the solution regions.
        taken_out: for each removed one, its line in the solution and in the stub.
    """

    def __init__(self, solution: str, name: str, only: Container[int] | None) -> None:
        self.name, self.only = name, only
        self.regions: list[Region] = []
        self.taken_out: list[tuple[int, int]] = []
        self._out: list[str] = []
        self._given: list[str] = []
        self._region: tuple[str, int] | None = None  # the kind of the open one, and its line
        self._pending: tuple[str, str] | None = None  # indent and sentence of the last solution
        self._stays = False  # whether the last solution is left as it is
        for number, line in enumerate(solution.split("\n"), start=1):
            self._read(line, number)

    def _read(self, line: str, number: int) -> None:
        match = _MARKER.match(line)
        if match is None:
            if "### BEGIN" in line or "### END" in line:
                raise self._error(number, f"unknown marker: {line.strip()}")
            self._plain(line, number)
        elif match["edge"] == "END":
            self._end(match["kind"], number)
        elif self._region is not None:
            raise self._error(number, f"a region begins inside the one from line {self._region[1]}")
        else:
            self._begin(match, number)
            self._region = (match["kind"], number)

    def end(self) -> str:
        """The stub, once everything is read; raises StubError for a region without end."""
        if self._region is not None:
            raise self._error(self._region[1], f"the {self._region[0]} region never ends")
        self._place()
        return "\n".join(self._out)

    def _plain(self, line: str, number: int) -> None:
        if self._region is None:
            self._place()
            self._out.append(line)
        elif self._region[0] == "SOLUTION":
            self.regions[-1].lines.append(line)
            if self._stays:
                self._out.append(line)
        elif not self._stays:
            self._given.append(_uncommented(line, self.name, number))

    def _begin(self, match: re.Match[str], number: int) -> None:
        if match["kind"] == "GIVEN":
            if self._pending is None and not self._stays:
                raise self._error(number, "GIVEN must follow END SOLUTION directly")
            self._pending = None
            return
        self._place()
        if not match["indent"]:
            raise self._error(number, "a solution must be inside a function's body")
        if not match["text"]:
            raise self._error(number, "say what to do: ### BEGIN SOLUTION: Sentence.")
        self._stays = self.only is not None and len(self.regions) not in self.only
        self.regions.append(Region(match["text"], []))
        if not self._stays:
            self._pending = (match["indent"], match["text"])
            self.taken_out.append((number, len(self._out) + 1))

    def _end(self, kind: str, number: int) -> None:
        if self._region is None or self._region[0] != kind:
            raise self._error(number, f"END {kind} without its BEGIN")
        self._region = None
        self._out += self._given
        self._given = []

    def _place(self) -> None:
        """Write the sentence of the last solution, unless a GIVEN block replaced it."""
        if self._pending is not None:
            self._out += _placeholder(*self._pending)
            self._pending = None

    def _error(self, number: int, message: str) -> StubError:
        return StubError(f"{self.name}:{number}: {message}")


def _placeholder(indent: str, sentence: str) -> list[str]:
    line = f"{indent}raise NotImplementedError({_quoted(sentence)})"
    if len(line) <= _WIDTH:
        return [line]
    inner = indent + "    "
    parts = textwrap.wrap(
        sentence, _WIDTH - len(inner) - 3, break_long_words=False, break_on_hyphens=False
    )
    quoted = [_quoted(f"{part} ") for part in parts[:-1]] + [_quoted(parts[-1])]
    return [f"{indent}raise NotImplementedError(", *(inner + q for q in quoted), f"{indent})"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _uncommented(line: str, name: str, number: int) -> str:
    if not line.strip():
        return ""
    match = re.match(r"^(\s*)# ?(.*)$", line)
    if match is None:
        raise StubError(f"{name}:{number}: lines of a GIVEN block must be commented out with `# `")
    return (match[1] + match[2]).rstrip()
