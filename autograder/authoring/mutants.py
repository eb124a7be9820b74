"""Makes small slips in a solution's regions, to check that the suite notices each of them.

They are the kinds that learners make: another operator, a wrong number, `=` for `+=`, another name
of the same function, a missing line, a missing return value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

_BINARY: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-", "*"),
    ast.Sub: ("+",),
    ast.Mult: ("+", "/"),
    ast.Div: ("*", "//"),
    ast.Pow: ("*",),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Gt: ("<", "<="),
    ast.GtE: ("<", ">"),
    ast.Lt: (">", "<="),
    ast.LtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}
_NAMES = {"self": "other", "other": "self", "data": "grad", "grad": "data"}


Place = tuple[int, int]
"""A line, counted from 1, and a column in bytes, counted from 0, as in `ast`."""

Slip = tuple[tuple[Place, Place], str]
"""The start and end of what is replaced, and what replaces it."""


@dataclass(frozen=True)
class Mutant:
    """A text with one slip.

    Attributes:
        line: the number of the changed line, from 1.
        before: that line without the slip; several lines are joined.
        after: that line with the slip.
        source: the whole text with the slip.
    """

    line: int
    before: str
    after: str
    source: str


def mutants(solution: str) -> list[Mutant]:
    """Every slip of a learner in the solution's regions, in order, without duplicates.

    Args:
        solution: the text of a solution with its BEGIN SOLUTION / END SOLUTION markers.

    Raises:
        SyntaxError: it is not valid Python.
    """
    return changed(solution, _regions(solution.split("\n")), _slips)


def changed(
    text: str, lines: Container[int], slips: Callable[[ast.AST, str], Iterator[Slip]]
) -> list[Mutant]:
    """The text with one slip at a time, in order, without duplicates and invalid Python.

    Args:
        text: Python.
        lines: the numbers of the lines in which to make slips, from 1.
        slips: returns the slips that can be made at a node of the text.
    """
    before = text.split("\n")
    found: dict[str, Mutant] = {}
    for node in ast.walk(ast.parse(text)):
        if getattr(node, "lineno", None) not in lines:
            continue
        for (start, end), instead in slips(node, text):
            source = _replaced(before, start, end, instead)
            try:
                compile(source, "mutant", "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            replaced = " ".join(map(str.strip, before[start[0] - 1 : end[0]]))
            mutant = Mutant(start[0], replaced, source.split("\n")[start[0] - 1], source)
            found.setdefault(source, mutant)
    found.pop(text, None)  # -= for -= is no slip
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.after))


def _regions(lines: list[str]) -> set[int]:
    """The numbers of the lines that learners write."""
    numbers, inside = set(), False
    for number, line in enumerate(lines, start=1):
        if "### BEGIN SOLUTION" in line:
            inside = True
        elif "### END SOLUTION" in line:
            inside = False
        elif inside:
            numbers.add(number)
    return numbers


def span(node: ast.expr | ast.stmt) -> tuple[Place, Place]:
    """Where the node starts and ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _slips(node: ast.AST, solution: str) -> Iterator[Slip]:
    """Slips that learners make at a node."""
    yield from general(node, solution)
    if isinstance(node, ast.Name) and node.id in _NAMES and isinstance(node.ctx, ast.Load):
        yield span(node), _NAMES[node.id]
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        inner = ast.get_source_segment(solution, node.value)
        yield span(node), f"{inner}.{_NAMES[node.attr]}"


def general(node: ast.AST, text: str) -> Iterator[Slip]:
    """Slips that anyone could make at a node of this text."""
    if isinstance(node, ast.BinOp):
        yield from _between(node.left, node.right, _BINARY.get(type(node.op), ()), text)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        others = _COMPARE.get(type(node.ops[0]), ())
        yield from _between(node.left, node.comparators[0], others, text)
    elif isinstance(node, ast.AugAssign):
        source = ast.get_source_segment(text, node) or ""
        for sign in ("=", "-=", "+="):
            yield span(node), re.sub(r"[-+*/]=", sign, source, count=1)
        yield span(node), "pass"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield span(node), repr(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        for number in dict.fromkeys((node.value + 1, -node.value, 0)):
            if number != node.value:
                yield span(node), f"({number!r})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield span(node), f"({ast.get_source_segment(text, node.operand)})"
    elif isinstance(node, ast.Return) and node.value is not None:
        yield span(node), "return None"
    elif isinstance(node, (ast.Assign, ast.Expr, ast.Break, ast.Continue)):
        yield span(node), "pass"


def _between(
    left: ast.expr, right: ast.expr, others: tuple[str, ...], solution: str
) -> Iterator[Slip]:
    """Other operators between two operands; brackets around the operands are kept."""
    _, start = span(left)
    end, _ = span(right)
    lines = solution.split("\n")
    if start[0] != end[0]:
        return
    gap = lines[start[0] - 1].encode()[start[1] : end[1]].decode()
    for other in others:
        text = re.sub(
            r"\*\*|//|[-+*/]|[<>=!]=|[<>]|not in|is not|\bin\b|\bis\b", other, gap, count=1
        )
        if text != gap:
            yield (start, end), text


def _replaced(lines: list[str], start: Place, end: Place, text: str) -> str:
    """The lines with a span replaced; columns count bytes, as in `ast`."""
    head = lines[start[0] - 1].encode()[: start[1]].decode()
    tail = lines[end[0] - 1].encode()[end[1] :].decode()
    padding = [""] * (end[0] - start[0])  # the other lines keep their numbers
    changed = [head + text + tail, *padding]
    return "\n".join([*lines[: start[0] - 1], *changed, *lines[end[0] :]])
