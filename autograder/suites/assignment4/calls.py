"""Closures called from the root back, each once and in order: judged by what comes of it.

Each closure adds what it sends while it is recorded, also in an engine that overwrites. So the
gradients of a graph come out right after calls in order, and after no others: what the learner's
code says of its calls only helps to find words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from autograder.assertions.judge import assert_gradients, told_as
from autograder.assertions.remarks import CLEARED
from autograder.assertions.smaller import told_by_expression
from autograder.expressions.compare import close, in_words, is_number, right_gradient
from autograder.expressions.expression import express
from autograder.expressions.right import cross_check
from autograder.recorder import listed
from autograder.remote.errors import LearnerError
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown
from autograder.suites.assignment4.oracle import SPREADS, Asked, Built, Finding, assert_settled

if TYPE_CHECKING:
    from autograder.expressions.expression import Expression
    from autograder.remote.answers import BackwardCalls
    from autograder.remote.learner import Learner
    from autograder.remote.objects import Remote


def assert_called_in_order(
    learner: Learner, expression: Expression, *roots: str, slow: bool = False
) -> None:
    """backward() calls each result's closure once, after those of all that was made from it.

    Leaves may be called or not, and so may what has nothing to send. The gradients judge, as
    multiples of the root's: how it is seeded is asked elsewhere. Where no call is seen and closures
    overwrite, graphs judge on which that makes no difference. A backward that is right with a right
    order in the place of the learner's is right.

    Args:
        learner: the test's fixture.
        expression: what is made.
        roots: names in it, run backward one after the other, gradients cleared between.
        slow: a learner's wrong order may take for ever here: try a right one first.

    Raises:
        Mismatch: what is wrong with the calls.
        LearnerError: what the learner's code raised.
    """
    asked = roots or (expression.root,)
    try:
        _judge_calls(learner, expression, asked, slow=slow)
    except Mismatch as error:
        told_by_expression(error, expression, _judge_once)
        raise


def _judge_once(learner: Learner, small: Expression) -> None:
    _judge_calls(learner, small, (small.root,), slow=False)


def _judge_calls(
    learner: Learner, expression: Expression, roots: Sequence[str], *, slow: bool
) -> None:
    ask = partial(_asked_to_call, learner, expression, roots, scaled=True)
    if not (slow and _right_with_given_order(learner, ask)):
        try:
            assert_settled(ask, expression, "results before operands, each once")
        except (Mismatch, LearnerError):
            if slow or not _right_with_given_order(learner, ask):
                raise


def assert_backward(learner: Learner, expression: Expression) -> None:
    """backward() finds the gradients of an expression in which everything is used once.

    As above, a right order may take the place of the learner's.

    Raises:
        Mismatch: at the first number, or the first input's gradient, that is wrong.
        LearnerError: what the learner's code raised.
    """
    try:
        assert_gradients(learner, expression, backward="backward")
    except (Mismatch, LearnerError):
        ask = partial(_asked_to_call, learner, expression, (expression.root,), scaled=False)
        if not _right_with_given_order(learner, ask):
            raise


def _right_with_given_order(learner: Learner, ask: Callable[..., Asked]) -> bool:
    if not learner.defines("topological_order"):
        return False
    try:
        return not any(ask(spread, given=True)[1] for spread in range(2))
    except (Mismatch, LearnerError):
        return False


def _asked_to_call(
    learner: Learner,
    expression: Expression,
    roots: Sequence[str],
    spread: int,
    *,
    scaled: bool,
    given: bool = False,
) -> Asked:
    """Run each root backward and look at it; returns the lines that lead there, and what is wrong.

    Args:
        learner: the test's fixture.
        expression: what is made.
        roots: names in it.
        spread: how far to spread the objects.
        scaled: whether gradients are multiples of the root's.
        given: whether topological_order answers a right order meanwhile.
    """
    built = Built(learner, expression, spread)
    lines = [f"from {learner.module_name()} import Value", *expression.lines]
    for turn, root in enumerate(roots):
        if turn:
            lines.append(f"for node in ({', '.join(expression.names)}): node.grad = 0.0")
            learner.set_each(list(built.names), "grad", [0.0] * len(built.names))
        lines.append(f"{root}.backward()")
        with told_as(*lines):
            recording = learner.record_backward(
                built.nodes[root],
                built.below(root),
                seed=1.0 if scaled else None,
                order=built.in_order(root, leaves_last=spread % 2 == 1) if given else None,
            )
        found = _wrong_calls(learner, built, root, recording, scaled=scaled)
        if found and turn == 0 and scaled and not recording.calls:
            _assert_unseen(learner)
            return (), [], ""
        if found:
            called = [recording.nodes[number] for number in recording.calls]
            printed = listed([built.names.get(node, "…") for node in called])
            kit = "from autograder.kit import calls"
            return (lines[0], kit, *lines[1:-1], f"calls({root})"), found, printed
    return (), [], ""


def _wrong_calls(
    learner: Learner, built: Built, root: str, recording: BackwardCalls, *, scaled: bool
) -> list[Finding]:
    """All that is wrong after a backward pass, what matters most first."""
    expression = built.expression.up_to(root)
    right = _gradients(expression)
    grads = dict(zip(recording.nodes, recording.grads, strict=True))
    factor = grads.get(built.nodes[root])
    seed = float(factor) if scaled and is_number(factor) and factor else 1.0
    below, inputs = built.below(root), [name for name, _ in expression.inputs]
    steepest = max(map(abs, right.values())) * abs(seed)
    wrong, cleared = [], []
    for node in below:
        name, yours = built.names[node], grads.get(node)
        if right_gradient(yours, right[name] * seed, steepest):
            continue
        if name not in inputs and is_number(yours) and yours == 0:
            cleared.append(name)
        elif name in inputs or list(built.nodes.values()).count(node) == 1:
            wrong.append((name, yours))
    found = _wrong_turns(built, below, recording, right if wrong else {}, inputs)
    found += [
        Finding(
            f"`{name}` did not get the gradient it would get if each closure ran once, in order.",
            in_words(yours),
            in_words(right[name] * seed),
        )
        for name, yours in wrong
    ]
    if not found and cleared:
        learner.remark(CLEARED)
    return found


@lru_cache(maxsize=200)
def _gradients(expression: Expression) -> dict[str, float]:
    """The gradient of each node; kept, as every submission is asked the same."""
    cross_check(expression)
    return expression.by_duals(every_gradient=True).grads


def _wrong_turns(
    built: Built,
    below: dict[Remote, list[Remote]],
    recording: BackwardCalls,
    missed: dict[str, float],
    inputs: Sequence[str],
) -> list[Finding]:
    """What is wrong with the calls that were seen; who `missed` a gradient may be called never."""
    calls = [recording.nodes[number] for number in recording.calls]
    times, place = Counter(calls), {node: turn for turn, node in enumerate(calls)}
    results = [node for node in below if built.names[node] not in inputs]
    found = []
    for node in results:
        name = built.names[node]
        if times[node] > 1 or (calls and not times[node] and missed.get(name)):
            done = f"was called {times[node]} times" if times[node] else "was never called"
            message = f"The closure of {name} {done}."
            found.append(Finding(message, f"{times[node]} calls", "1 call"))
    for result in results:
        for operand in below[result]:
            if operand in place and result in place and place[operand] < place[result]:
                first, then = built.names[operand], built.names[result]
                if operand in results:
                    found.append(_too_soon(first, then))
    return found


def _too_soon(first: str, then: str) -> Finding:
    message = f"The closure of {first} ran before that of {then}, which is made from {first}."
    return Finding(message, f"{first}, then {then}", f"{then}, then {first}")


_TREE = express(lambda a, b, c, d: ((a * b + c) * d).tanh(), a=0.5, b=-3.0, c=2.0, d=-1.5)
_FACTORS = (0.5, -1.5, 2.0, 0.75, -0.5, 1.25)


def _assert_unseen(learner: Learner) -> None:
    """Orders of calls that cannot be recorded, judged where only one outcome is right.

    On a tree, and where each node is used at once and once more further down: what is further down
    sends last, so a gradient is that share where closures overwrite, or the sum where they add.
    """
    assert_gradients(learner, _TREE, backward="backward")
    last, total = math.prod(_FACTORS), math.prod(1 + factor for factor in _FACTORS)
    for turn in range(SPREADS):

        def ladder(a: float, turn: int = turn) -> float:
            for rung, factor in enumerate(_FACTORS):
                a = a + a * factor if (turn >> rung % 3) % 2 else a * factor + a
            return a

        expression = express(ladder, a=1.5)
        answers = learner.evaluate(expression, backward="backward", spread=turn)
        if answers.error is not None:
            raise answers.error
        yours = answers.grads["a"]
        if not close(yours, last) and not close(yours, total):
            lines = (f"from {learner.module_name()} import Value", *expression.lines)
            lines += (f"{expression.root}.backward()", "a.grad")
            message = (
                "A node is used twice, here and further down, and it sends its gradient "
                "back too early."
            )
            raise Mismatch(message, Counterexample(lines, "a.grad", shown(yours), shown(last)))
