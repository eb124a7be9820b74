"""Shows numbers going forward through a graph and gradients coming back, closure by closure."""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass
from pathlib import Path

from autograder import recorder
from autograder.kit._files import note_saved, write_new
from autograder.kit._graph import ABSENT, WALK_CAP, DrawingError, kind_of, read, text_of
from autograder.kit.player import Figure, fragment, page
from autograder.kit.shell import shell
from autograder.kit.travel import travel
from autograder.kit.walk import MOST, Walk


@dataclass(frozen=True, repr=False)
class Recording:
    """A recording. As the last value of a notebook cell it displays itself.

    Attributes:
        figure: the steps, and the picture that changes.
    """

    figure: Figure

    def __repr__(self) -> str:
        return "<Recording: .save('graph.html') writes it to a file>"

    def _repr_html_(self) -> str:
        return fragment(self.figure)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a self-contained HTML page.

        Args:
            path: ends in .html.

        Returns:
            The file's path.

        Raises:
            OSError: If the file cannot be written.
            ValueError: If the path ends in something else.
        """
        path = Path(path)
        if path.suffix.lower() not in {".html", ".htm"}:
            raise ValueError(f"a recording is saved as .html, not {path.name!r}")
        path.write_text(page(self.figure), "utf-8")
        note_saved(path)
        return path


def play(root: object, *, limit: int = MOST) -> Recording:
    """Record `backward()` from `root`, and show it step by step.

    Forward, numbers appear as they are computed. Backward, one closure runs at a time: the
    gradient that comes in, the slope along each edge, and what is added to which `grad`. A number
    that is overwritten is struck through.

    Your own `root.backward()` runs once, starting from zero gradients, and each `grad` is restored
    afterwards. If there is no `backward`, the `_backward` closures are called by hand, results
    first. A notebook shows a recording that is the last value of a cell. Anywhere else it is also
    written to a file in the current folder, named after root's label, and the file's name is
    printed.

    Args:
        root: The result where the backward pass starts, such as the loss.
        limit: The most values to show, those nearest to root.

    Returns:
        The recording.

    Raises:
        DrawingError: If root is not a value, or its `_prev` gives something that is not a graph.
        ValueError: If limit is not a whole number of at least 1.
        Exception: Whatever your `backward` or a closure raises.
    """
    if not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a whole number of at least 1, not {limit!r}")
    if read(root, "data", ABSENT) is ABSENT:
        raise DrawingError(
            "play shows the graph of a value (something with .data) but got "
            f"{kind_of(root)}: pass one value, such as the loss"
        )
    frame = inspect.currentframe()
    caller = frame.f_back if frame is not None else None  # its variables name the nodes
    variables = {**caller.f_globals, **caller.f_locals} if caller is not None else {}
    recorded = _recorded(root, variables, limit)
    recording = Recording(travel(recorded, _title(recorded)))
    if shell() is None:
        label = text_of(read(root, "label")) or recorded.nodes[0].name
        write_new(recording.save, label, "html", ": open it in a browser")
    return recording


def _recorded(root: object, variables: dict[str, object], most: int) -> Walk:
    try:
        nodes, operands = recorder.nearest_first(root, WALK_CAP)
    except (AttributeError, TypeError, RuntimeError) as error:
        raise DrawingError(f"the graph can't be followed through _prev: {error}") from None
    names = recorder.names_of(nodes, variables)
    backward = getattr(root, "backward", None)
    if not callable(backward):
        order = [number for number in recorder.operands_first(operands) if operands[number]]
        backward = recorder.by_hand(root, [nodes[number] for number in reversed(order)])
    return Walk.of(recorder.walk(nodes, operands, backward, names, most))


def _title(walk: Walk) -> str:
    name = walk.nodes[0].name
    return f"Backward from {name}" if name else "Backward, step by step"
