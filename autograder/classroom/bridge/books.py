"""nbgrader's gradebook: opened once in a process, and asked once for a notebook.

A new `Gradebook` looks for all tables and puts together each question anew, which takes longer than
the answers do. One that was closed opens again where it is asked.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, Gradebook
from sqlalchemy.orm import undefer


@cache
def gradebook(url: str, course_id: str = "default_course") -> Any:
    """The gradebook there; use it with `with`, so that nothing stays open.

    Args:
        url: its address, such as `sqlite:///gradebook.db`.
        course_id: the course's name in it.
    """
    return Gradebook(url, course_id)


def grades(books: Any, notebook: Any) -> dict[str, Any]:
    """The grades in a submitted notebook, by the names of their cells."""
    return _by_cell(books, Grade, notebook, undefer(Grade.max_score))


def comments(books: Any, notebook: Any) -> dict[str, Any]:
    """The comments in a submitted notebook, by the names of their cells."""
    return _by_cell(books, Comment, notebook)


def _by_cell(books: Any, kind: Any, notebook: Any, *options: Any) -> dict[str, Any]:
    asked = books.db.query(BaseCell.name, kind).join(kind, kind.cell_id == BaseCell.id)
    return dict(map(tuple, asked.filter(kind.notebook_id == notebook.id).options(*options)))
