"""Who handed in what: a folder of files or folders, `submitted/`, an LMS's archive, zip or tar.

    with Intake(path, course, assignment) as intake:
        for hand_in in intake: ...

Every learner is there once, in order of their names, with files or with a reason. Only what cannot
be taken in as a whole raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self

from autograder.classroom import archives, around, timestamps
from autograder.classroom.attempts import last
from autograder.classroom.entries import (
    MOST_ENTRIES,
    MOST_OF_ONE,
    Entry,
    IntakeError,
    Unreadable,
    as_text,
    broken,
    of_folder,
    sentence,
)
from autograder.classroom.names import shown
from autograder.classroom.select_files import CODE, IGNORED, choose, is_code
from autograder.classroom.timestamps import Due
from autograder.submission import files as forms

if TYPE_CHECKING:
    from types import TracebackType

    from autograder.course import Assignment, Course

_MOST_FILES = 2_000  # of one learner
_MOST_PACKED = 64 * 1024**2  # bytes of one learner's own archive, and of it unpacked


@dataclass(frozen=True)
class HandIn:
    """What one learner handed in: files by their names in the assignment, or why there are none.

    Without files and without a problem they handed in nothing for this assignment.

    Attributes:
        learner: who; the name of their file or folder.
        files: what will be judged.
        problem: what the learner's report says instead, a sentence.
        place: what was found there: below the learner's folder where they have one.
        late: it came after it was due, as its name says, or the moment in it.
        moment: when it came; None where nothing tells.
    """

    learner: str
    files: Mapping[str, bytes]
    problem: str | None
    place: str
    late: bool = False
    moment: datetime | None = None


class Intake:
    """What was handed in at a place.

    Args:
        path: a folder or an archive.
        course: whose assignments' names tell nbgrader's layout.
        assignment: whose files are looked for.
        only: the learner whose folder alone is looked at; None: everybody's.
        due: until when each may hand in; None: until the moment in course.toml.

    Raises:
        IntakeError: it cannot be taken in at all, or there is nothing.
    """

    def __init__(
        self,
        path: Path,
        course: Course,
        assignment: Assignment,
        *,
        only: str | None = None,
        due: Due | None = None,
    ) -> None:
        self.path, self.assignment, self._only = path, assignment, only
        self.left_out: list[str] = []
        self.layout: str | None = None  # whose archive it is, where one can tell
        self.around: str | None = None  # what there is to say of a folder that holds all of it
        self._late: set[str] = set()
        self._moments: dict[str, datetime] = {}
        self._due = due or Due(course.teaching.due.get(assignment.name))
        self._names = {a.name for a in course.assignments}
        self._given = forms.given(course.folder(assignment))
        self._stack = ExitStack()
        try:
            found = list(self._entries(path))
            if only is None:
                found, self.around = around.without_it(found, path, self._names, _names(assignment))
            self._piles = self._sorted(found)
        except BaseException:
            self._stack.close()
            raise
        if not self._piles:
            self._stack.close()
            raise IntakeError(f"{path} contains nothing that a learner could have handed in.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def __len__(self) -> int:
        return len(self._piles)

    def __iter__(self) -> Iterator[HandIn]:
        for learner, pile in sorted(self._piles.items()):
            with ExitStack() as stack:
                found = self._handed_in(learner, pile, stack)
                moment = self._moments.get(learner)
                yield replace(found, late=learner in self._late, moment=moment)

    def _handed_in(self, learner: str, pile: list[Entry], stack: ExitStack) -> HandIn:
        if not pile:
            return HandIn(learner, {}, None, "")
        place = shown(pile[0].parts[0])
        work = [entry.parts for entry in pile if _is_work(entry)]
        tops = sorted({shown(parts[0]) for parts in work})
        if len(tops) > 1 and not self._belong_together([parts[-1] for parts in work]):
            names = " and ".join(tops)
            return HandIn(learner, {}, f"This learner handed in two: {names}. Keep one.", place)
        try:
            chosen = choose(self._unpacked(pile, stack), self.assignment, self._given)
        except Unreadable as problem:
            return HandIn(learner, {}, sentence(problem), place)
        paths = (path.removeprefix(f"{shown(learner)}/") for path in chosen.paths)
        return HandIn(learner, chosen.files, None, ", ".join(paths))

    def _belong_together(self, names: list[str]) -> bool:
        """Whether each is another file of the assignment."""
        ours = _names(self.assignment)
        return set(names) <= ours and len(set(names)) == len(names)

    def _unpacked(self, pile: list[Entry], stack: ExitStack) -> list[Entry]:
        """The learner's files; those in an archive of theirs where there are no others."""
        packed = [entry for entry in pile if archives.is_archive(entry.path)]
        if len(packed) != 1 or any(entry.parts[-1].endswith(CODE) for entry in pile):
            return pile
        import io

        entry = packed[0]
        file = io.BytesIO(_named(entry, _MOST_PACKED))
        try:
            found: list[Entry] = []
            files = archives.of_archive(file, entry.path, stack, _MOST_PACKED, MOST_OF_ONE)
            for inner in files:
                if len(found) >= _MOST_FILES:
                    raise Unreadable(f"{entry.path} contains more than {_MOST_FILES:,} files")
                if inner.parts and not any(map(IGNORED.fullmatch, inner.parts)):
                    found.append(Entry((*entry.parts, *inner.parts), inner.problem, inner.read))
        except IntakeError as error:
            raise Unreadable(str(error).removesuffix(".")) from None
        return found or pile

    def _entries(self, path: Path) -> Iterator[Entry]:
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError as error:
            raise IntakeError(f"{path} cannot be opened: {error.strerror}.") from None
        if is_folder:
            yield from of_folder(path, self._only)
        elif not is_there:
            raise IntakeError(f"There is no {path}.")
        elif archives.is_archive(path.name):
            try:
                file = self._stack.enter_context(path.open("rb"))
            except OSError as error:
                raise IntakeError(f"{path} cannot be opened: {error.strerror}.") from None
            name, most = as_text(path.name), archives.MOST_UNPACKED
            yield from archives.of_archive(file, name, self._stack, most, MOST_ENTRIES)
        else:
            kinds = ", ".join(archives.SUFFIXES)
            raise IntakeError(
                f"{path} is neither a folder nor an archive ({kinds}). "
                "To grade a single file: grade ASSIGNMENT FILE"
            )

    def _sorted(self, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
        """The entries by learner."""
        piles: dict[str, list[Entry]] = {}
        at_home: set[str] = set()  # who has nbgrader's folders
        hidden: dict[str, list[Entry]] = {}
        attempts = last(entries, self._due.moment)
        self._late, self.layout = attempts.late, attempts.layout
        self._moments = attempts.moments
        self.left_out += attempts.left_out
        others = (self._whose(entry) for entry in attempts.others if self._may_be_work(entry))
        for learner, named in chain(attempts.files, others):
            if IGNORED.fullmatch(learner):
                continue
            if len(named.parts) > 2 and named.parts[1] in self._names:
                at_home.add(learner)
            if any(map(IGNORED.fullmatch, named.parts[1:])):
                hidden.setdefault(learner, []).append(named)
                self._note_moment(learner, named)
                continue
            pile = piles.setdefault(learner, [])
            if len(pile) <= _MOST_FILES:
                pile.append(named)
        place = ("assignments", self.assignment.name)  # in a clone of a course's folder

        def ours(pile: Iterable[Entry]) -> list[Entry]:
            return [entry for entry in pile if entry.parts[1:2] == (self.assignment.name,)]

        for learner, pile in piles.items():
            inside = [entry for entry in pile if entry.parts[-3:-1] == place]
            piles[learner] = inside or [e for e in pile if not e.is_folder] or pile[:1]
        for learner in at_home:
            found = ours(piles.get(learner, ()))
            piles[learner] = found or [_unseen(e) for e in ours(hidden.get(learner, ()))[:1]]
        for learner in hidden.keys() - piles.keys():
            piles[learner] = [_unseen(hidden[learner][0])]
        return piles

    def _note_moment(self, learner: str, entry: Entry) -> None:
        """Take over when nbgrader says that something was handed in."""
        if entry.parts[1:] != (self.assignment.name, timestamps.FILE):
            return
        moment = timestamps.read(entry)
        if moment is None:
            return
        due = self._due.of(learner)
        self._moments[learner] = moment.astimezone(due.tzinfo) if due is not None else moment
        if due is not None and moment > due:
            self._late.add(learner)

    def _may_be_work(self, entry: Entry) -> bool:
        """Whether an entry that no layout explains is a learner's; what is not is told."""
        if not entry.parts:
            self.left_out.append(entry.problem or "")
            return False
        if IGNORED.fullmatch(entry.parts[0]):
            return False
        if self.layout is None or len(entry.parts) > 1 or _is_work(entry):
            return True
        self.left_out.append(f"{entry.path} is not named the way {self.layout} names files")
        return False

    def _whose(self, entry: Entry) -> tuple[str, Entry]:
        """The learner, and the entry under the name that the file has for them."""
        first, *rest = entry.parts
        if rest or (entry.problem is not None and not first.endswith(CODE)):
            return first, entry
        stem = first.rpartition(".")[0]
        for kind in archives.SUFFIXES:
            if first.lower().endswith(kind):
                stem = first[: -len(kind)]
        suffix = first[len(stem) :]
        modules = sorted((file.module for file in self.assignment.files), key=len, reverse=True)
        for module in modules:
            front = stem[: -len(module)]
            if stem.lower().endswith(module.lower()) and front[-1:] in ("_", "-", " ", "."):
                return front[:-1], Entry((first, f"{module}{suffix}"), entry.problem, entry.read)
        return stem or first, entry


def _unseen(entry: Entry) -> Entry:
    """What stands for a learner's folder in which there is nothing to look at."""
    at = next(n for n, part in enumerate(entry.parts) if n and IGNORED.fullmatch(part))
    return broken(entry.parts[:at], f"contains no work, only {shown(entry.parts[at])} and the like")


def _is_work(entry: Entry) -> bool:
    """Whether it may be what the learner wants judged."""
    return is_code(entry.parts[-1]) or entry.problem is not None


def _named(entry: Entry, limit: int) -> bytes:
    try:
        return entry.read(limit)
    except Unreadable as error:
        raise Unreadable(f"{entry.path} {error}") from None


def _names(assignment: Assignment) -> set[str]:
    """The assignment's files, in both forms."""
    return {name for file in assignment.files for name in (file.name, file.notebook)}
