"""Records which closures run, read and write while gradients travel back through a graph.

It goes into the learner's process with worker.py, and the kit uses it in notebooks. So it imports
only standard modules that load fast, and knows no operator's derivative: it reports what it saw. It
restores everything that it replaces. It has over 400 lines because it is sent as one file.
"""

from __future__ import annotations

import math
import sys

TYPE_CHECKING = False  # from `typing`, which takes its time to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    Walk = dict[str, Any]
    Plain = float | str | None
    Write = tuple[int, Plain, Plain, bool | None]
    Step = tuple[int | None, Plain, list[Write], str]

MOST_NAMES = 12
_MOST_WATCHED = 20_000
MOST = 5_000
"""The most closures and writes that are recorded; some learners' walks never end."""

_LONGEST = 40
_SHOWN = ("label", "data", "_op")
_ABSENT = object()


class Calls:
    """Replaces `_backward` on nodes to record calls, and restores it.

    Args:
        nodes: the graph's; each is known by its position.

    Attributes:
        index: each node's position, by its `id`.
        calls: the nodes whose `_backward` was called, by position, in order.
    """

    def __init__(self, nodes: Sequence[Any]) -> None:
        self.index = {id(node): number for number, node in enumerate(nodes)}
        self.calls: list[int] = []
        self.undo: list[Callable[[], None]] = []

    def entered(self, number: int) -> None:
        """Called when a node's closure starts to run.

        Args:
            number: the node's position.
        """
        self.calls.append(number)

    def left(self, number: int) -> None:
        """Called when a node's closure has returned or raised.

        Args:
            number: the node's position.
        """

    def watch(self, node: Any) -> None:
        """Replace the `_backward` of one node, or of its class if the node does not allow it."""
        original = getattr(node, "_backward", None)
        if not callable(original):
            return
        own, number = getattr(node, "__dict__", {}), self.index[id(node)]
        before = "_backward" in own

        def recorded(*args: Any, **kwargs: Any) -> Any:
            self.entered(number)
            try:
                return original(*args, **kwargs)
            finally:
                self.left(number)

        try:
            node._backward = recorded
        except Exception:  # no slot for it, or a learner's __setattr__ that refuses
            self._watch_class(type(node))
            return
        if "_backward" in own and not before:  # it hides the class's
            self.undo.append(lambda: delattr(node, "_backward"))
        else:
            self.undo.append(lambda: setattr(node, "_backward", original))

    def _watch_class(self, cls: Any) -> None:
        original = getattr(cls, "_backward", None)
        if not callable(original) or getattr(original, "is_recorder", False):
            return
        calls, own = self, vars(cls).get("_backward")

        def recorded(node: Any, *args: Any, **kwargs: Any) -> Any:
            number = calls.index.get(id(node))
            if number is None:
                return original(node, *args, **kwargs)
            calls.entered(number)
            try:
                return original(node, *args, **kwargs)
            finally:
                calls.left(number)

        recorded.is_recorder = True  # type: ignore[attr-defined]  # functions take any
        try:
            cls._backward = recorded
        except (AttributeError, TypeError):
            return
        if own is None:  # inherited
            self.undo.append(lambda: delattr(cls, "_backward"))
        else:
            self.undo.append(lambda: setattr(cls, "_backward", own))

    def take_back(self) -> None:
        """Restore everything."""
        while self.undo:
            self.undo.pop()()


class Sums(Calls):
    """Adds each closure's contributions to its operands' gradients, even if its line overwrites.

    So the gradients are right if the closures run in the right order, and wrong if not.

    Args:
        nodes: the graph's, each once.
        operands: the operands of each node, in the same order, each once.
    """

    def __init__(self, nodes: Sequence[Any], operands: Sequence[Sequence[Any]]) -> None:
        super().__init__(nodes)
        self.operands = operands
        self.before: list[list[tuple[Any, Any]]] = []

    def entered(self, number: int) -> None:
        """As above; the operands' gradients are set aside."""
        super().entered(number)
        self.before.append([(operand, operand.grad) for operand in self.operands[number]])
        for operand in self.operands[number]:
            operand.grad = 0.0

    def left(self, number: int) -> None:  # noqa: ARG002  the last one to start is the first to end
        """As above; the gradients set aside are added."""
        for operand, grad in self.before.pop():
            operand.grad = operand.grad + grad


class Steps(Calls):
    """Records what each closure reads and writes: the backward pass, step by step.

    Args:
        nodes: the graph's, the root first.
        operands: the operands of each node, by position.

    Attributes:
        steps: for each step a node, its `grad` when its closure started, what was written, and how
            that is known: `called` if the closure was seen running; `read` if there is no closure
            to watch, and this node's `grad` was the last one read that the written one depends on;
            `after` if nothing was seen, only that a `grad` had changed. The node is None if none
            was at work, as when the root is seeded. Each write is a node, its `grad` before and
            after, and whether the old value had been read first, so that it may be part of the
            sum: False if it was overwritten, None if unknown.
    """

    def __init__(self, nodes: Sequence[Any], operands: Sequence[Sequence[int]]) -> None:
        super().__init__(nodes)
        self.nodes, self.operands = nodes, operands
        self.steps: list[Step] = []
        self.known: list[Plain] = [None] * len(nodes)
        self.unread: dict[int, None] = {}  # read, and not yet written; the latest is last
        self.running: list[tuple[int, dict[int, None]]] = []  # and `unread` before it
        self.deaf = False
        self.room = MOST

    def watch_all(self) -> None:
        """Replace each `_backward`, and `grad` on each class of nodes."""
        self.known = [self._now(number) for number in range(len(self.nodes))]
        classes = {type(node): _on_class(type(node), "grad") for node in self.nodes}
        for (
            cls,
            original,
        ) in classes.items():  # all were looked up first, as one may inherit from another
            self._watch_gradients(cls, original)
        for node in self.nodes:
            self.watch(node)

    def _watch_gradients(self, cls: Any, original: object) -> None:
        own = vars(cls).get("grad", _ABSENT)
        try:
            cls.grad = _Watched(self, original)
        except (
            AttributeError,
            TypeError,
        ):  # a class that allows no new attribute: changes are found afterwards
            return
        if own is _ABSENT:
            self.undo.append(lambda: delattr(cls, "grad"))
        else:
            self.undo.append(lambda: setattr(cls, "grad", own))

    # --- what happens -------------------------------------------------------------------------

    def entered(self, number: int) -> None:
        """As above; a `grad` that changed unseen before has no known writer."""
        self._compare((number,))
        self.running.append((number, self.unread))
        self.unread = {}
        self._begin(number, "called")

    def left(self, number: int) -> None:
        """As above; unseen changes meanwhile are this closure's."""
        self._compare((*self.operands[number], number))
        _, self.unread = self.running.pop()

    def was_read(self, node: object) -> None:
        """Called before the `grad` of a node is read."""
        number = self.index.get(id(node))
        if number is not None and not self.deaf:
            self.unread.pop(number, None)
            self.unread[number] = None

    def was_written(self, node: object, value: object) -> None:
        """Called after a value was written to the `grad` of a node."""
        number = self.index.get(id(node))
        if number is None or self.deaf:
            return
        kept = number in self.unread
        self.unread.pop(number, None)
        self._write(number, plain(value), kept=kept)

    def _write(self, number: int, after: Plain, *, kept: bool | None) -> None:
        before, self.known[number] = self.known[number], after
        if self.running:
            source, how = self.running[-1][0], "called"
        elif kept is None:
            source, how = None, "after"
        else:
            source, how = self._read_by(number), "read"
        if source is None and before == after:
            return  # a zero over a zero, as in an engine that clears first
        last = self.steps[-1] if self.steps else None
        if last is None or last[0] != source or last[3] != how:
            self._begin(source, how)
        if self.room > 0:
            self.room -= 1
            self.steps[-1][2].append((number, before, after, kept))

    def _read_by(self, number: int) -> int | None:
        """Of the nodes that this one is an operand of, the one whose `grad` was read last."""
        readers = (other for other in reversed(self.unread) if number in self.operands[other])
        return next(readers, None)

    def _begin(self, number: int | None, how: str) -> None:
        if self.room > 0:
            self.room -= 1
            self.steps.append((number, None if number is None else self.known[number], [], how))

    def _compare(self, numbers: Iterable[int]) -> None:
        for number in dict.fromkeys(numbers):
            now = self._now(number)
            if now != self.known[number]:
                self._write(number, now, kept=None)

    def _now(self, number: int) -> Plain:
        self.deaf = True
        try:
            return plain(getattr(self.nodes[number], "grad", None))
        except Exception:  # a property of the learner's may raise anything
            return None
        finally:
            self.deaf = False

    def finish(self) -> None:
        """Record changes that were not seen, once the backward pass has ended."""
        self._compare(range(len(self.nodes)))


class _Watched:
    """Replaces `grad` on a class; values are still stored where they were."""

    def __init__(self, steps: Steps, original: Any) -> None:
        self.steps, self.original = steps, original
        self.is_field = hasattr(type(original), "__set__")  # a slot, a property

    def __get__(self, node: Any, cls: Any = None) -> Any:
        if node is None:
            return self._of_class(None, cls)
        self.steps.was_read(node)
        if self.is_field:
            return self.original.__get__(node, cls)
        own = getattr(node, "__dict__", {})
        return own["grad"] if "grad" in own else self._of_class(node, cls)

    def _of_class(self, node: Any, cls: Any) -> Any:
        if self.original is _ABSENT:
            raise AttributeError(f"{cls.__name__!r} object has no attribute 'grad'")
        is_bound = hasattr(type(self.original), "__get__")
        return self.original.__get__(node, cls) if is_bound else self.original

    def __set__(self, node: Any, value: Any) -> None:
        if self.is_field:
            self.original.__set__(node, value)
        else:
            node.__dict__["grad"] = value
        self.steps.was_written(node, value)

    def __delete__(self, node: Any) -> None:
        if self.is_field:
            self.original.__delete__(node)
        elif node.__dict__.pop("grad", _ABSENT) is _ABSENT:
            raise AttributeError("grad")


def record(
    nodes: Sequence[Any], operands: Sequence[Sequence[int]], backward: Callable[[], object]
) -> list[Step]:
    """Record a backward pass that starts from zero gradients, and restore each `grad` afterwards.

    Args:
        nodes: the nodes of the whole graph, the root first.
        operands: the operands of each node, by position.
        backward: runs it: the learner's `backward`, or a function that calls their closures.

    Returns:
        The steps; see `Steps`. They contain only numbers and text.

    Raises:
        Exception: whatever the learner's code raises; everything is restored then, too.
    """
    steps = Steps(nodes, operands)
    before = [getattr(node, "grad", _ABSENT) for node in nodes]
    try:
        for node, grad in zip(nodes, before, strict=True):
            if grad is not _ABSENT and plain(grad) != 0:
                _put(node, _zero(grad))
        steps.watch_all()
        backward()
        steps.finish()
    finally:
        steps.take_back()
        for node, grad in zip(nodes, before, strict=True):
            if grad is not _ABSENT:
                _put(node, grad)
    return [step for step in steps.steps if step[2] or step[0] is None or operands[step[0]]]


def walk(
    nodes: Sequence[Any],
    operands: Sequence[Sequence[int]],
    backward: Callable[[], object],
    names: Mapping[int, str],
    most: int,
) -> Walk:
    """Record a backward pass, and describe the nodes, as plain data for JSON.

    Args:
        nodes: the nodes of the whole graph, those nearest to the root first.
        operands: the operands of each node, by position.
        backward: as for `record`.
        names: the nodes' names, by their `id`.
        most: how many nodes to include, from the first.

    Returns:
        `nodes`: for each its name, `_op`, `data`, included operands, and how many operands are left
        out. `steps`: as in `Steps`, without writes to nodes that are left out. `left_out`: how many
        nodes are.

    Raises:
        Exception: as for `record`.
    """
    steps = record(nodes, operands, backward)
    near = [
        (number, incoming, [write for write in writes if write[0] < most], how)
        for number, incoming, writes, how in steps
    ]
    return {
        "nodes": [
            [
                names.get(id(node), ""),
                text(getattr(node, "_op", "")),
                plain(getattr(node, "data", None)),
                [operand for operand in own if operand < most],
                sum(operand >= most for operand in own),
            ]
            for node, own in zip(nodes[:most], operands, strict=False)
        ],
        "steps": [s for s in near if s[2] or (s[0] is not None and s[0] < most)],
        "left_out": max(0, len(nodes) - most),
    }


def nearest_first(root: Any, most: int) -> tuple[list[Any], list[list[int]]]:
    """The nodes reachable through `_prev`, the root first, and the operands of each by position.

    Args:
        root: where to start.
        most: how many nodes there may be.

    Raises:
        RuntimeError: there are more than `most`.
        Exception: whatever reading a `_prev` raises.
    """
    nodes, numbers, operands = [root], {id(root): 0}, []
    for node in nodes:  # grows meanwhile
        own = in_order(node._prev)
        for operand in own:
            if id(operand) not in numbers:
                numbers[id(operand)] = len(nodes)
                nodes.append(operand)
        if len(nodes) > most:
            raise RuntimeError(f"the graph has more than {most} nodes, or no end")
        operands.append([numbers[id(operand)] for operand in own])
    return nodes, operands


def operands_first(operands: Sequence[Sequence[int]]) -> list[int]:
    """All nodes by position, each after its operands, the root last.

    Args:
        operands: the operands of each node, by position, the root first. In a cycle, one node
            comes before an operand of its own.
    """
    order: dict[int, None] = {}
    entered: set[int] = set()
    pending = [(number, False) for number in range(len(operands) - 1, -1, -1)]
    while pending:
        number, is_left = pending.pop()
        if is_left:
            order[number] = None
        elif number not in entered:
            entered.add(number)
            pending.append((number, True))
            pending += [(operand, False) for operand in reversed(operands[number])]
    return list(order)


def in_order(operands: Iterable[Any]) -> list[Any]:
    """The operands as a list; a set, which has no order, is sorted by what is shown of them."""
    found = list(operands)
    if isinstance(operands, (set, frozenset)):
        found.sort(key=lambda each: [text(getattr(each, name, "")) for name in _SHOWN])
    return found


def names_of(nodes: Sequence[Any], variables: Mapping[str, Any]) -> dict[int, str]:
    """Names for nodes, by their `id`: a node's label, else a variable that holds it.

    Args:
        nodes: the learner's.
        variables: objects by name; names that start with an underscore are ignored.
    """
    known = {id(node) for node in nodes}
    held = [(name, id(value)) for name, value in list(variables.items()) if id(value) in known]
    names = {number: name for name, number in reversed(held) if not name.startswith("_")}
    labels = [(id(node), text(getattr(node, "label", ""))) for node in nodes]
    return {**names, **{number: label for number, label in labels if label}}


def names(nodes: Iterable[Any]) -> str:
    """The names of the caller's variables that hold these nodes: `a, b, …`."""
    return _in_a_row(list(nodes), sys._getframe(1))


def below(root: Any) -> list[Any]:
    """All nodes reachable through `_prev`, the root first.

    Raises:
        RuntimeError: there are more than 20,000.
    """
    return nearest_first(root, _MOST_WATCHED)[0]


def calls(root: Any) -> str:
    """Call `root.backward()`; returns the names of the nodes whose `_backward` ran, in order.

    Raises:
        RuntimeError: the graph has more than 20,000 nodes.
        Exception: whatever the learner's code raises.
    """
    nodes, _ = nearest_first(root, _MOST_WATCHED)
    noted = Calls(nodes)
    try:
        for node in nodes:
            noted.watch(node)
        root.backward()
    finally:
        noted.take_back()
    return _in_a_row([nodes[number] for number in noted.calls], sys._getframe(1))


def _in_a_row(nodes: Sequence[Any], frame: Any) -> str:
    held = {id(node) for node in nodes}
    known: dict[int, str] = {}
    for name, value in [*frame.f_locals.items(), *frame.f_globals.items()]:
        if id(value) in held and not name.startswith("_"):
            known.setdefault(id(value), name)
    return listed([known.get(id(node), "…") for node in nodes])


def listed(names: Sequence[str]) -> str:
    """Names of nodes as an example prints them, at most the first 12."""
    more = ["…"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more]) or "none"


def by_hand(root: Any, order: Sequence[Any], upstream: float = 1.0) -> Callable[[], None]:
    """A function that sets the root's gradient, then calls the nodes' closures in this order."""

    def backward() -> None:
        root.grad = upstream
        for node in order:
            closure = getattr(node, "_backward", None)
            if closure is not None:
                closure()

    return backward


def plain(value: object) -> Plain:
    """A number as JSON can hold it, even of a subclass; None; or the name of any other type."""
    if value is None:
        return None
    try:
        number = float(value)  # type: ignore[arg-type]  # that is what we try
        if not isinstance(value, (str, bytes)):
            return number if math.isfinite(number) else str(number)
    except Exception:
        pass
    return f"<{type(value).__name__[:_LONGEST]}>"


def text(value: object) -> str:
    """The value as text of at most 40 characters; None is empty, and a failing `str` is "?"."""
    try:
        whole = "" if value is None else str(value)
    except Exception:
        return "?"
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"


def _zero(grad: Any) -> Any:
    """A zero of the same type, as an engine may depend on it."""
    try:
        return type(grad)(0)
    except Exception:
        return 0.0


def _put(node: Any, grad: Any) -> None:
    try:
        node.grad = grad
    except Exception:  # a learner's property may refuse
        return


def _on_class(cls: type, name: str) -> object:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), _ABSENT)
