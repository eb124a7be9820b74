"""`grade … --draw NAME -o FILE`: the graph below a name of the learner's file."""

from __future__ import annotations

import os
import shutil

import pytest

from autograder.kit.player import policy
from tests.feedback.samples import run

NEURON = """

x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.88, label="b")
n = x * w + b
n.label = "n|<b>&{no}"
o = n.tanh()
number = 3.0
many = x
for _ in range(300):
    many = many + w
"""


@pytest.fixture
def folder(clone):
    clone.write("assignment2", more=NEURON)
    return clone.root


@pytest.fixture
def without_dot(tmp_path, monkeypatch):
    """A PATH with the sandbox's programs and no `dot`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bwrap", "setpriv"):
        if (found := shutil.which(name)) is not None:
            (programs / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(programs))


def test_it_draws_what_hangs_off_a_name(folder):
    done = run(["assignment2", "--draw", "o", "-o", "o.svg"], folder)

    assert (done.stdout, done.returncode) == ("o.svg written\n", 0), done.stderr
    drawn = (folder / "o.svg").read_text("utf-8")
    for text in ("x", "w", "b", "tanh", "data 2.0000", "data &#45;3.0000", "data 0.7064"):
        assert f">{text}<" in drawn
    assert "n|&lt;b&gt;&amp;{no}" in drawn


def test_a_page_plays_what_hangs_off_a_name(folder):
    done = run(["assignment2", "--draw", "o", "-o", "o.html"], folder)

    assert (done.stdout, done.returncode) == ("o.html written\n", 0), done.stderr
    text = (folder / "o.html").read_text("utf-8")
    assert "<h1>Backward from o</h1>" in text
    assert "Forward. o = tanh(n|&lt;b&gt;&amp;{no}) = 0.70642" in text
    assert policy() in text


DEMOS = """
# %% tags=["demo"]
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
L = 2.0
made = [L]
# %% tags=["demo"]
raise NotImplementedError("this one waits for you")
# %% tags=["demo"]
x, y = Value(2.0, label="x"), Value(-3.0, label="y")
L = x * y
plt.show()
# %%
L_is_made = True
# %% tags=["demo"]
L = x + y
"""


def test_a_name_that_a_demo_cell_makes_is_drawn(clone):
    """Up to the first cell that makes a graph of it: what comes later may take long."""
    clone.write("assignment2", more=DEMOS)
    done = run(["assignment2", "--draw", "L", "-o", "L.dot"], clone.root)

    assert (done.stdout, done.returncode) == ("L.dot written\n", 0), done.stderr
    assert "-6.0000" in (clone.root / "L.dot").read_text("utf-8")


def test_a_demo_cell_that_makes_no_graph_or_none_of_that_name(clone):
    clone.write("assignment2", more=DEMOS)
    number = run(["assignment2", "--draw", "made"], clone.root)
    nothing = run(["assignment2", "--draw", "nothing"], clone.root)

    assert (number.returncode, nothing.returncode) == (2, 2)
    assert "`made` is not a Value with a graph" in number.stderr
    assert "operators.py does not define `nothing`." in nothing.stderr
    assert "A demo cell raised NotImplementedError: this one waits for you" in nothing.stderr


def test_demo_cells_that_do_not_end(cloning):
    clone = cloning("assignment2", total_seconds=3)
    clone.write("assignment2", more='\n# %% tags=["demo"]\nwhile True: pass\n')
    done = run(["assignment2", "--draw", "nothing"], clone.root)

    assert done.returncode == 2
    assert "did not finish within 3 seconds" in done.stderr
    assert "The demo cells were run to find `nothing`." in done.stderr


def test_it_draws_without_the_dot_program(folder, without_dot):
    done = run(["assignment2", "--draw", "o"], folder, PATH=os.environ["PATH"])

    assert (done.stdout, done.returncode) == ("o.svg written\n", 0), done.stderr
    assert "tanh" in (folder / "o.svg").read_text("utf-8")


def test_a_large_graph_says_what_is_left_out(folder):
    run(["assignment2", "--draw", "many", "-o", "many.dot"], folder)

    text = (folder / "many.dot").read_text("utf-8")
    assert "102 more nodes left out" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--draw", "nothing"], "operators.py does not define `nothing`."),
        (["--draw", "oo"], "It has `o`"),
        (["--draw", "number"], "`number` is not a Value"),
        (["--draw", "o", "-o", "o.txt"], "saved as .svg, .png, .pdf or .dot"),
        (["--draw", "o", "-o", "no/where.svg"], "No such file or directory"),
        (["-o", "o.svg"], "-o goes with --draw."),
        (["--draw", "o", "--hint"], "Use only one of --hint and --draw."),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, said, folder):
    done = run(["assignment2", *arguments], folder)

    assert said in done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_their_file_never_runs_in_our_process(clone):
    clone.write("assignment2", more="\nimport os\nos._exit(0)\n")
    done = run(["assignment2", "--draw", "o"], clone.root)

    assert done.returncode == 2
    assert "Importing operators.py" in done.stderr


def test_the_same_graph_is_the_same_picture(folder):
    pictures = set()
    for _ in range(3):
        run(["assignment2", "--draw", "o", "-o", "o.dot"], folder)
        pictures.add((folder / "o.dot").read_text("utf-8"))

    assert len(pictures) == 1


@pytest.mark.long
def test_a_value_used_all_along_a_chain_is_drawn(folder):
    """As a weight is in a loss; the run has a minute, and took many before it had its limits."""
    done = run(["assignment2", "--draw", "many", "-o", "many.svg"], folder)

    assert done.returncode == 0, done.stderr
    assert "102 more nodes left out" in (folder / "many.svg").read_text("utf-8")
