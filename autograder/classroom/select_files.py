"""Which of a learner's files are the assignment's."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom import archives
from autograder.classroom.entries import Entry, Unreadable
from autograder.submission.files import Given, is_given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autograder.course import Assignment, Limits

CODE = (".py", ".ipynb")
IGNORED = re.compile(
    r"\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini|timestamp\.txt|.*\.bak|.*~", re.DOTALL
)
_LISTED = 5
_MOST_READ = 96 * 1024**2
"""Bytes of one learner's files of the same name, all together."""


@dataclass(frozen=True)
class Chosen:
    """The files to judge.

    Attributes:
        files: their contents, by their names in the assignment.
        paths: where each was found.
    """

    files: dict[str, bytes]
    paths: tuple[str, ...]


def is_code(name: str) -> bool:
    """Whether a file of that name may be work, or hold it."""
    return name.endswith(CODE) or archives.is_archive(name)


def choose(pile: Sequence[Entry], assignment: Assignment, given: Mapping[str, Given]) -> Chosen:
    """The files to judge.

    A file under another name counts where it is the only one. An untouched stub beside another
    file does not count, nor does the same file once more, also in its other form.

    Args:
        pile: all that the learner handed in.
        assignment: what is looked for.
        given: what was handed out, by name.

    Raises:
        Unreadable: there is none, or it is not clear which; the message lacks the full stop.
    """
    main, *_ = assignment.files
    found = {
        file: [entry for entry in pile if entry.parts[-1] in (file.name, file.notebook)]
        for file in assignment.files
    }
    if not any(found.values()):
        found[main] = [_only(pile, assignment)]
    chosen, paths = {}, []
    for file, entries in found.items():
        if entries:
            entry, content = _one(entries, assignment.limits, given)
            is_notebook = entry.parts[-1].endswith(".ipynb")
            chosen[file.notebook if is_notebook else file.name] = content
            paths.append(entry.path)
    return Chosen(chosen, tuple(paths))


def _only(pile: Sequence[Entry], assignment: Assignment) -> Entry:
    """The one file that may be meant, where none has the right name."""
    wanted = assignment.files[0].name
    code = [entry for entry in pile if entry.parts[-1].endswith(CODE)]
    if len(code) == 1:
        return code[0]
    for entry in pile:
        if entry.problem is not None:  # a link, a folder that does not open
            raise Unreadable(f"{entry.path} {entry.problem}")
    if not code and (advice := _in_another_format(pile, assignment)):
        raise Unreadable(advice)
    listed = ", ".join(entry.path for entry in (code or pile)[:_LISTED])
    more = ", …" if len(code or pile) > _LISTED else ""
    if code:
        raise Unreadable(
            f"There is no {wanted}, but several files could be it: {listed}{more}. Hand "
            f"in one of them as {wanted}"
        )
    raise Unreadable(f"There is no {wanted}, only: {listed}{more}")


def _in_another_format(pile: Sequence[Entry], assignment: Assignment) -> str:
    """What to say of the one file in a format that is not read; empty where there is no such."""
    from autograder.submission import other_formats

    other = [entry for entry in pile if other_formats.recognise(entry.parts[-1]) is not None]
    work = [entry for entry in other if _stem(entry).lower() != "readme"]
    modules = {file.module for file in assignment.files}
    found = [entry for entry in work if _stem(entry) in modules] or work
    if len(found) != 1:
        return ""
    name = found[0].parts[-1]
    try:
        text = found[0].read(assignment.limits.source_bytes).decode("utf-8", "replace")
    except Unreadable as error:
        raise Unreadable(f"{found[0].path} {error}") from None
    format_ = other_formats.recognise(name, text)
    return format_.advice(name) if format_ is not None else ""


def _stem(entry: Entry) -> str:
    return Path(entry.parts[-1]).stem


def _one(
    entries: Sequence[Entry], limits: Limits, given: Mapping[str, Given]
) -> tuple[Entry, bytes]:
    """The entry that counts, and its content."""
    seen: set[str] = set()
    kept: list[tuple[Entry, bytes]] = []  # the first, and the first that the learner worked on
    begun: list[str] = []
    left = _MOST_READ
    for entry in entries:
        is_notebook = entry.parts[-1].endswith(".ipynb")
        try:
            content = entry.read(limits.notebook_bytes if is_notebook else limits.source_bytes)
        except Unreadable as error:
            raise Unreadable(f"{entry.path} {error}") from None
        left -= len(content)
        if left < 0:
            raise Unreadable(
                f"{len(entries)} files could be the one to grade: {entry.path} and others. Keep one"
            )
        place = Path(entry.parts[-1])
        code = Given.of(place, content).code if len(entries) > 1 else ""
        same = {hashlib.sha256(content).hexdigest(), code} - {""}
        if seen & same:
            continue
        seen |= same
        is_begun = not is_given(place, content, given)
        if not kept or (is_begun and not begun):
            kept.append((entry, content))
        begun += [entry.path] if is_begun else []
    if len(begun) > 1:
        raise Unreadable(
            f"Two files could be the one to grade: {' and '.join(sorted(begun))}. Keep one"
        )
    return kept[-1] if begun else kept[0]
