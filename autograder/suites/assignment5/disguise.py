"""Engines in other words: the same to a test that uses them, new to one that reads them."""

from __future__ import annotations

import ast
import random
from functools import cache

CHANCE = random.SystemRandom()


@cache
def disguised(source: str) -> str:
    """The same engine in code that nobody has seen: who knows engines by heart knows none.

    Each closure adds to a gradient, or overwrites it, in one of several ways that are alike in
    shape: a right engine assigns and clears too, and a wrong one uses `+=`.

    Chance is the system's own, once for this process, so that an answer serves twice. What a test
    does with the engine is the same, and a seed that the test could guess would be no disguise.
    """
    tree = _Disguise().visit(ast.parse(source))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for _ in range(CHANCE.randint(1, 3)):
            aside = ast.parse(f"_{CHANCE.getrandbits(32)} = {CHANCE.getrandbits(32)}").body
            place = CHANCE.randrange(len(function.body))
            function.body[place:place] = aside
    return ast.unparse(ast.fix_missing_locations(tree))


_WAYS = (
    (
        "{name} = {node}.grad\n{node}.grad = 0.0\n{node}.grad += {name} + {share}",
        "{node}.grad = 0.0\n{name} = {node}.grad\n{node}.grad += {name} + {share}",
        "",
        "",
    ),
    (
        "{name}, {node}.grad = {node}.grad, 0.0\n{node}.grad = {name} + {share}",
        "{name}, {node}.grad = 0.0, {node}.grad\n{node}.grad = {name} + {share}",
        "",
        "",
    ),
    (
        "{name} = {node}.grad\n{node}.grad = 0.0\nsetattr({node}, 'grad', {name} + {share})",
        "{node}.grad = 0.0\n{name} = {node}.grad\nsetattr({node}, 'grad', {name} + {share})",
        "",
        "",
    ),
    (
        "{name} = [{node}.grad, 0.0]\n{node}.grad = {share} + {name}[0]",
        "{name} = [0.0, {node}.grad]\n{node}.grad = {share} + {name}[0]",
        "",
        "",
    ),
    (
        "{name}({node}, {share})",
        "{name}({node}, {share})",
        "def {name}(node, share):\n  own, node.grad = node.grad, 0.0\n  node.grad = own + share",
        "def {name}(node, share):\n  own, node.grad = 0.0, node.grad\n  node.grad = own + share",
    ),
)
"""Ways to add a share to a gradient, to overwrite it, and what each of these defines beside.

The two are of the same words in another order, so who counts words, or looks for one of them, tells
nothing apart.
"""


class _Disguise(ast.NodeTransformer):
    """Writes anew how each closure changes a gradient."""

    def __init__(self) -> None:
        self._beside: list[str] = []
        self._inside: list[str] = []

    def visit_Module(self, module: ast.Module) -> ast.Module:
        self.generic_visit(module)
        module.body += ast.parse("\n".join(self._beside)).body
        return module

    def visit_FunctionDef(self, function: ast.FunctionDef) -> ast.FunctionDef:
        self._inside.append(function.name)
        self.generic_visit(function)
        self._inside.pop()
        return function

    def visit_AugAssign(self, line: ast.AugAssign) -> ast.stmt | list[ast.stmt]:
        if self._is_gradient(line.target) and isinstance(line.op, ast.Add):
            return self._anew(line.target, line.value, adds=True)
        return line

    def visit_Assign(self, line: ast.Assign) -> ast.stmt | list[ast.stmt]:
        (target,), value = line.targets, line.value
        if not self._is_gradient(target):
            return line
        if (
            isinstance(value, ast.BinOp)
            and isinstance(value.op, ast.Add)
            and ast.unparse(value.left) == ast.unparse(target)
        ):
            return self._anew(target, value.right, adds=True)
        return self._anew(target, value, adds=False)

    def _is_gradient(self, target: ast.expr) -> bool:
        """Whether it is one that a closure gives, and not where all gradients begin."""
        outside = self._inside[-1:] in ([], ["__init__"], ["backward"])
        return isinstance(target, ast.Attribute) and target.attr == "grad" and not outside

    def _anew(self, target: ast.expr, share: ast.expr, *, adds: bool) -> list[ast.stmt]:
        adding, overwriting, beside_adding, beside_overwriting = CHANCE.choice(_WAYS)
        way, beside = (adding, beside_adding) if adds else (overwriting, beside_overwriting)
        node = ast.unparse(target).removesuffix(".grad")
        name = f"_{CHANCE.getrandbits(32)}"
        self._beside.append(beside.format(name=name))
        return ast.parse(way.format(name=name, node=node, share=f"({ast.unparse(share)})")).body
