"""The pictures for pages that cannot plot: whose they are, and what they say to whoever can't see."""

import msgspec
import pytest

from autograder import course as courses
from autograder.authoring import fetched, plots
from autograder.authoring.build import BuildError
from tests.conftest import ROOT

COURSE = courses.load(ROOT)
FIRST = COURSE.assignments[0]

PLOTS = """\
# %%
import matplotlib.pyplot as plt

# %%
plt.plot([1, 2], [3, 5.123456], label="rises")
plt.title("A line, $x$")
plt.xlabel("step")
plt.ylabel("loss")
plt.show()
"""


@pytest.fixture
def plotted(tmp_path, monkeypatch):
    """The pictures of a solution with this text."""
    monkeypatch.setattr(fetched, "folder", lambda: tmp_path / "kept")
    solution = tmp_path / "solutions" / FIRST.name / FIRST.files[0].name
    solution.parent.mkdir(parents=True)
    course = msgspec.structs.replace(COURSE, root=tmp_path)

    def drawn(text):
        said: list[str] = []
        solution.write_text(text, "utf-8")
        return plots.plots(course, FIRST, said.append), said

    return drawn


def test_each_picture_of_ours_is_of_the_solution_as_it_is():
    asked = {each.name: plots._asked(COURSE, each) for each in COURSE.assignments}

    names = {plots._name(each, text) for each in COURSE.assignments if (text := asked[each.name])}

    anew = "python -m autograder.authoring.plots"
    assert {path.name for path in plots.OURS.iterdir()} == names, f"To draw them anew: {anew}"


def test_what_a_cell_plots_is_drawn_once_and_told(plotted):
    found, said = plotted(PLOTS)
    again, nothing = plotted(PLOTS)

    (cell,) = found
    (picture,) = found[cell]
    assert picture.alt == "Plot; A line, x: loss by step: rises"
    assert picture.svg.rstrip().endswith("</svg>")
    assert said == [f"drawing what {FIRST.name} plots"]
    assert (again, nothing) == (found, [])


def test_what_plots_nothing_is_not_run(plotted):
    assert plotted("# %%\nraise SystemExit(3)\n") == ({}, [])


def test_a_solution_that_fails_is_named(plotted):
    with pytest.raises(BuildError, match=f"of {FIRST.name} fails where it plots") as raised:
        plotted(PLOTS + "\n# %%\nraise KeyError('gone')\n")

    assert "KeyError: 'gone'" in str(raised.value)
