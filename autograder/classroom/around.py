"""A folder around all that was handed in: an LMS's is taken off, any other is a learner's.

What lies in a learner's folder is theirs, whatever they call it: it hands in nothing for others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.classroom import layouts
from autograder.classroom.attempts import inner_folders
from autograder.classroom.names import shown
from autograder.classroom.select_files import IGNORED, is_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from autograder.classroom.entries import Entry


def without_it(
    found: list[Entry], place: Path, names: set[str], files: set[str]
) -> tuple[list[Entry], str | None]:
    """The entries without the folder that holds all the others, and what there is to say of it.

    Args:
        found: all entries.
        place: where they were found.
        names: the course's assignments: a folder of that name lies in a learner's, with nbgrader.
        files: the assignment's: where one lies is a learner's folder.
    """
    usable = [e for e in found if e.parts and not any(map(IGNORED.fullmatch, e.parts))]
    paths = [entry.parts for entry in usable if not entry.is_folder]
    depth = _depth(paths)
    if depth == 0:
        return found, None
    below = {path[depth] for path in paths}
    several = sum(len(path) > depth + 1 or is_code(path[depth]) for path in paths)
    if below & (names | files) or set(paths[0][1:depth]) & names or several < 2:
        return found, None
    around = paths[0][:depth]
    below_it = [
        replace(e, parts=e.parts[depth:])
        for e in found
        if len(e.parts) > depth and e.parts[:depth] == around
    ]
    folder = shown("/".join(around))
    if not _is_of_an_lms(below_it):
        instead = f"name {place}/{folder}" if place.is_dir() else "unpack it and name that folder"
        return found, (
            f"Everything is in the folder {folder}, which is taken for one learner's. "
            f"If it contains learners' folders, {instead}."
        )
    kept = [entry for entry in found if not entry.parts]
    return kept + below_it, f"Everything is in the folder {folder}, which is not a learner's."


def _depth(paths: Sequence[tuple[str, ...]]) -> int:
    """How many folders lie around all of it, but for one that is named as one learner's."""
    depth = 0
    while all(len(path) > depth + 1 and path[depth] == paths[0][depth] for path in paths) and paths:
        if layouts.named("/".join(paths[0][depth:]), {"": frozenset()}) is not None:
            break
        depth += 1
    return depth


def _is_of_an_lms(entries: Sequence[Entry]) -> bool:
    """Whether all work is named as one of the known systems names it."""
    folders = inner_folders(entries)
    work = [
        entry
        for entry in entries
        if is_code(entry.parts[-1]) and not any(map(IGNORED.fullmatch, entry.parts))
    ]
    named = [layouts.named("/".join(entry.parts), folders) for entry in work]
    return bool(named) and None not in named and len({n.layout for n in named if n}) == 1
