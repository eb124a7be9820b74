"""Draw the graph that hangs off a name of the learner's file, from plain data of their process."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from autograder.kit.drawing import Drawing, drawing_of
from autograder.remote.errors import LearnerError, LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.objects import Remote, core_of
from autograder.remote.session import load_failure, open_sessions
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment
    from autograder.remote.session import Session
    from autograder.submission.read import Submission

LIMIT = 200
"""Values drawn, those nearest to the result; a note in the picture says how many are left out."""

_NAMES = ("data", "grad", "label", "_op")
_ELSEWHERE = 'Names in demo cells and under `if __name__ == "__main__":` are not there.'


class _Value:
    """A value of the learner's as plain data, with those of the course's names that it has."""

    def __init__(self) -> None:
        self._prev: list[_Value] = []

    def take(self, **attributes: object) -> None:
        """Have these."""
        vars(self).update(attributes)

    def shown(self) -> list[str]:
        """What it is sorted by."""
        return [str(vars(self).get(name)) for name in _NAMES]

    def precede(self, operands: Sequence[_Value]) -> None:
        """Be the result of these; a set comes in any order, so it is that of what will be shown."""
        self._prev = sorted(operands, key=_Value.shown)


def draw(
    submission: Submission, assignment: Assignment, name: str, *, sandboxed: bool = False
) -> Drawing:
    """The graph below the value that the learner's file calls `name`. Their file runs over there.

    `sandboxed`: never in a limited process.

    Raises:
        Ungradable: the file does not load, or has no such value; the message says what to do.
        DrawingError: there is nothing to draw.

    """
    sessions = open_sessions(submission, assignment, require_sandbox=sandboxed)
    try:
        session = _where(list(dict.fromkeys(sessions.values())), name)
        try:
            session.begin_test()
            return drawing_of(_copied(Learner(session), name), limit=LIMIT)
        except LearnerFault as fault:
            raise Ungradable(_no_graph(fault, name)) from None
    finally:
        for session in sessions.values():
            session.close()


def _where(sessions: Sequence[Session], name: str) -> Session:
    """The file that defines the name, else the first one; each has run."""
    for session in sessions:
        try:
            session.load()
        except LearnerFault as fault:
            raise load_failure(fault, session.source.file.name) from None
    return next((session for session in sessions if name in session.names), sessions[0])


def _no_graph(fault: LearnerFault, name: str) -> str:
    if isinstance(fault, LearnerError) and fault.type_name == "NameError":
        return f"{fault.message} {_ELSEWHERE}"
    if isinstance(fault, LearnerError) and fault.type_name == "AttributeError":
        return f"`{name}` is no Value with a graph: {fault.message}."
    return f"The graph of `{name}` cannot be read: {fault}"


def _copied(learner: Learner, name: str) -> _Value:
    """The graph as plain data; what is too far away to be drawn keeps its place, and no more."""
    root = learner.held(name)
    found = learner.graph(root)
    operands: dict[int, list[int]] = {}
    for operand, result in found.edges:
        operands.setdefault(result, []).append(operand)
    near = _nearest(operands)[:LIMIT]
    copies = [_Value() for _ in found.nodes]
    nodes = [found.nodes[place] for place in near]
    for attribute in _NAMES:
        for place, answer in zip(near, _column(learner, nodes, attribute), strict=False):
            copies[place].take(**{attribute: answer})
    for result, places in operands.items():
        copies[result].precede([copies[place] for place in places])
    return copies[0]


def _nearest(operands: dict[int, list[int]]) -> list[int]:
    """The nodes' places, the root's first, breadth first."""
    seen, queue = {0: None}, deque([0])  # the root is the first of them
    while queue:
        for operand in operands.get(queue.popleft(), ()):
            if operand not in seen:
                seen[operand] = None
                queue.append(operand)
    return list(seen)


def _column(learner: Learner, nodes: Sequence[Any], name: str) -> list[object]:
    """The same attribute of each node as plain data; nothing where the engine does not have it."""
    try:
        return [_plain(answer) for answer in learner.read_each(nodes, name)]
    except LearnerError:
        return []


def _plain(answer: object) -> object:
    if isinstance(answer, Remote):
        return f"<{core_of(answer).handle.type_name}>"
    return answer if answer is None or isinstance(answer, (int, float, str)) else "…"
