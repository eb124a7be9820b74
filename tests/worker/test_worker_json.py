"""The worker reads and writes JSON with the C parts of `json` alone: the same as all of it does."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox import interpreter
from autograder.worker import worker

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_it_writes_what_json_writes(data: Any) -> None:
    assert worker._dumps(data) == json.dumps(data, separators=(",", ":"), ensure_ascii=False)


@given(DATA.map(lambda data: json.dumps(data, separators=(",", ":"))))
def test_it_reads_what_json_reads(text: str) -> None:
    assert repr(worker._loads(text)) == repr(json.loads(text))


def test_it_refuses_what_is_no_plain_data() -> None:
    with pytest.raises(TypeError, match="object is no plain data"):
        worker._dumps({"value": object()})


def imported(*command: str, program: bytes = b"") -> set[str]:
    """What a command imports before it ends."""
    said = subprocess.run(command, input=program, capture_output=True, check=False).stderr
    lines = [line for line in said.decode().splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_it_starts_without_what_takes_long_to_import() -> None:
    """Each takes milliseconds from every submission; the whole worker starts in about ten."""
    python = (*interpreter.command(), "-X", "importtime")
    run = "import marshal, os, sys\ntry: exec(marshal.loads(sys.stdin.buffer.read()))\n"
    run += "except IndexError: pass"  # it misses its arguments; to show that takes imports as well
    before = imported(*python, "-c", "import marshal, os, sys")
    loaded = imported(*python, "-c", run, program=interpreter.program())

    assert {"_json", "operator"} <= loaded  # it got that far
    assert loaded - before <= {
        "__future__",
        "_json",
        "_operator",
        "_struct",
        "math",
        "operator",
        "struct",
        "types",
    }
