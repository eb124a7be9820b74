"""assignment6: what the three functions are asked to tell one mistake from another."""

from collections.abc import Sequence

from autograder.assertions.probing import ByPart, Formula, Probe
from autograder.expressions.expression import express
from autograder.remote.functions import as_loss
from autograder.remote.learner import Learner


def cleared(*grads: float) -> Probe:
    """Gradients and numbers after zero_grad."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(float(number)) for number, _ in enumerate(grads, start=2)]
        for value, grad in zip(values, grads, strict=True):
            value.grad = grad
        learner.zero_grad(values)
        return [[value.grad for value in values], [value.data for value in values]]

    return probe


def stepped(rate: float, **places: tuple[float, float]) -> Probe:
    """Numbers after a gradient step; each place is a number and its gradient.

    Where nothing has moved, the gradients: a step may clear them, so they tell nothing else.
    """

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number, _ in places.values()]
        for value, (_, grad) in zip(values, places.values(), strict=True):
            value.grad = grad
        learner.gradient_step(values, rate)
        numbers = [value.data for value in values]
        if numbers == [number for number, _ in places.values()]:
            return ["nothing has moved", [value.grad for value in values]]
        return numbers

    return probe


def stepped_again(learner: Learner) -> object:
    """The number after two steps with different gradients."""
    a = learner.Value(2.0)
    for slope in (6.0, -1.0):
        a.grad = slope
        learner.gradient_step([a], 0.01)
    return a.data


def in_place(learner: Learner) -> object:
    """Whether the caller's list still holds the caller's Values after a step."""
    values = [learner.Value(number) for number in (2.0, -3.0)]
    learner.set_each(values, "grad", [6.0, -4.0])
    given = learner.keep(values)
    learner.gradient_step(given, 0.01)
    return [value in values for value in given]


def engine(learner: Learner) -> object:
    """The slope of a number that tanh takes twice."""
    a = learner.Value(0.5)
    (a.tanh() + a.tanh()).backward()
    return a.grad


def reached(learner: Learner) -> object:
    """Whether the backward pass was run: what is no parameter keeps its gradient.

    Where nothing has moved, the parameter's own too: was it cleared before the step?
    """
    a, b = learner.Value(4.0), learner.Value(1.5)
    loss = as_loss(express(lambda a, b: (a - b) ** 2, a=4.0, b=1.5), {"a": a, "b": b})
    learner.descend(loss, [a], 0.1, 1)
    return [b.grad, a.grad if a.data == 4.0 else "it has moved"]


def descended(
    formula: Formula, start: Sequence[float], rate: float, steps: int, fixed: Sequence[float] = ()
) -> Probe:
    """The losses, and where the Values end."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number in (*start, *fixed)]
        names = "abcd"[: len(values)]
        inputs = dict(zip(names, (*start, *fixed), strict=True))
        loss = as_loss(express(formula, **inputs), dict(zip(names, values, strict=True)))
        answer = learner.descend(loss, values[: len(start)], rate, steps)
        losses = list(answer) if isinstance(answer, (list, tuple)) else answer
        return [losses, [value.data for value in values]]

    return probe


def listed(learner: Learner) -> object:
    """Where in the caller's list each parameter is after a descent."""
    values = [learner.Value(number) for number in (4.0, -2.0)]
    inputs = {"a": 4.0, "b": -2.0}
    objects = dict(zip("ab", values, strict=True))
    loss = as_loss(express(lambda a, b: a**2 + a * b, **inputs), objects)
    given = learner.keep(values)
    learner.descend(loss, given, 0.1, 1)
    return [values.index(value) for value in given]


PROBES: ByPart = {
    "engine": {"engine": engine},
    "zero_grad": {
        "zero_grad": cleared(1.5, -2.0, 0.25),
        "zero_grad of large": cleared(40.0, -30.0),
        "zero_grad of one": cleared(3.0),
        "zero_grad of four": cleared(-1.5, 2.0, -0.5, 3.0),
    },
    "gradient_step": {
        "gradient_step, the list": in_place,
        "gradient_step": stepped(0.01, a=(2.0, 6.0), b=(-3.0, -4.0)),
        "gradient_step, rate": stepped(0.5, a=(2.0, 6.0), b=(-3.0, -4.0)),
        "gradient_step, twice": stepped_again,
        "gradient_step of one": stepped(0.1, a=(2.0, -5.0)),
        "gradient_step of three": stepped(0.1, a=(2.0, -5.0), b=(1.5, 3.0), c=(4.0, 0.5)),
    },
    "descend": {
        "descend": descended(lambda a: (a - 1.5) ** 2, [4.0], 0.1, 3),
        "descend, one step": descended(lambda a: (a - 1.5) ** 2, [4.0], 0.1, 1),
        "descend, six steps": descended(lambda a: (a - 1.5) ** 2, [4.0], 0.2, 6),
        "descend, two": descended(lambda a, b: (a - 1.5) ** 2 + a * b + b**2, [4.0, -2.0], 0.1, 2),
        "descend, fixed": descended(lambda a, b: (a - b) ** 2, [4.0], 0.1, 2, fixed=[1.5]),
        "descend, reached": reached,
        "descend, the list": listed,
        "descend, two, three steps": descended(
            lambda a, b: (a - 1.5) ** 2 + a * b + b**2, [4.0, -2.0], 0.1, 3
        ),
        "descend, 25 steps": descended(lambda a: (a - 1.5) ** 2, [4.0], 0.02, 25),
        "descend, below zero": descended(lambda a: (a - 1.5) ** 2 - 20, [4.0], 0.1, 2),
        "descend, growing": descended(lambda a: (a - 1.5) ** 2, [4.0], 1.1, 3),
    },
}
RESTS_ON = {"descend": ["zero_grad", "gradient_step", "engine"]}
