"""assignment0: what difference quotients are asked to tell one mistake from another."""

from typing import Any

from autograder.assertions.probing import ByPart, Probe
from autograder.expressions.expression import express
from autograder.remote.functions import as_function
from autograder.remote.learner import Learner
from autograder.worker.protocol import Function

CUBE = as_function(express(lambda x: x**3, x=2.0), "lambda x: x**3")
FALLING = as_function(express(lambda x: x * x * -2.0, x=1.5), "lambda x: x * x * -2.0")
SMALL = as_function(express(lambda x: x * 0.001 + 1.0, x=1.0), "lambda x: x * 0.001 + 1.0")
STEEP = as_function(express(lambda x: x**9, x=2.0), "lambda x: x**9")
OFFSET = as_function(express(lambda x: x**2 + 1000.0, x=0.7), "lambda x: x**2 + 1000.0")
LARGE = as_function(express(lambda x: x * x * x, x=50.0), "lambda x: x * x * x")
THREE = as_function(
    express(lambda a, b, c: a * b + c * c, a=2.0, b=-3.0, c=5.0), "lambda a, b, c: a * b + c * c"
)
PRODUCT = as_function(
    express(lambda a, b, c: a * b * c, a=2.0, b=-3.0, c=5.0), "lambda a, b, c: a * b * c"
)
BENT = as_function(express(lambda x: (1000.0 * x).exp(), x=0.002), "lambda x: math.exp(1000.0 * x)")
"""Each step gives another slope."""

POWERS = as_function(express(lambda a, b: a * b + b**3, a=2.0, b=5.0), "lambda a, b: a * b + b**3")
ARGS = [2.0, -3.0, 5.0]
TENTHS = [-0.7, 0.1, 0.3]
"""Nudged by 0.3 and back, the second is another number."""


def call(name: str, *args: Any, digits: int = 5) -> Probe:
    """What one call answers, to so many digits."""

    def probe(learner: Learner) -> object:
        answer = getattr(learner, name)(*args)
        if isinstance(answer, list):
            if len(answer) > len(args[1]):
                return "too many"
            return [float(f"{number:.{digits}g}") for number in answer]
        return float(f"{answer:.{digits}g}")

    return probe


def exact(learner: Learner) -> object:
    """Whether the default step of the central difference is wide enough to keep the digits."""
    return abs(learner.central_difference(OFFSET, 0.7) - 1.4) < 1e-6


def narrow(learner: Learner) -> object:
    """Whether it is narrow enough for a function that bends: else its slope comes out too large."""
    return learner.central_difference(STEEP, 2.0) < 9 * 2**8 + 0.3


def where(learner: Learner) -> object:
    """Whether f was run at the place itself and nowhere else."""
    learner.partial_derivative(THREE, ARGS, 2, 0.5)
    return {tuple(point) for point in learner.points()} == {tuple(ARGS)}


def far(learner: Learner) -> object:
    """Whether the step is the one that was passed, far from 0 too: a wider one shows in a cube."""
    return learner.partial_derivative(POWERS, [2.0, 40.0], 1, 0.5) < 4802.5


def changed(name: str, *rest: object) -> Probe:
    """Whether the list that was passed is still what it was, afterwards, to the last digit."""

    def probe(learner: Learner) -> object:
        kept = learner.keep(list(TENTHS))
        getattr(learner, name)(THREE, kept, *rest, 0.3)
        return list(kept) == TENTHS

    return probe


def again(learner: Learner) -> object:
    """The gradient of a second call."""
    learner.gradient(THREE, ARGS, 0.5)
    return call("gradient", THREE, ARGS, 0.5)(learner)


def after_another(name: str, *rest: Any) -> Probe:
    """What it answers for a function after another one was asked for at the same place."""

    def probe(learner: Learner) -> object:
        getattr(learner, name)(THREE, ARGS, *rest)
        return call(name, PRODUCT, ARGS, *rest)(learner)

    return probe


def near(name: str, function: Function, at: float, slope: float) -> Probe:
    """Whether the answer at the default step is near the slope, else the answer."""

    def probe(learner: Learner) -> object:
        answer = getattr(learner, name)(function, at)
        return "near" if abs(answer - slope) < 0.1 else float(f"{answer:.5g}")

    return probe


PROBES: ByPart = {
    "forward_difference": {
        "forward": near("forward_difference", CUBE, 2.0, 12.0),
        "forward, falling": near("forward_difference", FALLING, 1.5, -6.0),
        "forward, h": call("forward_difference", CUBE, 2.0, 0.5),
        "forward, large x": call("forward_difference", LARGE, 50.0, 0.5),
        "forward, h below 0": call("forward_difference", CUBE, 2.0, -0.5),
        "forward, own step": call("forward_difference", BENT, 0.002, digits=6),
        "forward, digits": call("forward_difference", CUBE, 2.123456, 0.5, digits=9),
    },
    "central_difference": {
        "central, own step": call("central_difference", BENT, 0.002, digits=6),
        "central, digits": exact,
        "central, bend": narrow,
        "central": call("central_difference", CUBE, 2.0, digits=3),
        "central, falling": call("central_difference", FALLING, 1.5, digits=3),
        "central, h": call("central_difference", CUBE, 2.0, 0.5),
        "central, h, digits": call("central_difference", FALLING, 0.031728, 0.5, digits=9),
        "central, small slope": call("central_difference", SMALL, 1.0, 0.25),
        "central, large x": call("central_difference", LARGE, 50.0, 0.5),
    },
    "partial_derivative": {
        "partial by a": call("partial_derivative", THREE, ARGS, 0),
        "partial by b": call("partial_derivative", THREE, ARGS, 1),
        "partial by c": call("partial_derivative", THREE, ARGS, 2),
        "partial by c, h": call("partial_derivative", THREE, ARGS, 2, 0.5),
        "partial of a power, h": call("partial_derivative", POWERS, [2.0, 5.0], 1, 0.5),
        "partial, own step": call("partial_derivative", BENT, [0.002], 0, digits=6),
        "partial of another, h": after_another("partial_derivative", 1, 0.5),
        "partial, where": where,
        "partial, h, digits": call("partial_derivative", POWERS, [2.0, 5.123456], 1, 0.5, digits=9),
        "partial at 0, h": call("partial_derivative", POWERS, [2.0, 0.0], 1, 0.5),
        "partial far away, h": far,
        "partial of a tuple": call("partial_derivative", THREE, tuple(ARGS), 1),
        "partial leaves its list": changed("partial_derivative", 1),
    },
    "gradient": {
        "gradient, again": again,  # first: what is kept from earlier calls shows in all that follow
        "gradient": call("gradient", THREE, ARGS),
        "gradient, h": call("gradient", THREE, ARGS, 0.5),
        "gradient of equals": call("gradient", THREE, [2.0, 2.0, 2.0]),
        "gradient, own step": call("gradient", BENT, [0.002], digits=6),
        "gradient, h, digits": call("gradient", POWERS, [2.123456, 5.123456], 0.5, digits=9),
        "gradient of another, h": after_another("gradient", 0.5),
        "gradient of powers, h": call("gradient", POWERS, [2.0, 5.0], 0.5),
        "gradient leaves its list": changed("gradient"),
    },
}
RESTS_ON = {
    "central_difference": ["forward_difference"],
    "partial_derivative": ["central_difference"],
    "gradient": ["partial_derivative", "central_difference"],
}
