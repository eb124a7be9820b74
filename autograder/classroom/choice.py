"""Which of a learner's files are the assignment's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.classroom.entries import Entry, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment

CODE = (".py", ".ipynb")
_LISTED = 5


def choose(
    pile: Sequence[Entry], assignment: Assignment, limit: int, stubs: frozenset[bytes]
) -> dict[str, bytes]:
    """The contents of the files to judge, by their names in the assignment.

    A file under another name counts where it is the only one. An untouched stub beside another
    file does not count, nor does the same file once more.

    Args:
        pile: all that the learner handed in.
        assignment: what is looked for.
        limit: bytes of one file.
        stubs: what learners were given.

    Raises:
        Unreadable: there is none, or it is not clear which; the message lacks the full stop.
    """
    main, *others = assignment.files
    notebook = f"{main.module}.ipynb"
    mains = [entry for entry in pile if entry.parts[-1] in (main.name, notebook)]
    beside = {file.name: [e for e in pile if e.parts[-1] == file.name] for file in others}
    if not mains and not any(beside.values()):
        mains = [_only(pile, assignment)]
    files = {}
    if mains:
        entry, content = _one(mains, limit, stubs)
        if entry.parts[-1].endswith(".ipynb"):
            return {notebook: content}
        files[main.name] = content
    for name, entries in beside.items():
        if entries:
            files[name] = _one(entries, limit, stubs)[1]
    return files


def _only(pile: Sequence[Entry], assignment: Assignment) -> Entry:
    """The one file that may be meant, where none has the right name."""
    wanted = assignment.files[0].name
    code = [entry for entry in pile if entry.parts[-1].endswith(CODE)]
    if len(code) == 1:
        return code[0]
    for entry in pile:
        if entry.problem is not None:  # a link, a folder that does not open
            raise Unreadable(f"{entry.path} {entry.problem}")
    listed = ", ".join(entry.path for entry in (code or pile)[:_LISTED])
    more = ", …" if len(code or pile) > _LISTED else ""
    if code:
        raise Unreadable(f"There is no {wanted}, and several that may be meant: {listed}{more}")
    raise Unreadable(f"There is no {wanted}, only: {listed}{more}")


def _one(entries: Sequence[Entry], limit: int, stubs: frozenset[bytes]) -> tuple[Entry, bytes]:
    """The entry that counts, and its content."""
    found: dict[bytes, Entry] = {}
    for entry in entries:
        try:
            found.setdefault(entry.read(limit), entry)
        except Unreadable as error:
            raise Unreadable(f"{entry.path} {error}") from None
    worked_on = {content: entry for content, entry in found.items() if content not in stubs}
    content, entry = next(iter((worked_on or found).items()))
    if len(worked_on) > 1:
        names = " and ".join(sorted(e.path for e in worked_on.values()))
        raise Unreadable(f"Two files may be meant: {names}. Keep one")
    return entry, content
