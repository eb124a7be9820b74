"""The lines that a finding shows are Python that anyone can paste, and they give that number."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course import PROVIDED
from autograder.expressions.expression import express
from autograder.remote.functions import as_function
from autograder.remote.learner import Learner
from autograder.worker.protocol import Function

from .conftest import Room
from .engine import ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograder.report import Counterexample

MORE = (
    ENGINE
    + """
class Neuron:
    def __init__(self, n):
        self.w, self.b = [Value(0.5 + i) for i in range(n)], Value(0.25)
    def __call__(self, x):
        return (sum((w * v for w, v in zip(self.w, x)), self.b)).tanh()
    def parameters(self):
        return self.w + [self.b]

class Layer:
    def __init__(self, n, m): self.neurons = [Neuron(n) for _ in range(m)]
    def __call__(self, x): return [neuron(x) for neuron in self.neurons]
    def parameters(self): return [p for n in self.neurons for p in n.parameters()]
    def named(self): return {"first": self.neurons[0], 2: (self.neurons[1], "x")}
    def rows(self): return [[n.w for n in self.neurons], [[self.neurons[0].b]]]
    def each(self):
        for neuron in self.neurons: yield neuron
    def __iter__(self): return self.each()
    def __len__(self): return len(self.neurons)
    def __getitem__(self, i): return self.neurons[i]
    def nodes(self): return {self.neurons[0]}

class Counter:
    n = 0
    def bump(self, by=1):
        self.n += by
        return self.n
    def both(self):
        self.n += 1
        return [Value(self.n), Value(-self.n)]

def slope(f, x, h): return (f(x + h) - f(x)) / h
def same(x): return x
def grow(x): x.append(len(x)); return x
def total(values, scale=1.0): return sum(values, Value(0.0)) * scale
def call(f, *args): return f(*args)
def a(x): return x
def step(parameters, rate):
    for p in parameters: p.data -= rate * p.grad
"""
)


def pasted(
    folder: Path, text: str, lines: Sequence[str], modules: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """What Python says of the lines, beside the learner's file; the last one is printed."""
    (folder / "work.py").write_text(textwrap.dedent(text), "utf-8")
    for module in modules:
        (folder / f"{module}.py").write_bytes((PROVIDED / f"{module}.py").read_bytes())
    script = "\n".join((*lines[:-1], f"print(repr({lines[-1]}))"))
    return subprocess.run(
        [sys.executable, "-W", "error", "-"],
        input=script,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def example_of(learner: Learner, look: str | None = None, yours: object = None) -> Counterexample:
    example = learner.mismatch("wrong", yours, 0.0, look).counterexample
    assert example is not None
    return example


def operators(learner: Learner) -> object:
    x = learner.Value(2.0, label="x")
    y = 2 * x + x / -4 - 1.5
    return (-(y**2) * (3 - x) / y).data


def gradients(learner: Learner) -> object:
    x, y = learner.Value(2.0), learner.Value(-3)
    z = (x * y + x).tanh()
    z.backward()
    learner.Value(100.0)
    return x.grad


def by_hand(learner: Learner) -> object:
    x = learner.Value(2.0)
    y = x * 4.0
    y.grad = -1.5
    y._backward()
    return x.grad


def many_at_once(learner: Learner) -> object:
    xs = [learner.Value(float(n)) for n in range(3)]
    learner.set_each(xs, "grad", [1.0, 2.0, -3.0])
    learner.step(xs, 0.5)
    return xs[2].data


def many_in_few_lines(learner: Learner) -> object:
    layer = learner.Layer(2, 2)
    parameters = layer.parameters()
    lines = (f"for p in {learner.looked_at()}: p.data = 0.125",)
    learner.set_each(parameters, "data", [0.125] * len(parameters), lines)
    return layer([1.0, 2.0])[0].data


def a_list_of_results(learner: Learner) -> object:
    layer = learner.Layer(2, 2)
    out = layer([1.0, -2.0])
    (out[0] * 3 + out[1]).backward()
    return out[0].grad


def parameters_after_backward(learner: Learner) -> object:
    layer = learner.Layer(2, 2)
    parameters = layer.parameters()
    learner.total(layer([1.0, 0.5]), scale=2.0).backward()
    return parameters[1].grad


def attributes_of_attributes(learner: Learner) -> object:
    layer = learner.Layer(2, 3)
    layer([1.0, 0.5])[2].backward()
    return layer.neurons[2].w[1].grad


def a_dictionary(learner: Learner) -> object:
    named = learner.Layer(1, 2).named()
    return named["first"].b.data + 0 * named[2][0].w[0].data, named[2][0].w[0].data


def nested_lists(learner: Learner) -> object:
    rows = learner.Layer(2, 2).rows()
    rows[0][1][1].grad = 2.5
    return rows[0][1][1].grad


def a_generator(learner: Learner) -> object:
    first, second = learner.Layer(1, 2).each()
    second.b.data = 7.0
    first.b.data = 6.0
    return second.b.data


def iteration(learner: Learner) -> object:
    layer = learner.Layer(1, 2)
    second = list(layer)[1]
    second.b.data = 3.5
    return layer[1].b.data


def a_set(learner: Learner) -> object:
    (neuron,) = learner.Layer(1, 2).nodes()
    return neuron.b.data


def operands_of_a_hidden_node(learner: Learner) -> object:
    (x,) = learner.Value(2.0).tanh()._prev
    return x.data


def length(learner: Learner) -> object:
    return len(learner.Layer(1, 4))


def a_call_that_counts(learner: Learner) -> object:
    counter = learner.Counter()
    counter.bump()
    return counter.bump(by=5)


def objects_that_a_counting_call_made(learner: Learner) -> object:
    counter = learner.Counter()
    counter.bump()
    pair = counter.both()
    return pair[1].data


def a_function(learner: Learner) -> object:
    f = as_function(
        express(lambda x: 3 * x**2 - 4 * x + 5, x=0.0), "lambda x: 3 * x**2 - 4 * x + 5"
    )
    return learner.slope(f, 3.0, 1e-3)


def a_function_with_math(learner: Learner) -> object:
    f = as_function(express(lambda x: x.exp(), x=0.0), "lambda x: math.exp(x)")
    return learner.slope(f, 0.5, 1e-3)


def a_function_that_captures(learner: Learner) -> object:
    x = learner.Value(3.0)
    loss = Function((), (("w", x),), (("d", "mul", ("w", "w")),), "d", "lambda: b * b")
    return learner.call(loss).data


def odd_numbers(learner: Learner) -> object:
    return learner.same([float("inf"), float("-inf"), -0.0, 10**30, True, None, "é'\"", (1,), ()])


def not_a_number(learner: Learner) -> object:
    return learner.same(float("nan"))


def a_kept_list(learner: Learner) -> object:
    kept = learner.keep([5.0, 6.0])
    learner.grow(kept)
    return kept[2]


def names_that_are_taken(learner: Learner) -> object:
    return learner.a(learner.Value(2.0) + 1).data


def objects_within_arguments(learner: Learner) -> object:
    x, y = learner.Value(2.0), learner.Value(3.0)
    inner = learner.same([x, (y, {"k": x})])
    return inner[1][1]["k"].data


def a_type_passed_on(learner: Learner) -> object:
    return learner.call(learner.Value, 4.0).data


def thirty_names(learner: Learner) -> object:
    x = learner.Value(1.0)
    for _ in range(30):
        x = x + 1
    return x.data


SCENARIOS: list[Callable[[Learner], object]] = [
    operators, gradients, by_hand, many_at_once, many_in_few_lines, a_list_of_results,
    parameters_after_backward, attributes_of_attributes, nested_lists, a_generator, iteration,
    a_set, operands_of_a_hidden_node, length, a_call_that_counts, a_dictionary,
    objects_that_a_counting_call_made, a_function, a_function_with_math, a_function_that_captures,
    odd_numbers, not_a_number, a_kept_list, names_that_are_taken, objects_within_arguments,
    a_type_passed_on, thirty_names,
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.__name__)
def test_the_lines_give_the_number(
    limited: Room, tmp_path: Path, scenario: Callable[[Learner], object]
) -> None:
    learner = limited.learner(MORE)
    yours = scenario(learner)
    if isinstance(yours, tuple):
        yours = yours[-1]
    example = example_of(learner, yours=yours)

    result = pasted(tmp_path, MORE, example.lines)

    assert result.stderr == ""
    assert result.stdout.strip() == repr(yours)
    assert example.lines[-1] == example.input
