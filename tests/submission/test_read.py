"""A file that is handed in is read, or refused in words; nothing else happens to it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jupytext
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course import Assignment, AssignmentFile, Limits
from autograder.submission import beneath
from autograder.submission.notebook import MOST_CELLS
from autograder.submission.read import Submission, Ungradable, of_files, of_texts, read

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
    assert (block.where, block.shown, block.tolerant) == ("work.py", text, False)
    assert block.text == 'x = 1\n# %% tags=["demo"]\n\n# %%\ny = 2\n'
    assert source.line("work.py", 3) == "plot(x)"


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

    assert "not a notebook" in refused(write(tmp_path, text, "work.ipynb"))


def test_a_file_name_that_is_no_text_becomes_one(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py"))
    path.write_text("x = 1\n")

    assert read(ASSIGNMENT, path).name.encode()


# --- other formats ---------------------------------------------------------------------------

PERCENT = """\
# %% [markdown]
# # Work
# Text.

# %%
def f():
    return 1


# %% tags=["demo"]
print(f())
"""
MARIMO = """\
import marimo

__generated_with = "0.9.0"
app = marimo.App()


@app.cell
def __():
    def f():
        return 1
    return f,
"""


def converted(extension: str, format_name: str) -> str:
    """The work as jupytext writes it in another format, with the header that names it."""
    book = jupytext.reads(PERCENT, "py:percent")
    book.metadata.clear()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "P", "language": "python"}
    text: str = jupytext.writes(book, {"extension": extension, "format_name": format_name})
    return text


@pytest.mark.parametrize(
    ("name", "format_name", "what"),
    [
        ("work.py", "light", "a script in jupytext's light format"),
        ("work.py", "nomarker", "a script in jupytext's bare format"),
        ("work.py", "sphinx", "a script in Sphinx-Gallery's format"),
        ("work.Rmd", "rmarkdown", "an R Markdown document"),
        ("work.md", "myst", "a MyST Markdown notebook"),
        ("work.md", "markdown", "a Markdown document"),
    ],
)
def test_another_format_is_named_and_converted_as_the_message_says(
    tmp_path: Path, name: str, format_name: str, what: str
) -> None:
    path = write(tmp_path, converted(Path(name).suffix, format_name), name)
    said = refused(path)
    command = said.rpartition("pip install jupytext && ")[2]

    assert said.startswith(f"{name} is {what}, and scripts (.py, cells begin with `# %%`)")
    done = subprocess.run([sys.executable, "-m", *shlex.split(command)], cwd=tmp_path, check=False)
    assert done.returncode == 0
    made = path if "py:percent" in command else path.with_suffix(".ipynb")
    assert "def f():" in read(ASSIGNMENT, made).sources[0].text


QUARTO = "---\ntitle: W\n---\n\n```{python}\nx = 1\n```\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("work.py", MARIMO, "a marimo notebook"),
        ("work.py", MARIMO, "marimo export ipynb work.py -o work.ipynb"),
        ("work.qmd", QUARTO, "a Quarto document"),
        ("work.qmd", "x", "quarto convert work.qmd"),
        ("work.py", QUARTO, "a Quarto document"),
        ("work.py", "---\na: b\n---\n```{code-cell} ipython3\nx\n```\n", "a MyST Markdown"),
        ("work.py", '# + tags=["demo"]\nx = 1\n', "jupytext's light format"),
        ("work.py", "x = 1\n# + [markdown]\n# a\n# -\n", "jupytext's light format"),
    ],
)
def test_other_formats_by_what_they_hold(tmp_path: Path, name: str, text: str, said: str) -> None:
    assert said in refused(write(tmp_path, text, name))


@pytest.mark.parametrize(
    "text",
    [
        PERCENT,
        "# ---\n# jupyter:\n#   jupytext:\n#     format_name: percent\n# ---\n# %%\nx = 1\n",
        "# ---\n# jupyter:\n#   jupytext:\n#     format_name: hydrogen\n# ---\n# %%\nx = 1\n",
        "import marimo\nx = 1\n",
        '"""Text.\n\n```{python}\nx\n```\n"""\nx = 1\n',
        "y = 2\n# + is a sum\nx = y + 1\n",
    ],
)
def test_scripts_that_look_a_little_like_it_are_read(tmp_path: Path, text: str) -> None:
    assert read(ASSIGNMENT, write(tmp_path, text)).sources[0].text == text


def test_a_folder_that_holds_it_in_another_format_says_so(tmp_path: Path) -> None:
    write(tmp_path, QUARTO, "work.qmd")

    assert refused(tmp_path).startswith("work.qmd is a Quarto document")


# --- refusals -------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.py"

    assert refused(path) == f"There is no file {path}. Check the path, or leave it out."


@pytest.mark.parametrize("target", ["theirs.py", "nowhere"])
def test_a_link(tmp_path: Path, target: str) -> None:
    write(tmp_path, "x = 1\n", "theirs.py")
    path = tmp_path / "work.py"
    path.symlink_to(tmp_path / target)
    said = f"{path} is a link, and could lead to anybody's work. Hand in what it leads to."

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
        f"{path} has another name elsewhere (a hard link), and could be anybody's work. "
        "Hand in a copy of it."
    )


def test_a_folder_without_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        f"There is no work.py in {tmp_path}. Put it there, or name the file itself. "
        "The stub comes back with: grade assignment1 --reset"
    )


def test_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "work.py")

    assert refused(tmp_path / "work.py").endswith("is not a regular file.")
    assert refused(Path("/dev/zero")) == "/dev/zero is not a regular file."


@pytest.mark.parametrize(("name", "limit"), [("work.py", "4,096"), ("work.ipynb", "1,048,576")])
def test_a_file_that_is_too_large(tmp_path: Path, name: str, limit: str) -> None:
    path = write(tmp_path, "#" * (int(limit.replace(",", "")) + 1), name)

    assert refused(path) == (
        f"{path} has {path.stat().st_size:,} bytes; at most {limit} are read. "
        "Did data or output get into it? Take that out."
    )
    with path.open("wb") as file:
        file.truncate(50 * 1024**3)
    assert "has 53,687,091,200 bytes" in refused(path)


def test_the_code_of_a_notebook_is_limited_as_a_script_is(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(cell("#" * 2000), cell("#" * 2097)), "work.ipynb")

    assert refused(path) == (
        "work.ipynb has 4,097 characters of code; at most 4,096 are read. "
        "Did data get into it? Take that out."
    )


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "x = 1\n")

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", fail)

    assert refused(path) == f"{path} cannot be read: Permission denied."


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

    assert refused(path) == "work.py holds a zero byte: it is not a text file."


@pytest.mark.parametrize("content", ["", " \n\t\n", "\x0c", "\ufeff\n"])
def test_an_empty_file(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, content)

    assert refused(path) == "work.py is empty: there is nothing to grade yet."


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
        "work.ipynb is not a notebook that can be read. "
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


# --- any bytes ------------------------------------------------------------------------------


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
