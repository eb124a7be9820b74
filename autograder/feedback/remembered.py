"""What the kit remembers of a learner, in the course folder: plain JSON, safe to delete."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course import Course

FOLDER = ".grade"
"""In the course's folder; git ignores it."""


def made(course: Course) -> Path:
    """The folder, which is made where it is missing, so that no git takes it up.

    Raises:
        OSError: it cannot be made.
    """
    folder = course.root / FOLDER
    if not folder.is_dir():
        folder.mkdir()
        (folder / ".gitignore").write_text("*\n", "utf-8")
    return folder


class State:
    """What is remembered. A file that cannot be read or written is as good as none.

    Args:
        course: in whose folder the file lies.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._path: Path = course.root / FOLDER / "state.json"
        try:
            content = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            content = {}
        self._content: dict[str, Any] = content if isinstance(content, dict) else {}

    def hints_shown(self, assignment: str, part: str) -> int:
        """How many steps of a part's hint ladder the learner has seen."""
        shown = self._content.get("hints", {})
        number = shown.get(f"{assignment}/{part}", 0) if isinstance(shown, dict) else 0
        return number if type(number) is int and number >= 0 else 0

    def remember_hint(self, assignment: str, part: str, number: int) -> None:
        """Note that so many steps have been seen."""
        hints = self._content.get("hints")
        kept = hints if isinstance(hints, dict) else {}
        kept[f"{assignment}/{part}"] = number
        self._content["hints"] = kept
        self._save()

    def solved(self) -> dict[str, date]:
        """The day on which each assignment was solved first, the earliest before the later ones."""
        stored = self._content.get("solved", {})
        days = {}
        for name, day in stored.items() if isinstance(stored, dict) else ():
            with contextlib.suppress(ValueError):
                days[name] = date.fromisoformat(str(day))
        return dict(sorted(days.items(), key=lambda item: item[1]))

    def remember_solved(self, assignment: str, day: date) -> None:
        """Note that it has full marks; a day that is noted already stays."""
        solved = self.solved()
        if assignment not in solved:
            solved[assignment] = day
            self._content["solved"] = {name: each.isoformat() for name, each in solved.items()}
            self._save()

    def is_own(self, path: Path) -> bool:
        """Whether the file there has been said to be the learner's own work."""
        own = self._content.get("own", [])
        return isinstance(own, list) and str(path) in own

    def remember_own(self, path: Path) -> None:
        """Note that it is, for all that will be saved there."""
        own = self._content.get("own", [])
        self._content["own"] = [*(own if isinstance(own, list) else []), str(path)]
        self._save()

    def _save(self) -> None:
        try:
            made(self._course)
            aside = self._path.with_suffix(".new")
            aside.write_text(json.dumps(self._content, indent=1) + "\n", "utf-8")
            aside.replace(self._path)
        except OSError:
            return  # the course folder is read-only: nothing is remembered
