"""What the kernel knows about its notebook: which file it is, what ran but is not saved.

IPython keeps the text of each cell that ran; `listen` starts to record when. Cells that ran after
the file was last saved are newer than the file.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from autograder.kit.shell import shell
from autograder.submission import notebook as cells

_DEFINITION = re.compile(r"^(?:def|class) +(\w+)", re.MULTILINE)


def asking_notebook() -> Path | None:
    """The notebook in which this runs; None if neither Jupyter nor the editor says."""
    running = shell()
    told = running.user_ns.get("__vsc_ipynb_file__") if running is not None else None
    name = told or os.environ.get("JPY_SESSION_NAME")
    return Path(name) if isinstance(name, str) and name.endswith(".ipynb") else None


def is_asking(file: Path) -> bool:
    """Whether this is known to run in that notebook."""
    asking = asking_notebook()
    return asking is not None and asking.resolve() == file.resolve()


def unsaved(notebook: Path) -> tuple[str, ...]:
    """Functions and classes whose text as last run differs from the saved one, by name.

    Args:
        notebook: the saved file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        saved = [c.source for c in cells.read(notebook.read_text("utf-8")) if c.kind == "code"]
    except ValueError:  # not text, or not a notebook
        return ()
    running = shell()
    ran = [str(text) for text in running.history_manager.input_hist_raw] if running else []
    here, there = _last_of_each(saved), _last_of_each(ran)
    return tuple(name for name in here if name in there and there[name] != here[name])


class Unsaved(NamedTuple):
    """A notebook as its cells ran.

    Attributes:
        content: what the file would contain, as JSON.
        names: functions and classes that differ from those in the file.
    """

    content: str
    names: tuple[str, ...]


class _Clock:
    """Records when each cell of a kernel ran, by its number."""

    def __init__(self, shell: Any) -> None:
        self.times: dict[int, float] = {}
        self._texts = shell.history_manager.input_hist_raw
        shell.events.register("pre_run_cell", self._note)

    def _note(self, _: Any) -> None:
        self.times[len(self._texts)] = time.time()  # its text will be at this position


_clock = cache(_Clock)
"""One for each kernel; only tests have several."""


def listen() -> None:
    """Start to record when cells run; without IPython this does nothing."""
    if (running := shell()) is not None:
        _clock(running)


def ran(since: float | None) -> list[tuple[int, str]]:
    """The cells that ran and define a function or class, in order, each with its number.

    Args:
        since: only those that ran after this time, in seconds since the epoch; None for all.
    """
    running = shell()
    if running is None:
        return []
    texts, times = running.history_manager.input_hist_raw, _clock(running).times
    return [
        (number, text)
        for number, text in enumerate(map(str, texts))
        if _DEFINITION.search(text) and (since is None or times.get(number, 0.0) > since)
    ]


def defined() -> set[str]:
    """The names of the functions and classes that cells of this kernel defined."""
    return {name for _, text in ran(None) for name in _DEFINITION.findall(text)}


def as_run(notebook: Path, since: float | None) -> Unsaved | None:
    """A notebook with each function and class as the kernel last ran it.

    Args:
        notebook: the saved file. Definitions that are in none of its cells become cells at the end.
        since: see `ran`.

    Returns:
        None if nothing differs from the saved file, or that is not a notebook.

    Raises:
        OSError: it cannot be read.
    """
    runs, known = ran(since), ran(None)
    if not runs:
        return None
    try:
        cells.read(
            text := notebook.read_text("utf-8")
        )  # checks the form that the code below relies on
    except ValueError:
        return None
    content = json.loads(text)
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    before = _last_of_each("".join(cell["source"]) for cell in code)
    for number, text in runs:
        names = set(_DEFINITION.findall(text))
        there = [c for c in code if names.intersection(_DEFINITION.findall("".join(c["source"])))]
        if not there:
            there = [{"cell_type": "code", "metadata": {}, "outputs": []}]
            code += there
            content["cells"] += there
        there[-1] |= {"source": text, "execution_count": number}
    numbers = {text.strip(): number for number, text in known}
    for cell in code:  # cells that ran unchanged have a new number, too
        text = "".join(cell["source"]).strip()
        cell["execution_count"] = numbers.get(text, cell.get("execution_count"))
    after = _last_of_each("".join(cell["source"]) for cell in code)
    changed = tuple(name for name in after if after[name] != before.get(name))
    return Unsaved(json.dumps(content), changed) if changed else None


def _last_of_each(sources: Iterable[str]) -> dict[str, str]:
    """The text of the last cell that defines each name."""
    return {name: text.strip() for text in sources for name in _DEFINITION.findall(text)}
