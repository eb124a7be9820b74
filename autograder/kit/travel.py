"""A recorded walk as a figure whose picture changes from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.kit.film import COLUMNS, Film, boxed
from autograder.kit.layout import Layout, layered
from autograder.kit.player import Figure, there
from autograder.kit.svg import element, escaped, line, picture
from autograder.kit.walk import Shown, Walk, Wrong

_WIDTH, _ROW, _PAD = 116.0, 16.0, 6.0
_GAP, _BETWEEN, _MARGIN = 14.0, 62.0, 4.0
_SMALLEST = 0.58
"""The smallest scale at which a page shows a picture; a larger one scrolls."""


def travel(walk: Walk, title: str, wrong: Wrong | None = None) -> Figure:
    """The figure of a walk, with a wide picture and a narrow one.

    Args:
        walk: what was recorded.
        title: what it is about.
        wrong: where it first goes wrong, if known; the figure starts there.
    """
    film = Film(walk, wrong)
    start = film.wrong_frame if film.wrong_frame is not None else 0
    return Figure(
        title,
        film.frames,
        COLUMNS,
        _drawn(film, across=True),
        _drawn(film, across=False),
        film.notes,
        start,
    )


@dataclass
class _Box:
    """A node in the picture: its top left corner and its height, in pixels."""

    x: float
    y: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + _WIDTH / 2, self.y + self.height / 2


def _drawn(film: Film, *, across: bool) -> str:
    """The picture: from inputs at the left to the root at the right, or from top to bottom."""
    nodes, between = film.walk.nodes, _BETWEEN if across else 0.7 * _BETWEEN
    heights = [_height(film, number) for number in range(len(nodes))]
    sizes = heights if across else [_WIDTH] * len(nodes)
    layout = layered([node.operands for node in nodes], sizes, _GAP)
    tallest = [
        max(h for h, layer in zip(heights, layout.layers, strict=True) if layer == each)
        for each in range(layout.depth)
    ]
    starts, at = [0.0] * layout.depth, 0.0
    for layer in reversed(range(layout.depth)):
        starts[layer] = at
        at += (_WIDTH if across else tallest[layer]) + between
    length = at - between
    boxes = []
    for number, layer in enumerate(layout.layers):
        place, start = layout.places[number], starts[layer]
        corner = (start, place - heights[number] / 2) if across else (place - _WIDTH / 2, start)
        boxes.append(_Box(*corner, heights[number]))
    size = (length, layout.width) if across else (layout.width, length)
    under, over = [], []
    for ends in layout.edges:
        points = _route(boxes, layout, ends, starts, tallest, across=across)
        below, above = _edge(film, ends, points, across=across)
        under.append(below)
        over.append(above)
    drawn = [_node(film, number, box) for number, box in enumerate(boxes)]
    moved = element("g", *under, *drawn, *over, transform=f"translate({_MARGIN} {_MARGIN})")
    width, height = (each + 2 * _MARGIN for each in size)
    says = f"The graph of {film.names[0]}. The steps tell each of its numbers."
    return picture(width, height, says, moved, style=f"min-width: {_SMALLEST * width:.0f}px")


def _height(film: Film, number: int) -> float:
    wrong = film.wrong is not None and film.wrong.node == number
    return 2 * _PAD + _ROW * (3 + bool(_losses(film, number)) + wrong)


def _losses(film: Film, number: int) -> list[tuple[int, str]]:
    """The numbers of this node that were overwritten, each with the frame in which it happens."""
    return [
        (frame, boxed(write.before))
        for frame, step in film.backward.items()
        for write in step.writes
        if write.node == number and write.overwrites
    ]


def _node(film: Film, number: int, box: _Box) -> str:
    node, count = film.walk.nodes[number], len(film.frames)
    left, right = box.x + _PAD + 1, box.x + _WIDTH - _PAD - 1
    base = [box.y + _PAD + _ROW * row + 12 for row in range(5)]
    frame = {"x": box.x, "y": box.y, "width": _WIDTH, "height": box.height, "rx": 5}
    inside = [element("rect", **frame, class_="box")]
    written = [f for f, step in film.backward.items() if any(w.node == number for w in step.writes)]
    inside += [element("rect", **frame, **there("hit", f, f + 1, count)) for f in written]
    active = [f for f, step in film.backward.items() if step.node == number]
    active.append(film.computed[number])
    inside += [element("rect", **frame, **there("active", f, f + 1, count)) for f in active]
    op = node.op[:7] if node.name else ""  # other names already show the operator
    inside.append(_text(_cut(film.names[number], 14 - len(op)), left, base[0], "name"))
    if op:
        inside.append(_text(op, right, base[0], "quiet", end=True))
    since = there("", film.computed[number], count, count)
    inside += [
        _text("data", left, base[1], "quiet"),
        _text(boxed(node.data), right, base[1], end=True, **since),
        _text("grad", left, base[2], "quiet"),
    ]
    for first, last, grad in _grads(film, number):
        inside.append(_text(boxed(grad), right, base[2], end=True, **there("", first, last, count)))
    losses = _losses(film, number)
    for place, (frame_no, _) in enumerate(losses):
        last = losses[place + 1][0] if place + 1 < len(losses) else count
        gone = " ".join(text for _, text in losses[max(0, place - 1) : place + 1])
        inside.append(_text(gone, right, base[3], end=True, **there("lost", frame_no, last, count)))
    wrong = film.wrong
    if wrong is not None and wrong.node == number and film.wrong_frame is not None:
        row = base[3 + bool(losses)]
        due = there("due", film.wrong_frame, count, count)
        inside += [
            element("rect", **frame, **there("amiss-box", film.wrong_frame, count, count)),
            _text(f"✗ right {boxed(wrong.right)}", right, row, end=True, **due),
        ]
    return element("g", *inside)


def _grads(film: Film, number: int) -> list[tuple[int, int, Shown]]:
    """The values of its `grad`, each with its first frame and the one in which it is gone."""
    changes: list[tuple[int, Shown]] = [(0, 0.0)]
    for frame, step in film.backward.items():
        own = [write.after for write in step.writes if write.node == number]
        if own:
            changes.append((frame, own[-1]))
    ends = [first for first, _ in changes[1:]] + [len(film.frames)]
    return [(first, last, grad) for (first, grad), last in zip(changes, ends, strict=True)]


def _text(
    said: str, x: float, y: float, class_: object = "", *, end: bool = False, **more: object
) -> str:
    anchor = "end" if end else None
    attributes = {"class_": class_, **more}
    attributes["class_"] = attributes["class_"] or None
    return element("text", escaped(said), x=x, y=y, text_anchor=anchor, **attributes)


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _route(
    boxes: Sequence[_Box],
    layout: Layout,
    ends: tuple[int, int],
    starts: Sequence[float],
    tallest: Sequence[float],
    *,
    across: bool,
) -> list[tuple[float, float]]:
    """The points of an edge, from the operand's border to the result's, two for each layer."""
    operand, result = boxes[ends[0]], boxes[ends[1]]
    between = layout.edges[ends][1:-1]
    if across:
        points = [(operand.x + _WIDTH, operand.middle[1])]
        for layer, place in between:
            points += [(starts[layer], place), (starts[layer] + _WIDTH, place)]
        return [*points, (result.x, result.middle[1])]
    points = [(operand.middle[0], operand.y + operand.height)]
    for layer, place in between:
        points += [(place, starts[layer]), (place, starts[layer] + tallest[layer])]
    return [*points, (result.middle[0], result.y)]


def _edge(
    film: Film, ends: tuple[int, int], points: Sequence[tuple[float, float]], *, across: bool
) -> tuple[str, str]:
    """An edge as markup: its line, and what is drawn over the boxes: arrow heads and slopes."""
    operand, result = ends
    count, path = len(film.frames), _curve(points, across=across)
    under = [element("path", d=path, class_="edge")]
    flows = [
        (frame, [step.slope(w) for w in step.writes if w.node == operand])
        for frame, step in film.backward.items()
        if step.node == result and any(write.node == operand for write in step.writes)
    ]
    over = []
    for frame, _ in flows:
        under.append(element("path", d=path, **there("flow", frame, frame + 1, count)))
        over.append(
            element("path", d=_tip(points, across=across), **there("tip", frame, frame + 1, count))
        )
    for place, (frame, slopes) in enumerate(flows):
        last = flows[place + 1][0] if place + 1 < len(flows) else count
        told = ", ".join(f"×{slope:.4g}" for slope in slopes if slope is not None)
        x, y = _middle(points)
        more = {"text_anchor": "middle", **there("slope", frame, last, count)}
        over.append(element("text", escaped(told), x=x, y=y + 4, **more) if told else "")
    return "".join(under), "".join(over)


def _curve(points: Sequence[tuple[float, float]], *, across: bool) -> str:
    """The `d` of a smooth path, straight within a layer and curved between layers."""
    d = line(points[:1])
    for (x, y), (to_x, to_y) in zip(points, points[1:], strict=False):
        first, second = ((x, (y + to_y) / 2), (to_x, (y + to_y) / 2))
        if across:
            first, second = (((x + to_x) / 2, y), ((x + to_x) / 2, to_y))
        d += f"C{first[0]:.1f} {first[1]:.1f} {second[0]:.1f} {second[1]:.1f} {to_x:.1f} {to_y:.1f}"
    return d


def _tip(points: Sequence[tuple[float, float]], *, across: bool) -> str:
    """The `d` of an arrow's head at the operand, where gradients go."""
    x, y = points[0]
    if across:
        return line([(x, y), (x + 9, y - 5), (x + 9, y + 5)], closed=True)
    return line([(x, y), (x - 5, y + 9), (x + 5, y + 9)], closed=True)


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the first piece, next to the operand."""
    (x, y), (to_x, to_y) = points[0], points[1]
    return (x + to_x) / 2, (y + to_y) / 2
