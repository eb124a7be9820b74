"""Draws or plays the graph of a name in the learner's file, from their process's plain data."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from autograder.kit.drawing import Drawing, drawing_of
from autograder.kit.recording import Recording
from autograder.kit.travel import travel
from autograder.kit.walk import MOST
from autograder.remote.errors import LearnerError, LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.load_failure import load_failure
from autograder.remote.objects import Remote, core_of
from autograder.remote.session import open_sessions
from autograder.submission.read import Ungradable, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from autograder.course import Assignment
    from autograder.remote.session import Session
    from autograder.submission.read import Submission

_Shown = TypeVar("_Shown")

LIMIT = 200
"""The most values drawn, those nearest to the root; a note says how many are left out."""

_NAMES = ("data", "grad", "label", "_op")
_ELSEWHERE = 'Names defined under `if __name__ == "__main__":` are not visible.'


class _Value:
    """One of the learner's values as plain data, with those of the course's attributes it has."""

    def __init__(self) -> None:
        self._prev: list[_Value] = []

    def take(self, **attributes: object) -> None:
        """Set attributes."""
        vars(self).update(attributes)

    def shown(self) -> list[str]:
        """Its sort key."""
        return [str(vars(self).get(name)) for name in _NAMES]

    def precede(self, operands: Sequence[_Value]) -> None:
        """Set its operands, sorted by what is shown, as those of a set come in any order."""
        self._prev = sorted(operands, key=_Value.shown)


def draw(assignment: Assignment, path: Path, name: str, *, sandboxed: bool = False) -> Drawing:
    """Draw the graph of a value in the learner's file, which runs in a process of its own.

    If the value is defined in a demo cell, demo cells run, too, up to that one.

    Args:
        assignment: the file's.
        path: the file, or its folder.
        name: the value's name at the file's top level.
        sandboxed: require a sandbox.

    Raises:
        Ungradable: the file does not load, or has no such value; the message says what to do.
        DrawingError: it is not a value.
        SandboxFailed: the learner's process could not be started.
    """
    return _found(assignment, path, name, _drawing, sandboxed=sandboxed)


def record(assignment: Assignment, path: Path, name: str, *, sandboxed: bool = False) -> Recording:
    """Record the backward pass from a value; arguments and errors as for `draw`."""
    return _found(assignment, path, name, _recording, sandboxed=sandboxed)


def _drawing(learner: Learner, name: str) -> Drawing:
    return drawing_of(_copied(learner, name), limit=LIMIT)


def _recording(learner: Learner, name: str) -> Recording:
    return Recording(travel(learner.walk(learner.held(name), MOST), f"Backward from {name}"))


def _found(
    assignment: Assignment,
    path: Path,
    name: str,
    show: Callable[[Learner, str], _Shown],
    *,
    sandboxed: bool,
) -> _Shown:
    shown = _tried(read(assignment, path), assignment, name, show, sandboxed=sandboxed)
    if shown is None:
        limits = assignment.limits
        longer = msgspec.structs.replace(limits, load_seconds=limits.total_seconds)
        patient = msgspec.structs.replace(assignment, limits=longer)
        demos = read(assignment, path, until=name)
        shown = _tried(demos, patient, name, show, sandboxed=sandboxed)
    assert shown is not None
    return shown


def _tried(
    submission: Submission,
    assignment: Assignment,
    name: str,
    show: Callable[[Learner, str], _Shown],
    *,
    sandboxed: bool,
) -> _Shown | None:
    """The picture; None if the name is not defined, but may be in demo cells that did not run."""
    sessions = open_sessions(submission, assignment, require_sandbox=sandboxed)
    try:
        files = list(dict.fromkeys(sessions.values()))
        _load(files, name)
        session = next((session for session in files if name in session.names), None)
        if session is None and not files[0].source.until:
            return None
        session = session or files[0]
        try:
            session.begin_test()
            return show(Learner(session), name)
        except LearnerFault as fault:
            raise Ungradable(_no_graph(fault, name, session)) from None
    finally:
        for session in sessions.values():
            session.close()


def _load(sessions: Sequence[Session], name: str) -> None:
    for session in sessions:
        try:
            session.load()
        except LearnerFault as fault:
            if session.source.until and not isinstance(fault, LearnerError):
                raise Ungradable(f"{fault} The demo cells were run to find `{name}`.") from None
            raise load_failure(fault, session.source.name) from None


def _no_graph(fault: LearnerFault, name: str, session: Session) -> str:
    if isinstance(fault, LearnerError) and fault.type_name == "NameError":
        said = f"{fault.message} {_ELSEWHERE}"
        for error in session.skipped[:1]:
            place = "".join(f" ({session.source.place(*at[:2])})" for at in error.lines[-1:])
            said += f" A demo cell raised {error}{place}"
        return said
    if isinstance(fault, LearnerError) and fault.type_name == "AttributeError":
        return f"`{name}` is not a Value with a graph: {fault.message}."
    return f"The graph of `{name}` can't be read: {fault}"


def _copied(learner: Learner, name: str) -> _Value:
    """The graph as plain data; nodes too far away to be drawn have no attributes."""
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
    """The positions of the nodes, breadth first from the root."""
    seen, queue = {0: None}, deque([0])  # the root comes first
    while queue:
        for operand in operands.get(queue.popleft(), ()):
            if operand not in seen:
                seen[operand] = None
                queue.append(operand)
    return list(seen)


def _column(learner: Learner, nodes: Sequence[Any], name: str) -> list[object]:
    """An attribute of each node as plain data; empty if the engine does not have it."""
    try:
        return [_plain(answer) for answer in learner.read_each(nodes, name)]
    except LearnerError:
        return []


def _plain(answer: object) -> object:
    if isinstance(answer, Remote):
        return f"<{core_of(answer).handle.type_name}>"
    return answer if answer is None or isinstance(answer, (int, float, str)) else "…"
