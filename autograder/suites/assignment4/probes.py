"""assignment4: what sorts and walks are asked to tell one mistake from another.

On chains the order is one alone; elsewhere only what no order of a set can change is looked at.
"""

from collections.abc import Callable
from typing import Any

from autograder.assertions.probing import ByPart, Probe, gradients
from autograder.expressions.expression import Expression, express
from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.worker.protocol import Bag

CHAIN = express(lambda a: ((a * 2.0).tanh() + 3.0).exp(), a=0.25)
TREE = express(lambda a, b, c: (a * b + c).tanh(), a=0.5, b=-1.5, c=1.25)


def y(a: Any, b: Any) -> Any:
    """A sum and a product, each used twice: every walk that calls too early shows."""
    c, d = a + b, a * b
    return (c + d) + (c * d)


def square(a: Any) -> Any:
    """The second use lies deeper than the first."""
    s = a.tanh()
    return (s.exp() + 2.0) * s


def build(learner: Learner, expression: Expression) -> Any:
    """The root of the expression, made of the learner's objects."""
    return learner.make(expression)[expression.root]


def skipping(learner: Learner, number: int) -> Any:
    """A node that is used at once and again two steps later, by objects in ever other places."""
    for _ in range(number % 3):
        learner.Value(0.0)
    s = learner.Value(0.5).tanh()
    far = s.exp() + 2.0
    return far * s if number % 2 else s * far


def often(right: Callable[[Learner, Any], object]) -> Probe:
    """How often an answer is right over many graphs that differ in the order of their sets only."""

    def probe(learner: Learner) -> object:
        answers = [right(learner, skipping(learner, number)) for number in range(BUILDS)]
        if "unknown" in answers:
            return "unknown"
        return "always" if all(answers) else "sometimes" if any(answers) else "never"

    return probe


def squares(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Squares whose factors stand in either order, so that no order of a set hides them all."""
    return sum([square(number) * (number * square(number)) for number in (a, b, c, d)], a)


SQUARES = express(squares, a=0.5, b=0.75, c=-0.25, d=-1.25)
Y = express(y, a=2.0, b=3.0)


def chain_of_three(learner: Learner) -> Any:
    """Three nodes in a row, by number, so that an order can be read off their data."""
    a = learner.Value(0.5)
    return a.exp().exp()


def sorted_chain(learner: Learner) -> object:
    """The numbers of a chain's nodes in the order of the list, or of its last three."""
    answer = learner.topological_order(chain_of_three(learner))
    if isinstance(answer, Bag):
        return "a set"
    numbers = [node.data for node in answer]
    return ["more", *numbers[-3:]] if len(numbers) > 6 else numbers


def sorted_leaf(learner: Learner) -> object:
    """How long the list for a leaf is, after another one."""
    learner.topological_order(build(learner, Y))
    return few(len(learner.topological_order(learner.Value(3.0))))


def few(length: int) -> object:
    """What is kept of earlier calls depends on how many there were."""
    return "many" if length > 6 else length


def sorted_twice(learner: Learner) -> object:
    """How long the lists for two roots are, one after the other, and again."""
    root, other = chain_of_three(learner), learner.Value(3.0)
    return [few(len(learner.topological_order(node))) for node in (root, other, root)]


def sorted_after_backward(learner: Learner) -> object:
    """How long the list for a root is after backward, beside what it was before."""
    root = chain_of_three(learner)
    before = len(learner.topological_order(root))
    root.backward()
    return [few(before), few(len(learner.topological_order(root)))]


def summary(expression: Expression) -> Probe:
    """How many are listed too many, or twice, where the root is, whether operands come first."""
    return lambda learner: _summary(learner, build(learner, expression))


def operands_first(learner: Learner, root: Any) -> bool:
    """Whether what is listed of the graph is in order."""
    return _summary(learner, root)[-1] in ("", "operands first")


def _summary(learner: Learner, root: Any) -> str | list[object]:
    answer = learner.topological_order(root)
    if isinstance(answer, Bag):
        return "a set"
    order = list(answer)
    graph = learner.graph(root)
    place = {node: number for number, node in enumerate(order)}
    known = [(graph.nodes[a], graph.nodes[b]) for a, b in graph.edges]
    inside = [(a, b) for a, b in known if a in place and b in place]
    twice = len(order) - len(place)
    return [
        few(len(order) - len(graph.nodes)),
        few(twice),
        "root last" if order and order[-1] == root else "root not last",
        "root first" if order and order[0] == root else "root not first",
        "" if twice else _sorted([place[a] < place[b] for a, b in inside]),
    ]


def _sorted(operands_first: list[bool]) -> str:
    if all(operands_first):
        return "operands first"
    return "out of order" if any(operands_first) else "results first"


def called(expression: Expression) -> Probe:
    """How many closures of results are never called, how many again, whether consumers come first.

    Unknown where gradients came without a call being seen, which some right engines are built for.
    """
    return lambda learner: _calls(learner, build(learner, expression))


def consumers_first(learner: Learner, root: Any) -> object:
    """Whether the closures that are called are called in order."""
    calls = _calls(learner, root)
    return calls if calls == "unknown" else "consumers first" in calls


def _calls(learner: Learner, root: Any) -> str | list[object]:
    recording = learner.record_backward(root)
    if not recording.calls:
        arrived = any(node.grad for node in root._prev)
        return "unknown" if arrived else "never called"
    results = {result for _, result in recording.edges}
    calls = [call for call in recording.calls if call in results]
    last = {call: number for number, call in enumerate(calls)}
    first = {call: number for number, call in reversed(list(enumerate(calls)))}
    inner = [(a, b) for a, b in recording.edges if a in first and b in last]
    return [
        len(results) - len(set(calls)),
        "again" if len(calls) > len(set(calls)) else "once",
        "consumers first" if all(last[b] < first[a] for a, b in inner) else "out of order",
        "operands first" if all(last[a] < first[b] for a, b in inner) else "",
    ]


def failure(learner: Learner) -> object:
    """What Python says of backward, by the name of the exception."""
    try:
        (learner.Value(3.0) + 4.0).backward()
    except LearnerError as error:
        return error.type_name
    return "none"


def seeded(learner: Learner) -> object:
    """The root's gradient after backward, and that of what it was made from."""
    a = learner.Value(3.0)
    b = a + 4.0
    b.backward()
    return [b.grad, a.grad]


def seeded_leaf(learner: Learner) -> object:
    """backward on a leaf."""
    a = learner.Value(3.0)
    a.backward()
    return a.grad


def seeded_zero(learner: Learner) -> object:
    """The gradient behind a root that is 0."""
    a = learner.Value(3.0)
    b = a + -3.0
    b.backward()
    return a.grad


def seeded_anew(learner: Learner) -> object:
    """The gradients after backward, where the root's was another number before."""
    a = learner.Value(3.0)
    b = a + 4.0
    b.grad = 5.0
    b.backward()
    return [b.grad, a.grad]


def second_graph(learner: Learner) -> object:
    """The gradient in a second graph, after a first one was run backward."""
    first = learner.Value(2.0)
    (first * 3.0).backward()
    second = learner.Value(5.0)
    (second * 7.0).backward()
    return [first.grad, second.grad]


BUILDS = 16
"""Few enough to be quick, and in each order of a set some of them."""

REPEATS = 8
"""A wrong sort may answer by the order of a set; what differs between runs tells nothing."""

PROBES: ByPart = {
    "topological_order": {
        "order of a leaf": sorted_leaf,
        "order of a chain": sorted_chain,
        "orders one after another": sorted_twice,
        "order after backward": sorted_after_backward,
        "order of a tree": summary(TREE),
        "order of squares, how often right": often(operands_first),
        "order of squares": summary(SQUARES),
        "order of y": summary(Y),
    },
    "backward": {
        "calls on a tree": called(TREE),
        "calls on squares, how often right": often(consumers_first),
        "calls on y": called(Y),
        "calls that fail": failure,
        "seed": seeded,
        "seed of a root that is 0": seeded_zero,
        "seed in the place of another number": seeded_anew,
        "seed of a leaf": seeded_leaf,
        "two graphs": second_graph,
        "gradient of a chain": gradients(
            "backward", lambda a: ((a * 2.0).tanh() * 3.0).exp(), a=0.25
        ),
        "gradient of a product": gradients("backward", lambda a, b: (a * b) * 3.0, a=2.0, b=5.0),
        "gradient of a tree": gradients(
            "backward", lambda a, b, c: (a * b + c).tanh(), a=0.5, b=-1.5, c=1.25
        ),
    },
}
RESTS_ON = {"backward": ["topological_order"]}
