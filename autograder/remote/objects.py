"""The learner's objects as a suite sees them: arithmetic, attributes and calls run over there.

Every object that a suite makes gets a short name, and what is done with it is noted as a line of
Python. When a number turns out wrong, those lines are the example that the learner can paste.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.expressions.overload import overload
from autograder.remote.errors import LearnerError, LearnerFault
from autograder.remote.transcript import Transcript, words
from autograder.remote.wrong_answer import Mismatch
from autograder.report import Counterexample, shown
from autograder.worker import protocol

if TYPE_CHECKING:
    from autograder.operators import Operator
    from autograder.remote.session import Session


IN_PLACE = ("iadd", "isub", "imul", "itruediv")
_LONGEST = 1_000_000
_LONGEST_NAME = 500  # of an object, in an example


class Link:
    """Where questions about remote objects go, and where what was done is noted."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.transcript = Transcript(frozenset(session.names))
        self.points: tuple[tuple[Any, ...], ...] = ()
        # what names that are not the learner's come from; `+=` has no other form with a value
        self.imports = {"math": "import math"}
        self.imports |= {name: f"from operator import {name}" for name in IN_PLACE}
        self.sources: dict[str, tuple[str, ...]] = {}  # lines of ours that define a name

    def show(self, source: str, names: Sequence[str]) -> None:
        """Let examples that use one of these names hold the source of ours that defines it."""
        self.sources.update(dict.fromkeys(names, tuple(source.strip().splitlines())))
        origins = {word: self._session.origin(word) for word in words(source)}
        self.imports.update({word: line for word, line in origins.items() if line is not None})

    def mismatch(
        self,
        message: str,
        yours: object = None,
        expected: object = None,
        look: str | None = None,
        after: str = "",
    ) -> Mismatch:
        """A finding about what was last looked at (or `look`); see `Learner.mismatch`."""
        text = look or self.transcript.last
        lines = self._pasted(text, after)
        if lines[-1:] != (text,):
            lines = (*lines, text)
        if isinstance(yours, Remote):
            yours = repr(yours)
        return Mismatch(message, Counterexample(lines, text, shown(yours), shown(expected)))

    def _pasted(self, text: str, after: str = "") -> tuple[str, ...]:
        """The lines that lead to `text` and to what `after` names, import first."""
        lines = self.transcript.reaching(f"{text} {after}")
        if lines and text.startswith(lines[-1]):  # what is asked again at the end
            lines = lines[:-1]
        seen = {word for line in (*lines, text) for word in words(line)}
        sources = [line for name, given in self.sources.items() if name in seen for line in given]
        seen.update(word for line in sources for word in words(line))
        names = sorted(seen & set(self._session.names) - {*self.imports, *self.sources})
        own = [f"from {self._session.imported_as} import {', '.join(names)}"]
        others = [line for name, line in self.imports.items() if name in seen]
        return (*others, *(own if names else ()), *sources, *lines)

    def ask(self, op: str, arguments: dict[str, Any], text: str) -> Any:
        try:
            return self._session.ask(op, arguments, text, self.wrap)
        except LearnerError as error:
            raise self.traced(error, text) from None

    def traced(self, error: LearnerError, text: str) -> LearnerError:
        """The same exception, with the lines that lead to `text`, where it was raised."""
        error.example, error.look = self._pasted(text), text
        return error

    def wrap(self, handle: protocol.Handle) -> Remote:
        known = self.transcript.names.get(handle.number)
        return Remote(self, handle, known or "…")

    def read(self, op: str, arguments: dict[str, Any], text: str) -> Any:
        """Ask for what makes no new object; an answer is called by the text that led to it."""
        self.transcript.last = text
        return self._named(self.ask(op, arguments, text), text)

    def _named(self, value: Any, text: str) -> Any:
        if len(text) > _LONGEST_NAME:  # keys of theirs are in it, and each item would repeat them
            text = "…"
        if isinstance(value, Remote):
            core = core_of(value)
            return value if core.text != "…" else Remote(self, core.handle, text)
        if isinstance(value, dict):
            return {
                key: self._named(item, f"{text}[{source_text(key)}]") for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            kind = type(value)
            source = f"list({text})" if kind is protocol.Bag else text
            return kind(self._named(item, f"{source}[{i}]") for i, item in enumerate(value))
        return value

    def iterate(self, target: _Core) -> list[Any]:
        """What iteration over an object gives; its items are called by a list that keeps them."""
        text, uses = f"list({target.text})", frozenset({target.text})
        self.transcript.last = text
        items = self.ask("iterate", {"target": protocol.encode(target.handle)}, text)
        if type(items) is not list:
            raise self._session.tampered("no list of items")
        kept: list[Any] = self._kept(items, text, uses)
        return kept

    def _kept(self, answer: Any, text: str, uses: frozenset[str]) -> Any:
        """The answer of a line that is not asked again: objects in it are called by its name."""
        if not _holds_remote(answer):
            self.transcript.effect(text, uses)
            return answer
        if isinstance(answer, protocol.Bag):
            items = self._kept(list(answer), f"list({text})", uses)
            return protocol.Bag(items)
        return self._named(answer, self.transcript.define(None, text, uses))

    def make(self, op: str, arguments: dict[str, Any], text: str, used: str) -> Any:
        """Ask for what may make an object; note the line and name the object.

        `used` is source text: the names of ours in it are what the line depends on.
        """
        uses = self._named_in(used)
        self.transcript.last = text
        answer = self.ask(op, arguments, text)
        if op == "call":
            if type(answer) is not tuple or list(map(type, answer[1:])) != [list]:
                raise self._session.tampered("not that of a call")
            answer, points = answer
            self.points = tuple(tuple(point) for point in points if type(point) is list)
        if isinstance(answer, Remote):
            handle = core_of(answer).handle
            return Remote(self, handle, self.transcript.define(handle, text, uses))
        return self._kept(answer, text, uses)

    def _named_in(self, text: str) -> frozenset[str]:
        """The names of ours that occur in a text."""
        return frozenset(words(text)) & set(self.transcript.names.values())

    def read_each(self, targets: Sequence[Remote], name: str) -> list[Any]:
        """The same attribute of many objects, in one message."""
        handles = [protocol.encode(core_of(target).handle) for target in targets]
        text = f"[p.{name} for p in {source_text(list(targets))}]"
        answers = self.ask("getattrs", {"targets": handles, "name": name}, text)
        if type(answers) is not list or len(answers) != len(targets):
            raise self._session.tampered("not one for each object")
        return [
            self._named(answer, f"{core_of(target).text}.{name}")
            for answer, target in zip(answers, targets, strict=True)
        ]

    def set_each(
        self,
        targets: Sequence[Remote],
        name: str,
        values: Sequence[object],
        lines: Sequence[str] = (),
    ) -> None:
        """Give the same attribute of many objects its values, in one message; note `lines`."""
        cores = [core_of(target) for target in targets]
        arguments = {
            "targets": [protocol.encode(core.handle) for core in cores],
            "name": name,
            "values": [_encoded(value) for value in values],
        }
        pairs = zip(cores, values, strict=True)
        lines = lines or [f"{core.text}.{name} = {source_text(value)}" for core, value in pairs]
        self.ask("setattrs", arguments, lines[-1] if lines else name)
        uses = self._named_in(" ".join(core.text for core in cores))
        for line in lines:
            self.transcript.effect(line, uses)

    def keep(self, value: list[object] | tuple[object, ...]) -> Any:
        """A list or tuple that stays over there."""
        text = source_text(value)
        return self.make("keep", {"value": _encoded(value)}, text, text)

    def apply(self, op: Operator, *operands: object) -> Any:
        """What an operator of the course gives."""
        return self.operate(op.name, op.written(*map(source_text, operands)), *operands)

    def operate(self, name: str, text: str, *operands: object) -> Any:
        """What one of Python's operators gives; a Value, or it is a finding."""
        arguments = {"name": name, "args": [_encoded(operand) for operand in operands]}
        answer = self.make("operator", arguments, text, text)
        if not isinstance(answer, Remote):
            what = "None (is a `return` missing?)" if answer is None else repr(answer)
            raise self.mismatch(
                f"{text} should be a Value, yours is {what}.", answer, "a Value", text
            )
        return answer

    def set(self, target: _Core, name: str, value: object) -> None:
        arguments = {
            "target": protocol.encode(target.handle),
            "name": name,
            "value": _encoded(value),
        }
        text = f"{target.text}.{name} = {source_text(value)}"
        self.ask("setattr", arguments, text)
        self.transcript.effect(text, self._named_in(text))


class _Core(msgspec.Struct, frozen=True):
    """What a remote object is, out of reach of its own attribute look-up."""

    link: Link
    handle: protocol.Handle
    text: str


class Member:
    """A name of the learner's module: a class or a function to call, or to pass on."""

    def __init__(self, link: Link, name: str) -> None:
        self._link, self._name = link, name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        arguments = {"target": protocol.encode(protocol.Name(self._name)), "name": name}
        return self._link.read("getattr", arguments, f"{self._name}.{name}")

    def __call__(self, *args: object, **kwargs: object) -> Any:
        target = protocol.encode(protocol.Name(self._name))
        answer = _call(self._link, target, self._name, args, kwargs)
        if self._name[0].isupper() and not isinstance(answer, Remote):
            # a suite would go on with it here: a text times a number can be all memory there is
            message = f"`{self._name}` is called to make an object, and it gave a plain answer."
            raise self._link.mismatch(message, answer, f"a {self._name}")
        return answer


def _call(
    link: Link, target: object, text: str, args: tuple[object, ...], kwargs: dict[str, object]
) -> Any:
    shown_args = [source_text(arg) for arg in args]
    shown_args += [f"{name}={source_text(value)}" for name, value in kwargs.items()]
    arguments = {
        "target": target,
        "args": [_encoded(arg) for arg in args],
        "kwargs": [[name, _encoded(value)] for name, value in kwargs.items()],
    }
    called = f"{text}({', '.join(shown_args)})"
    return link.make("call", arguments, called, called)


def _in_place(name: str) -> Callable[[Any, object], Any]:
    """Python's `+=` and the like, in the form that has a value."""

    def operate(remote: Remote, other: object) -> Any:
        text = f"{name}({source_text(remote)}, {source_text(other)})"
        return core_of(remote).link.operate(name, text, remote, other)

    return operate


class Remote:
    """An object of the learner's. It never delegates ==, <, bool, hash or `in`."""

    __slots__ = ("__core",)

    def __init__(self, link: Link, handle: protocol.Handle, text: str) -> None:
        object.__setattr__(self, "_Remote__core", _Core(link, handle, text))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        core = core_of(self)
        arguments = {"target": protocol.encode(core.handle), "name": name}
        return core.link.read("getattr", arguments, f"{core.text}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        core = core_of(self)
        core.link.set(core, name, value)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        core = core_of(self)
        return _call(core.link, protocol.encode(core.handle), core.text, args, kwargs)

    def __len__(self) -> int:
        core = core_of(self)
        arguments = {"target": protocol.encode(core.handle)}
        try:
            length = core.link.read("len", arguments, f"len({core.text})")
        except LearnerError as error:
            raise _NoLength(error) from None
        if type(length) is not int or not 0 <= length <= _LONGEST:  # list() makes room for it
            raise core.link.mismatch("That cannot be a length.", length, "a length")
        return length

    def __iter__(self) -> Iterator[Any]:
        core = core_of(self)
        return iter(core.link.iterate(core))

    def __getitem__(self, key: object) -> Any:
        core = core_of(self)
        arguments = {"name": "getitem", "args": [_encoded(self), _encoded(key)]}
        return core.link.read("operator", arguments, f"{core.text}[{source_text(key)}]")

    def __repr__(self) -> str:
        core = core_of(self)
        arguments = {"target": protocol.encode(core.handle)}
        try:
            text = core.link.ask("repr", arguments, f"repr({core.text})")
        except LearnerFault:
            text = None
        name = f"<{core.handle.type_name}>"
        return protocol.without_addresses(text) if type(text) is str else name

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote):
            mine, theirs = core_of(self), core_of(other)
            return mine.link is theirs.link and mine.handle.number == theirs.handle.number
        raise self._refusal(f"compared with {repr(other)[:80]}")

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((Remote, core_of(self).handle.number))

    def __bool__(self) -> bool:
        raise self._refusal("used as true or false")

    def __lt__(self, other: object) -> bool:
        raise self._refusal("put in order")

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, item: object) -> bool:
        raise self._refusal("searched")

    def _refusal(self, what: str) -> Mismatch:
        core = core_of(self)
        name = core.handle.type_name
        return core.link.mismatch(
            f"{core.text} is a {name}, which cannot be {what}: a plain number, text or list was "
            "expected there.",
            f"a {name}",
            "a plain answer",
            core.text,
        )

    __iadd__ = _in_place("iadd")
    __isub__ = _in_place("isub")
    __imul__ = _in_place("imul")
    __itruediv__ = _in_place("itruediv")


class _NoLength(LearnerError, TypeError):
    """The same exception, of the kind after which `list` goes on without a length."""

    def __init__(self, error: LearnerError) -> None:
        LearnerError.__init__(
            self, error.type_name, error.message, error.lines, error.example, error.look
        )


def core_of(remote: Remote) -> _Core:
    """The remote object's inner side, for code of ours."""
    core: _Core = object.__getattribute__(remote, "_Remote__core")
    return core


overload(Remote, lambda remote, op, *operands: core_of(remote).link.apply(op, *operands))


def source_text(value: object) -> str:
    """The value as Python source that a learner can paste."""
    if isinstance(value, Remote):
        return core_of(value).text
    if isinstance(value, Member):
        return value._name  # noqa: SLF001  other names are the learner's
    if isinstance(value, protocol.Function):
        return value.text
    if isinstance(value, protocol.EngineSource):
        return "Value"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(source_text(item) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        pairs = (f"{source_text(key)}: {source_text(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    return repr(value)


def _holds_remote(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_remote, (*value, *value.values())))
    if isinstance(value, (list, tuple)):
        return any(map(_holds_remote, value))
    return isinstance(value, Remote)


def _encoded(value: object) -> object:
    return protocol.encode(_crossing(value))


def _crossing(value: object) -> object:
    """The value with remote objects and names in it replaced by what the protocol knows."""
    if isinstance(value, Remote):
        return core_of(value).handle
    if isinstance(value, Member):
        return protocol.Name(value._name)  # noqa: SLF001  as above
    if isinstance(value, (list, tuple)):
        return type(value)(_crossing(item) for item in value)
    if isinstance(value, dict):
        return {_crossing(key): _crossing(item) for key, item in value.items()}
    if isinstance(value, protocol.Function):
        captured = tuple((name, _crossing(item)) for name, item in value.captured)
        return protocol.Function(value.parameters, captured, value.steps, value.result, value.text)
    return value
