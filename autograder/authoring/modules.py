"""Finds the modules that a suite's files import from the suite itself, such as its oracle."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.grading.suite import SUITES


def imported(*files: Path) -> set[Path]:
    """The files of a suite that these files import, directly or indirectly.

    Args:
        files: files of one suite; those that do not exist are ignored.
    """
    found: set[Path] = set()
    pending = [path for path in files if path.is_file()]
    while pending:
        new = _beside(pending.pop()) - found
        found |= new
        pending.extend(new)
    return found


def _beside(file: Path) -> set[Path]:
    """The files that one file imports from its own suite; none if it is not valid Python."""
    package = f"autograder.{SUITES.name}.{file.parent.name}"
    try:
        tree = ast.parse(file.read_text("utf-8"), str(file))
    except (SyntaxError, ValueError):
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            names |= {f"{package}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    own = {name.removeprefix(f"{package}.") for name in names if name.startswith(f"{package}.")}
    return {path for name in own if (path := file.parent / f"{name}.py").is_file()}
