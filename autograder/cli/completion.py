"""Shell completion for `grade`: `start`, and the assignments of the course in this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder import course as courses
from autograder.cli.start import START

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def assignments(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names that start with `incomplete`, with their titles for shells that show them."""
    from click.shell_completion import CompletionItem

    named = [*_of_the_course(), (START, "a new course folder")]
    return [
        CompletionItem(name, help=title.replace(",", ""))  # fish ends a title at a comma
        for name, title in named
        if name.startswith(incomplete)
    ]


def _of_the_course() -> list[tuple[str, str]]:
    try:
        course = courses.of_work(Path.cwd())
    except courses.CourseError:
        return []
    named = [(assignment.name, assignment.title) for assignment in course.assignments]
    return [*named, (courses.FINALE, "everything together")] if course.finale else named
