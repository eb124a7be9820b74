"""assignment2: what engines are asked to tell one mistake from another. No 0, no 1, no equals."""

from autograder.oracles.judge import reaches
from autograder.oracles.probing import value


def connected(operate):
    """Whether the operand is still in the graph of the result."""

    def probe(learner):
        a = learner.Value(3.0)
        return "connected" if reaches(operate(a), a) else "cut"

    return probe


def unchanged(operate):
    """Whether the operand keeps its number and the result is another object."""

    def probe(learner):
        a, b = learner.Value(3.0), learner.Value(5.0)
        c = operate(a, b)
        return [a.data, b.data, "same" if c == a or c == b else "new"]

    return probe


def op_of(operate):
    """What `_op` says of the result."""
    return lambda learner: operate(learner.Value(3.0), learner.Value(5.0))._op


PROBES = {
    "a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
    "a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
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
    "_op of +": op_of(lambda a, b: a + b),
    "_op of *": op_of(lambda a, b: a * b),
}
