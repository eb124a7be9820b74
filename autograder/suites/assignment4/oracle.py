"""Orders judged: a list in which every node is once, operands before results.

The suite makes each expression itself, so it knows the graph: what the learner's code says of it
counts only for nodes that are not the suite's, within operators that are composed of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from autograder.assertions.judge import of_what_kind, told_as, type_name
from autograder.assertions.smaller import told_by_expression
from autograder.expressions.compare import in_words
from autograder.recorder import listed
from autograder.remote.errors import LearnerError
from autograder.remote.objects import Remote
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown
from autograder.worker.protocol import Bag

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.learner import Learner

SPREADS = 6
"""So often a wrong answer is asked for: what varies with the order of a set is not told as fact."""
_FEW_STEPS, _AT_LEAST = 3, 3
"""A small graph has few sets: who relies on their order may be lucky once, so it is asked again."""
RIGHT_ORDER = "operands before results, each once"
_MOST_NAMES = 12
_NO_NAME = "a node without a name"
_VARIES = "It is wrong in a way that changes from run to run, with the order of a set."


class Finding(NamedTuple):
    """What is wrong, in words, beside what is right.

    `look` is Python for it; without, what the last line prints is shown as the learner's.
    """

    message: str
    yours: object
    right: object
    look: str = ""


class Built:
    """An expression made of the learner's objects, and what is known of its graph.

    Args:
        learner: the test's fixture.
        expression: what is made.
        spread: spare objects between the nodes, which change the order of sets of them.

    Attributes:
        nodes: by name.
        names: of each node the first, where two are one: `relu` of 3 may give the 3 itself.

    Raises:
        Mismatch: an operator gave no Value.
        LearnerError: what the learner's code raised.
    """

    def __init__(self, learner: Learner, expression: Expression, spread: int) -> None:
        self.expression = expression
        self.nodes: dict[str, Remote] = learner.make(expression, spread=spread)
        for step in expression.steps:
            if not isinstance(self.nodes[step.name], Remote):
                what = in_words(self.nodes[step.name])
                raise Mismatch(f"`{step.source}` is {what}, not a Value.")
        self.names: dict[Remote, str] = {}
        for name, node in self.nodes.items():
            self.names.setdefault(node, name)
        self._learner = learner
        self._pairs = [
            (self.nodes[operand], self.nodes[step.name])
            for step in expression.steps
            for operand in step.operands
            if isinstance(operand, str) and self.nodes[operand] != self.nodes[step.name]
        ]

    def below(self, root: str) -> dict[Remote, list[Remote]]:
        """The nodes that a root was made from, and itself, each with its operands; oldest first."""
        found: dict[Remote, list[Remote]] = {self.nodes[root]: []}
        for operand, result in reversed(self._pairs):
            if result in found:
                found[result].append(operand)
                found.setdefault(operand, [])
        return {node: found[node] for node in self.names if node in found}

    def others(self, root: str) -> dict[Remote, list[Remote]]:
        """Operands, by the learner's account, of nodes that are not ours or that have such."""
        try:
            graph = self._learner.graph(self.nodes[root])
        except LearnerError:
            return {}
        found: dict[Remote, list[Remote]] = {n: [] for n in graph.nodes if n not in self.names}
        for operand, result in graph.edges:
            pair = graph.nodes[operand], graph.nodes[result]
            if not all(node in self.names for node in pair) and pair[0] != pair[1]:
                found.setdefault(pair[1], []).append(pair[0])
        return found

    def in_order(self, root: str, *, leaves_last: bool) -> list[Remote]:
        """A right order of the nodes behind a root: leaves first, or each as late as it can be."""
        operands = {node: [*each] for node, each in self.below(root).items()}
        for node, more in self.others(root).items():
            operands[node] = [*operands.get(node, ()), *more]
        try:
            order = list(TopologicalSorter(operands).static_order())
        except CycleError:  # their account is none of a graph
            order = list(self.below(root))
        if not leaves_last:
            return order
        late: dict[Remote, None] = {}
        for node in order:
            if operands.get(node):
                late |= dict.fromkeys([*(o for o in operands[node] if o not in late), node])
        return list(late) or order

    def name(self, node: Remote) -> str:
        """What the example calls the node."""
        return self.names.get(node, _NO_NAME)


Asked = tuple[tuple[str, ...], list[Finding], str]
"""Lines of Python that show what was asked, all that is wrong, what the last line prints."""


def assert_settled(
    ask: Callable[[int], Asked], expression: Expression, right: str = RIGHT_ORDER
) -> None:
    """Nothing is wrong; else the first finding that shows each time is raised.

    Args:
        ask: makes everything anew, with objects spread so far.
        expression: what is made.
        right: what the last line should print, in words.

    Raises:
        Mismatch: what is wrong, or that it varies.
        LearnerError: what the learner's code raised.
    """
    answers: list[Asked] = []
    least = _AT_LEAST if len(expression.steps) <= _FEW_STEPS else 1
    while not any(found for _, found, _ in answers):
        if len(answers) == least:
            return
        answers.append(ask(len(answers)))
    lines, found, printed = answers[-1]
    answers += (ask(spread) for spread in range(len(answers), SPREADS))
    found = [each for each in found if all(a[0] == lines and each in a[1] for a in answers)]
    first = found[0] if found else Finding(_VARIES, printed, right)
    look = first.look or lines[-1]
    yours, right = (first.yours, str(first.right)) if first.look else (printed, right)
    example = Counterexample((*lines[:-1], look), look, shown(yours), right)
    raise Mismatch(first.message, example)


def assert_sorted(
    learner: Learner, expression: Expression, *roots: str, lines: Sequence[str] = ()
) -> None:
    """topological_order(root) has every node once, operands first; any such order is right.

    Args:
        learner: the test's fixture.
        expression: what is made.
        roots: names in it, asked one after the other; by default its root.
        lines: Python that makes it, where the expression's own would be far too many.

    Raises:
        Mismatch: what is wrong with the list.
        LearnerError: what the learner's code raised.
    """
    asked = roots or (expression.root,)
    try:
        assert_settled(
            lambda spread: _asked_to_sort(learner, expression, asked, lines, spread), expression
        )
    except Mismatch as error:
        told_by_expression(error, expression, _assert_sorted_once)
        raise


def _assert_sorted_once(learner: Learner, small: Expression) -> None:
    assert_settled(lambda spread: _asked_to_sort(learner, small, (small.root,), (), spread), small)


def assert_sorted_after_backward(learner: Learner, expression: Expression) -> None:
    """topological_order(root) is right before backward() and after it; arguments as above.

    Raises:
        Mismatch: what is wrong with the list.
        LearnerError: what the learner's code raised.
    """
    asked = (expression.root, "", expression.root)
    assert_settled(
        lambda spread: _asked_to_sort(learner, expression, asked, (), spread), expression
    )


def _asked_to_sort(
    learner: Learner,
    expression: Expression,
    roots: Sequence[str],
    lines: Sequence[str],
    spread: int,
) -> Asked:
    """Ask for the order behind each root in turn; "" stands for running the whole backward."""
    built = Built(learner, expression, spread)
    others = {root: built.others(root) for root in roots if root}  # before anybody sorts
    told = [f"from {learner.module_name()} import Value, topological_order"]
    told += lines or expression.lines
    for root in roots:
        told.append(f"topological_order({root})" if root else f"{expression.root}.backward()")
        with told_as(*told):
            if not root:
                built.nodes[expression.root].backward()
                continue
            answer = learner.topological_order(built.nodes[root])
            wrong = _no_list(learner, answer, told[-1])
            nodes = [] if wrong is not None else list(answer)
        wrong = wrong or _no_nodes(nodes, told[-1])
        if wrong is not None:
            return tuple(told), [wrong], ""
        found = _wrong_order(built, root, nodes, others[root])
        if found:
            printed = listed([built.names.get(node, "…") for node in nodes])
            kit = "from autograder.kit import names"
            return (told[0], kit, *told[1:-1], f"names({told[-1]})"), found, printed
    return (), [], ""


def _wrong_order(
    built: Built, root: str, listed: Sequence[Remote], others: Mapping[Remote, Sequence[Remote]]
) -> list[Finding]:
    """All that is wrong with a list, what matters most first."""
    below = built.below(root)
    nodes = [*below, *(node for node in others if node not in built.names)]
    if not set(listed) <= set(nodes):
        message = "The list contains a node that the root was not made from."
        return [Finding(message, "a node too many", "nodes behind the root")]
    place, times = {node: number for number, node in enumerate(listed)}, Counter(listed)
    if len(place) < len(listed):
        return [_twice(built.name(node), times[node]) for node in nodes if times[node] > 1]
    missing = [built.name(node) for node in nodes if node not in place]
    if missing:
        return [_missing(names) for names in (missing, *([name] for name in missing))]
    pairs = [
        (operand, result)
        for each in (below, others)
        for result, operands in each.items()
        for operand in operands
        if operand in place and result in place
    ]
    early = [(operand, result) for operand, result in pairs if place[operand] > place[result]]
    if early and len(early) == len(pairs):
        message = "The list is the wrong way round: the root should be last."
        return [Finding(message, "root first", "root last")]
    return [_early(built.name(operand), built.name(result)) for operand, result in early]


def _twice(name: str, count: int) -> Finding:
    return Finding(f"{name} is in the list {count} times.", f"{count} times", "once")


def _missing(names: Sequence[str]) -> Finding:
    more = ", …" if len(names) > _MOST_NAMES else ""
    message = f"{', '.join(names[:_MOST_NAMES])}{more} {'is' if len(names) == 1 else 'are'}"
    return Finding(f"{message} not in the list.", "left out", "in the list")


def _early(operand: str, result: str) -> Finding:
    message = f"{result} comes before its operand {operand}."
    return Finding(message, f"{result}, then {operand}", f"{operand}, then {result}")


def _no_list(learner: Learner, answer: object, look: str) -> Finding | None:
    """What is wrong with an answer that is no list; None where it is one, or the like."""
    if isinstance(answer, Bag):
        return Finding("A set has no order.", "set", "list", f"type({look}).__name__")
    if isinstance(answer, (list, tuple)):
        return None
    if isinstance(answer, Remote) and not learner.is_instance(answer, "Value"):
        return None
    hint = " Is a `return` missing?" if answer is None else ""
    yours, right, look = of_what_kind(answer, "list", look)
    return Finding(f"It should return a list of nodes.{hint}", yours, right, look)


def _no_nodes(answer: Sequence[Any], look: str) -> Finding | None:
    """What is wrong with a list that holds something else than nodes; None where nothing is."""
    if all(isinstance(item, Remote) for item in answer):
        return None
    kinds = str(sorted({type_name(item) for item in answer}))
    look = f"sorted({{type(each).__name__ for each in {look}}})"
    return Finding("The list should contain the nodes themselves.", kinds, "['Value']", look)
