"""Work in another format is named, with what turns it into one that is read."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from autograder.submission.read import read
from tests.submission.test_read import ASSIGNMENT, refused, write

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

    assert said.startswith(
        f"{name} is {what}. Only scripts (.py, with cells that start with `# %%`)"
    )
    done = subprocess.run([sys.executable, "-m", *shlex.split(command)], cwd=tmp_path, check=False)
    assert done.returncode == 0
    made = path if "py:percent" in command else path.with_suffix(".ipynb")
    assert "def f():" in read(ASSIGNMENT, made).sources[0].text


QUARTO = "---\ntitle: W\n---\n\n```{python}\nx = 1\n```\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("work.py", MARIMO, "a marimo notebook"),
        (
            "work.py",
            MARIMO,
            "    pip install nbformat && marimo export ipynb work.py -o work.ipynb",
        ),
        ("work.qmd", QUARTO, "a Quarto document"),
        ("work.qmd", "x", "quarto convert work.qmd"),
        ("work.py", QUARTO, "a Quarto document"),
        ("work.py", "---\na: b\n---\n```{code-cell} ipython3\nx\n```\n", "a MyST Markdown"),
        ("work.md", "# Work\n\n```{code-cell}\nx\n```\n", "a MyST Markdown notebook"),
        ("work.md", "# Work\n\n```python\nx\n```\n", "a Markdown document"),
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
