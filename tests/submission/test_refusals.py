"""What cannot be graded is refused in words that say why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from autograder.submission import beneath
from autograder.submission.notebook import MOST_CELLS
from autograder.submission.read import read
from tests.submission.test_read import ASSIGNMENT, cell, notebook, refused, write


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.py"

    assert (
        refused(path)
        == f"There is no file {path}. Check the path, or leave it out to grade your own file."
    )


@pytest.mark.parametrize("target", ["theirs.py", "nowhere"])
def test_a_link(tmp_path: Path, target: str) -> None:
    write(tmp_path, "x = 1\n", "theirs.py")
    path = tmp_path / "work.py"
    path.symlink_to(tmp_path / target)
    said = f"{path} is a link and could point to anyone's work. Hand in the file it points to."

    assert refused(path) == said
    if target == "theirs.py":
        assert refused(tmp_path) == said


def test_a_link_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may write to a folder on the way could lead elsewhere."""
    (tmp_path / "theirs").mkdir()
    write(tmp_path, "y = 1\n", "theirs/work.py")
    (tmp_path / "inbox").symlink_to(tmp_path / "theirs")
    monkeypatch.chdir(tmp_path)

    for path in (tmp_path / "inbox/work.py", Path("inbox/work.py"), Path("inbox")):
        assert f"{path.parent if path.suffix else path} is a link" in refused(path)
    assert read(ASSIGNMENT, Path("theirs/work.py")).sources


def test_a_link_that_the_system_made_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """/tmp on macOS, /home elsewhere."""
    top = Path("/tmp")
    monkeypatch.setattr(Path, "is_symlink", lambda self: self == top)

    assert beneath.first_link(top / "me/work.py") is None
    assert beneath.first_link(Path("tmp/work.py")) is None


def test_a_further_file_that_is_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, "x = 1\n")
    (tmp_path / "more.py").symlink_to(write(tmp_path, "y = 1\n", "theirs.py"))

    assert refused(path).startswith(f"{tmp_path / 'more.py'} is a link")


def test_a_file_with_two_names(tmp_path: Path) -> None:
    path = tmp_path / "work.py"
    path.hardlink_to(write(tmp_path, "x = 1\n", "theirs.py"))

    assert refused(path) == (
        f"{path} is a hard link and could be anyone's work. Hand in a copy instead."
    )


def test_a_folder_without_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        f"There is no work.py in {tmp_path}. Put it there, or name the file to grade. "
        "To get the stub back: grade assignment1 --reset"
    )


def test_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "work.py")

    assert refused(tmp_path / "work.py").endswith("is not a regular file.")
    assert refused(Path("/dev/zero")) == "/dev/zero is not a regular file."


@pytest.mark.parametrize(("name", "limit"), [("work.py", "4,096"), ("work.ipynb", "1,048,576")])
def test_a_file_that_is_too_large(tmp_path: Path, name: str, limit: str) -> None:
    path = write(tmp_path, "#" * (int(limit.replace(",", "")) + 1), name)

    assert refused(path) == (
        f"{path} is too large: {path.stat().st_size:,} bytes, and the limit is {limit}. "
        "Does it contain data or output? Remove that."
    )
    with path.open("wb") as file:
        file.truncate(50 * 1024**3)
    assert "too large: 53,687,091,200 bytes" in refused(path)


def test_the_code_of_a_notebook_is_limited_as_a_script_is(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(cell("#" * 2000), cell("#" * 2097)), "work.ipynb")

    assert refused(path) == (
        "work.ipynb has too much code: 4,097 characters, and the limit is 4,096. "
        "Does it contain data? Remove that."
    )


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "x = 1\n")

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", fail)

    assert refused(path) == f"{path} can't be read: Permission denied."


def test_a_name_that_no_system_takes(tmp_path: Path) -> None:
    assert refused(tmp_path / ("x" * 300 + ".py"))


def test_no_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, b"x = 1\ny = '\xe9'\n")

    assert refused(path) == (
        "work.py is not UTF-8 text (line 2, byte 0xe9). Save it as UTF-8 in your editor."
    )
    assert "work.py is not UTF-8 text (line 1, byte 0xff)" in refused(
        write(tmp_path, "x = 1".encode("utf-16"))
    )


def test_a_zero_byte(tmp_path: Path) -> None:
    path = write(tmp_path, "x = '\x00'\n")

    assert refused(path) == "work.py contains a zero byte, so it is not a text file."


@pytest.mark.parametrize("content", ["", " \n\t\n", "\x0c", "\ufeff\n"])
def test_an_empty_file(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, content)

    assert refused(path) == "work.py is empty, so there is nothing to grade yet."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("x = 1", id="a script"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no cells"),
        pytest.param('{"cells": 5}', id="cells that are none"),
        pytest.param('{"cells": {"a": 1}}', id="cells by name"),
        pytest.param('{"cells": [5]}', id="a cell that is none"),
        pytest.param('{"cells": [{"cell_type": "code"}]}', id="a cell without source"),
        pytest.param(notebook(cell(5)), id="source that is no text"),
        pytest.param(notebook(cell([5])), id="lines that are no text"),
        pytest.param(notebook({**cell("x"), "metadata": None}), id="no metadata"),
        pytest.param('{"cells": [' + "[" * 2000, id="deep"),
        pytest.param(notebook(cell("x"), version=10**300)[:-3], id="cut off"),
        pytest.param('{"cells": [], "n": ' + "1" * 3000 + "}" * 0, id="no end"),
    ],
)
def test_no_notebook(tmp_path: Path, text: str) -> None:
    assert refused(write(tmp_path, text, "work.ipynb")) == (
        "work.ipynb is not a readable notebook. "
        "Open it in Jupyter and save it again, or hand in the .py file."
    )


def test_too_many_cells(tmp_path: Path) -> None:
    text = notebook(*[cell("x")] * (MOST_CELLS + 1))

    assert "work.ipynb has more than 5,000 cells." in refused(write(tmp_path, text, "work.ipynb"))


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [cell("text", "markdown")],
        [cell("plot()", tags=["demo"])],
        [cell(""), cell([])],
        [cell("%matplotlib inline")],
    ],
)
def test_a_notebook_without_code(tmp_path: Path, cells: list[Any]) -> None:
    assert refused(write(tmp_path, notebook(*cells), "work.ipynb")) == (
        "work.ipynb has no code cells. Is it the right notebook?"
    )
