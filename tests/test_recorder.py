"""What the recorder says of a walk back is what happened in it, and nothing of it stays behind."""

from __future__ import annotations

import math
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.expressions.expression import express
from autograder.operators import OPERATORS, apply, values_of
from autograder.recorder import by_hand, record
from autograder.worker.worker import graph, operands_first

SUITES = Path(autograder.__file__).with_name("suites")
TREES = (
    express(lambda a, b, c, d: (a * b + c) * d, a=2.0, b=-3.0, c=10.0, d=-2.0),
    express(lambda a, b: (a.exp() - b**3) / 7, a=0.5, b=-1.5),
    express(lambda a, b, c: (-a * b.tanh()).relu() + 2 * c**-1, a=2.0, b=-0.7, c=3.0),
)
SHARED = (
    express(lambda a: a + a, a=3.0),
    express(lambda a, b: (a * b) * (a + b), a=-2.0, b=3.0),
    express(lambda a: ((2 * a).exp() - 1) / ((2 * a).exp() + 1), a=0.5),
    express(lambda a, b: a * a - (b - a) / a.relu() + b.tanh() ** 2 + a.exp() * a, a=0.7, b=1.3),
)
SOLUTIONS = {3: "closures.py", 4: "toposort.py", 5: "accumulation.py", 6: "zero_grad.py"}


def engines():
    """Each right engine with a way back, by name, and of which assignment it is."""
    root = SUITES.parents[1] / "solutions"
    found = [(n, root / f"assignment{n}" / name) for n, name in SOLUTIONS.items()]
    for number in (3, 4, 5, 6, 7, 9):
        found += [(number, p) for p in sorted((SUITES / f"assignment{number}/right").glob("*.py"))]
    found.append((7, SUITES.parent / "provided/engine.py"))
    texts = [(number, path, path.read_text("utf-8")) for number, path in found]
    return [
        pytest.param(number, path, id=f"{path.parents[1].name}-{path.stem}")
        for number, path, text in texts
        if "class Value" in text
    ]


def value_of(path):
    """The class Value of an engine of ours, its demo cells left out."""
    from autograder.submission.percent import without_demos

    module = sys.modules["engine"] = types.ModuleType("engine")  # dataclasses look there
    exec(compile(without_demos(path.read_text("utf-8")), str(path), "exec"), vars(module))
    return module.Value


def made(cls, expression):
    """The nodes of an expression by name."""
    names = {name: cls(number) for name, number in expression.inputs}
    for step in expression.steps:
        names[step.name] = apply(step.op, values_of(step.operands, names))
    return names


def walked(root, backward=None):
    """The nodes of a graph, its operands by position, and the recorded steps."""
    nodes, edges = graph(root)
    operands = [[a for a, b in edges if b == number] for number in range(len(nodes))]
    run = backward or getattr(root, "backward", None)
    run = run or by_hand(root, list(reversed(operands_first(root))))
    return nodes, operands, record(nodes, operands, run)


def gradients(cls, expression):
    """What the engine itself says, unwatched."""
    names = made(cls, expression)
    root = names[expression.root]
    if hasattr(root, "backward"):
        root.backward()
    else:
        by_hand(root, list(reversed(operands_first(root))))()
    return {name: float(names[name].grad) for name in names}


@pytest.mark.parametrize(("assignment", "path"), engines())
def test_the_steps_add_up_to_the_gradients(assignment, path):
    cls = value_of(path)
    for expression in TREES if assignment in (3, 4) else TREES + SHARED:
        methods = {step.op for step in expression.steps if OPERATORS[step.op].is_method}
        if not all(hasattr(cls, name) for name in methods):
            continue  # some have no relu
        names = made(cls, expression)
        nodes, operands, steps = walked(names[expression.root])
        written = [write for _, _, writes, _ in steps for write in writes]
        for name, right in gradients(cls, expression).items():
            number = next(n for n, node in enumerate(nodes) if node is names[name])
            own = [write for write in written if write[0] == number]
            shares = [after - before if kept else after for _, before, after, kept in own]
            assert math.isclose(sum(shares), right, rel_tol=1e-9, abs_tol=1e-12)
            assert own[-1][2] == pytest.approx(right, rel=1e-12)
            assert [before for _, before, _, _ in own[1:]] == [after for _, _, after, _ in own[:-1]]
        assert not [write for write in written if write[3] is None]
        for node, _, writes, how in steps[1:]:
            assert how == "called" or not hasattr(nodes[0], "_backward")
            assert {write[0] for write in writes} <= {*operands[node]}


@pytest.mark.parametrize(("assignment", "path"), engines())
def test_slope_times_upstream_is_what_arrives(assignment, path):
    cls = value_of(path)
    a, b = cls(2.0), cls(-3.0)
    nodes, _, steps = walked((a * b).tanh())
    _, upstream, writes, _ = next(s for s in steps if nodes[s[2][0][0]] in (a, b))

    assert {id(nodes[write[0]]): write[2] for write in writes} == {
        id(a): pytest.approx(-3 * upstream),
        id(b): pytest.approx(2 * upstream),
    }


@pytest.mark.parametrize(("assignment", "path"), engines())
def test_nothing_stays_behind(assignment, path):
    cls = value_of(path)
    names = made(cls, TREES[0])
    names["a"].grad = 5.0
    before, kept = dict(vars(cls)), {name: own(value) for name, value in names.items()}
    walked(names[TREES[0].root])

    assert dict(vars(cls)) == before
    for name, value in names.items():
        assert own(value) == kept[name]
        assert value.grad == (5.0 if name == "a" else 0)


def own(value):
    """What a node itself holds, but for its gradient, which may have been its class's so far."""
    return {k: v for k, v in getattr(value, "__dict__", {}).items() if k != "grad"}


OVERWRITING = SUITES.parents[1] / "solutions/assignment4/toposort.py"


def lost(steps):
    """What was there and is not in the sum."""
    return [
        (node, *write[:3])
        for node, _, writes, _ in steps
        for write in writes
        if write[3] is False and write[1] != 0 and write[0] != node
    ]


def test_what_is_overwritten_is_seen_where_it_is_lost():
    cls = value_of(OVERWRITING)
    a = cls(3.0)
    nodes, _, steps = walked(a + a)

    assert steps[0] == (None, None, [(0, 0.0, 1.0, False)], "read")
    assert steps[1] == (0, 1.0, [(1, 0.0, 1.0, False), (1, 1.0, 1.0, False)], "called")
    assert lost(steps) == [(0, 1, 1.0, 1.0)]
    assert nodes[1] is a


@pytest.mark.parametrize("expression", SHARED)
def test_an_engine_that_overwrites_loses_what_is_missing(expression):
    cls = value_of(OVERWRITING)
    names = made(cls, expression)
    nodes, _, steps = walked(names[expression.root])

    for name, grad in gradients_of(names, steps, nodes).items():
        number = next(n for n, node in enumerate(nodes) if node is names[name])
        gone = sum(before for _, target, before, _ in lost(steps) if target == number)
        everything = sum(w[2] for _, _, writes, _ in steps for w in writes if w[0] == number)
        assert grad + gone == pytest.approx(everything)
    assert lost(steps)


def gradients_of(names, steps, nodes):
    """What each node was left with."""
    final = {write[0]: write[2] for _, _, writes, _ in steps for write in writes}
    number = {id(node): n for n, node in enumerate(nodes)}
    return {name: final[number[id(node)]] for name, node in names.items()}


@pytest.mark.parametrize("line", range(8))
def test_one_line_that_overwrites_is_the_one_that_is_seen(line):
    """The eight engines of assignment5, and f(x, y) + f(x, y) for their eight lines."""
    text = (SUITES.parents[1] / "solutions/assignment5/accumulation.py").read_text("utf-8")
    given = text.split("\nclass Value")[1].split("\n# %% ")[0]
    parts = given.split(".grad += ")
    assert len(parts) == 9
    wrong = ".grad += ".join(parts[: line + 1]) + ".grad = " + ".grad += ".join(parts[line + 1 :])
    scope = {"math": math}
    exec("class Value" + wrong, scope)
    cls: Any = scope["Value"]
    x, y = cls(2.0), cls(3.0)
    f = [x.__add__] * 2 + [x.__mul__] * 2
    f += [lambda _: x**2, lambda _: x.exp(), lambda _: x.tanh(), lambda _: x.relu()]
    root = f[line](y) + f[line](y)
    nodes, operands, steps = walked(root)
    seen = lost(steps)

    assert len(seen) == 1
    assert nodes[seen[0][1]] is (y if line in (1, 3) else x)
    assert seen[0][1] in operands[seen[0][0]]
