"""A learner's file made from a solution: what they are to write is taken out.

In a solution, inside a function body:

    ### BEGIN SOLUTION: One sentence of what to do.
    ...
    ### END SOLUTION

becomes `raise NotImplementedError("One sentence of what to do.")`. Where a block

    ### BEGIN GIVEN
    # lines, commented
    ### END GIVEN

follows, the stub holds those lines instead.
"""

from __future__ import annotations

import ast
import re
import textwrap

_MARKER = re.compile(
    r"^(?P<indent>\s*)### (?P<edge>BEGIN|END) (?P<kind>SOLUTION|GIVEN)(?:: (?P<text>.+\S))?\s*$"
)
_WIDTH = 100


class StubError(Exception):
    """A solution whose markers do not fit; the message says which line and what was expected."""


def stub(solution: str, name: str) -> str:
    """The learner's file.

    Args:
        solution: the text of the solution.
        name: its path, for messages.

    Raises:
        StubError: markers that do not pair, stand outside a function, or lack their sentence.
    """
    out: list[str] = []
    region: tuple[str, int] | None = None
    pending: tuple[str, str] | None = None  # indent and sentence of the last solution region
    taken_out: list[tuple[int, int]] = []  # where each region began, and its line in the stub
    given: list[str] = []
    for number, line in enumerate([*solution.split("\n"), ""], start=1):
        match = _MARKER.match(line)
        if match is None:
            if "### BEGIN" in line or "### END" in line:
                raise StubError(f"{name}:{number}: not a marker that I know: {line.strip()}")
            if region is None:
                if pending is not None:
                    out += _placeholder(*pending)
                    pending = None
                out.append(line)
            elif region[0] == "GIVEN":
                given.append(_uncommented(line, name, number))
            continue
        edge, kind = match["edge"], match["kind"]
        if edge == "END":
            if region is None or region[0] != kind:
                raise StubError(f"{name}:{number}: END {kind} without its BEGIN")
            if kind == "GIVEN":
                out += given
                given = []
            region = None
            continue
        if region is not None:
            raise StubError(f"{name}:{number}: a region begins inside the one of line {region[1]}")
        region = (kind, number)
        if kind == "GIVEN":
            if pending is None:
                raise StubError(f"{name}:{number}: GIVEN must follow END SOLUTION directly")
            pending = None
        else:
            if pending is not None:
                out += _placeholder(*pending)
            if not match["indent"]:
                raise StubError(f"{name}:{number}: a solution must stand in a function's body")
            if not match["text"]:
                raise StubError(f"{name}:{number}: say what to do: ### BEGIN SOLUTION: Sentence.")
            pending = (match["indent"], match["text"])
            taken_out.append((number, len(out) + 1))
    if region is not None:
        raise StubError(f"{name}:{region[1]}: the {region[0]} region does not end")
    text = "\n".join(out[:-1])
    try:
        tree = ast.parse(text, name)
    except (SyntaxError, ValueError) as error:
        raise StubError(f"{name}: its stub is not valid Python: {error}") from None
    functions = [
        node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    for number, line_of_stub in taken_out:
        if not any(f.lineno < line_of_stub <= (f.end_lineno or 0) for f in functions):
            raise StubError(f"{name}:{number}: a solution must stand in a function's body")
    return text


def _placeholder(indent: str, sentence: str) -> list[str]:
    quoted = '"' + sentence.replace("\\", "\\\\").replace('"', '\\"') + '"'
    line = f"{indent}raise NotImplementedError({quoted})"
    if len(line) <= _WIDTH:
        return [line]
    inner = indent + "    "
    parts = textwrap.wrap(
        sentence, _WIDTH - len(inner) - 3, break_long_words=False, break_on_hyphens=False
    )
    quoted_parts = [
        '"' + part.replace("\\", "\\\\").replace('"', '\\"') + (' "' if rest else '"')
        for part, rest in zip(parts, [*parts[1:], None], strict=True)
    ]
    return [f"{indent}raise NotImplementedError(", *(inner + p for p in quoted_parts), f"{indent})"]


def _uncommented(line: str, name: str, number: int) -> str:
    if not line.strip():
        return ""
    match = re.match(r"^(\s*)# ?(.*)$", line)
    if match is None:
        raise StubError(f"{name}:{number}: lines of a GIVEN block are commented with `# `")
    return (match[1] + match[2]).rstrip()
