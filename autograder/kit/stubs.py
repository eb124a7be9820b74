"""Ends a run that reaches an unwritten function with one sentence; imported for its effect.

    import autograder.kit.stubs

A stub raises NotImplementedError with the task. Reaching one in a script or a notebook's cell is no
mistake, so no traceback is shown. All other errors are shown as usual.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.kit.shell import shell

_Trace = TracebackType | None


def sentence(error: BaseException, trace: _Trace) -> str | None:
    """The sentence to show instead of a traceback, or None.

    Args:
        error: what was raised.
        trace: where; None if the last frame is not in the file that runs.
    """
    if not (isinstance(error, NotImplementedError) and str(error)) or trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = sys.modules["__main__"]
    if trace.tb_frame.f_globals is not vars(file):
        return None
    name = trace.tb_frame.f_code.co_qualname.replace(".<locals>", "")
    path = getattr(file, "__file__", None)
    if path is None or shell() is not None:
        return f"This cell needs {name}, which you haven't written yet: {error}"
    done = f"{Path(path).name} runs up to line {trace.tb_lineno}"
    return f"{done}, where it needs {name}, which you haven't written yet: {error}"


def _install() -> None:
    usual = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: _Trace) -> None:
        if (said := sentence(error, trace)) is None:
            usual(kind, error, trace)
        else:
            print(said, file=sys.stderr)  # noqa: T201  a script's reader is told this way

    def in_a_cell(
        running: Any, kind: Any, error: Any, trace: _Trace, tb_offset: int | None = None
    ) -> None:
        if (said := sentence(error, trace)) is not None:
            error._render_traceback_ = lambda: [said]  # IPython shows this instead
        running.showtraceback((kind, error, trace), tb_offset=tb_offset)

    if (running := shell()) is not None:
        running.set_custom_exc((NotImplementedError,), in_a_cell)
    else:
        sys.excepthook = hook


_install()
