"""assignment3: what engines are asked to tell one mistake from another. Everything is used once."""

import math

from autograder.assertions.probing import ByPart, Formula, Probe, gradients, one_node, value
from autograder.expressions.compare import close
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner


def by_hand(*numbers: float) -> Probe:
    """The gradients that manual_gradients gives."""

    def probe(learner: Learner) -> object:
        answer = learner.manual_gradients(*numbers)
        return {name: answer[name] for name in "abcdefL" if name in answer}

    return probe


def closures(formula: Formula, upstream: float = 1.0, **inputs: float) -> Probe:
    """The gradients after calling each closure by hand."""
    return gradients("closures", formula, upstream, **inputs)


def touched(operate: Formula, slope: float) -> Probe:
    """What one closure sends to an operand, whether what was there counts, and what else changes.

    A closure may overwrite or add here.
    """

    def probe(learner: Learner) -> object:
        sent = []
        for before in (0.0, 0.25):
            a = learner.Value(0.75)
            out = operate(a)
            a.grad, out.grad = before, 2.0
            out._backward()
            sent.append(a.grad)
        allowed = any(close(sent[1], number) for number in (sent[0], sent[0] + 0.25))
        grad = "right" if close(sent[0], slope * 2.0) else sent[0]
        if grad == 0.0 and sent[1] == 0.0:
            grad = "wiped out"
        return [grad, allowed, a.data, out.data, out.grad]

    return probe


def uses_grads(learner: Learner) -> object:
    """Whether the slope of a product is taken from a grad that happens to be there."""
    a, b = learner.Value(0.75), learner.Value(-3.0)
    out = a * b
    a.grad, b.grad, out.grad = 0.25, 0.5, 2.0
    out._backward()
    return any(close(a.grad, number) for number in (1.0, 1.25))


def sign_lost(learner: Learner) -> object:
    """Whether the slope of a square is the same on both sides of 0."""
    a = learner.Value(-1.5)
    try:
        b = a**2
        b.grad = 1.0
        b._backward()
    except LearnerError:
        return False
    return close(a.grad, 3.0)


def asked_again(operate: Formula) -> Probe:
    """What an operator gives a Value whose number has changed since it was asked before."""

    def probe(learner: Learner) -> object:
        a, answers = learner.Value(2.0), []
        for number in (2.0, 0.75):
            a.data, a.grad = number, 0.0
            out = operate(a)
            out.grad = 2.0
            out._backward()
            answers.append((out.data, a.grad))
        (data, grad), (data_again, grad_again) = answers
        return "remembers" if data == data_again or grad == grad_again else "new"

    return probe


def one_step(learner: Learner) -> object:
    """The gradient of the operand's operand after one closure."""
    a = learner.Value(2.0)
    b = a + 1.5
    c = b + 4.0
    c.grad = 1.0
    c._backward()
    return a.grad


def single(probe: Probe, operate: Formula) -> Probe:
    """A probe of an operator that may be composed; unknown where it is no node of its own."""

    def guarded(learner: Learner) -> object:
        a = learner.Value(0.75)
        return probe(learner) if list(operate(a)._prev) == [a] else "unknown"

    return guarded


def closure_of_operand(operate: Formula) -> Probe:
    """What calling the operand's closure does to its gradient: nothing, as it is a leaf."""

    def probe(learner: Learner) -> object:
        a = learner.Value(0.75)
        out = operate(a)
        out.grad = 2.0
        try:
            a._backward()
        except (LearnerError, TypeError):
            return 0.0  # a leaf needs none
        return a.grad

    return probe


def answer_of_closure(operate: Formula) -> Probe:
    """What calling the closure without an argument answers: nothing, or how it fails."""

    def probe(learner: Learner) -> object:
        out = operate(learner.Value(0.75))
        try:
            answer = out._backward()
        except LearnerError as error:
            return error.type_name + (" positional" if "positional" in error.message else "")
        return "answers with a number" if isinstance(answer, float) else "called"

    return probe


OPERATORS = {
    "+": (lambda a: a + 2.0, 1.0),
    "*": (lambda a: a * 2.0, 2.0),
    "**": (lambda a: a**3, 3 * 0.75**2),
    "exp": (lambda a: a.exp(), math.exp(0.75)),
    "relu": (lambda a: a.relu(), 1.0),
}

TANH = (lambda a: a.tanh(), 1 - math.tanh(0.75) ** 2)


def basics(op: str) -> dict[str, Probe]:
    """What the closure of an operator with one operand does, beside its slope."""
    operate, slope = OPERATORS[op]
    return {
        f"touched by {op}": touched(operate, slope),
        f"operand of {op}": closure_of_operand(operate),
        f"calling {op}": answer_of_closure(operate),
    }


PROBES: ByPart = {
    "manual_gradients": {
        "manual_gradients()": by_hand(),
        "manual_gradients elsewhere": by_hand(1.5, -2.5, 4.0, 3.5),
    },
    "add": {
        **basics("+"),
        "value of a + b": value(lambda a, b: a + b, a=2.0, b=-3.5),
        "a + b": closures(lambda a, b: a + b, a=2.0, b=3.5),
        "a + b, b negative": closures(lambda a, b: a + b, a=2.0, b=-3.5),
        "a + b from above": closures(lambda a, b: a + b, -2.5, a=2.0, b=3.5),
        "a + b, one step": one_step,
        "a + b, equals": closures(lambda a, b: a + b, a=3.0, b=3.0),
        "a + b, from far above": closures(lambda a, b: a + b, 40.0, a=2.0, b=3.0),
        "a + 2": closures(lambda a: a + 2, a=3.0),
        "a + b, then again": closures(lambda a, b, c: (a + b) + c, a=2.0, b=-3.5, c=1.5),
    },
    "mul": {
        **basics("*"),
        "value of a * b": value(lambda a, b: a * b, a=2.0, b=-3.5),
        "a * b, by grads": uses_grads,
        "a * b": closures(lambda a, b: a * b, a=2.0, b=-3.5),
        "a * b from above": closures(lambda a, b: a * b, -2.5, a=2.0, b=-3.5),
        "a * b, equals": closures(lambda a, b: a * b, a=3.0, b=3.0),
        "a * 0": closures(lambda a, b: a * b, a=0.0, b=3.0),
        "a * b, from far above": closures(lambda a, b: a * b, 40.0, a=2.0, b=3.0),
        "(a * b) * c": closures(lambda a, b, c: (a * b) * c, a=2.0, b=-3.5, c=1.5),
        "2 * a": closures(lambda a: 2 * a, a=3.0),
    },
    "pow": {
        **basics("**"),
        "value of **": value(lambda a: a**3, a=2.0),
        "a ** 2, sign of a": sign_lost,
        "a ** 3": closures(lambda a: a**3, a=2.0),
        "a ** 3 from above": closures(lambda a: a**3, -2.5, a=2.0),
        "a ** 3, from far above": closures(lambda a: a**3, 40.0, a=2.0),
        "a ** -1": closures(lambda a: a**-1, a=4.0),
        "a ** 2.5": closures(lambda a: a**2.5, a=2.25),
        "(a) ** 3 of 0": closures(lambda a: a**3, a=0.0),
        "a ** 3 of the same again": asked_again(OPERATORS["**"][0]),
        "(a ** 2) ** 3": closures(lambda a: (a**2) ** 3, a=0.75),
    },
    "exp": {
        **basics("exp"),
        "value of exp": value(lambda a: a.exp(), a=0.75),
        "exp": closures(lambda a: a.exp(), a=0.75),
        "exp from above": closures(lambda a: a.exp(), -2.5, a=0.75),
        "exp, from far above": closures(lambda a: a.exp(), 40.0, a=0.75),
        "exp of the same again": asked_again(OPERATORS["exp"][0]),
        "exp of exp": closures(lambda a: a.exp().exp(), a=0.25),
    },
    "tanh": {
        "touched by tanh": single(touched(*TANH), TANH[0]),
        "operand of tanh": single(closure_of_operand(TANH[0]), TANH[0]),
        "calling tanh": single(answer_of_closure(TANH[0]), TANH[0]),
        "value of tanh": value(lambda a: a.tanh(), a=0.75),
        "tanh": closures(lambda a: a.tanh(), a=0.75),
        "tanh from above": closures(lambda a: a.tanh(), -2.5, a=0.75),
        "tanh far out": closures(lambda a: a.tanh(), a=4.0),
        "tanh further out": closures(lambda a: a.tanh(), a=6.5),
        "tanh of the same again": single(asked_again(TANH[0]), TANH[0]),
        "tanh of tanh": closures(lambda a: a.tanh().tanh(), a=0.75),
    },
    "relu": {
        **basics("relu"),
        "value of relu": value(lambda a: a.relu(), a=3.0),
        "value of relu of -3": value(lambda a: a.relu(), a=-3.0),
        "relu": closures(lambda a: a.relu(), a=3.0),
        "relu of 0.5": closures(lambda a: a.relu(), a=0.5),
        "relu of -3": closures(lambda a: a.relu(), a=-3.0),
        "relu of -3 from above": closures(lambda a: a.relu(), -2.5, a=-3.0),
        "relu from above": closures(lambda a: a.relu(), -2.5, a=3.0),
        "relu of relu": closures(lambda a: a.relu().relu(), a=3.0),
    },
    "neg": {"-a": closures(lambda a: -a, a=2.5)},
    "sub": {
        "a - b": closures(lambda a, b: a - b, a=5.0, b=3.5),
        "a - b from above": closures(lambda a, b: a - b, -2.5, a=5.0, b=3.5),
        "5 - a": closures(lambda a: 5 - a, a=3.0),
    },
    "truediv": {
        "a / b": closures(lambda a, b: a / b, a=7.0, b=2.0),
        "a / b from above": closures(lambda a, b: a / b, -2.5, a=7.0, b=2.0),
        "6 / a": closures(lambda a: 6 / a, a=4.0),
    },
}
RESTS_ON = {
    "neg": ["mul"],
    "sub": ["add", "mul", "neg"],
    "truediv": ["mul", "pow"],
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
