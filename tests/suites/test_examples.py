"""What a report shows can be pasted anywhere, prints what is shown, and is the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import course as courses
from autograder.authoring import engines
from autograder.course import PROVIDED
from autograder.feedback import wording
from autograder.report import to_json

from .. import examples
from ..tiers import sample

COURSE = courses.find(Path(__file__))
AT_ONCE = 4  # engines: each lot costs one collection of its suite


def lots() -> Iterator[tuple[str, int]]:
    for assignment in COURSE.assignments:
        wrong = engines.wrong_engines(COURSE, assignment)
        slow = {file.name for file in assignment.files if file.own_packages}  # python -m has them
        count = next((n for n, each in enumerate(wrong) if each.file in slow), len(wrong))
        for first in range(0, count, AT_ONCE):
            yield assignment.name, first


def texts_of(name: str, first: int) -> dict[str, dict[str, str]]:
    assignment = COURSE.assignment(name)
    some = engines.wrong_engines(COURSE, assignment)[first : first + AT_ONCE]
    return {wrong.id: examples.files_with(COURSE, assignment, wrong) for wrong in some}


@pytest.mark.parametrize(("name", "first"), sample(list(lots())[::30], of=9))
def test_every_example_prints_what_is_shown_wherever_it_runs(name: str, first: int) -> None:
    """Judged again, after others, an engine has the same report. All: python -m tests.examples."""
    assignment, texts = COURSE.assignment(name), texts_of(name, first)
    again = {f"{label} again": each for label, each in reversed(texts.items())}

    reports = dict(examples.reports_on(COURSE, assignment, texts | again))

    assert len(reports) == 2 * len(texts)
    for label, each in texts.items():
        assert to_json(reports[label]) == to_json(reports[f"{label} again"])
        ran = examples.runs(COURSE, assignment, label, each, reports[label])
        assert [run for run in ran if not run.is_as_shown] == []


WRONG = """class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, _children, _op, label

def trace(root, nodes=set(), edges=set()):
    nodes.add(root)
    for operand in root._prev:
        edges.add((operand, root))
        trace(operand)
    return nodes, edges
"""


def test_what_an_earlier_call_left_behind_is_among_the_lines(tmp_path: Path) -> None:
    """As a real `python -i` takes them too."""
    assignment = COURSE.assignment("assignment1")
    ((_, report),) = examples.reports_on(COURSE, assignment, {"state": {"value.py": WRONG}})
    told = [test for test in report.tests if test.counterexample and test.part == "trace"]
    (tmp_path / "value.py").write_text(WRONG, "utf-8")

    assert told
    for test in told:
        lines = "\n".join((*wording.pasted(test), ""))
        assert lines.count("trace(") > 1
        for command in ([sys.executable, "-i"], [sys.executable, "-c", lines]):
            done = subprocess.run(
                command, input=lines, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert test.counterexample is not None
            assert done.stdout.split() == [str(test.counterexample.yours)]


ORDER = """

def topological_order(root):
    found = [root]
    for node in found:
        found += [operand for operand in set(node._prev) if operand not in found]
    return found[::-1]
"""


def test_the_shape_of_a_graph_is_as_small_as_can_be_and_what_varies_is_said_to() -> None:
    """By breadth: what two are made from comes out between them, or before, as the set has it."""
    assignment = COURSE.assignment("assignment4")
    text = engines.solution_source(COURSE, assignment, "toposort.py") + ORDER
    ((_, report),) = examples.reports_on(COURSE, assignment, {"o": {"toposort.py": text}})

    shown = {test.name: test.counterexample for test in report.tests if test.counterexample}
    example = shown["test_order_of_a_ladder"]
    assert example.lines[2:-1] == ("a = Value(2.0)", "b = a.tanh()", "c = b.tanh()", "d = a + c")
    assert str(example.yours).endswith(": it varies from run to run")


def test_what_is_not_as_shown_is_noticed() -> None:
    run = examples.Run("a", "t", "file", ("print(1)",), shown="2.0", said="1.0\n")

    assert not run.is_as_shown
    assert examples.Run("a", "t", "file", (), shown="1", said="noise\n1.0000000001\n").is_as_shown


@pytest.mark.parametrize(
    ("name", "mistake"), [("assignment7", "M-weights"), ("assignment5", "A-clears-first")]
)
def test_on_the_solution_the_lines_print_what_is_said_to_be_right(
    tmp_path: Path, name: str, mistake: str
) -> None:
    """What an earlier call left behind is shown without a line less than it takes to be right."""
    assignment = COURSE.assignment(name)
    (wrong,) = (e for e in engines.wrong_engines(COURSE, assignment) if e.id == mistake)
    texts = {mistake: examples.files_with(COURSE, assignment, wrong)}
    ((_, report),) = examples.reports_on(COURSE, assignment, texts)
    told = [test for test in report.tests if test.counterexample]
    file = assignment.files[0]
    (tmp_path / file.name).write_text(engines.solution_source(COURSE, assignment, file.name))

    assert told
    for test in told:
        assert test.counterexample is not None
        lines = "\n".join(wording.pasted(test)).replace("autograder.yours.", "")
        path = os.pathsep.join([str(tmp_path), str(PROVIDED), str(COURSE.root)])
        env = {**os.environ, "PYTHONPATH": path}
        command = [sys.executable, "-c", lines]
        said = subprocess.check_output(command, env=env, cwd=tmp_path, text=True)
        assert float(said.split()[-1]) == pytest.approx(test.counterexample.expected)
