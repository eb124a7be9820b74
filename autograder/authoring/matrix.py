"""A page with a heat map of wrong engines by tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograder.authoring.check import CheckResult
    from autograder.course import Course

_TEMPLATES = Path(__file__).with_name("templates")


def page(course: Course, results: Mapping[str, CheckResult]) -> str:
    """The page as HTML.

    Args:
        course: for its title.
        results: the results of checks, by assignment.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("matrix.html").render(title=course.title, results=results)
