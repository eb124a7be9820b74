"""assignment8: what the loss, the loop and the share are asked to tell one mistake from another."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from autograder.assertions.probing import ByPart, Probe
from autograder.remote.learner import Learner

XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def model_of(learner: Learner, sizes: Any) -> tuple[Any, list[Any]]:
    """A network with the numbers 0.1, 0.2, -0.3, and so on, and its parameters."""
    model = learner.MLP(*sizes)
    own = [p for layer in model.layers for n in layer.neurons for p in [*n.w, n.b]]
    numbers = [k / 10 if k % 3 else -k / 10 for k in range(1, len(own) + 1)]
    learner.set_each(own, "data", numbers)
    return model, own


def loss(predictions: Sequence[float], targets: Sequence[float]) -> Probe:
    """The loss of numbers given as Values, and the gradients of the predictions."""

    def probe(learner: Learner) -> object:
        values = [learner.Value(number) for number in predictions]
        answer = learner.mse(values, list(targets))
        if isinstance(answer, float):
            return ["a number", answer]
        answer.backward()
        return [answer.data, [value.grad for value in values]]

    return probe


def loss_again(learner: Learner) -> object:
    """The loss of the same Values after their numbers have changed."""
    values = [learner.Value(number) for number in (0.5, -1.0)]
    learner.mse(values, [1.0, 1.0])
    learner.set_each(values, "data", [2.0, 0.25])
    return learner.mse(values, [1.0, 1.0]).data


def share_again(learner: Learner) -> object:
    """The accuracy of the same model after its last weights have changed their signs."""
    model, own = model_of(learner, (3, [2, 1]))
    learner.accuracy(model, XS, YS)
    learner.set_each(own[-3:], "data", [1.0, -0.75, 0.5])
    return learner.accuracy(model, XS, YS)


def trained(rate: float, steps: int, what: str) -> Probe:
    """After training: some of the parameters, or the losses."""

    def probe(learner: Learner) -> object:
        model, own = model_of(learner, (3, [2, 1]))
        losses = learner.train(model, XS, YS, rate, steps)
        if what == "losses":
            return list(losses) if isinstance(losses, (list, tuple)) else losses
        return learner.read_each([own[0], own[3], own[-1]], "data")

    return probe


def used_up(learner: Learner) -> object:
    """How much of the caller's lists is left after mse."""
    given, beside = (
        learner.keep([learner.Value(0.5), learner.Value(-1.0)]),
        learner.keep([1.0, 1.0]),
    )
    learner.mse(given, beside)
    return [len(given), len(beside)]


def lone(target: float, rate: float, steps: int) -> Probe:
    """The losses of a single neuron, asked about 1.0; of a loop that stops early only that."""

    def probe(learner: Learner) -> object:
        model, _ = model_of(learner, (1, [1]))
        losses = list(learner.train(model, [[1.0]], [target], rate, steps))
        return losses if len(losses) >= steps else "too few"

    return probe


def how_stuck(learner: Learner) -> object:
    """Where a step moves nothing: what gradients the parameters have, and which reach the data."""
    model, own = model_of(learner, (3, [2, 1]))
    before = learner.read_each(own, "data")
    learner.train(model, XS, YS, 0.1, 1)
    if learner.read_each(own, "data") != before:
        return "it moves"
    grads = learner.read_each(own, "grad")
    xs = [[learner.Value(number) for number in x] for x in XS]
    ys = [learner.Value(number) for number in YS]
    learner.train(model, xs, ys, 0.1, 1)
    return [grads, any(x.grad for x in xs[0]), any(y.grad for y in ys)]


def share(turned: AbstractSet[int]) -> Probe:
    """The accuracy on points of which some have the wrong label."""

    def probe(learner: Learner) -> object:
        model, _ = model_of(learner, (3, [2, 1]))
        signs = [1.0 if model(x).data > 0 else -1.0 for x in XS]
        labels = [-sign if k in turned else sign for k, sign in enumerate(signs)]
        return learner.accuracy(model, XS, labels)

    return probe


PROBES: ByPart = {
    "mse": {
        "mse of two": loss([0.5, -1.0], [1.0, 1.0]),
        "mse of three": loss([0.5, -1.5, 2.0], [1.0, -1.0, 0.25]),
        "mse of one": loss([0.5], [-1.0]),
        "mse, the lists afterwards": used_up,
        "mse, changed": loss_again,
    },
    "train": {
        "how it is stuck": how_stuck,
        "one step": trained(0.1, 1, "parameters"),
        "two steps": trained(0.1, 2, "parameters"),
        "three steps": trained(0.1, 3, "parameters"),
        "another rate": trained(0.05, 2, "parameters"),
        "losses of one step": trained(0.1, 1, "losses"),
        "losses": trained(0.1, 3, "losses"),
        "losses of one that creeps": lone(-0.9, 0.004, 25),
        "losses of one that is soon there": lone(0.25, 0.25, 20),
        "losses of one that goes too far": lone(0.0, 1.1, 6),
    },
    "accuracy": {
        "one of four wrong": share({1}),
        "two of four wrong": share({0, 2}),
        "all right": share(set()),
        "accuracy, changed": share_again,
        "all wrong": share({0, 1, 2, 3}),
    },
}
RESTS_ON = {"train": ["mse"]}
