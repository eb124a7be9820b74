"""assignment7: what networks are asked to tell one mistake from another."""

from collections.abc import Sequence
from typing import Any

from autograder.assertions.probing import ByPart, Probe
from autograder.remote.learner import Learner

X = [0.5, -1.5, 2.0]


def set_numbers(parts: Sequence[Any]) -> None:
    """Weights and biases 0.1, 0.2, and so on, neuron by neuron, the bias last."""
    count = 0
    for neuron in parts:
        for parameter in [*neuron.w, neuron.b]:
            count += 1
            parameter.data = count / 10 if count % 3 else -count / 10


def neurons_of(network: Any, kind: str) -> list[Any]:
    """The neurons of a network, in order."""
    if kind == "Neuron":
        return [network]
    if kind == "Layer":
        return list(network.neurons)
    return [neuron for layer in network.layers for neuron in layer.neurons]


def made(learner: Learner, kind: str, *sizes: Any) -> tuple[Any, list[Any]]:
    network = getattr(learner, kind)(*sizes)
    parts = neurons_of(network, kind)
    set_numbers(parts)
    return network, parts


def outputs(answer: Any) -> list[object]:
    """The numbers of what a network answers, and whether they came in a list."""
    if isinstance(answer, (list, tuple)):
        return ["list", *(value.data for value in answer)]
    return ["alone", answer.data]


def forward(kind: str, *sizes: Any, x: Sequence[float], values: bool = False) -> Probe:
    def probe(learner: Learner) -> object:
        network, _ = made(learner, kind, *sizes)
        given = [learner.Value(number) for number in x] if values else list(x)
        return outputs(network(given))

    return probe


def twice(kind: str, *sizes: Any, x: Sequence[float]) -> Probe:
    """The second answer to the same input, the input's length, and how many weights there are."""

    def probe(learner: Learner) -> object:
        network, parts = made(learner, kind, *sizes)
        given = learner.keep(list(x))
        network(given)
        return [outputs(network(given)), len(given), [len(list(part.w)) for part in parts]]

    return probe


def changed(kind: str, *sizes: Any, x: Sequence[float]) -> Probe:
    """The second answer to the same input, when each number in the network has the other sign."""

    def probe(learner: Learner) -> object:
        network, parts = made(learner, kind, *sizes)
        given = learner.keep(list(x))
        network(given)
        for part in parts:
            for parameter in [*part.w, part.b]:
                parameter.data = -parameter.data
        return outputs(network(given))

    return probe


def slopes_again(learner: Learner) -> object:
    """The gradient of a neuron's first weight, asked again after it was cleared."""
    network, parts = made(learner, "Neuron", 3)
    given = [learner.Value(number) for number in X]
    for _ in range(2):
        parts[0].w[0].grad = 0.0
        network(given).backward()
    return parts[0].w[0].grad


def slopes(kind: str, *sizes: Any, x: Sequence[float]) -> Probe:
    """The gradients of the first weight, of the first bias and of the first input."""

    def probe(learner: Learner) -> object:
        network, parts = made(learner, kind, *sizes)
        given = [learner.Value(number) for number in x]
        answer = network(given)
        (answer[0] if isinstance(answer, (list, tuple)) else answer).backward()
        return [parts[0].w[0].grad, parts[0].b.grad, given[0].grad]

    return probe


def parameters(kind: str, *sizes: Any) -> Probe:
    """How many are listed, how many different ones, how many of the network's own."""

    def probe(learner: Learner) -> object:
        network, parts = made(learner, kind, *sizes)
        listed = network.parameters()
        if not isinstance(listed, (list, tuple)):
            return "no list"
        if any(isinstance(item, (list, tuple, int, float)) for item in listed):
            return ["no Values", len(listed)]
        own = {parameter for part in parts for parameter in [*part.w, part.b]}
        return [len(listed), len(set(listed)), len(own & set(listed))]

    return probe


def listed_again(learner: Learner) -> object:
    """How long the list is when it is asked for again, and how many weights there are then."""
    network, parts = made(learner, "Neuron", 3)
    network.parameters()
    return [len(network.parameters()), len(list(parts[0].w))]


def sizes_of(kind: str, *sizes: Any) -> Probe:
    """How many weights each neuron has; how many different neurons, weights, numbers and starts."""

    def probe(learner: Learner) -> object:
        network = getattr(learner, kind)(*sizes)
        parts = neurons_of(network, kind)
        weights = [weight for part in parts for weight in part.w]
        numbers = {weight.data for weight in weights}
        return [
            [len(list(part.w)) for part in parts],
            len(set(parts)),
            len(set(weights)),
            len(numbers) > len(weights) // 2,
            len({tuple(weight.data for weight in part.w) for part in parts}),
            len({part.b for part in parts}),
        ]

    return probe


def made_again(learner: Learner) -> object:
    """Whether a second network begins with the numbers of the first."""
    starts = [
        [weight.data for neuron in neurons_of(learner.MLP(3, [2, 1]), "MLP") for weight in neuron.w]
        for _ in range(2)
    ]
    return starts[0] == starts[1]


def zeroed(kind: str, *sizes: Any) -> Probe:
    """Gradients and numbers after zero_grad."""

    def probe(learner: Learner) -> object:
        network, parts = made(learner, kind, *sizes)
        own = [parameter for part in parts for parameter in [*part.w, part.b]]
        for parameter in own:
            parameter.grad = 0.5
        network.zero_grad()
        return [[p.grad for p in own], own[0].data]

    return probe


PROBES: ByPart = {
    "Module": {"module": lambda learner: len(learner.Module().parameters())},
    "neuron": {
        "neuron": forward("Neuron", 3, x=X),
        "neuron, values": forward("Neuron", 3, x=X, values=True),
        "neuron's slopes": slopes("Neuron", 3, x=X),
    },
    "neuron again": {
        "neuron again": twice("Neuron", 3, x=X),
        "neuron, changed": changed("Neuron", 3, x=X),
        "neuron's slopes again": slopes_again,
    },
    "neuron's parameters": {
        "neuron's parameters": parameters("Neuron", 3),
        "neuron's parameters again": listed_again,
    },
    "neuron's sizes": {"neuron's sizes": sizes_of("Neuron", 3)},
    "layer": {
        "layer": forward("Layer", 3, 2, x=X),
        "layer's slopes": slopes("Layer", 3, 2, x=X),
        "layer, changed": changed("Layer", 3, 2, x=X),
    },
    "layer of one": {"layer of one": forward("Layer", 3, 1, x=X)},
    "layer's parameters": {"layer's parameters": parameters("Layer", 3, 2)},
    "layer's sizes": {"layer's sizes": sizes_of("Layer", 3, 2)},
    "mlp": {
        "mlp": forward("MLP", 3, [2, 2], x=X),
        "mlp of equal sizes": forward("MLP", 3, [3, 3], x=X),
        "mlp of three layers": forward("MLP", 3, [2, 2, 2], x=X),
        "mlp's slopes": slopes("MLP", 3, [4, 2], x=X),
        "mlp again": twice("MLP", 3, [2, 2], x=X),
        "mlp, changed": changed("MLP", 3, [2, 2], x=X),
    },
    "mlp of one output": {"mlp of one output": forward("MLP", 3, [4, 1], x=X)},
    "mlp's parameters": {
        "mlp's parameters": parameters("MLP", 3, [4, 2]),
        "mlp's parameters, three layers": parameters("MLP", 3, [4, 2, 2]),
    },
    "mlp's sizes": {
        "mlp's sizes": sizes_of("MLP", 3, [4, 2]),
        "mlp's sizes, equal ones": sizes_of("MLP", 3, [3, 3]),
        "mlp made again": made_again,
    },
    "zero_grad": {
        "zero_grad": zeroed("Neuron", 2),
        "zero_grad of an mlp": zeroed("MLP", 2, [2, 1]),
    },
}
RESTS_ON = {
    "neuron": ["neuron's sizes"],
    "neuron again": ["neuron"],
    "neuron's parameters": ["neuron's sizes"],
    "layer": ["neuron", "neuron again", "layer's sizes"],
    "layer of one": ["layer"],
    "layer's parameters": ["neuron's parameters", "layer's sizes"],
    "layer's sizes": ["neuron's sizes"],
    "mlp": ["layer", "mlp's sizes"],
    "mlp of one output": ["mlp", "layer of one"],
    "mlp's parameters": ["layer's parameters", "mlp's sizes"],
    "mlp's sizes": ["layer's sizes"],
    "zero_grad": ["neuron's parameters", "mlp's parameters"],
}
