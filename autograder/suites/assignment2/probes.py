"""assignment2: what engines are asked to tell one mistake from another. No 0, no 1, no equals."""

from autograder.assertions.judge import operands_of, reaches
from autograder.assertions.probing import ByPart, Formula, Probe, one_node, value
from autograder.remote.learner import Learner
from autograder.remote.wrong_answer import Mismatch


def connected(operate: Formula, number: float = 3.0) -> Probe:
    """Whether the operand is still in the graph of the result, or is the result."""

    def probe(learner: Learner) -> object:
        a = learner.Value(number)
        c = operate(a)
        return "connected" if c == a or reaches(c, a) else "cut"

    return probe


def unchanged(operate: Formula, number: float = 3.0) -> Probe:
    """Whether the operand keeps its number and the result is another object."""

    def probe(learner: Learner) -> object:
        a, b = learner.Value(number), learner.Value(5.0)
        c = operate(a, b)
        return [a.data, b.data, "same" if c in (a, b) else "new"]

    return probe


def both(operate: Formula, left: float = 3.0, right: float = 5.0) -> Probe:
    """Whether both operands are in the graph of the result."""

    def probe(learner: Learner) -> object:
        a, b = learner.Value(left), learner.Value(right)
        c = operate(a, b)
        return [reaches(c, a), reaches(c, b)]

    return probe


def times_one(learner: Learner) -> object:
    """Whether a product with 1 is a new node above both operands."""
    a, b = learner.Value(3.0), learner.Value(1.0)
    c = a * b
    return ["same" if c in (a, b) else "new", reaches(c, a), reaches(c, b)]


def operands(operate: Formula) -> Probe:
    """How many different operands a result has."""
    return lambda learner: len(set(operate(learner.Value(3.0), learner.Value(5.0))._prev))


def fresh_leaf(learner: Learner) -> object:
    """The operands of a leaf that is made after an operation, and of one that was used."""
    a = learner.Value(3.0)
    a * learner.Value(5.0)
    return [len(learner.Value(9.0)._prev), len(a._prev)]


def again(operate: Formula, number: float = 2.0) -> Probe:
    """The number of a first and a second result, after an operand has changed."""

    def probe(learner: Learner) -> object:
        a, b = learner.Value(number), learner.Value(3.0)
        first = operate(a, b)
        a.data = number + 0.5
        second = operate(a, b)
        return [first.data, second.data]

    return probe


def others_like(operate: Formula) -> Probe:
    """Whether a result knows its operands where others with their numbers were used before."""

    def probe(learner: Learner) -> object:
        operate(learner.Value(2.0), learner.Value(3.0))
        a, b = learner.Value(2.0), learner.Value(3.0)
        c = operate(a, b)
        return [reaches(c, a), reaches(c, b)]

    return probe


def in_place(name: str) -> Probe:
    """The operand's number after `+=` and the like, and whether the result is another object."""

    def probe(learner: Learner) -> object:
        a, b = learner.Value(6.0), learner.Value(3.0)
        c = getattr(a, f"__{name}__")(b)
        return [a.data, "same" if c == a else "new"]

    return probe


def is_value(operate: Formula) -> Probe:
    """What the result is: a Value, or how the answer looks."""

    def probe(learner: Learner) -> object:
        try:
            return learner.is_instance(operate(learner.Value(3.0), learner.Value(5.0)), "Value")
        except Mismatch as error:
            return str(error.counterexample and error.counterexample.yours)

    return probe


def child(operate: Formula) -> Probe:
    """Whether the one operand is the child itself, something else, or none is there."""

    def probe(learner: Learner) -> object:
        a = learner.Value(3.0)
        held = operands_of(operate(a))
        return ["itself" if each == a else "another" for each in held] if held else "none"

    return probe


def zero_times(learner: Learner) -> object:
    """What a product with 0 is."""
    a, b = learner.Value(3.0), learner.Value(0.0)
    c = a * b
    return [c.data, reaches(c, a), reaches(c, b)]


def op_of(operate: Formula) -> Probe:
    """What `_op` says of the result."""
    return lambda learner: operate(learner.Value(3.0), learner.Value(5.0))._op


PROBES: ByPart = {
    "class": {"a fresh leaf": fresh_leaf},
    "add": {
        "a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
        "a + b, the first whole": value(lambda a, b: a + b, a=3, b=0.5),
        "a + 2": value(lambda a: a + 2, a=3.0),
        "a + 2.5": value(lambda a: a + 2.5, a=3.0),
        "graph of a + b": connected(lambda a: a + 2.0),
        "operands of +": unchanged(lambda a, b: a + b),
        "both operands of +": both(lambda a, b: a + b),
        "both operands of +, equal": both(lambda a, b: a + b, 3.0, 3.0),
        "result of +": is_value(lambda a, b: a + b),
        "many digits": value(lambda a, b: a + b, a=2.123456, b=1.000001),
        "how many operands of +": operands(lambda a, b: a + b),
        "_op of +": op_of(lambda a, b: a + b),
        "+=": in_place("iadd"),
        "a + b, again": again(lambda a, b: a + b),
        "a + b, others": others_like(lambda a, b: a + b),
    },
    "mul": {
        "a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
        "a * b, the first whole": value(lambda a, b: a * b, a=3, b=0.5),
        "a * b, both negative": value(lambda a, b: a * b, a=-2.0, b=-3.5),
        "a * 1": times_one,
        "a * 0": zero_times,
        "a * 0, plain": value(lambda a: a * 0, a=3.0),
        "a * 2": value(lambda a: a * 2, a=3.0),
        "a * 2.5": value(lambda a: a * 2.5, a=3.0),
        "graph of a * b": connected(lambda a: a * 2.0),
        "operands of *": unchanged(lambda a, b: a * b),
        "both operands of *": both(lambda a, b: a * b),
        "both operands of *, equal": both(lambda a, b: a * b, 3.0, 3.0),
        "result of *": is_value(lambda a, b: a * b),
        "many digits of *": value(lambda a, b: a * b, a=2.123456, b=1.000001),
        "how many operands of *": operands(lambda a, b: a * b),
        "_op of *": op_of(lambda a, b: a * b),
        "*=": in_place("imul"),
        "a * b, again": again(lambda a, b: a * b),
        "a * b, others": others_like(lambda a, b: a * b),
    },
    "pow": {
        "a ** 3": value(lambda a: a**3, a=2.0),
        "a ** 0.5": value(lambda a: a**0.5, a=4.0),
        "a ** -1": value(lambda a: a**-1, a=4.0),
        "(-2) ** 3": value(lambda a: a**3, a=-2.0),
        "a ** 1.5": value(lambda a: a**1.5, a=2.25),
        "a ** 0": value(lambda a: a**0, a=3.0),
        "a ** 2.0": value(lambda a: a**2.0, a=3.0),
        "graph of **": connected(lambda a: a**2),
        "a ** 3, again": again(lambda a, _: a**3),
    },
    "neg": {
        "-a": value(lambda a: -a, a=2.5),
        "-(-2.5)": value(lambda a: -a, a=-2.5),
        "graph of -a": connected(lambda a: -a),
        "-a has operands": lambda learner: len((-learner.Value(3.0))._prev) > 0,
        "operand of -": unchanged(lambda a, _: -a),
    },
    "sub": {
        "a - b": value(lambda a, b: a - b, a=5.0, b=3.5),
        "a - 2": value(lambda a: a - 2, a=3.0),
        "graph of a - b": connected(lambda a: a - 2.0),
        "graph of a - 2": connected(lambda a: a - 2),
        "operands of a - b": unchanged(lambda a, b: a - b),
        "both operands of -": both(lambda a, b: a - b),
        "-=": in_place("isub"),
    },
    "truediv": {
        "a / b": value(lambda a, b: a / b, a=7.0, b=2.0),
        "a / 2": value(lambda a: a / 2, a=3.0),
        "graph of a / b": connected(lambda a: a / 2.0),
        "graph of a / 2": connected(lambda a: a / 2),
        "operands of a / b": unchanged(lambda a, b: a / b),
        "both operands of /": both(lambda a, b: a / b),
        "/=": in_place("itruediv"),
    },
    "radd": {
        "2 + a": value(lambda a: 2 + a, a=3.0),
        "0 + a": value(lambda a: 0 + a, a=3.0),
        "graph of 2 + a": connected(lambda a: 2.0 + a),
    },
    "rmul": {
        "2 * a": value(lambda a: 2 * a, a=3.0),
        "graph of 2 * a": connected(lambda a: 2.0 * a),
    },
    "rsub": {
        "5 - a": value(lambda a: 5 - a, a=3.0),
        "graph of 2 - a": connected(lambda a: 2.0 - a),
    },
    "rtruediv": {
        "6 / a": value(lambda a: 6 / a, a=4.0),
        "graph of 2 / a": connected(lambda a: 2.0 / a),
    },
    "exp": {
        "exp": value(lambda a: a.exp(), a=0.75),
        "exp of 2.5": value(lambda a: a.exp(), a=2.5),
        "exp of 15": value(lambda a: a.exp(), a=15.0),
        "child of exp": child(lambda a: a.exp()),
        "graph of exp": connected(lambda a: a.exp()),
        "operand of exp": unchanged(lambda a, _: a.exp()),
        "exp, again": again(lambda a, _: a.exp()),
    },
    "tanh": {
        "tanh": value(lambda a: a.tanh(), a=0.75),
        "tanh of -2": value(lambda a: a.tanh(), a=-2.0),
        "graph of tanh": connected(lambda a: a.tanh()),
        "operand of tanh": unchanged(lambda a, _: a.tanh()),
        "tanh, again": again(lambda a, _: a.tanh()),
    },
    "relu": {
        "relu": value(lambda a: a.relu(), a=3.0),
        "relu of -3": value(lambda a: a.relu(), a=-3.0),
        "relu of 8": value(lambda a: a.relu(), a=8.0),
        "relu of 2.75": value(lambda a: a.relu(), a=2.75),
        "relu of 0.5": value(lambda a: a.relu(), a=0.5),
        "graph of relu": connected(lambda a: a.relu()),
        "graph of relu of -3": connected(lambda a: a.relu(), -3.0),
        "operand of relu of -3": unchanged(lambda a, _: a.relu(), -3.0),
        "relu, again": again(lambda a, _: a.relu(), -0.25),
    },
}
RESTS_ON = {
    "radd": ["add"],
    "rmul": ["mul"],
    "neg": ["mul"],
    "sub": ["add", "mul", "neg"],
    "rsub": ["add", "mul", "neg", "sub"],
    "truediv": ["mul", "pow"],
    "rtruediv": ["mul", "pow", "truediv"],
    "tanh": ["exp", "add", "mul", "sub", "truediv"],
}
"""How operators may be composed of others."""

ONE_NODE = {
    "neg": one_node(lambda a: -a, 3.0),
    "sub": one_node(lambda a, b: a - b, 5.0, 3.5),
    "truediv": one_node(lambda a, b: a / b, 7.0, 2.0),
    "tanh": one_node(lambda a: a.tanh(), 0.75),
    "pow": one_node(lambda a: a**3, 2.0),
}
