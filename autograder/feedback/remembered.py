"""What the kit remembers about a learner, in the course's folder: JSON that is safe to delete."""

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
    """The folder, which is created if missing, with a .gitignore.

    Raises:
        OSError: it cannot be created.
    """
    folder = course.root / FOLDER
    if not folder.is_dir():
        folder.mkdir()
        (folder / ".gitignore").write_text("*\n", "utf-8")
    return folder


class State:
    """What is remembered. A file that cannot be read counts as empty, and need not be writable.

    Args:
        course: has the file in its folder.
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
        """How many of a part's hints the learner has seen.

        Args:
            assignment: its name.
            part: the part's name.
        """
        shown = self._content.get("hints", {})
        number = shown.get(f"{assignment}/{part}", 0) if isinstance(shown, dict) else 0
        return number if type(number) is int and number >= 0 else 0

    def remember_hint(self, assignment: str, part: str, number: int) -> None:
        """Remember that `number` of a part's hints have been seen."""
        hints = self._content.get("hints")
        kept = hints if isinstance(hints, dict) else {}
        kept[f"{assignment}/{part}"] = number
        self._content["hints"] = kept
        self._save()

    def solved(self) -> dict[str, date]:
        """The day on which each assignment was first solved, earliest first."""
        stored = self._content.get("solved", {})
        days = {}
        for name, day in stored.items() if isinstance(stored, dict) else ():
            with contextlib.suppress(ValueError):
                days[name] = date.fromisoformat(str(day))
        return dict(sorted(days.items(), key=lambda item: item[1]))

    def remember_solved(self, assignment: str, day: date) -> None:
        """Remember the day of full marks, unless there is an earlier one."""
        solved = self.solved()
        if assignment not in solved:
            solved[assignment] = day
            self._content["solved"] = {name: each.isoformat() for name, each in solved.items()}
            self._save()

    def is_own(self, path: Path) -> bool:
        """Whether the learner has said that the file there is their own work."""
        own = self._content.get("own", [])
        return isinstance(own, list) and str(path) in own

    def remember_own(self, path: Path) -> None:
        """Remember that any file saved there is the learner's own work."""
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
            return  # the folder is read-only: nothing is remembered
