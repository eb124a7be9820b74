"""Notebook formats that cannot be graded: how to recognise and how to convert them."""

from __future__ import annotations

import re
from pathlib import PurePath

import msgspec

_TO_NOTEBOOK = "jupytext --to ipynb {file}"
_TO_PERCENT = "jupytext --to py:percent {file}"
_HEADER = r"^# +format_name: {}$"  # in the comment at the start of jupytext's scripts


class OtherFormat(msgspec.Struct, frozen=True):
    """A format.

    Attributes:
        what: a file in this format, as in "… is a marimo notebook".
        convert: the command that converts it; `{file}` and `{notebook}` stand for names.
        suffixes: suffixes of files that are always in this format.
        sign: a pattern that is only found in this format; empty if only the suffix decides.
        fence: the start of a code block in Markdown.
    """

    what: str
    convert: str
    suffixes: tuple[str, ...] = ()
    sign: str = ""
    fence: str = ""

    def advice(self, name: str) -> str:
        """What a file of that name is, and how to convert it, in sentences."""
        notebook = PurePath(name).with_suffix(".ipynb").name
        command = self.convert.format(file=name, notebook=notebook)
        first = "" if not command.startswith("jupytext") else "pip install jupytext && "
        return (
            f"{name} is {self.what}. Only scripts (.py, with cells that start with `# "
            "%%`) and Jupyter notebooks (.ipynb) can be graded. Convert it:\n    "
            f"{first}{command}"
        )


_MARKDOWN = (".md", ".markdown")
_FORMATS = (
    OtherFormat("a marimo notebook",
                "pip install nbformat && marimo export ipynb {file} -o {notebook}",
                sign=r"^app = marimo\.App\("),
    OtherFormat("an R Markdown document", _TO_NOTEBOOK, (".rmd", ".rmarkdown")),
    OtherFormat("a Quarto document", "quarto convert {file}", (".qmd",),
                r"\A---\n(?s:.)*?^```\{python\b"),
    OtherFormat("a MyST Markdown notebook", _TO_NOTEBOOK, (".myst", ".mystnb", ".mnb"),
                r"\A(---\n|```)(?s:.)*?^```\{code-cell\}", "```{code-cell}"),
    OtherFormat("a Markdown document", _TO_NOTEBOOK, _MARKDOWN),
    OtherFormat("a script in jupytext's light format", _TO_PERCENT,
                sign=_HEADER.format("light") + r"|^# \+ (\[markdown\]|.*\btags\b)"),
    OtherFormat("a script in jupytext's bare format", _TO_PERCENT,
                sign=_HEADER.format("(bare|nomarker)")),
    OtherFormat("a script in jupytext's spin format", _TO_PERCENT, sign=_HEADER.format("spin")),
    OtherFormat("a script in Sphinx-Gallery's format", _TO_PERCENT,
                sign=_HEADER.format("sphinx")),
)  # fmt: skip


def recognise(name: str, text: str = "") -> OtherFormat | None:
    """The format of a file that cannot be graded; None if it may be a script.

    Args:
        name: the file's name.
        text: its text, if known.
    """
    suffix = PurePath(name).suffix.lower()
    for each in _FORMATS:
        fenced = suffix in _MARKDOWN and each.fence and f"\n{each.fence}" in f"\n{text}"
        signed = each.sign and re.search(each.sign, text, re.MULTILINE)
        if suffix in each.suffixes or fenced or signed:
            return each
    return None
