"""A file that is handed in is read as it is; nothing else happens to it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, AssignmentFile, Limits
from autograder.submission.read import Ungradable, of_files, of_texts, read

MAIN = AssignmentFile(name="work.py", asks=("f",))
MORE = AssignmentFile(name="more.py", asks=("g",))
ASSIGNMENT = Assignment("assignment1", "Work", (MAIN, MORE), Limits(source_kb=4, notebook_mb=1))


def write(folder: Path, content: bytes | str, name: str = "work.py") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cell(source: Any, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": metadata}


def notebook(*cells: Any, **more: Any) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, **more})


def refused(path: Path) -> str:
    with pytest.raises(Ungradable) as caught:
        read(ASSIGNMENT, path)
    return str(caught.value)


# --- scripts --------------------------------------------------------------------------------


def test_a_script_is_one_block_that_runs_without_its_demos(tmp_path: Path) -> None:
    text = 'x = 1\n# %% tags=["demo"]\nplot(x)\n# %%\ny = 2\n'

    submission = read(ASSIGNMENT, write(tmp_path, text, "mine.py"))

    (source,) = submission.sources
    (block,) = source.blocks
    assert (submission.name, source.file) == ("mine.py", MAIN)
    assert (block.where, block.shown, block.tolerant) == ("mine.py", text, False)
    assert block.text == 'x = 1\n# %% tags=["demo"]\n\n# %%\ny = 2\n'
    assert source.line("mine.py", 3) == "plot(x)"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"x = 1\r\ny = 2\r\n", id="CRLF"),
        pytest.param(b"x = 1\ry = 2\r", id="CR"),
        pytest.param(b"x = 1\ny = 2\r\n", id="both"),
        pytest.param(b"\xef\xbb\xbfx = 1\ny = 2\n", id="byte order mark"),
    ],
)
def test_line_ends_and_marks_of_other_systems_are_read(tmp_path: Path, raw: bytes) -> None:
    (source,) = read(ASSIGNMENT, write(tmp_path, raw)).sources

    assert source.blocks[0].text == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("first", "encoding"),
    [
        ("# -*- coding: latin-1 -*-", "latin-1"),
        ("#!/usr/bin/env python3\n# vim: set fileencoding=cp1252 :", "cp1252"),
        ("# coding: gbk", "gbk"),
        ("# coding: utf-8", "utf-8"),
        ("# coding: klingon", "utf-8"),
    ],
)
def test_a_script_is_read_as_it_says(tmp_path: Path, first: str, encoding: str) -> None:
    word = "加法" if encoding == "gbk" else "größer"
    raw = f'{first}\nword = "{word}"\n'.encode(encoding)

    (source,) = read(ASSIGNMENT, write(tmp_path, raw)).sources

    assert f'word = "{word}"' in source.text
    if "klingon" not in first:
        names: dict[str, str] = {}
        exec(raw, names)  # Python reads it so too
        assert names["word"] == word


@pytest.mark.parametrize(
    "raw",
    [
        b"x = 1\n\n# coding: latin-1\ny = '\xe4'\n",
        b"# coding: idna\nx = '\xe4'\n",  # minutes, where it is long
        b"# coding: hex\nx = '\xe4'\n",
    ],
    ids=["too far below", "no editor's", "no text's"],
)
def test_other_lines_say_nothing_of_an_encoding(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(Ungradable, match="is not UTF-8 text"):
        read(ASSIGNMENT, write(tmp_path, raw))


def test_demos_are_found_whatever_the_line_ends(tmp_path: Path) -> None:
    raw = b'x = 1\r\n# %% tags=["demo"]\r\nplot(x)\r\n# %%\r\ny = 2\r\n'

    (source,) = read(ASSIGNMENT, write(tmp_path, raw)).sources

    assert source.blocks[0].text.split("\n")[2:] == ["", "# %%", "y = 2", ""]


def test_characters_that_some_take_for_line_ends_move_no_line(tmp_path: Path) -> None:
    text = 's = "\u2028\x85\x1c"\n\x0c\ndef f():\n\x0c    return 1\nraise ValueError("here")\n'

    (source,) = read(ASSIGNMENT, write(tmp_path, text)).sources

    assert source.line("work.py", 5) == 'raise ValueError("here")'
    with pytest.raises(ValueError, match="here") as caught:  # Python counts as we do
        exec(compile(source.blocks[0].text, "work.py", "exec"), {})
    assert caught.value.__traceback__ is not None
    assert caught.value.__traceback__.tb_next is not None
    assert caught.value.__traceback__.tb_next.tb_lineno == 5


def test_lines_that_do_not_exist_are_empty(tmp_path: Path) -> None:
    (source,) = read(ASSIGNMENT, write(tmp_path, "x = 1\n")).sources

    assert [source.line("work.py", n) for n in (-1, 0, 99)] == ["", "", ""]
    assert source.line("other.py", 1) == ""


def test_further_files_are_taken_where_they_lie_beside(tmp_path: Path) -> None:
    path = write(tmp_path, "x = 1\n")
    alone = read(ASSIGNMENT, path)
    write(tmp_path, "y = 1\n", "more.py")
    both = read(ASSIGNMENT, path)

    assert [s.file.name for s in alone.sources] == ["work.py"]
    assert [s.file.name for s in both.sources] == ["work.py", "more.py"]
    assert both.source("more.py") is both.sources[1]
    assert alone.source("more.py") is None
    assert alone.sha256 != both.sha256


def test_a_further_file_may_be_handed_in_alone(tmp_path: Path) -> None:
    (source,) = read(ASSIGNMENT, write(tmp_path, "y = 1\n", "more.py")).sources

    assert source.file == MORE


def test_a_folder_stands_for_the_script_in_it_else_the_notebook(tmp_path: Path) -> None:
    write(tmp_path, notebook(cell("x = 1")), "work.ipynb")
    assert read(ASSIGNMENT, tmp_path).name == "work.ipynb"

    write(tmp_path, "x = 1")
    assert read(ASSIGNMENT, tmp_path).name == "work.py"


def test_the_hash_tells_contents_apart(tmp_path: Path) -> None:
    one = read(ASSIGNMENT, write(tmp_path, "x = 1\n")).sha256
    again = read(ASSIGNMENT, write(tmp_path, "x = 1\n", "other.py")).sha256
    other = read(ASSIGNMENT, write(tmp_path, "x = 2\n")).sha256

    assert one == again != other
    assert len(one) == 64


def test_a_submission_can_be_made_of_bytes() -> None:
    script = of_files(ASSIGNMENT, {"more.py": b"y = 1", "work.py": b"x = 1", "stray.py": b""})
    books = {name: notebook(cell("x = 1")).encode() for name in ("more.ipynb", "work.ipynb")}
    book = of_files(ASSIGNMENT, books)
    mixed = of_files(ASSIGNMENT, {**books, "more.py": b"y = 1"})

    assert [s.file.name for s in script.sources] == ["work.py", "more.py"]
    assert (script.name, book.name) == ("work.py", "work.ipynb")
    assert [s.file.name for s in book.sources] == ["work.py", "more.py"]
    assert [s.blocks[0].where for s in mixed.sources] == ["cell 1", "more.py"]
    with pytest.raises(Ungradable, match=r"^There is no work\.py\.$"):
        of_files(ASSIGNMENT, {"stray.py": b"x = 1"})


def test_a_submission_can_be_made_of_texts() -> None:
    submission = of_texts(ASSIGNMENT, {"more.py": "y = 1", "stray.py": "z = 1"}, "theirs")

    assert [s.file.name for s in submission.sources] == ["more.py"]
    assert submission.name == "theirs"
    with pytest.raises(Ungradable, match="is empty"):
        of_texts(ASSIGNMENT, {"work.py": " "}, "theirs")


# --- notebooks ------------------------------------------------------------------------------


def test_a_notebook_runs_cell_by_cell_without_demos_and_text(tmp_path: Path) -> None:
    text = notebook(
        cell("# Title", "markdown"),
        cell(["x = 1\n", "y = 2"]),
        cell("plot(x)", tags=["demo"]),
        cell("z = 3\n", tags=["other"]),
    )

    (source,) = read(ASSIGNMENT, write(tmp_path, text, "mine.ipynb")).sources

    assert [(b.where, b.text, b.shown, b.tolerant) for b in source.blocks] == [
        ("cell 2", "x = 1\ny = 2\n", "x = 1\ny = 2", True),
        ("cell 4", "z = 3\n\n", "z = 3\n", True),
    ]
    assert source.line("cell 2", 2) == "y = 2"


def test_a_cell_is_called_as_its_reader_sees_it(tmp_path: Path) -> None:
    numbers = [None, 4, 7, 7, 0, True, "5", 10**30]
    cells = [{**cell(f"x = {n}"), "execution_count": n} for n in numbers]

    (source,) = read(ASSIGNMENT, write(tmp_path, notebook(*cells), "mine.ipynb")).sources

    names = ["cell 1", "cell In[4]", *(f"cell {n}" for n in range(3, 9))]
    assert [block.where for block in source.blocks] == names
    assert source.place("cell In[4]", 1) == "mine.ipynb, cell In[4], line 1"


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1\n"),
        ("!pip install numpy\nx = 1", "\nx = 1\n"),
        ("x = 1\nx?\nx??\n?x", "x = 1\n\n\n\n"),
        ("%%time\nx = 1", "\nx = 1\n"),
        ("\n%%capture out\nx = 1", "\n\nx = 1\n"),
        ("%%bash\nrm -rf /", "\n\n"),
        ("if x:\n    !ls\n    y = 1", "if x:\n    pass\n    y = 1\n"),
        ("for y in x:\n    %time y", "for y in x:\n    pass\n"),
        ("!pip install \\\n    numpy\nx = 1", "\n\nx = 1\n"),
        ("files = !ls\nx = %time 1", "\n\n"),
        ("x = 5 % 3\ny = a != b", "x = 5 % 3\ny = a != b\n"),
    ],
)
def test_magics_are_blanked_and_line_numbers_kept(tmp_path: Path, source: str, runs: str) -> None:
    text = notebook(cell("a = b = 1"), cell(source))

    (found,) = read(ASSIGNMENT, write(tmp_path, text, "work.ipynb")).sources

    assert found.blocks[1].text == runs


@pytest.mark.parametrize(
    "source",
    [
        "x = (7\n     % 4)\ny = ('is it so? '\n     'yes')",
        "x = 7 \\\n% 4",
        'x = """\n% of it\n!important\nreally?\n"""',
        "x = '''a\\'''\n%b\n'''",
        "x = '('  # (\ny = 1",
        'x = "\\\n%y"',
    ],
)
def test_what_python_itself_reads_is_no_magic(tmp_path: Path, source: str) -> None:
    text = notebook(cell(source + "\n%time x"))

    (found,) = read(ASSIGNMENT, write(tmp_path, text, "work.ipynb")).sources

    assert found.blocks[0].text == source + "\n\n"
    compile(found.blocks[0].text, "cell 1", "exec")


@pytest.mark.parametrize("text", ['"""Why?\n\nBecause.\n"""', "'What is it?'", "x = a  # why?"])
def test_a_question_is_not_always_a_magic(tmp_path: Path, text: str) -> None:
    source = f"def f():\n    {text}\n    return 1"

    (found,) = read(ASSIGNMENT, write(tmp_path, notebook(cell(source)), "work.ipynb")).sources

    assert found.blocks[0].text == source + "\n"


def test_what_ipython_left_in_a_script_does_not_run(tmp_path: Path) -> None:
    python = "# %%\nx = (7\n% 4)\ny = '''\n!b\n'''\n"
    text = "%matplotlib inline\n!pip install \\\n  numpy\n?x\n" + python

    (source,) = read(ASSIGNMENT, write(tmp_path, text)).sources

    assert source.blocks[0].text == "\n\n\n\n" + python
    assert source.blocks[0].shown == source.text == text


def test_for_a_name_demo_cells_run_too_each_by_itself(tmp_path: Path) -> None:
    script = 'a = 1\n# %% tags=["demo"]\nb = 2\n# %%\nc = 3\n# %%\nd = 4\n'
    book = notebook(cell("a = 1"), cell("b = 2", tags=["demo"]), cell("c = 3"))

    (scripts,) = read(ASSIGNMENT, write(tmp_path, script), until="b").sources
    (books,) = read(ASSIGNMENT, write(tmp_path, book, "other.ipynb"), until="b").sources

    assert [(b.where, b.text, b.tolerant) for b in scripts.blocks] == [
        ("work.py", 'a = 1\n# %% tags=["demo"]', False),
        ("work.py", "\n\nb = 2", True),
        ("work.py", "\n\n\n# %%\nc = 3\n# %%\nd = 4\n", False),
    ]
    assert [block.where for block in books.blocks] == ["cell 1", "cell 2", "cell 3"]
    assert (scripts.until, books.until) == ("b", "b")
    assert scripts.line("work.py", 3) == "b = 2"


def test_only_a_tag_makes_a_demo(tmp_path: Path) -> None:
    text = notebook(cell("x = 1", tags="no-demo-at-all"))

    assert read(ASSIGNMENT, write(tmp_path, text, "work.ipynb")).sources[0].blocks


@pytest.mark.parametrize("form", [json.dumps("x = '\ud800'"), json.dumps(["x = '\udfff'"])])
def test_half_a_character_is_refused(tmp_path: Path, form: str) -> None:
    text = f'{{"cells": [{{"cell_type": "code", "metadata": {{}}, "source": {form}}}]}}'

    assert "not a readable notebook" in refused(write(tmp_path, text, "work.ipynb"))


def test_a_file_name_that_is_no_text_becomes_one(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py"))
    path.write_text("x = 1\n")

    assert read(ASSIGNMENT, path).name.encode()
