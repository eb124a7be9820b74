"""Searches a learner's file for functions by name, and for code of a given shape.

The file is read, never run. This does not name mistakes: it only rules out texts that are not true
of the file.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_IGNORED = frozenset({"ctx", "type_comment", "kind", "keywords"})


class Code:
    """The code of a file.

    Args:
        texts: what runs, in order: one text, or those of a notebook's cells.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of all texts; those that are not valid Python are left out."""
        body: list[ast.stmt] = []
        for text in self.texts:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    body += ast.parse(text).body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        return ast.Module(body, [])

    @cached_property
    def _nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def attached(self) -> dict[str, str]:
        """For each assigned attribute, the name assigned: `negate` for `Value.__neg__ = negate`."""
        found = {}
        for node in self._nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                for target in node.targets:
                    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                        found[target.attr] = node.value.id
                    elif isinstance(target, ast.Name):
                        found.setdefault(target.id, node.value.id)
        return found

    def functions(self, name: str) -> list[_Function]:
        """The functions of that name, with or without underscores, or attached under that name."""
        wanted = {name, f"__{name}__"}
        wanted |= {self.attached[each] for each in tuple(wanted) if each in self.attached}
        found: list[_Function] = [
            node
            for node in self._nodes
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in wanted
        ]
        for node in self._nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                names = {
                    t.attr if isinstance(t, ast.Attribute) else getattr(t, "id", "")
                    for t in node.targets
                }
                if names & wanted:
                    found.append(node.value)
        return found

    def takes(self, function: str, parameters: Iterable[str]) -> bool:
        """Whether a function of that name has parameters of these names in this order."""
        for body in self.functions(function):
            names = iter([argument.arg.strip("_") for argument in body.args.args])
            if all(parameter in names for parameter in parameters):
                return True
        return False

    def defines(self, name: str) -> bool:
        """Whether a function or method is defined under exactly this name."""
        return any(
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
            for node in self._nodes
        )

    def leaves_out(self, name: str) -> bool:
        """Whether a function of that name is in no class, and nothing uses it."""
        outside = {
            node.name
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and node.name.strip("_") == name
        }
        used = {node.id for node in self._nodes if isinstance(node, ast.Name)}
        return bool(outside - used)

    def holds(self, pattern: str, inside: str = "") -> bool:
        """Whether code of that shape occurs, in the function of that name or anywhere.

        Args:
            pattern: Python in which ANY stands for any expression, NAME for any name, NUMBER for
                any number, and `...` among arguments for any further ones.
            inside: a function's name; if the file has no such function, the answer is False.
        """
        wanted = _parsed(pattern)
        places: Iterable[ast.AST] = self.functions(inside) if inside else [self.tree]
        deep = not isinstance(wanted, ast.Return)
        return any(_fits(wanted, node) for place in places for node in _within(place, deep=deep))

    def mentions(self, function: str, name: str) -> bool:
        """Whether a function, or one that it uses, uses that name; True if unsure."""
        seen: set[str] = set()
        pending = [function]
        if not self.functions(function):
            return True
        while pending:
            current = pending.pop()
            for body in self.functions(current):
                for node in ast.walk(body):
                    used = getattr(node, "id", None) or getattr(node, "attr", None)
                    if used == name:
                        return True
                    if isinstance(used, str) and used not in seen:
                        seen.add(used)
                        pending.append(used)
        return False


def names_asked(texts: Iterable[str]) -> set[str]:
    """The names of the functions, classes and methods that files define, or attach to classes.

    Args:
        texts: whole files; for solutions, these are the names that the task asks for.
    """
    found: set[str] = set()
    for text in texts:
        for statement in ast.parse(text).body:
            inner = statement.body if isinstance(statement, ast.ClassDef) else []
            for node in (statement, *inner):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    found.add(node.name)
                elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                    found |= {t.attr for t in node.targets if isinstance(t, ast.Attribute)}
    return found


@lru_cache(maxsize=1_000)
def _parsed(pattern: str) -> ast.AST:
    (statement,) = ast.parse(pattern).body
    return statement.value if isinstance(statement, ast.Expr) else statement


def _within(place: ast.AST, *, deep: bool) -> Iterator[ast.AST]:
    """All nodes of a place; unless `deep`, without those of functions inside it."""
    pending = list(ast.iter_child_nodes(place))
    while pending:
        node = pending.pop()
        yield node
        if deep or not isinstance(node, _FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))


def _fits(pattern: object, node: object) -> bool:
    if isinstance(pattern, ast.Name):
        if pattern.id == "ANY":
            return isinstance(node, ast.expr)
        if pattern.id == "NAME":
            return isinstance(node, ast.Name)
        if pattern.id == "NUMBER":
            return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    if isinstance(pattern, ast.Constant) and isinstance(node, ast.Constant):
        numbers = (int, float)  # 0 and 0.0 are the same here, 1 and True are not
        alike = {type(pattern.value), type(node.value)} <= {*numbers}
        return (alike or type(pattern.value) is type(node.value)) and pattern.value == node.value
    if isinstance(pattern, list):
        return isinstance(node, list) and _lists_fit(pattern, node)
    if isinstance(pattern, ast.AST):
        return type(pattern) is type(node) and all(
            _fits(getattr(pattern, field, None), getattr(node, field, None))
            for field in type(pattern)._fields  # noqa: SLF001  its documented name
            if field not in _IGNORED
        )
    return pattern == node


def _lists_fit(pattern: list[object], nodes: list[object]) -> bool:
    if pattern and _is_rest(pattern[-1]):
        head = pattern[:-1]
        return len(nodes) >= len(head) and all(map(_fits, head, nodes))
    return len(pattern) == len(nodes) and all(map(_fits, pattern, nodes))


def _is_rest(item: object) -> bool:
    return isinstance(item, ast.Constant) and item.value is ...
