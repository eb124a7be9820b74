"""Makes the README's pictures from the program's real output: `python -m docs.pictures`.

    python -m docs.pictures           make them, in docs/pictures/
    python -m docs.pictures --check   exit 1 if one shows other words than the program

Needs the `dev` extra, Chromium for the pictures of pages, and `dot` for that of a graph. Pages are
not checked: their words are those of the terminal, and screenshots differ with the fonts.
"""

from __future__ import annotations

import fcntl
import html
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import NamedTuple

from docs import rooms

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
GRADE = (sys.executable, "-c", "from autograder.cli.grade import main; main(prog_name='grade')")
COURSE = (sys.executable, "-c", "from autograder.cli.course import main; main()")
COLUMNS, ROWS = 80, 24

WRONG = (
    "assignment3",
    "closures.py",
    ("(1 - out.data**2) * out.grad", "(1 - self.data**2) * out.grad"),
)
"""An assignment, its file, and a mistake that learners make in it."""

DRAWN = "assignment5", "accumulation.py"

_COLOURS = {
    "31": "#ff8a80", "32": "#7ee08a", "33": "#f2cc60", "36": "#76d9e6", "90": "#9aa4af",
}  # fmt: skip
_BACK, _FRONT = "#15181c", "#e7eaee"
_WIDE, _HIGH, _MARGIN = 8.4, 18, 14


class Run(NamedTuple):
    """Consecutive characters in the same style."""

    text: str
    colour: str
    bold: bool


def course_with_work(folder: Path) -> None:
    """Make a course in which a learner has worked."""
    shutil.copy(ROOT / "course.toml", folder)
    name, file, (right, wrong) = WRONG
    text = (ROOT / "solutions" / name / file).read_text("utf-8")
    assert right in text
    _write(folder, name, file, text.replace(right, wrong))
    name, file = DRAWN
    text = (ROOT / "solutions" / name / file).read_text("utf-8")
    _write(folder, name, file, f"{text}\n\n{first_lines()}")


def first_lines() -> str:
    """The README's first example, without its import."""
    block = (ROOT / "README.md").read_text("utf-8").split("```python\n")[1].partition("```")[0]
    return block.partition("\n")[2]


def _write(folder: Path, name: str, file: str, text: str) -> None:
    place = folder / "assignments" / name
    place.mkdir(parents=True)
    (place / file).write_text(text, "utf-8")


def on_a_terminal(arguments: list[str], folder: Path) -> str:
    """What `grade` writes to a terminal of 80 x 24, with its colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [*GRADE, *arguments], cwd=folder, env=_environment(), stdin=theirs, stdout=theirs
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    process.wait()
    return written.decode().replace("\r\n", "\n").rstrip("\n")


def _environment() -> dict[str, str]:
    """The environment of a learner's shell in which the virtual environment is active."""
    kept = {name: os.environ[name] for name in ("HOME",) if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {
        **kept,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }


def runs_of(text: str) -> list[list[Run]]:
    """The lines of a terminal, each in pieces that look alike."""
    colour, bold, lines = _FRONT, False, []
    for line in text.split("\n"):
        found = []
        for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
            if not piece.startswith("\x1b"):
                found.append(Run(piece, colour, bold))
                continue
            for code in piece[2:-1].split(";"):
                bold = bold if code in _COLOURS else code == "1"
                colour = _COLOURS.get(code, _FRONT if code in {"", "0"} else colour)
        lines.append([run for run in found if run.text])
    return lines


def terminal_svg(command: str, output: str) -> str:
    """A terminal with this command and what it said."""
    prompt = [Run("$ ", _COLOURS["90"], bold=False), Run(command, _FRONT, bold=True)]
    lines = [prompt, *runs_of(output)]
    width, height = COLUMNS * _WIDE + 2 * _MARGIN, len(lines) * _HIGH + 2 * _MARGIN
    fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-size="14" font-family="{fonts}">'
    drawn = [head, f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{_BACK}"/>']
    for row, line in enumerate(lines):
        column = 0
        for run in line:
            drawn += _text(run, column, row)
            column += len(run.text)
    return "\n".join([*drawn, "</svg>", ""])


def _text(run: Run, column: int, row: int) -> list[str]:
    """The run's words, each at its column: then no font can push them out of line."""
    drawn = []
    weight = ' font-weight="bold"' if run.bold else ""
    for word in re.finditer(r"\S+(?: \S+)*", run.text):
        x, y = _MARGIN + (column + word.start()) * _WIDE, _MARGIN + row * _HIGH + 14
        wide = len(word[0]) * _WIDE
        drawn.append(
            f'<text x="{x:.1f}" y="{y:g}" textLength="{wide:.1f}" '
            f'lengthAdjust="spacingAndGlyphs" fill="{run.colour}"{weight}>'
            f"{html.escape(word[0], quote=False)}</text>"
        )
    return drawn


def terminal(folder: Path) -> str:
    """The picture of a failing run."""
    name = WRONG[0]
    return terminal_svg(f"grade {name}", on_a_terminal([name], folder))


def graph(folder: Path, path: Path) -> None:
    """Save the graph of the README's first example, drawn by the real command."""
    arguments = [DRAWN[0], "--draw", "L", "-o", str(path)]
    subprocess.run(
        [*GRADE, *arguments], cwd=folder, env=_environment(), check=True, stdout=subprocess.DEVNULL
    )


def report(folder: Path, path: Path) -> None:
    """Save a picture of the top of the page on a failing run."""
    page = folder / "report.html"
    subprocess.run(
        [*GRADE, WRONG[0], "--html", str(page)],
        cwd=folder,
        env=_environment(),
        check=False,
        stdout=subprocess.DEVNULL,
    )
    _photograph(page, path)


def class_page(folder: Path, path: Path) -> None:
    """Save a picture of the top of the page on a class of thirty, graded by the real command."""
    demo = folder / "demo"
    command = [*COURSE, "demo", str(demo)]
    subprocess.run(command, cwd=ROOT, env=_environment(), check=True, capture_output=True)
    _photograph(demo / "results" / "index.html", path)


def _photograph(page: Path, path: Path) -> None:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 860, "height": 900}, color_scheme="light")
        view.goto(page.as_uri())
        view.screenshot(path=path)
        browser.close()


def labels(svg: str) -> list[str]:
    """The texts in a picture, sorted: their positions depend on the version of Graphviz."""
    return sorted(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def main() -> int:
    """Make the pictures, or check them; returns the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course_with_work(folder)
        if sys.argv[1:] == ["--check"]:
            graph(folder, folder / "graph.svg")
            fresh = {
                "terminal.svg": terminal(folder),
                "graph.svg": _read(folder / "graph.svg"),
                "rooms.svg": rooms.picture(),
            }
            stale = [n for n, svg in fresh.items() if labels(svg) != labels(_read(FOLDER / n))]
            for each in stale:
                print(f"docs/pictures/{each} is out of date: python -m docs.pictures")  # noqa: T201  a command
            return 1 if stale else 0
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "terminal.svg").write_text(terminal(folder), "utf-8")
        (FOLDER / "rooms.svg").write_text(rooms.picture(), "utf-8")
        graph(folder, FOLDER / "graph.svg")
        report(folder, FOLDER / "report.png")
        class_page(folder, FOLDER / "class.png")
    return 0


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
