"""What a shell completes after `grade`: the assignments of the course one stands in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from autograder import course as courses

if TYPE_CHECKING:
    import click


def assignments(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names that begin so, with their titles where the shell shows such."""
    try:
        course = courses.find(Path.cwd())
    except courses.CourseError:
        return []
    named = [(assignment.name, assignment.title) for assignment in course.assignments]
    if course.finale is not None:
        named.append((courses.FINALE, "everything together"))
    return [
        CompletionItem(name, help=title.replace(",", ""))  # fish's script ends a title at a comma
        for name, title in named
        if name.startswith(incomplete)
    ]
