"""A mistake in one operator is shown with one use of it: an example of three nodes at most."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from functools import cache

import pytest

from autograder.authoring.engines import WrongEngine, solution_source, wrong_engines
from autograder.course import Assignment
from autograder.grading import Options, grade_each
from autograder.report import Counterexample, Report, to_json
from autograder.sandbox.limited import Limited
from autograder.submission.read import of_texts
from tests.tiers import sample

from .conftest import COURSE

OPERATORS = {
    *("add", "mul", "power", "pow", "neg", "sub", "truediv", "exp", "tanh", "relu"),
    *("radd", "rmul", "rsub", "rtruediv", "iadd"),
}
MAKES_A_NODE = {"Value", "exp", "tanh", "relu"}
NEEDS_MORE = {
    # The second operand loses its own closure, which shows only where that is a result itself and
    # the first one a Value: two operands, what the second was made of, and the product.
    "C3-other": 5,
    # One use comes out right: an operand, two uses of it, their sum, and what is made of that.
    **dict.fromkeys(("C3-pow", "C3-exp", "C3-tanh", "C3-relu"), 5),
    # Two uses come out right: an operand, three uses of it, and two sums.
    "A-third": 6,
    # Caught by tests that show the one expression that they ask: it is not made smaller.
    "A-relu-branch": 4,
    "A-kept-node": 7,
    "A-pow-quotient": 5,
    "A-tanh-far": 5,
}


def functions(source: str) -> dict[str, str]:
    """What each function is made of and attached by, by its name; and the rest, by the name ""."""
    found = defaultdict[str, str](str)
    for statement in ast.parse(source).body:
        for each in statement.body if isinstance(statement, ast.ClassDef) else [statement]:
            match each:
                case ast.FunctionDef(name) | ast.Assign([ast.Attribute(attr=name)]):
                    found[name.strip("_")] += ast.dump(each)
                case _:
                    found[""] += ast.dump(each)
    return found


def touches_one_operator(wrong: WrongEngine, assignment: Assignment) -> bool:
    """Whether its edits lie within one operator."""
    right = functions(solution_source(COURSE, assignment, wrong.file))
    odd = functions(wrong.source)
    differ = {name for name in right.keys() | odd.keys() if right.get(name) != odd.get(name)}
    return len(differ) == 1 and differ <= OPERATORS


def nodes(example: Counterexample) -> int:
    """How many Values the example's lines make."""
    return sum(map(_makes_a_node, ast.parse("\n".join(example.lines)).body))


def _makes_a_node(line: ast.stmt) -> bool:
    match line:
        case ast.Assign([ast.Name()], value) | ast.Expr(value):
            pass
        case _:
            return False
    if isinstance(value, ast.Compare):  # (-a) is a
        value = value.left
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).split(".")[-1] in MAKES_A_NODE
    return isinstance(value, (ast.BinOp, ast.UnaryOp))


@cache
def shown(name: str) -> dict[str, Report]:
    """The report of the test that must catch it, by the mistake's id."""
    assignment = COURSE.assignment(name)
    caught_by = defaultdict[str, list[WrongEngine]](list)
    for wrong in wrong_engines(COURSE, assignment):
        if touches_one_operator(wrong, assignment):
            caught_by[wrong.caught_by].append(wrong)
    found: dict[str, Report] = {}
    for test, engines in caught_by.items():
        handed_in = (of_texts(assignment, {w.file: w.source}, w.id) for w in engines)
        reports: list[Report] = []
        grade_each(
            COURSE,
            assignment,
            handed_in,
            reports.append,
            Options(only=test, sandbox=Limited(trusted=True)),
        )
        found.update(zip((wrong.id for wrong in engines), reports, strict=True))
    return found


@pytest.mark.parametrize(
    ("name", "least"), sample([("assignment5", 15), ("assignment3", 90), ("assignment2", 90)], of=3)
)
def test_its_example_has_at_most_three_nodes(name: str, least: int) -> None:
    reports = shown(name)

    assert len(reports) >= least
    examples = {id_: report.tests[0].counterexample for id_, report in reports.items()}
    assert [id_ for id_, example in examples.items() if example is None] == []
    counts = {id_: nodes(example) for id_, example in examples.items() if example is not None}
    assert min(counts.values()) >= 2
    assert {id_: n for id_, n in counts.items() if n > NEEDS_MORE.get(id_, 3)} == {}


@pytest.mark.parametrize(
    ("name", "least"), sample([("assignment5", 12), ("assignment3", 60)], of=2)
)
def test_the_one_edge_that_is_marked_is_the_one_that_is_named(name: str, least: int) -> None:
    marked = 0
    for id_, report in shown(name).items():
        (test,) = json.loads(to_json(report))["tests"]
        if test["graph"] is None or not test["graph"]["first_wrong"]:
            assert not any(edge["wrong"] for edge in (test["graph"] or {"edges": ()})["edges"]), id_
            continue
        words = test["graph"]["first_wrong"]
        named = re.search(r"^(\w+) gets a share|so (\w+)\.grad should be", words)
        result = re.search(r"`(\w+) = ", words)
        edges = [(e["operand"], e["result"]) for e in test["graph"]["edges"] if e["wrong"]]

        assert named is not None, words
        assert result is not None, words
        assert edges == [(named[1] or named[2], result[1])], (id_, words)
        marked += 1
    assert marked >= least
