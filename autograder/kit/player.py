"""A figure with steps: a slider, keys, a picture that changes, and a table of all steps.

Without a script, and on paper, it shows the last picture and the whole table. A part of a picture
that is only visible in some steps has the attributes `data-from` and `data-to`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from autograder.kit.svg import element, escaped

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Frame:
    """One step.

    Attributes:
        says: what happens, in a sentence.
        rows: its details as rows of cells; markup from `cell`.
        wrong: whether this is the first wrong step.
    """

    says: str
    rows: tuple[tuple[str, ...], ...] = ()
    wrong: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure's content.

    Attributes:
        title: what it is about.
        frames: the steps, at least one.
        columns: the headings of the table.
        wide: the picture for wide screens, as SVG; empty for none.
        narrow: the picture for a phone, as SVG; empty to use the same.
        notes: sentences below the picture.
        start: the step that the script shows first, from 0.
    """

    title: str
    frames: Sequence[Frame]
    columns: Sequence[str]
    wide: str
    narrow: str = ""
    notes: Sequence[str] = ()
    start: int = 0


def there(kind: str, first: int, last: int, frames: int) -> dict[str, object]:
    """The attributes of an element that is visible from one step until before another.

    Args:
        kind: its classes.
        first: the step in which it appears.
        last: the step in which it is gone; `frames` for never.
        frames: how many steps there are.

    Returns:
        Arguments for `element`.
    """
    if first <= 0 and last >= frames:
        return {"class_": kind}
    off = kind if last >= frames else f"{kind} off"
    return {"class_": off, "data_from": first, "data_to": last}


def fragment(figure: Figure, *, alone: bool = True) -> str:
    """The figure as HTML for part of a page.

    Args:
        figure: what to show.
        alone: include the style sheet and the script, which a page with several figures has once.
    """
    pictures = [_picture(figure.wide, "wide" if figure.narrow else "")]
    if figure.narrow:
        pictures.append(_picture(figure.narrow, "narrow"))
    inside = element(
        "div",
        element("div", _controls(figure), _table(figure), class_="play-head"),
        *pictures,
        *(element("p", escaped(note), class_="play-note") for note in figure.notes),
        class_="play",
        role="group",
        aria_label=figure.title,
        data_start=figure.start,
    )
    if not alone:
        return inside
    whole = f"<style>{style()}</style>{inside}<script>{script()}</script>"
    return f'<div class="grade-report play-alone">{whole}</div>'


def page(figure: Figure) -> str:
    """The figure as a self-contained HTML document that runs no script but ours."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n'
        f"<title>{escaped(figure.title)}</title>\n<style>{style()}</style>\n</head>\n"
        f'<body class="grade-report page play-page">\n<main>\n<h1>{escaped(figure.title)}</h1>\n'
        f"{fragment(figure, alone=False)}\n</main>\n<script>{script()}</script>\n</body>\n</html>\n"
    )


def policy(*, scripted: bool = True) -> str:
    """A Content-Security-Policy that allows nothing external.

    Args:
        scripted: allow our script; else none.
    """
    digest = b64encode(sha256(script().encode()).digest()).decode()
    ours = f"script-src 'sha256-{digest}'; " if scripted else ""
    return f"default-src 'none'; {ours}style-src 'unsafe-inline'; img-src data:"


@cache
def style() -> str:
    """The style sheet: the page's colours and the figure."""
    return _file("theme.css") + _file("player.css")


@cache
def script() -> str:
    """The script, which makes all figures of a page interactive."""
    return _file("player.js")


def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _picture(svg: str, kind: str) -> str:
    said = {"role": "group", "aria_label": "The picture", "tabindex": 0}
    return element("div", svg, class_=f"play-view {kind}".rstrip(), **said) if svg else ""


def _controls(figure: Figure) -> str:
    last = len(figure.frames) - 1
    if not last:
        return ""
    return element(
        "div",
        _button("back", "◀", "One step back"),
        _button("on", "▶", "One step on"),
        element(
            "input",
            type="range",
            min=0,
            max=last,
            value=last,
            step=1,
            aria_label="Step",
        ),
        element("output", f"{last + 1} of {last + 1}"),
        _button("run", "Play", None),
        _button("all", "All steps", None, aria_expanded="false"),
        element("span", role="status", class_="unseen"),
        class_="play-controls",
        hidden="",
    )


def _button(name: str, sign: str, says: str | None, **more: object) -> str:
    return element(
        "button", escaped(sign), type="button", data_do=name, aria_label=says, title=says, **more
    )


def _table(figure: Figure) -> str:
    width = max(1, len(figure.columns))
    head = "".join(element("th", escaped(name), scope="col") for name in figure.columns)
    bodies = []
    for number, frame in enumerate(figure.frames):
        says = element("span", f"{number + 1}.", class_="play-number") + f" {escaped(frame.says)}"
        rows = [element("tr", element("th", says, scope="rowgroup", colspan=width))]
        rows += [element("tr", *cells) for cells in frame.rows]
        bodies.append(element("tbody", *rows, class_="amiss" if frame.wrong else None))
    return element(
        "table",
        element("caption", escaped(figure.title), class_="unseen"),
        element("thead", element("tr", head)) if head else "",
        *bodies,
        class_="play-steps",
    )


def cell(*inside: str, head: bool = False, **attributes: object) -> str:
    """A table cell.

    Args:
        inside: its markup.
        head: make it the heading of its row.
        attributes: as for `element`.
    """
    if head:
        return element("th", *inside, scope="row", **attributes)
    return element("td", *inside or ("",), **attributes)
