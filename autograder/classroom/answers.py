"""What a class compares its work with afterwards: answers to the questions, a solution, a task."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring.stub import solved
from autograder.classroom.page import environment
from autograder.course import ANSWERS

if TYPE_CHECKING:
    from markupsafe import Markup

    from autograder.course import Assignment, Course

TEMPLATES = Path(__file__).with_name("bridge") / "templates"
_HEADING = re.compile(r"^(?=#+ )", re.MULTILINE)


def after(course: Course, assignment: Assignment) -> Markup | str:
    """The answers and below them what learners were to write, as a section of a page.

    Args:
        course: has the solutions.
        assignment: whose.

    Returns:
        HTML; empty where the assignment comes without answers.

    Raises:
        OSError: a solution cannot be read.
    """
    return _after(course.root / "solutions" / assignment.name, *(f.name for f in assignment.files))


@cache
def _after(folder: Path, *names: str) -> Markup | str:
    """The same for the whole class, so it is made once."""
    from markupsafe import Markup

    from autograder.classroom.bridge import markdown

    if not (folder / ANSWERS).is_file():
        return ""
    text = _HEADING.sub("#", (folder / ANSWERS).read_text("utf-8"))
    for name in names:
        text = text.replace(f"]({name})", f"](#{name})")
    shown = Markup('<section class="after">{}').format(markdown.html(text, {}))
    for name in names:
        code = coloured(solved((folder / name).read_text("utf-8")))
        shown += Markup('<h3 id="{}">A solution: {}</h3>{}').format(name, name, code)
    return shown + Markup("</section>")


def page(course: Course, assignment: Assignment) -> str:
    """The same as a page of its own.

    Raises:
        OSError: a solution cannot be read.
    """
    title = f"{assignment.name}: {assignment.title}"
    view = {"title": title, "score": "", "late": "", "cells": [], "maths": False}
    return rendered({**view, "after": after(course, assignment)})


def rendered(view: dict[str, object]) -> str:
    """A page of feedback from what is on it."""
    return environment(TEMPLATES).get_template("feedback.html").render(view=view, css=_css()) + "\n"


def coloured(source: str) -> Markup:
    """Python as HTML."""
    from markupsafe import Markup
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return Markup(highlight(source, PythonLexer(), HtmlFormatter()))  # noqa: S704  Pygments escapes


@cache
def _css() -> Markup:
    from markupsafe import Markup
    from pygments.formatters import HtmlFormatter

    from autograder.kit import player

    light, dark = (
        HtmlFormatter(style=name).get_style_defs() for name in ("default", "github-dark")
    )
    own = (TEMPLATES / "feedback.css").read_text("utf-8")
    code = f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    return Markup(player.style() + code + own)  # noqa: S704  files of ours, and Pygments' colours
