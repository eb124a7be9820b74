"""Draws the picture of docs/architecture.md: the rooms, in the order of the import contract."""

from __future__ import annotations

import ast
import html
import textwrap
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KIT = ROOT / "autograder"
LEARNERS = "worker"
"""The one room with a part that runs in the learner's process."""

_WIDTH, _HEIGHT, _GAP, _MARGIN = 230, 78, 14, 16
_LINE, _LETTERS = 15, 36
_INK, _PAPER, _EDGE, _THEIRS = "#20262d", "#f6f7f9", "#9aa4af", "#fde8d7"


def layers() -> list[list[str]]:
    """The rooms by layer, as in the import contract: those that import others come first."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (c for c in table["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def purpose(room: str) -> str:
    """The first sentence of a room's docstring."""
    path = KIT / room / "__init__.py" if (KIT / room).is_dir() else KIT / f"{room}.py"
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return said.split("\n\n")[0].replace("\n", " ").replace("`", "")


def picture() -> str:
    """The picture as SVG, the same text every time."""
    rows = layers()
    width = 2 * _MARGIN + max(map(len, rows)) * (_WIDTH + _GAP) - _GAP
    height = 2 * _MARGIN + len(rows) * (_HEIGHT + _GAP) - _GAP
    fonts = "system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif"
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{fonts}" fill="{_INK}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for row, rooms in enumerate(rows):
        left = (width - len(rooms) * (_WIDTH + _GAP) + _GAP) / 2
        for column, room in enumerate(rooms):
            drawn += _box(room, left + column * (_WIDTH + _GAP), _MARGIN + row * (_HEIGHT + _GAP))
    return "\n".join([*drawn, "</svg>", ""])


def _box(room: str, x: float, y: float) -> list[str]:
    fill = _THEIRS if room == LEARNERS else _PAPER
    shape = f'x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"'
    drawn = [f'<rect {shape} fill="{fill}" stroke="{_EDGE}"/>']
    drawn.append(_text(room, x, y + 19, 'font-size="14" font-weight="bold"'))
    lines = textwrap.shorten(purpose(room), 3 * _LETTERS, placeholder=" …")
    for number, line in enumerate(textwrap.wrap(lines, _LETTERS)[:3], start=1):
        drawn.append(_text(line, x, y + 21 + number * _LINE, 'font-size="11.5"'))
    return drawn


def _text(text: str, x: float, y: float, look: str) -> str:
    return f'<text x="{x + 10:g}" y="{y:g}" {look}>{html.escape(text, quote=False)}</text>'
