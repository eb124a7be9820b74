"""assignment3: what engines are asked to tell one mistake from another. Everything is used once."""

from autograder.oracles.probing import gradients, value


def by_hand(*numbers):
    """The gradients that manual_gradients gives."""

    def probe(learner):
        answer = learner.manual_gradients(*numbers)
        return {str(name): answer[name] for name in answer}

    return probe


def closures(formula, upstream=1.0, **inputs):
    """The gradients after calling each closure by hand."""
    return gradients("closures", formula, upstream, **inputs)


PROBES = {
    "manual_gradients()": by_hand(),
    "manual_gradients elsewhere": by_hand(1.5, -2.5, 4.0, 3.5),
    "value of a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
    "value of a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
    "value of **": value(lambda a: a**3, a=2.0),
    "value of exp": value(lambda a: a.exp(), a=0.75),
    "value of tanh": value(lambda a: a.tanh(), a=0.75),
    "value of relu": value(lambda a: a.relu(), a=3.0),
    "a + b": closures(lambda a, b: a + b, a=2.0, b=3.5),
    "a + b, b negative": closures(lambda a, b: a + b, a=2.0, b=-3.5),
    "a + b from above": closures(lambda a, b: a + b, -2.5, a=2.0, b=3.5),
    "a * b": closures(lambda a, b: a * b, a=2.0, b=-3.5),
    "a * b from above": closures(lambda a, b: a * b, -2.5, a=2.0, b=-3.5),
    "a ** 3": closures(lambda a: a**3, a=2.0),
    "a ** 3 from above": closures(lambda a: a**3, -2.5, a=2.0),
    "a ** -1": closures(lambda a: a**-1, a=4.0),
    "exp": closures(lambda a: a.exp(), a=0.75),
    "exp from above": closures(lambda a: a.exp(), -2.5, a=0.75),
    "tanh": closures(lambda a: a.tanh(), a=0.75),
    "tanh from above": closures(lambda a: a.tanh(), -2.5, a=0.75),
    "relu": closures(lambda a: a.relu(), a=3.0),
    "relu of -3": closures(lambda a: a.relu(), a=-3.0),
    "relu from above": closures(lambda a: a.relu(), -2.5, a=3.0),
    "a - b": closures(lambda a, b: a - b, a=5.0, b=3.5),
    "-a": closures(lambda a: -a, a=2.5),
    "a / b": closures(lambda a, b: a / b, a=7.0, b=2.0),
    "5 - a": closures(lambda a: 5 - a, a=3.0),
    "6 / a": closures(lambda a: 6 / a, a=4.0),
    "a + 2": closures(lambda a: a + 2, a=3.0),
    "2 * a": closures(lambda a: 2 * a, a=3.0),
    "(a + b) * c": closures(lambda a, b, c: (a + b) * c, a=2.0, b=-3.5, c=1.5),
    "(a * b) * c": closures(lambda a, b, c: (a * b) * c, a=2.0, b=-3.5, c=1.5),
    "exp of a * 2": closures(lambda a: (a * 2.0).exp(), a=0.75),
    "tanh of a * 2": closures(lambda a: (a * 2.0).tanh(), a=0.75),
    "relu of a * 2": closures(lambda a: (a * 2.0).relu(), a=3.0),
    "(a * 2) ** 3": closures(lambda a: (a * 2.0) ** 3, a=0.75),
}
