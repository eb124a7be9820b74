"""Imported for its effect: where a function is not written yet, a run ends in one sentence.

    import autograder.kit.stubs

A stub raises NotImplementedError with what there is to do. Met by a script or by a notebook's
cell, that is no mistake, so no traceback is shown. Everything else is shown as ever.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

_Trace = TracebackType | None


def sentence(error: BaseException, trace: _Trace) -> str | None:
    """What to show in the place of a traceback; None where it is no stub of the file that runs.

    Args:
        error: what was raised.
        trace: where.
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
    if path is None or _shell() is not None:
        return f"This cell needs {name}, which you haven't written yet: {error}"
    done = f"{Path(path).name} runs up to line {trace.tb_lineno}"
    return f"{done}, where it needs {name}, which you haven't written yet: {error}"


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _install() -> None:
    usual = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: _Trace) -> None:
        if (said := sentence(error, trace)) is None:
            usual(kind, error, trace)
        else:
            print(said, file=sys.stderr)  # noqa: T201  the way to tell who runs a script

    def in_a_cell(
        shell: Any, kind: Any, error: Any, trace: _Trace, tb_offset: int | None = None
    ) -> None:
        if (said := sentence(error, trace)) is not None:
            error._render_traceback_ = lambda: [said]  # IPython shows this where it is there
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    if (shell := _shell()) is not None:
        shell.set_custom_exc((NotImplementedError,), in_a_cell)
    else:
        sys.excepthook = hook


_install()
