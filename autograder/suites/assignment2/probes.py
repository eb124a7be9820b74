"""assignment2: what engines are asked to tell one mistake from another. No 0, no 1, no equals."""

from autograder.assertions.judge import reaches
from autograder.assertions.probing import Formula, Probe, value
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.remote.wrong_answer import Mismatch


def connected(operate: Formula) -> Probe:
    """Whether the operand is still in the graph of the result."""

    def probe(learner: Learner) -> object:
        a = learner.Value(3.0)
        return "connected" if reaches(operate(a), a) else "cut"

    return probe


def unchanged(operate: Formula, a: float = 3.0) -> Probe:
    """Whether the operand keeps its number and the result is another object."""
    number = a

    def probe(learner: Learner) -> object:
        a, b = learner.Value(number), learner.Value(5.0)
        c = operate(a, b)
        return [a.data, b.data, "same" if c in (a, b) else "new"]

    return probe


def both(operate: Formula) -> Probe:
    """Whether both operands, of equal numbers, are in the graph of the result."""

    def probe(learner: Learner) -> object:
        a, b = learner.Value(3.0), learner.Value(3.0)
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


def how_pow_fails(learner: Learner) -> object:
    """What Python says of it."""
    try:
        learner.Value(3.0) ** 2
    except LearnerError as error:
        known = ("isinstance", "not iterable")
        return next((part for part in known if part in error.message), "otherwise")
    return "not at all"


def fresh_leaf(learner: Learner) -> object:
    """The operands of a leaf that is made after an operation, and of one that was used."""
    a = learner.Value(3.0)
    a * learner.Value(5.0)
    return [len(learner.Value(9.0)._prev), len(a._prev)]


def is_value(operate: Formula) -> Probe:
    """What the result is: a Value, or how the answer looks."""

    def probe(learner: Learner) -> object:
        try:
            return learner.is_instance(operate(learner.Value(3.0), learner.Value(5.0)), "Value")
        except Mismatch as error:
            return str(error.counterexample and error.counterexample.yours)

    return probe


def op_of(operate: Formula) -> Probe:
    """What `_op` says of the result."""
    return lambda learner: operate(learner.Value(3.0), learner.Value(5.0))._op


PROBES: dict[str, Probe] = {
    "a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
    "a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
    "a + b, the first whole": value(lambda a, b: a + b, a=3, b=0.5),
    "a * b, the first whole": value(lambda a, b: a * b, a=3, b=0.5),
    "a * b, both negative": value(lambda a, b: a * b, a=-2.0, b=-3.5),
    "a * 1": times_one,
    "a ** 3": value(lambda a: a**3, a=2.0),
    "a ** 0.5": value(lambda a: a**0.5, a=4.0),
    "a ** -1": value(lambda a: a**-1, a=4.0),
    "-a": value(lambda a: -a, a=2.5),
    "a - b": value(lambda a, b: a - b, a=5.0, b=3.5),
    "a / b": value(lambda a, b: a / b, a=7.0, b=2.0),
    "a + 2": value(lambda a: a + 2, a=3.0),
    "a * 2": value(lambda a: a * 2, a=3.0),
    "a - 2": value(lambda a: a - 2, a=3.0),
    "a / 2": value(lambda a: a / 2, a=3.0),
    "2 + a": value(lambda a: 2 + a, a=3.0),
    "2 * a": value(lambda a: 2 * a, a=3.0),
    "5 - a": value(lambda a: 5 - a, a=3.0),
    "6 / a": value(lambda a: 6 / a, a=4.0),
    "exp": value(lambda a: a.exp(), a=0.75),
    "tanh": value(lambda a: a.tanh(), a=0.75),
    "tanh of -2": value(lambda a: a.tanh(), a=-2.0),
    "relu": value(lambda a: a.relu(), a=3.0),
    "relu of -3": value(lambda a: a.relu(), a=-3.0),
    "graph of a + b": connected(lambda a: a + 2.0),
    "graph of a * b": connected(lambda a: a * 2.0),
    "graph of **": connected(lambda a: a**2),
    "graph of -a": connected(lambda a: -a),
    "graph of a - b": connected(lambda a: a - 2.0),
    "graph of a / b": connected(lambda a: a / 2.0),
    "graph of 2 + a": connected(lambda a: 2.0 + a),
    "graph of 2 * a": connected(lambda a: 2.0 * a),
    "graph of 2 - a": connected(lambda a: 2.0 - a),
    "graph of 2 / a": connected(lambda a: 2.0 / a),
    "graph of exp": connected(lambda a: a.exp()),
    "graph of tanh": connected(lambda a: a.tanh()),
    "graph of relu": connected(lambda a: a.relu()),
    "operands of +": unchanged(lambda a, b: a + b),
    "operands of *": unchanged(lambda a, b: a * b),
    "both operands of +": both(lambda a, b: a + b),
    "both operands of *": both(lambda a, b: a * b),
    "both operands of -": both(lambda a, b: a - b),
    "both operands of /": both(lambda a, b: a / b),
    "result of +": is_value(lambda a, b: a + b),
    "result of *": is_value(lambda a, b: a * b),
    "a fresh leaf": fresh_leaf,
    "many digits": value(lambda a, b: a + b, a=2.123456, b=1.000001),
    "many digits of *": value(lambda a, b: a * b, a=2.123456, b=1.000001),
    "(-2) ** 3": value(lambda a: a**3, a=-2.0),
    "a ** 1.5": value(lambda a: a**1.5, a=2.25),
    "-a has operands": lambda learner: len((-learner.Value(3.0))._prev) > 0,
    "-(-2.5)": value(lambda a: -a, a=-2.5),
    "graph of a - 2": connected(lambda a: a - 2),
    "graph of a / 2": connected(lambda a: a / 2),
    "graph of relu of -3": connected(lambda a: (a * -1.0).relu()),
    "operand of relu": unchanged(lambda a, _: a.relu()),
    "operand of relu of -3": unchanged(lambda a, _: a.relu(), a=-3.0),
    "how many operands of +": operands(lambda a, b: a + b),
    "how many operands of *": operands(lambda a, b: a * b),
    "how ** fails": how_pow_fails,
    "operand of -": unchanged(lambda a, _: -a),
    "operand of exp": unchanged(lambda a, _: a.exp()),
    "operand of tanh": unchanged(lambda a, _: a.tanh()),
    "0 + a": value(lambda a: 0 + a, a=3.0),
    "exp of 2.5": value(lambda a: a.exp(), a=2.5),
    "relu of 8": value(lambda a: a.relu(), a=8.0),
    "relu of 2.75": value(lambda a: a.relu(), a=2.75),
    "relu of 0.5": value(lambda a: a.relu(), a=0.5),
    "_op of +": op_of(lambda a, b: a + b),
    "_op of *": op_of(lambda a, b: a * b),
}


def asked(*parts: str) -> list[str]:
    """The probes of an operator."""
    return [n for n in PROBES if any(part in f"{n} " for part in parts)]


PARTS = {
    "add": asked("a + ", "operands of + ", "result of + ", "_op of + ", "many digits "),
    "mul": asked("a * ", "operands of * ", "result of * ", "_op of * ", "many digits of * "),
    "pow": asked(" ** ", "of ** "),
    "neg": asked("-a ", "-(-2.5)"),
    "sub": asked("a - ", "operands of - "),
    "truediv": asked("a / ", "operands of / "),
    "reflected": asked("2 + a", "0 + a", "2 * a", "5 - a", "2 - a", "6 / a", "2 / a"),
    "exp": asked("exp"),
    "tanh": asked("tanh"),
    "relu": asked("relu"),
}
