"""Draws what an assignment's solution plots, for pages that have no matplotlib.

Some solutions train for a while, so the pictures are stored: the course's own in web/plots, others
in the cache of `fetched.py`. `python -m autograder.authoring.plots`, in the clone, redraws ours.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import autograder
from autograder.authoring import fetched
from autograder.authoring.build import BuildError, provided
from autograder.authoring.stub import with_setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from autograder.course import Assignment, Course

OURS = Path(autograder.__file__).parent / "web" / "plots"
"""The folder of the course's own pictures."""
_COMMAND = "autograder.authoring.plots"
_LIBRARY = "matplotlib"


class Plot(NamedTuple):
    """A picture and its alternative text."""

    svg: str
    alt: str


def plots(
    course: Course, assignment: Assignment, say: Callable[[str], None] = lambda _: None
) -> dict[str, list[Plot]]:
    """The pictures of an assignment's first file, by the id of the notebook's cell that plots them.

    Args:
        course: gives the solution.
        assignment: which one.
        say: called with a line of progress if pictures must be drawn.

    Raises:
        OSError: the solution is missing, or a picture cannot be kept.
        BuildError: a cell of it fails.
    """
    asked = _asked(course, assignment)
    if asked is None:
        return {}
    name = _name(assignment, asked)
    kept = next((at / name for at in (OURS, fetched.folder()) if (at / name).is_file()), None)
    if kept is None:
        say(f"drawing what {assignment.name} plots")
        kept = fetched.folder() / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        _draw(assignment, asked, kept)
    found = json.loads(kept.read_text("utf-8"))
    return {cell: [Plot(*each) for each in drawn] for cell, drawn in found.items()}


def _asked(course: Course, assignment: Assignment) -> str | None:
    """The code to run, as JSON: the solution's cells and the modules beside it; None: no plots."""
    import jupytext

    path = course.root / "solutions" / assignment.name / assignment.files[0].name
    text = with_setup(path.read_text("utf-8"))
    cells = [
        (f"code-{number}", cell.source)
        for number, cell in enumerate(jupytext.reads(text, fmt="py:percent").cells)
        if cell.cell_type == "code"
    ]
    plotting = any(_LIBRARY in source for _, source in cells)
    return json.dumps([cells, provided(assignment)]) if plotting else None


def _name(assignment: Assignment, asked: str) -> str:
    """The file for the pictures of this code."""
    return f"{assignment.name}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"


def _draw(assignment: Assignment, asked: str, to: Path) -> None:
    """Draw in a separate process, as a solution may change anything in its own."""
    with TemporaryDirectory() as place:
        made = Path(place) / to.name
        done = subprocess.run(
            [sys.executable, "-m", _COMMAND, str(made)],
            cwd=place,
            env={**os.environ, "MPLBACKEND": "svg", "PYTHONPATH": os.pathsep.join(sys.path)},
            input=asked,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            said = "\n".join(done.stderr.splitlines()[-2:])
            raise BuildError(f"The solution of {assignment.name} fails where it plots.\n{said}")
        fresh = to.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(made.read_bytes())
        fresh.replace(to)


def _run(asked: str, to: Path) -> None:
    """Run the cells one after another, and write what each has drawn."""
    cells, modules = json.loads(asked)
    for name, text in modules.items():
        Path(name).write_text(text, "utf-8")
    sys.path.insert(0, "")

    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "the same ids each time"
    sys.modules["__main__"] = learners = ModuleType("__main__")
    found: dict[str, list[Plot]] = {}
    for cell, source in cells:
        exec(compile(source, cell, "exec", dont_inherit=True), vars(learners))  # noqa: S102  ours
        drawn = [plt.figure(number) for number in plt.get_fignums()]
        if drawn:
            found[cell] = [Plot(_svg(figure), _alt(figure)) for figure in drawn]
            plt.close("all")
    to.write_text(json.dumps(found, indent=1), "utf-8")


def _svg(figure: Figure) -> str:
    """Its SVG, with coordinates rounded to two decimals."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    rounded = lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip(".")  # noqa: E731
    shorter = lambda way: re.sub(r"-?\d+\.\d+", rounded, way[0])  # noqa: E731
    return re.sub(r' d="[^"]*"', shorter, out.getvalue())


def _alt(figure: Figure) -> str:
    """Its alternative text: titles, axis labels and the names of the curves."""
    said = []
    for axes in figure.axes:
        x, y = axes.get_xlabel(), axes.get_ylabel()
        curves = ", ".join(axes.get_legend_handles_labels()[1])
        words = [axes.get_title(), f"{y} by {x}" if x and y else x or y, curves]
        said.append(": ".join(each for each in words if each))
    return "; ".join(("Plot", *filter(None, said))).replace("$", "")


def _draw_ours() -> None:
    from autograder import course as courses

    course = courses.load(Path.cwd())
    OURS.mkdir(exist_ok=True)
    left = set(OURS.iterdir())
    for assignment in course.assignments:
        asked = _asked(course, assignment)
        if asked is not None:
            kept = OURS / _name(assignment, asked)
            _draw(assignment, asked, kept)
            left.discard(kept)
    for old in left:
        old.unlink()


if __name__ == "__main__":
    if sys.argv[1:]:
        _run(sys.stdin.read(), Path(sys.argv[1]))
    else:
        _draw_ours()
