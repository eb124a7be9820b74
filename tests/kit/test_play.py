"""What `play` records of one's own engine, says in steps and draws; what it refuses."""

from __future__ import annotations

import math
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autograder.kit import DrawingError, play
from autograder.kit.layout import layered
from autograder.kit.player import policy, script
from autograder.kit.recording import Recording


class Value:
    """An engine whose lines add to gradients, and have a `backward`."""

    adds = True

    def __init__(self, data: float, prev: tuple[Any, ...] = (), op: str = "") -> None:
        self.data, self.grad, self._prev, self._op = data, 0.0, prev, op
        self.slopes: tuple[float, ...] = ()

    def __add__(self, other: Value) -> Value:
        return self._made(self.data + other.data, "+", (self, other), (1.0, 1.0))

    def __mul__(self, other: Value) -> Value:
        slopes = (other.data, self.data)
        return self._made(self.data * other.data, "*", (self, other), slopes)

    def _made(
        self, data: float, op: str, prev: tuple[Value, ...], slopes: tuple[float, ...]
    ) -> Value:
        out = type(self)(data, prev, op)
        out.slopes = slopes
        return out

    def _backward(self) -> None:
        for operand, slope in zip(self._prev, self.slopes, strict=False):
            share = slope * self.grad
            operand.grad = operand.grad + share if self.adds else share

    def backward(self) -> None:
        order: list[Value] = []

        def visit(node: Value) -> None:
            if node not in order:
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


class Overwriting(Value):
    adds = False


def lecture() -> Value:
    """L of the lecture."""
    a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
    return (a * b + c) * f


def says(recording: Recording) -> list[str]:
    return [frame.says for frame in recording.figure.frames]


def test_the_lectures_expression_step_by_step() -> None:
    a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
    e = a * b
    d = e + c
    L = d * f  # noqa: N806  the lecture's name

    assert says(play(L)) == [
        "Forward. Inputs: b = -3, a = 2, c = 10, f = -2.",
        "Forward. e = a * b = -6",
        "Forward. d = e + c = 4",
        "Forward. L = d * f = -8",
        "Backward. Start at the root.",
        "Backward. The closure of L runs. Incoming gradient: 1.",
        "Backward. The closure of d runs. Incoming gradient: -2.",
        "Backward. The closure of e runs. Incoming gradient: -2.",
    ]
    assert [node.grad for node in (a, b, c, d, e, f, L)] == [0.0] * 7  # as they were


def test_what_is_overwritten_is_struck_through() -> None:
    right, wrong = play(Value(3.0) + Value(4.0)), None
    a = Overwriting(3.0)
    wrong = play(a + a)

    assert "<s>" not in right._repr_html_()
    assert "<s>1</s> 1, overwritten" in wrong._repr_html_()
    assert "A number that is struck through was overwritten and is lost." in wrong.figure.notes


def test_the_sum_so_far_is_told() -> None:
    a = Value(3.0)

    assert "1 + 1 = 2" in play(a + a)._repr_html_()


def test_a_script_writes_a_page_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loss = lecture()
    play(loss)
    play(loss)

    assert capsys.readouterr().out.splitlines() == [
        "wrote loss.html: open it in a browser",
        "wrote loss-2.html: open it in a browser",
    ]
    assert (folder / "loss.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("notebook")
def test_a_notebook_shows_it_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = play(lecture())._repr_html_()

    assert "<svg" in shown
    assert "<script>" in shown
    assert list(folder.iterdir()) == []
    assert capsys.readouterr().out == ""


def test_a_page_runs_no_script_but_ours(folder: Path) -> None:
    text = play(lecture()).save("x.html").read_text("utf-8")

    assert text.count("<script") == 1
    assert f"<script>{script()}</script>" in text
    assert policy() in text
    assert "unsafe-inline" not in policy().split("style-src")[0]


class Texts(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_labels_and_operators_are_text() -> None:
    evil: Any = Value(1.0) + Value(2.0)
    evil.label, evil._op = '<img src=x onerror="a()">', "</svg><script>"

    tags = Texts(play(evil)._repr_html_()).tags
    assert "img" not in tags
    assert tags.count("script") == 1


def test_without_a_backward_the_closures_are_called_results_first() -> None:
    class Closures(Value):
        backward: Any = None

    a = Closures(3.0)
    recording = play((a * a) * a)

    assert says(recording)[-2:] == [
        "Backward. The closure of (a * a) * a runs. Incoming gradient: 1.",
        "Backward. The closure of a * a runs. Incoming gradient: 3.",
    ]


def test_a_large_graph_says_what_it_leaves_out() -> None:
    total = Value(0.0)
    for _ in range(40):
        total = total + Value(1.0)
    recording = play(total, limit=60)

    assert recording.figure.wide.count('class="box"') == 60
    assert recording.figure.notes[0] == (
        "These are the 60 values nearest to total; 21 more values are left out."
    )


def test_what_their_backward_raises_comes_through() -> None:
    class Raising(Value):
        def backward(self) -> None:
            raise ZeroDivisionError("theirs")

    with pytest.raises(ZeroDivisionError, match="theirs"):
        play(Raising(1.0))


@pytest.mark.parametrize(
    ("root", "limit", "error", "says"),
    [
        (3.0, 60, DrawingError, "something of type float: pass one value"),
        (None, 60, DrawingError, "got None"),
        (Value(1.0, prev=None), 60, DrawingError, "can't be followed through _prev"),  # type: ignore[arg-type]
        (Value(1.0), 0, ValueError, "at least 1, not 0"),
    ],
)
def test_what_it_refuses(root: object, limit: int, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        play(root, limit=limit)


def test_a_recording_is_a_page() -> None:
    with pytest.raises(ValueError, match=r"saved as .html, not 'x.svg'"):
        play(lecture()).save("x.svg")


GRAPHS: list[list[list[int]]] = [
    [[]],
    [[1, 2], [3, 4], [4, 5], [], [], []],
    [[1, 1], [2, 3], [3], []],
    [[number + 1, 0] if number < 59 else [] for number in range(60)],  # a circle at each
    [[2 * n + 1, 2 * n + 2] if n < 29 else [] for n in range(59)],
]


@pytest.mark.parametrize("operands", GRAPHS)
def test_operands_come_before_and_nothing_touches(operands: list[list[int]]) -> None:
    sizes = [40.0 + 7 * (number % 5) for number in range(len(operands))]
    layout = layered(operands, sizes, 14.0)

    for result, own in enumerate(operands):
        for operand in own:
            if operand > result:  # the others close a circle
                assert layout.layers[operand] > layout.layers[result]
    for layer in range(layout.depth):
        row = sorted(
            (layout.places[n], sizes[n]) for n, own in enumerate(layout.layers) if own == layer
        )
        for (place, size), (after, next_size) in zip(row, row[1:], strict=False):
            assert after - place >= (size + next_size) / 2 + 14.0 - 1e-6
    low = min(place - size / 2 for place, size in zip(layout.places, sizes, strict=True))
    assert low >= -1e-6
    assert math.isfinite(layout.width)
