"""The learner's objects as a suite sees them: operators, attributes and calls run in the worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.expressions.overload import overload
from autograder.remote.errors import LearnerError, LearnerFault
from autograder.worker import protocol

if TYPE_CHECKING:
    from autograder.remote.link import Link
    from autograder.remote.wrong_answer import Mismatch

_LONGEST = 1_000_000


class Core(msgspec.Struct, frozen=True):
    """A remote object's own data, kept out of reach of its attribute look-up."""

    link: Link
    handle: protocol.Handle
    text: str


class Member:
    """A name of the learner's module: a class or function to call or to pass as an argument."""

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
            # a suite would compute with it here: a str times an int can fill all memory
            message = f"`{self._name}` should create an object, but it returned a plain value."
            raise self._link.mismatch(message, answer, f"a {self._name}")
        return answer


def _call(
    link: Link, target: object, text: str, args: tuple[object, ...], kwargs: dict[str, object]
) -> Any:
    shown_args = [source_text(arg) for arg in args]
    shown_args += [f"{name}={source_text(value)}" for name, value in kwargs.items()]
    arguments = {
        "target": target,
        "args": [encoded(arg) for arg in args],
        "kwargs": [[name, encoded(value)] for name, value in kwargs.items()],
    }
    called = f"{text}({', '.join(shown_args)})"
    return link.make("call", arguments, called, called)


def _in_place(name: str) -> Callable[[Any, object], Any]:
    """`+=` and the like, as functions that return a value."""

    def operate(remote: Remote, other: object) -> Any:
        text = f"{name}({source_text(remote)}, {source_text(other)})"
        return core_of(remote).link.operate(name, text, remote, other)

    return operate


class Remote:
    """An object of the learner's. ==, <, bool, hash and `in` never reach their code."""

    __slots__ = ("__core",)

    def __init__(self, link: Link, handle: protocol.Handle, text: str) -> None:
        object.__setattr__(self, "_Remote__core", Core(link, handle, text))

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
        if type(length) is not int or not 0 <= length <= _LONGEST:  # list() allocates that much
            raise core.link.mismatch("That can't be a length.", length, "a length")
        return length

    def __iter__(self) -> Iterator[Any]:
        core = core_of(self)
        return iter(core.link.iterate(core))

    def __getitem__(self, key: object) -> Any:
        core = core_of(self)
        arguments = {"name": "getitem", "args": [encoded(self), encoded(key)]}
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
            name,
            "a plain answer",
            f"type({core.text}).__name__",
        )

    __iadd__ = _in_place("iadd")
    __isub__ = _in_place("isub")
    __imul__ = _in_place("imul")
    __itruediv__ = _in_place("itruediv")


class _NoLength(LearnerError, TypeError):
    """The same exception as a TypeError, after which `list` does without a length."""

    def __init__(self, error: LearnerError) -> None:
        LearnerError.__init__(
            self, error.type_name, error.message, error.lines, error.example, error.look
        )


def core_of(remote: Remote) -> Core:
    """The remote object's own data, for our code."""
    core: Core = object.__getattribute__(remote, "_Remote__core")
    return core


overload(Remote, lambda remote, op, *operands: core_of(remote).link.apply(op, *operands))


def source_text(value: object) -> str:
    """The value as Python source that a learner can paste."""
    if isinstance(value, Remote):
        return core_of(value).text
    if isinstance(value, Member):
        return value._name  # noqa: SLF001  public names are the learner's
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


def holds_remote(value: object) -> bool:
    """Whether the value is, or contains, an object of the learner's."""
    if isinstance(value, dict):
        return any(map(holds_remote, (*value, *value.values())))
    if isinstance(value, (list, tuple)):
        return any(map(holds_remote, value))
    return isinstance(value, Remote)


def encoded(value: object) -> object:
    """The value as sent to the worker; raises TypeError for what cannot be sent."""
    return protocol.encode(_crossing(value))


def _crossing(value: object) -> object:
    """The value with its remote objects and names converted to the protocol's types."""
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
        return msgspec.structs.replace(value, captured=captured)
    return value
