"""A figure with steps: a slider, keys, a picture that changes, and all of it as a table.

What a reader sees without a script, and on paper, is the last picture and the whole table. Every
part of a picture that is not always there says from which step to which: `data-from`, `data-to`.
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
        rows: its details, cell by cell; markup of ours, see `cell`.
        wrong: whether things first go wrong here.
    """

    says: str
    rows: tuple[tuple[str, ...], ...] = ()
    wrong: bool = False


@dataclass(frozen=True)
class Figure:
    """What is shown.

    Attributes:
        title: what it is about.
        frames: the steps; there is at least one.
        columns: what the cells of a row are.
        wide: the picture where there is room, as markup.
        narrow: the one for a phone; empty: the same.
        notes: what else is to be said, in sentences.
        start: the step that is shown first, where there is a script.
    """

    title: str
    frames: Sequence[Frame]
    columns: Sequence[str]
    wide: str
    narrow: str = ""
    notes: Sequence[str] = ()
    start: int = 0


def there(kind: str, first: int, last: int, frames: int) -> dict[str, object]:
    """Attributes of what is there from one step up to another, that one not included.

    Args:
        kind: its classes.
        first: the step at which it appears.
        last: the one at which it is gone; `frames`: never.
        frames: how many steps there are.
    """
    if first <= 0 and last >= frames:
        return {"class_": kind}
    off = kind if last >= frames else f"{kind} off"
    return {"class_": off, "data_from": first, "data_to": last}


def fragment(figure: Figure, *, alone: bool = True) -> str:
    """The figure as a piece of a page.

    Args:
        figure: what is shown.
        alone: with the style sheet and the script; a page with several has them once.
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
    """The figure as a document that needs nothing beside it, and runs no script but ours."""
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
    """A Content-Security-Policy: nothing from elsewhere, and of scripts ours alone or none."""
    digest = b64encode(sha256(script().encode()).digest()).decode()
    ours = f"script-src 'sha256-{digest}'; " if scripted else ""
    return f"default-src 'none'; {ours}style-src 'unsafe-inline'; img-src data:"


@cache
def style() -> str:
    """The style sheet: colours, and what a figure needs."""
    return _file("theme.css") + _file("player.css")


@cache
def script() -> str:
    """The script: it brings all figures of a page to life."""
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
    """A cell of a row; `head` is one that says whose row it is."""
    if head:
        return element("th", *inside, scope="row", **attributes)
    return element("td", *inside or ("",), **attributes)
