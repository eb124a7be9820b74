"""What draws and plots is inert over there: a file that imports it is judged, and it does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.remote.errors import LearnerError
from autograder.worker.inert import PACKAGES

if TYPE_CHECKING:
    from tests.remote.conftest import Room

AS_PEOPLE_WRITE = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import cm, colors as mpl_colors
from mpl_toolkits.mplot3d import Axes3D
import seaborn as sns; sns.set_theme()
import IPython
from IPython import get_ipython as shell
from IPython.display import *
from graphviz import Digraph
from autograder.kit import draw_dot
import autograder.kit.stubs
from autograder.magic import check, grade

get_ipython().run_line_magic("load_ext", "autograder.magic")
plt.rcParams["figure.figsize"] = (8, 3)
print(matplotlib.__version__)
figure, axes = plt.subplots()
figure, ((a, b), (c, d)) = plt.subplots(2, 2)
first, *others = plt.subplots(3)
a.title = "points"
with plt.style.context("ggplot"):
    b.plot([1, 2], [3, 4])[0].set_color("red")
width, height = figure.get_size_inches() * figure.dpi / 2
print(f"{width:.1f} by {-height:.1f}", round(1 - width))
if width > 0 or 3 >= height or isinstance(figure, plt.Figure):
    raise RuntimeError("it says that it is something")
def plotted(axes: plt.Axes | None = None, *more: "plt.Axes") -> None | plt.Figure: ...
class Picture(plt.Figure): ...
assert Picture() is not None
if shell():
    raise RuntimeError("it says that it is somewhere")

def draw(root):
    dot = Digraph(format="svg", graph_attr={"rankdir": "LR"})
    for node in [root]:
        dot.node(name=str(id(node)), label="{ %s }" % node, shape="record")
    return dot

drawn = draw(1)
display(drawn, draw_dot(2))
check("assignment1", "trace")
def run():
    return [len(plt.x), list(plt.x), bool(plt.x), 5 in plt.x, [x for x in plt.x], a.title]
"""


def test_what_people_import_at_the_top_stops_no_file(room: Room) -> None:
    assert room.run(AS_PEOPLE_WRITE) == [0, [], False, False, [], "points"]


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_each_can_be_imported_at_any_depth(limited: Room, name: str) -> None:
    assert (
        limited.run(f"""
        import {name}, {name}.a.b as c
        from {name}.d import e
        def run(): return [type({name}.f).__name__, type(c).__name__, type(e).__name__]
    """)
        == ["Inert"] * 3
    )


def test_it_is_no_answer_to_anything(limited: Room) -> None:
    learner = limited.learner("import matplotlib.pyplot as plt\ndef run(): return plt.f(1)")

    with pytest.raises(Exception, match="a is a Inert, which cannot be compared with 1"):
        assert learner.run() == 1.0


def test_what_the_course_allows_is_the_package_itself(limited: Room) -> None:
    text = "import numpy, graphviz\ndef run(): return [type(m).__name__ for m in (numpy, graphviz)]"

    assert limited.run(text, packages=("numpy",)) == ["module", "Inert"]
    assert limited.run(text, packages=("numpy", "graphviz")) == ["module", "module"]


def test_what_is_not_for_pictures_is_refused_as_ever(limited: Room) -> None:
    fault = limited.fault("def run(): import pandas")

    assert isinstance(fault, LearnerError)
    assert fault.message.startswith("`pandas` cannot be imported here.")


def test_a_stand_in_follows_no_protocol_that_python_asks_for(limited: Room) -> None:
    assert limited.run("""
        import copy, graphviz
        def run():
            return [hasattr(graphviz, "__array__"), hasattr(graphviz.x, "__index__"),
                    type(copy.deepcopy(graphviz.x)).__name__]
    """) == [False, False, "Inert"]


def test_an_example_that_was_pasted_into_the_file_means_the_file(limited: Room) -> None:
    learner = limited.learner(
        """
        def double(x): return 2 * x
        from autograder.kit import names
        from autograder.yours.work import double
        again = double(2)
        """
    )

    assert learner.double(4) == 8
