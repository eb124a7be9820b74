"""Small slips made by tool in a solution's regions, to see whether the suite notices each.

The kinds are those that learners make: another operator, a wrong number, `=` for `+=`, another
name of the same function, a line left out, nothing returned.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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


@dataclass(frozen=True)
class Mutant:
    """A solution with one slip: the line's number, the line before and after, the whole text."""

    line: int
    before: str
    after: str
    source: str


def mutants(solution: str) -> list[Mutant]:
    """Every slip that can be made in the solution's regions, in order, each once.

    Args:
        solution: the text of a solution with its BEGIN SOLUTION / END SOLUTION markers.
    """
    lines = solution.split("\n")
    regions = _regions(lines)
    found: dict[str, Mutant] = {}
    for node in ast.walk(ast.parse(solution)):
        if getattr(node, "lineno", None) not in regions:
            continue
        for (start, end), text in _slips(node, solution):
            source = _replaced(lines, start, end, text)
            try:
                compile(source, "mutant", "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            before = lines[start[0] - 1 : end[0]]
            after = source.split("\n")[start[0] - 1 : start[0] - 1 + len(before)]
            mutant = Mutant(start[0], " ".join(map(str.strip, before)), after[0], source)
            found.setdefault(source, mutant)
    found.pop(solution, None)  # -= for -= is no slip
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.after))


_Place = tuple[int, int]
_Slip = tuple[tuple[_Place, _Place], str]


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


def _span(node: ast.expr | ast.stmt) -> tuple[_Place, _Place]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _slips(node: ast.AST, solution: str) -> Iterator[_Slip]:
    """The places in a node and what may stand there by mistake."""
    if isinstance(node, ast.BinOp):
        yield from _between(node.left, node.right, _BINARY.get(type(node.op), ()), solution)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        others = _COMPARE.get(type(node.ops[0]), ())
        yield from _between(node.left, node.comparators[0], others, solution)
    elif isinstance(node, ast.AugAssign):
        text = ast.get_source_segment(solution, node) or ""
        for sign in ("=", "-=", "+="):
            yield _span(node), re.sub(r"[-+*/]=", sign, text, count=1)
        yield _span(node), "pass"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _span(node), repr(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        for number in dict.fromkeys((node.value + 1, -node.value, 0)):
            if number != node.value:
                yield _span(node), f"({number!r})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield _span(node), f"({ast.get_source_segment(solution, node.operand)})"
    elif isinstance(node, ast.Name) and node.id in _NAMES and isinstance(node.ctx, ast.Load):
        yield _span(node), _NAMES[node.id]
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        inner = ast.get_source_segment(solution, node.value)
        yield _span(node), f"{inner}.{_NAMES[node.attr]}"
    elif isinstance(node, ast.Return) and node.value is not None:
        yield _span(node), "return None"
    elif isinstance(node, (ast.Assign, ast.Expr, ast.Break, ast.Continue)):
        yield _span(node), "pass"


def _between(
    left: ast.expr, right: ast.expr, others: tuple[str, ...], solution: str
) -> Iterator[_Slip]:
    """Other operators between two operands; brackets around the operands stay."""
    _, start = _span(left)
    end, _ = _span(right)
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


def _replaced(lines: list[str], start: _Place, end: _Place, text: str) -> str:
    """The lines with a span replaced; columns count bytes, as in `ast`."""
    head = lines[start[0] - 1].encode()[: start[1]].decode()
    tail = lines[end[0] - 1].encode()[end[1] :].decode()
    padding = [""] * (end[0] - start[0])  # every other line keeps its number
    changed = [head + text + tail, *padding]
    return "\n".join([*lines[: start[0] - 1], *changed, *lines[end[0] :]])
