"""Messages between grader and worker: framed JSON, none of it trusted.

A frame is a length in four bytes, big-endian, and that many bytes of UTF-8 JSON. A request carries
an id and the seconds it may take; a reply carries the id and either a value or an error.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import msgspec

from autograder.worker.worker import (
    HEADER,
    MAX_CONTAINERS,
    MAX_DEPTH,
    MAX_FRAME,
    MAX_INT_BITS,
    MAX_ITEMS,
    MAX_KEY_BITS,
    MAX_PAIRS,
    MAX_TEXT,
    containers,
)

MAX_DIGITS = math.ceil(MAX_INT_BITS * math.log10(2)) + 1
_NESTING = MAX_DEPTH + 3  # an answer to a call wraps the arguments of functions in three lists
_ADDRESS = r"\bat 0x[0-9a-fA-F]+"


class ProtocolError(Exception):
    """A message that no honest worker sends."""


class Handle(msgspec.Struct, frozen=True):
    """An object that stays in the worker.

    Attributes:
        number: its number there.
        type_name: the name of its type, at most 200 characters.
        callable: whether it can be called.
    """

    number: int
    type_name: str
    callable: bool


class Name(msgspec.Struct, frozen=True):
    """A name defined by the learner's module, used as an argument."""

    name: str


class Function(msgspec.Struct, frozen=True):
    """A function sent as an expression; see `worker.Worker.function`.

    Attributes:
        parameters: its parameters' names.
        captured: further names and their values.
        steps: name, operator and operands of each step.
        result: the name of the step whose value it returns.
        text: the function as Python source, for people; it is not sent.
    """

    parameters: tuple[str, ...]
    captured: tuple[tuple[str, object], ...]
    steps: tuple[tuple[str, str, tuple[str | float, ...]], ...]
    result: str
    text: str = "f"


class EngineSource(msgspec.Struct, frozen=True):
    """The source of a module that defines `Value`; the learner's code receives that class."""

    source: str


def frame(message: dict[str, Any]) -> bytes:
    """The message as bytes to send: its length in bytes, then its JSON."""
    data = _ENCODER.encode(message).encode()
    return HEADER.pack(len(data)) + data


def split_frame(buffer: bytes | bytearray) -> tuple[bytes, bytes] | None:
    """The first frame's content and the bytes after it; None while the frame is incomplete.

    Raises:
        ProtocolError: the frame announces more than `MAX_FRAME` bytes.
    """
    if len(buffer) < HEADER.size:
        return None
    (size,) = HEADER.unpack_from(buffer)
    if size > MAX_FRAME:
        raise ProtocolError(f"a message of {size:,} bytes")
    end = HEADER.size + size
    return (bytes(buffer[HEADER.size : end]), bytes(buffer[end:])) if len(buffer) >= end else None


def parse(content: bytes) -> dict[str, Any]:
    """A frame's content as a JSON object.

    Raises:
        ProtocolError: it is not a JSON object, or exceeds our limits.
    """
    if containers(content) > MAX_CONTAINERS:
        raise ProtocolError("more lists than a message may hold")
    try:
        text = content.decode()
        message = _DECODER.decode(text)
        if "\\u" in text:  # half a surrogate pair can be neither printed nor stored
            json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not a message: {type(error).__name__}") from None
    if type(message) is not dict:
        raise ProtocolError("not a message: no object")
    return message


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS + 1 or (number := int(digits)).bit_length() > MAX_INT_BITS:
        raise ValueError("too many digits")
    return number


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse)


def encode(value: object) -> object:
    """An argument in the form that the worker decodes.

    Args:
        value: None, bool, int, float, str, a list, tuple, set or dict of these, or a `Handle`,
            `Name`, `EngineSource` or `Function`.

    Raises:
        TypeError: it is, or holds, anything else.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, (list, tuple, set)):
        kind = next(kind.__name__ for kind in (list, tuple, set) if isinstance(value, kind))
        return {kind: [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, Handle):
        return {"handle": value.number}
    if isinstance(value, Name):
        return {"name": value.name}
    if isinstance(value, EngineSource):
        return {"engine": value.source}
    if isinstance(value, Function):
        return {
            "function": {
                "parameters": value.parameters,
                "captured": [[name, encode(item)] for name, item in value.captured],
                "steps": value.steps,
                "result": value.result,
            }
        }
    raise TypeError(f"a {type(value).__name__} cannot cross to the learner's process")


def decode(data: object, wrap: Callable[[Handle], object], depth: int = 0) -> Any:
    """A value from the worker as plain data of exact types.

    Args:
        data: the JSON that it sent.
        wrap: converts each handle.
        depth: how many collections it is nested in.

    Returns:
        None, bool, int, float, str, list, tuple, dict, what `wrap` returns, or, for a set, a
        `Bag`: its order means nothing and its items may not be hashable.

    Raises:
        ProtocolError: it does not have the form of a value, or exceeds our limits.
    """
    if data is None or type(data) in (bool, int) or (type(data) is float and math.isfinite(data)):
        return data
    if type(data) is str:
        if len(data) > MAX_TEXT:
            raise ProtocolError(f"a text of {len(data):,} characters")
        return data
    if type(data) is not dict or depth > _NESTING:
        raise ProtocolError("not a value")
    if "handle" in data:
        return wrap(_handle(data))
    if len(data) != 1:
        raise ProtocolError("not a value")
    ((kind, content),) = data.items()
    if kind == "float" and content in ("nan", "inf", "-inf"):
        return float(content)
    if kind not in _COLLECTIONS or type(content) is not list or len(content) > MAX_ITEMS:
        raise ProtocolError("not a value")
    if kind == "dict":
        return _dictionary(content, wrap, depth)
    return _COLLECTIONS[kind](decode(item, wrap, depth + 1) for item in content)


class Bag(list[Any]):
    """The items of a set in the learner's process, in arbitrary order."""

    def __repr__(self) -> str:
        return f"{{{', '.join(sorted(map(repr, self)))}}}" if self else "set()"


_COLLECTIONS: dict[str, Callable[..., Any]] = {
    "list": list,
    "tuple": tuple,
    "set": Bag,
    "dict": dict,
}


def without_addresses(text: str) -> str:
    """The text with memory addresses such as `at 0x7f3a…` replaced by `at 0x…`."""
    return re.sub(_ADDRESS, "at 0x…", text) if "at 0x" in text else text


def _handle(data: dict[str, Any]) -> Handle:
    number, type_name, is_callable = data.get("handle"), data.get("type"), data.get("callable")
    if type(number) is not int or type(type_name) is not str or type(is_callable) is not bool:
        raise ProtocolError("not a handle")
    if not 0 <= number < 2**MAX_KEY_BITS:
        raise ProtocolError("not a handle")
    return Handle(number, type_name[:200], is_callable)


def _dictionary(content: list[Any], wrap: Callable[[Handle], object], depth: int) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    if len(content) > MAX_PAIRS:
        raise ProtocolError("a dictionary too large")
    for pair in content:
        if type(pair) is not list or len(pair) != 2:
            raise ProtocolError("not a dictionary")
        key, value = (decode(item, wrap, depth + 1) for item in pair)
        if type(key) is int and key.bit_length() > MAX_KEY_BITS:
            raise ProtocolError("a key too large")
        try:
            result[key] = value
        except TypeError:
            raise ProtocolError("not a dictionary") from None
    return result
