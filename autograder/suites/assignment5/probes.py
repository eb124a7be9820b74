"""assignment5: what engines are asked to tell which line overwrites, and what else sums wrongly.

Only answers that no order of a set of children can change: f(x) + f(x) with the same f, and an
operand on one side alone.
"""

from pathlib import Path
from textwrap import indent
from typing import Any

from autograder.assertions.probing import ByPart, Formula, Probe, gradients, value
from autograder.expressions.compare import close
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.suites.assignment5.disguise import disguised
from autograder.suites.assignment5.oracle import Engine, jury

JURY = jury(Path(__file__).with_name("engines"))


def after(formula: Formula, **inputs: float) -> Probe:
    """The gradients of a formula after backward()."""
    return gradients("backward", formula, **inputs)


def verdict(learner: Learner, source: str) -> str:
    """What the learner's own test does with an engine; asked already when that was judged."""
    (answer,) = learner.try_on_engines("check_accumulation", [disguised(source)])
    if answer is None:
        return "accepts"
    if not isinstance(answer, LearnerError) or answer.type_name == "NotImplementedError":
        raise answer
    return "objects" if answer.type_name == "AssertionError" else "breaks down"


def verdict_on(engine: Engine) -> Probe:
    """What the test says of an engine of the jury."""

    def probe(learner: Learner) -> object:
        first, *_ = JURY.right
        on_first = verdict(learner, first.source)
        if on_first == "accepts" and engine is not first:
            return verdict(learner, engine.source)
        return on_first if engine is first else f"{on_first} on every engine"

    return probe


def accepted(learner: Learner) -> set[str] | None:
    """Which wrong engines the learner's test accepts; None where it refuses a right one."""
    first, *_ = JURY.right
    if verdict(learner, first.source) != "accepts":
        return None
    return {e.text for e in JURY.wrong if verdict(learner, e.source) == "accepts"}


def instrument(body: str, *telling: str, when: str = "some") -> Probe:
    """What the test does with a right engine that differs in one thing.

    It is asked only where the answer tells why the test misses all wrong engines ("all"), those
    with these texts but not all ("some"), or refuses right ones ("refuses"). Tests built
    differently answer differently everywhere else, and that would mean nothing.
    """
    first, *_ = JURY.right
    source = f"{first.source}\n\n_Right = Value\n\n\nclass Value(_Right):\n{indent(body, '    ')}\n"

    def probe(learner: Learner) -> object:
        missed = accepted(learner)
        if missed is None:
            asked = when == "refuses"
        elif len(missed) == len(JURY.wrong):
            asked = when == "all"
        else:
            asked = when == "some" and missed >= set(telling)
        return verdict(learner, source) if asked else "not asked"

    return probe


def passed_again(learner: Learner) -> object:
    """The slope of a number below a node that a second root uses, gradients cleared between."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a * b
    (c * 2.0).backward()
    learner.set_each([a, b, c], "grad", [0.0] * 3)
    (c * 5.0).backward()
    return a.grad


def beside_an_outsider(learner: Learner) -> object:
    """A gradient where a node was also used for what the root was not made from."""
    a = learner.Value(2.0)
    b = a * 3.0
    outsider = b * 5.0
    root = b * 7.0
    root.backward()
    return [a.grad, outsider.data]


def same_root_again(learner: Learner) -> object:
    """The slope after a second backward from the same root, gradients cleared between."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    c = a * b
    c.backward()
    learner.set_each([a, b, c], "grad", [0.0] * 3)
    c.backward()
    return a.grad


def asked_again(operate: Formula) -> Probe:
    """What an operator gives a Value whose number has changed since it was asked before."""

    def probe(learner: Learner) -> object:
        a = learner.Value(2.0)
        first = operate(a).data
        a.data = 0.75
        return "remembers" if operate(a).data == first else "new"

    return probe


def added_in_place(learner: Learner) -> object:
    """The number of a sum after `+=` was used under another name."""
    total = learner.Value(2.0) + learner.Value(3.0)
    more = total
    more += learner.Value(4.0)
    return [total.data, more.data]


def called_again(learner: Learner) -> object:
    """Whether a closure is called more than once; unknown where no call is seen."""
    a, b = learner.Value(2.0), learner.Value(3.0)
    calls = learner.record_backward(y(a, b)).calls
    return len(calls) > len(set(calls)) if calls else "unknown"


def called_early(learner: Learner) -> object:
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


def y(a: Any, b: Any) -> Any:
    """A sum and a product, each used twice: a walk that calls too early shows."""
    c, d = a + b, a * b
    return (c + d) + (c * d)


UNMADE = "def __init__(self, *args, **kwargs): raise RuntimeError"
UNREAD = """grad = property(lambda self: 1 / 0, lambda self, grad: None)
def backward(self): pass"""
MORE = """def __add__(self, other):
    out = super().__add__(other)
    out.data += 1.0
    return out"""
BREAKS = "def backward(self): raise RuntimeError"
CLEARS = """def backward(self):
    nodes = [self]
    for node in nodes:
        node.grad = 0.0
        nodes.extend(operand for operand in node._prev if operand not in nodes)
    super().backward()"""
HALVES = """def backward(self):
    super().backward()
    nodes = [self]
    for node in nodes:
        node.grad /= 2
        nodes.extend(operand for operand in node._prev if operand not in nodes)"""
VALUES_ONLY = """def __add__(self, other):
    if not isinstance(other, Value): raise RuntimeError
    return super().__add__(other)
def __mul__(self, other):
    if not isinstance(other, Value): raise RuntimeError
    return super().__mul__(other)"""
TWO_VALUES = """def __add__(self, other):
    if other is self: raise RuntimeError
    return super().__add__(other)
def __mul__(self, other):
    if other is self: raise RuntimeError
    return super().__mul__(other)"""
LEFT, RIGHT = (
    [engine.text for engine in JURY.wrong if f"its {side} operand" in engine.text]
    for side in ("left", "right")
)
UNARY = {"**": "__pow__", "exp": "exp", "tanh": "tanh", "relu": "relu"}
INSTRUMENTS = {
    "check where no Value can be made": instrument(UNMADE, when="all"),
    "check where no gradient can be read": instrument(UNREAD, when="all"),
    "check where sums are too large": instrument(MORE, when="all"),
    "check where gradients are halved": instrument(HALVES, when="all"),
    "refusing check where no Value can be made": instrument(UNMADE, when="refuses"),
    "refusing check where no gradient can be read": instrument(UNREAD, when="refuses"),
    "refusing check where backward breaks down": instrument(BREAKS, when="refuses"),
    "refusing check where backward clears first": instrument(CLEARS, when="refuses"),
    "check where no plain number is taken": instrument(VALUES_ONLY, *RIGHT),
    "check where operands are two": instrument(TWO_VALUES, *LEFT),
    **{
        f"check where {name} breaks down": instrument(
            f"def {method}(self, *args): raise RuntimeError",
            f"{name} overwrites the gradient of its operand",
        )
        for name, method in UNARY.items()
    },
}

REPEATS = 8
"""A wrong walk may answer by the order of a set; what differs between runs tells nothing."""

ALL: dict[str, Formula] = {
    "+": lambda a, b=2.0: a + b,
    "*": lambda a, b=2.0: a * b,
    "**": lambda a: a**3,
    "exp": lambda a: a.exp(),
    "tanh": lambda a: a.tanh(),
    "relu": lambda a: a.relu(),
}


def cleared_first(learner: Learner) -> object:
    """Whether gradients add up within a graph, and not over two of them, for most operators."""
    within = beyond = 0
    for operate in ALL.values():
        a = learner.Value(0.75)
        (operate(a) + operate(a)).backward()
        b = learner.Value(0.75)
        operate(b).backward()
        once = b.grad
        operate(b).backward()
        within += close(a.grad, 2 * once)
        beyond += close(b.grad, 2 * once)
    return within >= 3 and beyond == 0


def chain(learner: Learner, operate: Formula, steps: int) -> list[tuple[Any, list[Any]]]:
    """Results made one from the other by the same operator, each with its operands, root last."""
    made: list[tuple[Any, list[Any]]] = []
    last = learner.Value(0.75)
    for _ in range(steps):
        operands = [last, learner.Value(2.0)][: 1 + (operate in (ALL["+"], ALL["*"]))]
        last = operate(*operands)
        made.append((last, operands))
    return made


def comes_back(learner: Learner) -> object:
    """Whether any operator gets a gradient to its operand; those that raise are left out."""
    found = []
    for operate in ALL.values():
        try:
            ((root, operands),) = chain(learner, operate, 1)
            root.backward()
            found.append(operands[0].grad)
        except LearnerError:
            continue
    return any(found) if found else "unknown"


def root_grad(learner: Learner) -> object:
    """The root's gradient after backward, for the first operator that does not raise."""
    for operate in ALL.values():
        try:
            ((root, _),) = chain(learner, operate, 1)
            root.backward()
        except LearnerError:
            continue
        return root.grad
    return "unknown"


def calls_in_a_row(learner: Learner) -> object:
    """Which closures of three results in a row are called, from the root down.

    Of the first operator whose calls are seen. Unknown where nodes have no `_backward`, or
    gradients arrive without a call of it.
    """
    called: list[bool] = []
    for operate in ALL.values():
        try:
            made = chain(learner, operate, 3)
            root = made[-1][0]
            _ = root._backward
            recording = learner.record_backward(root, dict(made))
            arrived = any(operand.grad for _, operands in made for operand in operands)
        except LearnerError:
            continue
        ran = {recording.nodes[call] for call in recording.calls}
        called = [node in ran for node, _ in reversed(made)]
        if any(called):
            return called
        if arrived:
            return "unknown"
    return called or "unknown"


def operands_held(learner: Learner) -> object:
    """Whether results hold operands in `_prev`, for the first operator that does not raise."""
    for operate in ALL.values():
        try:
            ((root, _),) = chain(learner, operate, 1)
        except LearnerError:
            continue
        return bool(list(root._prev))
    return "unknown"


PROBES: ByPart = {
    "data": {"data of a leaf": lambda learner: learner.Value(2.0).data},
    "_prev": {"_prev of a result": operands_held},
    "backward": {
        "grad of the root": root_grad,
        "calls in a row": calls_in_a_row,
        "called again": called_again,
        "called early": called_early,
        "cleared first": cleared_first,
    },
    "add": {
        "value of a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
        "a + b": after(lambda a, b: a + b, a=2.0, b=-3.5),
        "a + a": after(lambda a: a + a, a=3.0),
        "a + b + a": after(lambda a, b: (a + b) + a, a=3.0, b=5.0),
        "b + a + a": after(lambda a, b: (b + a) + a, a=3.0, b=5.0),
        "a + (b + a)": after(lambda a, b: a + (b + a), a=3.0, b=5.0),
        "a + (a + b)": after(lambda a, b: a + (a + b), a=3.0, b=5.0),
        "+ in place": added_in_place,
        "a + 2 twice": after(lambda a: (a + 2) + (a + 2), a=3.0),
        "three times": after(lambda a: (a + a) + a, a=3.0),
    },
    "radd": {"2 + a": after(lambda a: 2.0 + a, a=3.0)},
    "mul": {
        "value of a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
        "a * b": after(lambda a, b: a * b, a=2.0, b=-3.5),
        "a * a": after(lambda a: a * a, a=3.0),
        "a * a * a": after(lambda a: (a * a) * a, a=3.0),
        "a * b * a": after(lambda a, b: (a * b) * a, a=3.0, b=5.0),
        "b * a * a": after(lambda a, b: (b * a) * a, a=3.0, b=5.0),
        "a * (b * a)": after(lambda a, b: a * (b * a), a=3.0, b=5.0),
        "a * (a * b)": after(lambda a, b: a * (a * b), a=3.0, b=5.0),
        "a * 2 twice": after(lambda a: (a * 2) + (a * 2), a=3.0),
    },
    "rmul": {"2 * a": after(lambda a: 2.0 * a, a=3.0)},
    "pow": {
        "**": after(lambda a: a**3, a=1.5),
        "** twice": after(lambda a: a**3 + a**3, a=1.5),
        "**2 twice": after(lambda a: a**2 + a**2, a=1.5),
        "**2 of 0 twice": after(lambda a: a**2 + a**2, a=0.0),
        "** and a": after(lambda a: a**3 + a, a=1.5),
        "** of **": after(lambda a: (a**2) ** 3, a=1.5),
        "**, negative": after(lambda a: a**-1, a=1.5),
    },
    "exp": {
        "exp": after(lambda a: a.exp(), a=0.5),
        "exp twice": after(lambda a: a.exp() + a.exp(), a=0.5),
        "exp of the same again": asked_again(ALL["exp"]),
        "exp and a": after(lambda a: a.exp() + a, a=0.5),
        "exp of exp": after(lambda a: a.exp().exp(), a=0.5),
    },
    "tanh": {
        "tanh": after(lambda a: a.tanh(), a=0.5),
        "tanh twice": after(lambda a: a.tanh() + a.tanh(), a=0.5),
        "tanh three times": after(lambda a: (a.tanh() + a.tanh()) + a.tanh(), a=0.5),
        "tanh far out": after(lambda a: a.tanh() + a.tanh(), a=6.5),
        "tanh and a": after(lambda a: a.tanh() + a, a=0.5),
        "tanh of tanh": after(lambda a: a.tanh().tanh(), a=0.5),
    },
    "relu": {
        "relu": after(lambda a: a.relu(), a=2.0),
        "relu of 3": after(lambda a: a.relu(), a=3.0),
        "relu of -2": after(lambda a: a.relu(), a=-2.0),
        "relu twice": after(lambda a: a.relu() + a.relu(), a=2.0),
        "relu of -2 twice": after(lambda a: a.relu() + a.relu() + a.relu(), a=-2.0),
        "relu of -2 after a": after(lambda a: a.relu() + a, a=-2.0),
        "a after relu of -2": after(lambda a: a + a.relu(), a=-2.0),
        "relu of relu": after(lambda a: a.relu().relu(), a=2.0),
    },
    "together": {
        "from above again": passed_again,
        "beside an outsider": beside_an_outsider,
        "same root again": same_root_again,
        "exp of tanh": after(lambda a: a.tanh().exp(), a=0.5),
        "a chain": after(lambda a: ((a * 2.0) ** 3).tanh(), a=0.25),
        "a and then 3 times": after(lambda a, b: (a + b) * 3.0 + a, a=3.0, b=5.0),
    },
    "sub": {
        "a - (a - b)": after(lambda a, b: a - (a - b), a=3.0, b=5.0),
        "a - 2 after a": after(lambda a: (a - 2.0) + a, a=3.0),
    },
    "neg": {"-a": after(lambda a: -a, a=3.0)},
    "rsub": {
        "value of 2 - a": value(lambda a: 2.0 - a, a=3.0),
        "2 - a": after(lambda a: 2.0 - a, a=3.0),
    },
    "truediv": {
        "a / (a / b)": after(lambda a, b: a / (a / b), a=3.0, b=5.0),
    },
    "rtruediv": {
        "value of 4 / a": value(lambda a: 4.0 / a, a=3.0),
        "4 / a": after(lambda a: 4.0 / a, a=3.0),
    },
    "check_accumulation": {
        **{f"check on: {engine.text}": verdict_on(engine) for engine in (*JURY.right, *JURY.wrong)},
        **INSTRUMENTS,
    },
}
for _operator in ("add", "mul", "pow", "exp", "tanh", "relu", "neg", "sub", "truediv"):
    # where nothing comes back at all, it is not this operator that keeps it
    PROBES[_operator][f"anything, beside {_operator}"] = comes_back
RESTS_ON = {
    "backward": ["data", "_prev"],
    "add": ["backward"],
    "radd": ["add"],
    "mul": ["backward", "add"],
    "rmul": ["mul"],
    "pow": ["backward", "add"],
    "exp": ["backward", "add"],
    "tanh": ["backward", "add", "exp", "rmul", "rsub", "rtruediv"],
    "relu": ["backward", "add"],
    "neg": ["backward", "mul", "rmul"],
    "sub": ["add", "neg"],
    "rsub": ["sub", "radd"],
    "truediv": ["mul", "pow"],
    "rtruediv": ["truediv", "rmul"],
    "together": ["add", "mul", "pow", "exp", "tanh", "relu"],
}
"""What uses another one as a tool, or may be composed of it."""
