"""Any bytes at all are a submission, or refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.submission.read import Submission, Ungradable, read
from tests.submission.test_read import ASSIGNMENT, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def holds_together(submission: Submission, content: bytes) -> None:
    """Whatever was read can run, be shown and be stored."""
    (source,) = submission.sources
    assert source.blocks
    for block in source.blocks:
        assert len(block.text.split("\n")) >= len(block.shown.split("\n"))
        block.text.encode()  # raises where it cannot be sent
        assert "\x00" not in submission.name + submission.sha256
        for number in range(len(block.shown.split("\n")) + 2):
            source.line(block.where, number)
    assert len(source.text) <= len(content) + 1


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
@example(b"\xef\xbb\xbf")
@example(b"\r")
@example(b"\x0c\r\x0b")
def test_any_bytes_as_a_script_are_a_submission_or_refused(folder: Path, content: bytes) -> None:
    path = write(folder, content)
    try:
        submission = read(ASSIGNMENT, path)
    except Ungradable as error:
        assert str(error)
        return
    holds_together(submission, content)


JSON_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(JSON_TEXT, inner, max_size=3),
    max_leaves=6,
)
LINE = st.sampled_from(["x = 1\n", "%time x\n", "!ls\n", "x?\n", "%%bash\n", "\r\n", "\x0c\n", "y"])
CELLS = ANY_JSON | st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "code", "markdown"]) | ANY_JSON,
        "source": JSON_TEXT | st.lists(LINE, max_size=4) | ANY_JSON,
    },
    optional={
        "metadata": st.fixed_dictionaries(
            {}, optional={"tags": st.lists(st.sampled_from(["demo", "x"])) | ANY_JSON}
        )
        | ANY_JSON
    },
)
NOTEBOOKS = st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=4) | ANY_JSON}) | ANY_JSON


@given(st.binary(max_size=300) | NOTEBOOKS.map(lambda n: json.dumps(n).encode()))
def test_any_bytes_as_a_notebook_are_a_submission_or_refused(folder: Path, content: bytes) -> None:
    path = write(folder, content, "work.ipynb")
    try:
        submission = read(ASSIGNMENT, path)
    except Ungradable as error:
        assert str(error)
        return
    holds_together(submission, content)
