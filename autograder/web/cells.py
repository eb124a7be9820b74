"""Runs the learner's cells for them to look at, in a Web Worker; nothing of it counts for a grade.

See static/cells.worker.js, which calls `setup` once and then `run`.
"""

from __future__ import annotations

import json
import linecache
import sys
import traceback
from ast import Expr, Expression, parse
from types import ModuleType
from typing import Any

from autograder.worker.inert import Inert, stand_in

_SPACE = ModuleType("__main__")


class _Shell:
    """As much of IPython as the kit asks for: it shows what ends a cell."""

    def get_ipython(self) -> _Shell:
        return self

    def set_custom_exc(self, *_: object) -> None:
        """The sentence for what is not written yet is taken in `run`."""


class _Last:
    """Stands last among the finders: what plots does nothing, and a package is told of kindly."""

    def __init__(self, packages: list[str]) -> None:
        self.packages = packages

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        del target
        if path is None and name in self.packages:
            raise ModuleNotFoundError(
                f"`{name}` is not available in the browser. Python's own lists and "
                "`math` are enough here; to use the package, continue in a terminal.",
                name=name,
            )
        return stand_in(name, lambda: _SPACE)


def setup(packages: str, provided: str) -> None:
    """Make the interpreter ready.

    Args:
        packages: what the assignment may import in a terminal, as JSON.
        provided: texts of the modules that lie beside the learner's file, by name, as JSON.
    """
    for name, text in json.loads(provided).items():
        with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123  as a learner's folder
            file.write(text)
    sys.path.insert(0, "")
    sys.modules["__main__"] = _SPACE
    sys.modules["IPython"] = _Shell()  # type: ignore[assignment]  # all that is asked of it
    sys.meta_path.append(_Last(json.loads(packages)))


def run(source: str, where: str) -> str:
    """Run a cell.

    Args:
        source: its text.
        where: what tracebacks call it.

    Returns:
        JSON: `error`, a traceback or a sentence; or `text`, `html` or `svg` of the last value.
    """
    linecache.cache[where] = len(source), None, source.splitlines(keepends=True), where
    try:
        value = _run(source, where)
        return json.dumps(_shown(value))
    except BaseException as error:  # noqa: BLE001  KeyboardInterrupt and SystemExit too
        return json.dumps({"error": _told(error)})


def _run(source: str, where: str) -> Any:
    tree = parse(source, where)
    last = tree.body[-1] if tree.body else None
    last = last if isinstance(last, Expr) else None
    del tree.body[len(tree.body) - (last is not None) :]
    exec(compile(tree, where, "exec", dont_inherit=True), vars(_SPACE))  # noqa: S102  their own
    if last is None:
        return None
    value = eval(compile(Expression(last.value), where, "eval"), vars(_SPACE))  # noqa: S307  theirs
    return None if source.rstrip().endswith(";") else value


def _shown(value: Any) -> dict[str, str]:
    if value is None or isinstance(value, Inert):
        return {}
    for kind, name in (("svg", "_repr_svg_"), ("html", "_repr_html_")):
        method = getattr(type(value), name, None)
        if method is not None and isinstance(found := method(value), str):
            return {kind: found}
    return {"text": repr(value)}


def _told(error: BaseException) -> str:
    """A traceback that begins in a cell; for what is not written yet a sentence."""
    from autograder.kit import stubs

    if (said := stubs.sentence(error, error.__traceback__)) is not None:
        return said
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    lines = traceback.format_exception(type(error), error, trace)
    return "".join(lines)
