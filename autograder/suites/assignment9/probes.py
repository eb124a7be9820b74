"""assignment9: what log, softmax, nll and PyTorch are asked to tell one mistake from another."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograder.assertions.probing import ByPart, Formula, Probe
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner

LOGITS = [0.5, 3.0, -2.0, 1.25]


def logarithm(number: float, factor: float = 1.0) -> Probe:
    """The logarithm of a number, and its slope under a factor."""

    def probe(learner: Learner) -> object:
        a = learner.Value(number)
        b = learner.log(a)
        if not learner.is_instance(b, "Value"):
            return ["no Value", b]
        (b * factor).backward()
        return [b.data, a.grad]

    return probe


def changed(ask: Callable[[Learner, Any], Any]) -> Probe:
    """The answer about the same Values after their numbers have changed."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number in (0.5, 3.0)]
        ask(learner, values)
        learner.set_each(values, "data", [2.0, 0.25])
        return numbers([ask(learner, values)])

    return probe


def behind(learner: Learner) -> object:
    """The slope of what a logarithm's operand was made from."""
    a = learner.Value(1.25)
    learner.log(a * 2.0).backward()
    return a.grad


def method(learner: Learner) -> object:
    """The logarithm as a method."""
    return learner.Value(2.5).log().data


def summed(learner: Learner) -> object:
    """The slope of a logarithm that is used twice."""
    a = learner.Value(2.5)
    (learner.log(a) + learner.log(a)).backward()
    return a.grad


def numbers(answer: Any) -> list[object]:
    return [item if isinstance(item, (int, float)) else item.data for item in answer]


def softmax(logits: Sequence[float]) -> Probe:
    """The probabilities, and what the logits are afterwards."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number in logits]
        answer = learner.softmax(values)
        return [numbers(answer), [value.data for value in values]]

    return probe


def softmax_slopes(learner: Learner) -> object:
    """The slopes of the second probability."""
    values = [learner.Value(number) for number in LOGITS]
    learner.softmax(values)[1].backward()
    return [value.grad for value in values]


def listed(learner: Learner) -> object:
    """Whether the caller's list still holds the caller's logits."""
    values = [learner.Value(number) for number in LOGITS]
    given = learner.keep(values)
    learner.softmax(given)
    return [logit in values for logit in given]


def loss(logits: Sequence[float], target: int) -> Probe:
    """The loss, and its slopes."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number in logits]
        answer = learner.nll(values, target)
        answer.backward()
        return [answer.data, [value.grad for value in values]]

    return probe


PROBES: ByPart = {
    "log": {
        "log": logarithm(2.5),
        "log of a small number": logarithm(0.25),
        "log from above": logarithm(2.5, -3.0),
        "log of a product": behind,
        "log as a method": method,
        "log twice": summed,
        "log, changed": changed(lambda learner, values: learner.log(values[0])),
    },
    "softmax": {
        "softmax": softmax(LOGITS),
        "softmax of other numbers": softmax([-1.5, -0.5, -3.0]),
        "softmax of large numbers": softmax([1000.0, 998.0, 999.5]),
        "softmax of very negative numbers": softmax([-1000.0, -998.0, -999.5]),
        "softmax of a wide range": softmax([-800.0, 3.0, 0.5]),
        "softmax of one far above": softmax([900.0, -900.0, -900.0]),
        "the list of logits after softmax": listed,
        "slopes of softmax": softmax_slopes,
        "softmax, changed": changed(lambda learner, values: learner.softmax(values)[0]),
    },
    "nll": {
        "nll": loss(LOGITS, 3),
        "nll of the first": loss(LOGITS, 0),
        "nll of the second": loss(LOGITS, 1),
        "nll, very wrong": loss([20.0, -20.0], 1),
        "nll, changed": changed(lambda learner, values: learner.nll(values, 1)),
    },
}
RESTS_ON = {"softmax": ["log"], "nll": ["log", "softmax"]}


def failing(act: Callable[[Learner], object], *known: str) -> Probe:
    """Which of the known things PyTorch or Python says, when they do so."""

    def probe(learner: Learner) -> object:
        try:
            act(learner)
        except LearnerError as error:
            return next((part for part in known if part in error.message), "otherwise")
        return "not at all"

    return probe


def run_torch_neuron(learner: Learner) -> None:
    """A neuron of two inputs."""
    learner.torch_neuron([2.0, 0.5], [-3.0, 1.0], 6.0)


def run_tanh(learner: Learner) -> None:
    """Tanh, forward and backward."""
    x = learner.torch.tensor([0.5, -1.25], dtype=learner.torch.double, requires_grad=True)
    learner.Tanh.apply(x).sum().backward()


def told(found: object, right: float) -> object:
    """How near a number is to the right one, else the number; or what else it is."""
    if not isinstance(found, float):
        return type(found).__name__ if not hasattr(found, "item") else "a tensor"
    for digits in (9, 6, 3):
        if abs(found - right) <= 10.0**-digits * max(1.0, abs(right)):
            return f"right to {digits} digits"
    return float(f"{found:.6g}")


def neuron(x: Sequence[float], w: Sequence[float], b: float) -> Probe:
    """What torch_neuron answers, part by part."""

    def probe(learner: Learner) -> object:
        output, dx, dw, db = learner.torch_neuron(x, w, b)
        out = math.tanh(sum(a * c for a, c in zip(w, x, strict=True)) + b)
        slope = 1 - out * out
        rows = [(dx, [slope * c for c in w]), (dw, [slope * a for a in x])]
        return [
            told(output, out),
            *(
                [told(item, wanted) for item, wanted in zip(row, right, strict=True)]
                if isinstance(row, list)
                else "no list"
                for row, right in rows
            ),
            told(db, slope),
        ]

    return probe


def tensor_tanh(
    formula: Formula,
    value: Callable[[float], float],
    slope: Callable[[float], float],
    points: Sequence[float] = (0.5, -1.25, 2.0),
) -> Probe:
    """The numbers, the slopes and the inputs afterwards of a formula of Tanh.apply."""

    def probe(learner: Learner) -> object:
        x = learner.torch.tensor(list(points), dtype=learner.torch.double, requires_grad=True)
        y = formula(learner.Tanh.apply, x)
        numbers = [told(n, value(p)) for n, p in zip(y.tolist(), points, strict=True)]
        y.sum().backward()
        grads = [told(n, slope(p)) for n, p in zip(x.grad.tolist(), points, strict=True)]
        return [numbers, grads, x.tolist()]

    return probe


def by_one(x: float) -> float:
    """tanh's slope."""
    return 1 - math.tanh(x) ** 2


def table(learner: Learner) -> object:
    """Whether Tanh gives back a tensor of two rows for one of two rows."""
    x = learner.torch.tensor([[0.5, -1.25], [2.0, 0.25]], dtype=learner.torch.double)
    return list(learner.Tanh.apply(x).shape)


def afterwards(learner: Learner) -> object:
    """The numbers of Tanh's own output after it was run backward."""
    x = learner.torch.tensor([0.5, -1.25], dtype=learner.torch.double, requires_grad=True)
    y = learner.Tanh.apply(x)
    y.sum().backward()
    return [told(n, math.tanh(p)) for n, p in zip(y.tolist(), [0.5, -1.25], strict=True)]


def kind_of_tanh(learner: Learner) -> object:
    """Whether Tanh is one of PyTorch's operators."""
    return learner.torch.autograd.Function in learner.Tanh.mro()


def beside_each_other(learner: Learner) -> object:
    """The slope of a first use of Tanh after a second one was made."""
    torch = learner.torch
    x = torch.tensor([0.5], dtype=torch.double, requires_grad=True)
    first = learner.Tanh.apply(x)
    learner.Tanh.apply(x * 3.0)
    first.sum().backward()
    return [told(n, by_one(0.5)) for n in x.grad.tolist()]


OTHER_FILES: dict[str, ByPart] = {
    "beyond_torch.py": {
        "torch_neuron": {
            "torch_neuron": neuron([2.0, 0.5], [-3.0, 1.0], 6.0),
            # a gradient that is None is missed by another name in a list than in a number
            "how torch_neuron fails": failing(
                run_torch_neuron, "does not require grad", "'tolist'", "not iterable", "'NoneType'"
            ),
            "torch_neuron of three": neuron([0.5, -1.5, 2.0], [0.25, 0.75, -0.5], 0.125),
        },
        "Tanh": {
            "Tanh": tensor_tanh(lambda tanh, x: tanh(x), math.tanh, by_one),
            "Tanh from above": tensor_tanh(
                lambda tanh, x: tanh(x) * -2.5,
                lambda x: -2.5 * math.tanh(x),
                lambda x: -2.5 * by_one(x),
            ),
            "Tanh of a product": tensor_tanh(
                lambda tanh, x: tanh(x * 2.0),
                lambda x: math.tanh(2 * x),
                lambda x: 2 * by_one(2 * x),
            ),
            "Tanh beside its input": tensor_tanh(
                lambda tanh, x: tanh(x) + x, lambda x: math.tanh(x) + x, lambda x: 1 + by_one(x)
            ),
            "how Tanh fails": failing(run_tanh, "tuple"),
            "Tanh of a table": table,
            "Tanh, used once more": beside_each_other,
            "Tanh, its numbers afterwards": afterwards,
            "kind of Tanh": kind_of_tanh,
        },
    }
}
