"""What to tell a learner whose file does not load: what happened, where, what to do next."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import msgspec

from autograder.remote.errors import LearnerError
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from autograder.remote.errors import LearnerFault

_MAIN = '`if __name__ == "__main__":`'
_DEMO = 'a demo cell (`# %% tags=["demo"]`)'


def load_failure(error: LearnerFault, file_name: str) -> Ungradable:
    """The message about a file that raised or ended the process while it was imported.

    Args:
        error: what happened.
        file_name: the learner's file.
    """
    if not isinstance(error, LearnerError):
        what = str(error)
        return Ungradable(
            f"{what[:1].upper()}{what[1:]}\nImporting {file_name} must finish on its "
            f"own: move code that runs long or ends the program under {_MAIN}."
        )
    places = "".join(f"\n    {where}:{line}    {text}" for where, line, text in error.lines[-3:])
    if error.type_name in ("SyntaxError", "IndentationError", "TabError"):
        if (newer := _newer(error)) is not None:
            return Ungradable(_written_for(newer, error, file_name))
        message = f"{file_name} is not valid Python yet: {error.message}."
        return Ungradable(f"{message}\n{_pointed(error)}" if error.lines else message)
    if error.type_name == "ModuleNotFoundError":
        return Ungradable(
            f"{error.message} Code that isn't part of your solution belongs in {_DEMO}.{places}"
        )
    if error.type_name == "NotImplementedError":
        return Ungradable(
            f"Importing {file_name} runs a part you haven't written yet: "
            f"{error.message}{places}\nMove examples to {_DEMO}, or under {_MAIN}."
        )
    if error.type_name == "SystemExit":
        return Ungradable(
            f"Importing {file_name} ends the program (sys.exit).{places}\nMove that under {_MAIN}."
        )
    end = "" if str(error).endswith(".") else "."
    advice = f"Fix that first. Examples belong in {_DEMO} or under {_MAIN}."
    if (name := _named_too_early(error)) is not None:
        advice = (
            f"An annotation is evaluated before class {name} exists. Put the whole "
            "annotation in quotes, or start the file with `from __future__ import "
            "annotations`."
        )
    return Ungradable(
        f"Nothing can be graded yet: importing {file_name} raises {error}{end}{places}\n{advice}"
    )


def _named_too_early(error: LearnerError) -> str | None:
    """The class whose body holds the annotation, without quotes, that names it."""
    told = re.fullmatch(r"name '(\w+)' is not defined", error.message)
    if error.type_name != "NameError" or told is None or not error.lines:
        return None
    *around, inner = (text for _, _, text in error.lines)
    is_annotation = rf"((async )?def\b.*|(\w+, *)*\w+ *)(:|->)[^=]*\b{told[1]}\b"
    is_within = any(re.match(rf"class {told[1]}\b", text) for text in around)
    return told[1] if is_within and re.match(is_annotation, inner) else None


_AROUND = 60  # characters of a line on either side of a syntax error


def _pointed(error: LearnerError) -> str:
    """The line of a syntax error, and below it a caret at the column."""
    where, line, text = error.lines[-1]
    start = f"    {where}:{line}    "
    if error.column is None or not 1 <= error.column <= len(text) + 1:
        return start + text[: 2 * _AROUND]
    before, after = text[: error.column - 1][-_AROUND:], text[error.column - 1 :][:_AROUND]
    gap = "".join(c if c == "\t" else " " for c in before)
    return f"{start}{before}{after}\n{' ' * len(start)}{gap}^"


class _Newer(msgspec.Struct, frozen=True):
    """Syntax that is newer than the oldest Python that grades.

    Attributes:
        version: the Python that introduced it.
        what: its name, as in "uses …".
        line: a pattern found in lines that use it.
        message: how an older Python's error message begins; empty for any.
    """

    version: tuple[int, int]
    what: str
    line: str = ""
    message: str = ""


_NEWER = (
    _Newer((3, 14), "`except` with several types and no parentheses",
           r"^except\*?\s+[A-Z][\w.]*(\s*,\s*[A-Z][\w.]*)+\s*:"),
    _Newer((3, 14), "a template string, t\"…\"", r"(^|[^\w'\"])(?i:t|rt|tr)['\"]"),
    _Newer((3, 13), "a type parameter with a default",
           r"^(async\s+)?(def|class|type)\s+\w+\s*\[[^]]*\w\s*="),
    _Newer((3, 12), "a `type` statement", r"^type\s+\w+\s*(\[.*\])?\s*=[^=]"),
    _Newer((3, 12), "type parameters in brackets", r"^(async\s+)?(def|class)\s+\w+\s*\["),
    _Newer((3, 12), "an f-string that reuses its own quotes inside braces",
           r"(?i:fr?|rf)(['\"]).*\{[^{}'\"]*\1[^'\"]*\1[^{}]*\}", "f-string: "),
    _Newer((3, 12), "an f-string that reuses its own quotes inside braces",
           r"(?i:fr?|rf)(['\"])[^'\"]*\{[^{}'\"]*\1\\", "unexpected character after line"),
    _Newer((3, 12), "an f-string whose braces span several lines",
           r"(?i:fr?|rf)(['\"])[^'\"]*\{([^}'\"]*[(\[{,])?\s*$", "unterminated string literal"),
    _Newer((3, 12), "an f-string with a backslash inside braces",
           message="f-string expression part cannot include a backslash"),
    _Newer((3, 12), "an f-string with a # inside braces",
           message="f-string expression part cannot include '#'"),
)  # fmt: skip


def _newer(error: LearnerError, here: tuple[int, int] = sys.version_info[:2]) -> _Newer | None:
    """The syntax newer than `here` that the line of a syntax error uses."""
    text = error.lines[-1][2] if error.lines else ""
    for each in _NEWER:
        told = error.message.startswith(each.message) and re.search(each.line, text)
        if told and each.version > here:
            return each
    return None


def _written_for(newer: _Newer, error: LearnerError, file_name: str) -> str:
    version, here = (".".join(map(str, v)) for v in (newer.version, sys.version_info[:2]))
    return (
        f"{file_name} uses {newer.what}, which needs Python {version}; the grader runs Python "
        f"{here}.\n{_pointed(error)}\nRewrite that line for Python {here}."
    )
