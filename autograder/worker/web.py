"""Starts worker.py in a Web Worker's Python, which has no pipes and no alarm.

The page's learner.worker.js runs this file, calls `load` and keeps a snapshot of the interpreter's
memory, from which each later one starts. `start` then connects the worker.
"""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False  # from `typing`, which takes its time to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_WORKER = "autograder.worker.worker"
_COMPANIONS = ("autograder.operators", "autograder.recorder", "autograder.worker.inert")
_OF_THE_PAGE = frozenset({"_pyodide", "_pyodide_core", "js", "pyodide", "pyodide_js"})
"""Modules that reach outside the interpreter: their effects would outlive the submission."""
_OVERFLOW = "Stack overflow (used "
_worker: Any = None


def load(texts: dict[str, str]) -> None:
    """Make the module `worker` from its source and the sources of the modules that it imports.

    Args:
        texts: sources by module name. Nothing else can import these modules afterwards.
    """
    global _worker  # noqa: PLW0603  it lives as long as the interpreter
    package = sys.modules["autograder"] = ModuleType("autograder")
    for name in _COMPANIONS:
        module = sys.modules[name] = ModuleType(name)
        exec(compile(texts[name], "worker.py", "exec", dont_inherit=True), vars(module))
        setattr(package, name.rpartition(".")[2], module)
    _worker = ModuleType("worker")
    exec(compile(texts[_WORKER], "worker.py", "exec", dont_inherit=True), vars(_worker))
    for name in ("autograder", *_COMPANIONS):
        del sys.modules[name]


def start(
    send: Callable[[Any], None], alarm: Callable[[float], None]
) -> tuple[Callable[[], None], Callable[[Any], None]]:
    """Connect the worker.

    Args:
        send: sends bytes to the grader.
        alarm: raises SIGALRM after that many seconds; 0 cancels it.

    Returns:
        A function that sends the greeting, and one that answers a request.
    """
    from pyodide.ffi import to_js  # Pyodide's own

    def write(_: int, data: bytes) -> int:
        send(to_js(bytes(data)))
        return len(data)

    _worker._write = write
    _worker.signal.ITIMER_REAL = 0
    _worker.signal.setitimer = lambda _, seconds: alarm(seconds)
    _worker.prepare()
    serving = _worker.Worker(0, 0)
    described = serving.describe

    def describe(error: BaseException) -> dict[str, Any]:
        """With Python's usual message when the browser's stack overflows before Python's limit."""
        found: dict[str, Any] = described(error)
        if found["message"].startswith(_OVERFLOW):
            found["message"] = "maximum recursion depth exceeded"
        return found

    def hello() -> None:
        serving.send({"hello": _worker.VERSION})

    def answer(request: Any) -> None:
        text = bytes(request)[_worker.HEADER.size :].decode()
        serving.send(serving.answer(_worker._loads(text)))

    serving.describe = describe
    for name in [each for each in sys.modules if each.partition(".")[0] in _OF_THE_PAGE]:
        del sys.modules[name]
    sys.meta_path[:] = [_Refused(), *(f for f in sys.meta_path if _is_pythons(f))]
    return hello, answer


def _is_pythons(finder: Any) -> bool:
    return getattr(finder, "__module__", "").startswith("_frozen_importlib")


class _Refused:
    """The first import finder: refuses the page's modules and packages no browser has."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        del path, target
        top, last = name.partition(".")[0], sys.meta_path[-1]
        if top in _OF_THE_PAGE:
            last.find_spec(name, None)
        if top in getattr(last, "packages", ()):
            raise ModuleNotFoundError(
                f"`{name}` is not available in the browser. Python's own lists and "
                "`math` are enough here; to use the package, continue in a terminal.",
                name=name,
            )
