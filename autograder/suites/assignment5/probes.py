"""assignment5: what engines are asked to tell which line overwrites, and what else sums wrongly.

Only answers that no order of a set of children can change: f(x) + f(x) with the same f, and an
operand on one side alone.
"""

from pathlib import Path

from autograder.learner.host import LearnerError
from autograder.oracles.probing import gradients, value
from autograder.oracles.trial import disguised, jury

JURY = jury(Path(__file__).with_name("engines"))


def after(formula, **inputs):
    """The gradients of a formula after backward()."""
    return gradients("backward", formula, **inputs)


def verdict_on(engine):
    """What the learner's own test says of an engine; asked already when that was judged."""

    def probe(learner):
        first, *_ = JURY.right
        for source in (first.source, engine.source):
            (answer,) = learner.try_on_engines("check_accumulation", [disguised(source)])
            if answer is not None and not isinstance(answer, LearnerError):
                raise answer
            if answer is not None and answer.type_name == "NotImplementedError":
                return "unknown"
            if answer is not None:
                break
        if answer is None:
            return "accepts"
        broken = "objects" if answer.type_name == "AssertionError" else "breaks down"
        return broken if source == engine.source else f"{broken} on every engine"

    return probe


def called_again(learner):
    """Whether a closure is called more than once; unknown where no call is seen."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    calls = learner.record_backward(y(a, b)).calls
    return len(calls) > len(set(calls)) if calls else "unknown"


def called_early(learner):
    """Whether a closure is called before one of a result above it; unknown where no call is seen.

    The gradients would say so too, but where a line overwrites they depend on the order of a set.
    """
    recording = learner.record_backward(y(learner.Value(2.0), learner.Value(3.0)))
    turn = {node: turn for turn, node in reversed([*enumerate(recording.calls)])}
    if not turn:
        return "unknown"
    return any(
        turn[operand] < turn[result]
        for operand, result in recording.edges
        if operand in turn and result in turn
    )


def y(a, b):
    """A sum and a product, each used twice: a walk that calls too early shows."""
    c, d = a + b, a * b
    return (c + d) + (c * d)


REPEATS = 8
"""A wrong walk may answer by the order of a set; what differs between runs tells nothing."""

PROBES = {
    "value of a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
    "value of a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
    "a + b": after(lambda a, b: a + b, a=2.0, b=-3.5),
    "a * b": after(lambda a, b: a * b, a=2.0, b=-3.5),
    "a + a": after(lambda a: a + a, a=3.0),
    "a * a": after(lambda a: a * a, a=3.0),
    "a + b + a": after(lambda a, b: (a + b) + a, a=3.0, b=5.0),
    "b + a + a": after(lambda a, b: (b + a) + a, a=3.0, b=5.0),
    "a + (b + a)": after(lambda a, b: a + (b + a), a=3.0, b=5.0),
    "a + (a + b)": after(lambda a, b: a + (a + b), a=3.0, b=5.0),
    "a * b * a": after(lambda a, b: (a * b) * a, a=3.0, b=5.0),
    "b * a * a": after(lambda a, b: (b * a) * a, a=3.0, b=5.0),
    "a * (b * a)": after(lambda a, b: a * (b * a), a=3.0, b=5.0),
    "a * (a * b)": after(lambda a, b: a * (a * b), a=3.0, b=5.0),
    "** twice": after(lambda a: a**3 + a**3, a=1.5),
    "exp twice": after(lambda a: a.exp() + a.exp(), a=0.5),
    "tanh twice": after(lambda a: a.tanh() + a.tanh(), a=0.5),
    "relu twice": after(lambda a: a.relu() + a.relu(), a=2.0),
    "relu of -2 twice": after(lambda a: a.relu() + a.relu() * 3.0, a=-2.0),
    "exp of tanh": after(lambda a: a.tanh().exp(), a=0.5),
    "a + 2 twice": after(lambda a: (a + 2) + (a + 2), a=3.0),
    "a * 2 twice": after(lambda a: (a * 2) + (a * 2), a=3.0),
    "a chain": after(lambda a: ((a * 2.0) ** 3).tanh(), a=0.25),
    "three times": after(lambda a: (a + a) + a, a=3.0),
    "a and then 3 times": after(lambda a, b: (a + b) * 3.0 + a, a=3.0, b=5.0),
    "a - (a - b)": after(lambda a, b: a - (a - b), a=3.0, b=5.0),
    "a / (a / b)": after(lambda a, b: a / (a / b), a=3.0, b=5.0),
    "relu of -2 after a": after(lambda a: a.relu() * 2.0 + a, a=-2.0),
    "called again": called_again,
    "called early": called_early,
    **{f"check on: {engine.text}": verdict_on(engine) for engine in (*JURY.right, *JURY.wrong)},
}

SUMS = [name for name in PROBES if not name.startswith(("check", "a - ", "a / ", "value"))]
RESTS_ON = {"a - (a - b)": SUMS, "a / (a / b)": SUMS}
