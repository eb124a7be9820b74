"""Whatever bytes come, they are a value of exact types or our own error."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.worker import protocol
from autograder.worker.protocol import Bag, EngineSource, Function, Handle, Name, ProtocolError
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
    Worker,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.none() | st.booleans() | st.integers(-(2**MAX_INT_BITS) + 1, 2**MAX_INT_BITS - 1) | TEXTS
NUMBERS = st.floats(allow_nan=False)
KEYS = (
    st.none()
    | st.booleans()
    | TEXTS
    | NUMBERS
    | st.integers(-(2**MAX_KEY_BITS) + 1, 2**MAX_KEY_BITS - 1)
)
VALUES = st.recursive(
    PLAIN | NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
JSON = st.recursive(
    PLAIN | NUMBERS.filter(math.isfinite),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["list", "tuple", "set", "dict", "float", "handle", "type", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


def over(value: object) -> Any:
    """The value from the worker's side to ours, by every step between."""
    worker = Worker(-1, -1)
    content = json.dumps({"value": worker.encode(value)}, ensure_ascii=False)
    return protocol.decode(protocol.parse(content.encode("utf-8", "replace"))["value"], repr)


def exactly(value: object) -> bool:
    """Whether it is made of the types that a suite may meet, and of no subclass of them."""
    if isinstance(value, dict):
        return type(value) is dict and all(map(exactly, (*value, *value.values())))
    if isinstance(value, (list, tuple)):
        return type(value) in (list, tuple, Bag) and all(map(exactly, value))
    return value is None or type(value) in (bool, int, float, str, Handle)


# --- the worker's values, here --------------------------------------------------------------


@given(VALUES)
def test_what_the_worker_sends_arrives_with_its_type(value: object) -> None:
    arrived = over(value)

    assert arrived == value
    assert repr(arrived) == repr(value)


@pytest.mark.parametrize("number", [math.inf, -math.inf, 1e308, 5e-324, -0.0])
def test_extreme_numbers_travel_as_values(number: float) -> None:
    assert repr(over(number)) == repr(number)


def test_nan_travels_as_a_value() -> None:
    assert math.isnan(over(math.nan))
    assert math.isnan(over([{"a": math.nan}])[0]["a"])


@pytest.mark.parametrize("kind", [set, frozenset])
def test_a_set_arrives_as_a_bag_whose_text_has_an_order(kind: type) -> None:
    bag = over(kind(["b", "a", "c"]))

    assert type(bag) is Bag
    assert sorted(bag) == ["a", "b", "c"]
    assert repr(bag) == "{'a', 'b', 'c'}"
    assert repr(over(kind())) == "set()"


def test_numbers_that_no_float_holds_stay_over_there() -> None:
    assert over(2**MAX_INT_BITS - 1) == 2**MAX_INT_BITS - 1
    assert "int" in over(2**MAX_INT_BITS)
    assert "int" in over(-(10**5000))


def test_objects_of_no_plain_kind_become_handles_one_for_each_object() -> None:
    one, other = object(), object()

    first, second, third = over([one, other, one])

    assert first == third != second


def test_collections_within_collections_have_an_end() -> None:
    deep: list[Any] = []
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]

    assert over(deep) == deep
    with pytest.raises(ValueError, match="too large to look at"):
        over([deep])
    deep.append(deep)
    with pytest.raises(ValueError, match="too large to look at"):
        over(deep)


def test_collections_have_a_size() -> None:
    assert len(over([0] * MAX_ITEMS)) == MAX_ITEMS
    with pytest.raises(ValueError, match="too large to look at"):
        over([0] * (MAX_ITEMS + 1))


def test_dictionaries_are_small_and_so_are_their_keys() -> None:
    assert len(over(dict.fromkeys(range(MAX_PAIRS)))) == MAX_PAIRS
    assert over({2**MAX_KEY_BITS - 1: 1}) == {2**MAX_KEY_BITS - 1: 1}
    for large in (dict.fromkeys(range(MAX_PAIRS + 1)), {2**MAX_KEY_BITS: 1}):
        with pytest.raises(ValueError, match="too large to look at"):
            over(large)


def test_text_is_cut_and_half_a_character_is_replaced() -> None:
    assert over("x" * (MAX_TEXT + 1)) == "x" * MAX_TEXT
    assert over("\ud800 é \U0001f600") == "? é \U0001f600"


# --- any bytes -----------------------------------------------------------------------------


@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_refused(content: bytes) -> None:
    try:
        message = protocol.parse(content)
    except ProtocolError:
        return
    assert type(message) is dict


@given(JSON)
def test_any_json_is_a_value_or_refused(data: Any) -> None:
    try:
        value = protocol.decode(data, lambda handle: handle)
    except ProtocolError:
        return
    assert exactly(value)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_incomplete_or_refused(stream: bytes) -> None:
    try:
        split = protocol.split_frame(stream)
    except ProtocolError:
        assert HEADER.unpack_from(stream)[0] > MAX_FRAME
        return
    if split is not None:
        content, rest = split
        assert HEADER.pack(len(content)) + content + rest == stream


@given(st.lists(st.dictionaries(TEXTS, VALUES, max_size=2), max_size=3))
def test_frames_come_apart_where_they_were_joined(messages: list[dict[str, Any]]) -> None:
    contents = [json.dumps(message, default=list).encode() for message in messages if message]
    stream = b"".join(HEADER.pack(len(content)) + content for content in contents)

    found = []
    while (split := protocol.split_frame(stream)) is not None:
        content, stream = split
        found.append(content)

    assert found == contents
    assert stream == b""


def test_a_frame_is_whole_only_with_its_last_byte() -> None:
    data = protocol.frame({"a": 1})

    assert [protocol.split_frame(data[:size]) for size in range(len(data))] == [None] * len(data)
    assert protocol.split_frame(data + b"rest") == (b'{"a":1}', b"rest")


def test_a_frame_announces_no_more_than_we_would_read() -> None:
    assert protocol.split_frame(HEADER.pack(MAX_FRAME)) is None
    with pytest.raises(ProtocolError, match="message of 4,194,305 bytes"):
        protocol.split_frame(HEADER.pack(MAX_FRAME + 1))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[1]", id="no object"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": 1' + b"0" * 309 + b"}", id="too many digits"),
        pytest.param(b'{"a": 1' + b"0" * 5000 + b"}", id="more digits than int reads"),
        pytest.param(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deep"),
        pytest.param(b'{"a": ' + b'{"a":' * 100_000, id="deep and cut off"),
        pytest.param(b'{"a": [' + b"[]," * MAX_CONTAINERS + b"[]]}", id="many lists"),
        pytest.param(b'{"a": "\\ud800"}', id="half a character"),
        pytest.param(b'{"\\udfff": 1}', id="half a character in a key"),
        pytest.param('{"a": "\ud800"}'.encode("utf-8", "surrogatepass"), id="the same, raw"),
        pytest.param(b'{"a": "\xff"}', id="no UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param('\ufeff{"a": 1}'.encode(), id="a byte order mark"),
    ],
)
def test_what_is_no_message(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        protocol.parse(content)


def test_escapes_that_are_text_are_read() -> None:
    content = rb'{"a": "\u0000 \ud83d\ude00 \\ud800"}'

    assert protocol.parse(content) == {"a": "\x00 \U0001f600 \\ud800"}


def test_the_longest_number_that_the_worker_sends_is_read() -> None:
    content = json.dumps({"a": -(2**MAX_INT_BITS) + 1}).encode()

    assert protocol.parse(content) == {"a": -(2**MAX_INT_BITS) + 1}


IDENTITY = {"parameters": ["x"], "captured": [], "steps": [], "result": "x"}


def nested(depth: int, kind: str = "list") -> object:
    data: object = 1
    for _ in range(depth):
        data = {kind: [data if kind == "list" else [1, data]]}
    return data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(1e400, id="a number that JSON cannot write"),
        pytest.param([1], id="a bare list"),
        pytest.param({}, id="no kind"),
        pytest.param({"list": [1], "tuple": [1]}, id="two kinds"),
        pytest.param({"bytes": [1]}, id="an unknown kind"),
        pytest.param({"list": 1}, id="a list that is none"),
        pytest.param({"list": "text"}, id="a list that is text"),
        pytest.param({"list": [None] * (MAX_ITEMS + 1)}, id="too long"),
        pytest.param({"float": "1.5"}, id="a float that needs no words"),
        pytest.param({"float": ["nan"]}, id="a float in a list"),
        pytest.param({"dict": [1]}, id="no pairs"),
        pytest.param({"dict": [[1]]}, id="half a pair"),
        pytest.param({"dict": [[{"list": []}, 1]]}, id="a key that is a list"),
        pytest.param({"dict": [[{"tuple": [{"list": []}]}, 1]]}, id="a key with a list in it"),
        pytest.param({"dict": [[n, 1] for n in range(MAX_PAIRS + 1)]}, id="many pairs"),
        pytest.param({"dict": [[2**MAX_KEY_BITS, 1]]}, id="a large key"),
        pytest.param({"handle": 1}, id="a handle without a type"),
        pytest.param({"handle": -1, "type": "X", "callable": True}, id="a handle below zero"),
        pytest.param(
            {"handle": 2**MAX_KEY_BITS, "type": "X", "callable": True}, id="a large handle"
        ),
        pytest.param({"handle": True, "type": "X", "callable": False}, id="a handle that is true"),
        pytest.param({"handle": 1.0, "type": "X", "callable": False}, id="a broken handle"),
        pytest.param({"handle": 1, "type": 2, "callable": False}, id="a type that is none"),
        pytest.param({"handle": 1, "type": "X", "callable": 1}, id="perhaps callable"),
        pytest.param("x" * (MAX_TEXT + 1), id="a long text"),
        pytest.param(nested(100), id="deep"),
        pytest.param(nested(100, "dict"), id="deep in dictionaries"),
    ],
)
def test_what_is_no_value(data: object) -> None:
    with pytest.raises(ProtocolError):
        protocol.decode(data, lambda handle: handle)


def test_handles_go_through_the_wrap_wherever_they_stand() -> None:
    handle = {"handle": 3, "type": "V" * 300, "callable": False}

    value = protocol.decode(
        {"dict": [["a", {"tuple": [handle, {"set": [handle]}]}]]}, lambda h: h.number
    )

    assert value == {"a": (3, Bag([3]))}
    assert protocol.decode(handle, lambda h: len(h.type_name)) == 200


@given(st.integers(0, 2**MAX_KEY_BITS - 1))
def test_an_object_is_found_by_its_number_however_many_there_are(number: int) -> None:
    handle = {"handle": number, "type": "Value", "callable": False}

    assert protocol.decode(handle, lambda h: h.number) == number


def test_the_deepest_answer_that_the_worker_gives_is_read_and_no_deeper_one() -> None:
    deep: Any = object()
    for _ in range(MAX_DEPTH):
        deep = [deep]
    worker = Worker(-1, -1)
    answer = worker.do_call({"function": IDENTITY}, [deep], [])

    value, ((argument,),) = protocol.decode(answer, lambda _: "object")

    assert value == argument
    with pytest.raises(ProtocolError):
        protocol.decode({"list": [answer]}, lambda _: "object")


# --- our values, there ----------------------------------------------------------------------


@given(VALUES)
def test_arguments_arrive_as_they_were(value: object) -> None:
    worker = Worker(-1, -1)
    message = protocol.frame({"value": protocol.encode(value)})[HEADER.size :]

    arrived = worker.decode(json.loads(message)["value"])

    assert arrived == value


def test_special_numbers_and_sets_cross() -> None:
    worker = Worker(-1, -1)
    sent = [math.inf, -math.inf, {1, 2}, (1,)]

    message = json.loads(json.dumps(protocol.encode(sent), allow_nan=False))

    assert worker.decode(message) == sent
    assert math.isnan(worker.decode(protocol.encode(math.nan)))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_nothing_is_sent_that_is_not_json(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        protocol.frame({"value": number})


def test_what_crosses_by_name_by_number_and_as_source() -> None:
    function = Function(
        ("x",), (("k", Handle(4, "Value", callable=False)),), (), "x", "lambda x: x"
    )

    assert protocol.encode(Name("Value")) == {"name": "Value"}
    assert protocol.encode(Handle(7, "Value", callable=False)) == {"handle": 7}
    assert protocol.encode(EngineSource("class Value: ...")) == {"engine": "class Value: ..."}
    assert protocol.encode(function) == {
        "function": {
            "parameters": ("x",),
            "captured": [["k", {"handle": 4}]],
            "steps": (),
            "result": "x",
        }
    }


@pytest.mark.parametrize("value", [object(), b"bytes", 1j, print, [object()], {"a": {1: range(2)}}])
def test_what_cannot_cross_is_our_mistake(value: object) -> None:
    with pytest.raises(TypeError, match="cannot cross to the learner's process"):
        protocol.encode(value)


@given(TEXTS)
def test_text_without_addresses_is_left_alone(text: str) -> None:
    if "at 0x" not in text:
        assert protocol.without_addresses(text) == text


def test_addresses_are_the_same_in_every_run() -> None:
    text = f"{object()!r} and hex(255) is 0xff"

    assert protocol.without_addresses(text) == "<object object at 0x…> and hex(255) is 0xff"
