"""The engines that a suite is tried on: one for each known mistake, and other correct ones.

A suite's folder has `misconceptions.toml`, with a table for each mistake, and `right/`, with whole
files. A mistake is written as edits of the solution, or as a whole small file next to the table:

    [[misconceptions]]
    id = "C2"
    family = "called-too-early"
    text = "For the learner: what you did, why it tempts, what it breaks."
    caught_by = "test_exp"
    seen = "nn-zero-to-hero#52"
    [[misconceptions.edits]]
    find = "out._backward = _backward"
    replace = "out._backward = _backward()"
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from autograder.diagnosis.claims import Claim
from autograder.grading.suite import hints, suite_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from autograder.course import Assignment, Course

TABLE = "misconceptions.toml"
RIGHT = "right"


class EngineError(Exception):
    """An engine cannot be made from the files of a suite; the message says where."""


@dataclass(frozen=True)
class RightEngine:
    """A file that must get full marks, written differently from the solution.

    Attributes:
        name: its file's name without the suffix.
        file: the assignment's file that it stands for.
        source: its text.
    """

    name: str
    file: str
    source: str


@dataclass(frozen=True)
class WrongEngine:
    """A file with one mistake in it.

    Attributes:
        id: the mistake's, as in `misconceptions.toml`.
        family: shared by mistakes with the same idea in different places.
        text: for the learner: what they did, why it is tempting, what it breaks.
        caught_by: the test that must lose points.
        also: further parts in which the same mistake is made.
        seen: where it was seen.
        file: the assignment's file that it stands for.
        source: its text.
        claims: what the text claims, to be true of the learner's file or outcome.
        unnamed: why it has no fingerprint, as it is only to be caught and never named.
        edits: pairs of what the solution had and what replaces it; none for a whole file.
    """

    id: str
    family: str
    text: str
    caught_by: str
    also: tuple[str, ...]
    seen: str
    file: str
    source: str
    claims: tuple[Claim, ...] = ()
    unnamed: str = ""
    edits: tuple[tuple[str, str], ...] = ()


class _Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    find: str
    replace: str


class _Misconception(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    family: str
    text: str
    caught_by: str
    seen: str
    also: tuple[str, ...] = ()
    edits: tuple[_Edit, ...] = ()
    whole: str | None = None
    file: str | None = None
    claims: tuple[Claim, ...] = ()
    unnamed: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    misconceptions: tuple[_Misconception, ...]


def wrong_engines(course: Course, assignment: Assignment) -> tuple[WrongEngine, ...]:
    """The wrong engines of an assignment, in the order of its table; none if there is no table.

    Args:
        course: has the solutions.
        assignment: one of its assignments.

    Raises:
        EngineError: the table, an edit or a whole file is invalid.
    """
    path = suite_folder(assignment.name) / TABLE
    entries = _entries(path)
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise EngineError(f"{path}: two entries have the id {entry.id!r}.")
        seen.add(entry.id)
    return tuple(_wrong_engine(course, assignment, entry, path) for entry in entries)


def right_engines(course: Course, assignment: Assignment) -> tuple[RightEngine, ...]:
    """The correct engines of an assignment, sorted by name within each of its files.

    `right/NAME.py` stands for the assignment's first file, `right/MODULE/NAME.py` for MODULE.py.

    Args:
        course: has the solutions.
        assignment: one of its assignments.

    Raises:
        EngineError: one cannot be read, is not valid Python, or equals the solution.
    """
    folder = suite_folder(assignment.name) / RIGHT
    engines = []
    for file in assignment.files:
        place = folder if file is assignment.files[0] else folder / file.module
        for path in sorted(place.glob("*.py")):
            source = _read(path)
            _check(source, str(path), solution_source(course, assignment, file.name))
            engines.append(RightEngine(path.stem, file.name, source))
    return tuple(engines)


def solution_source(course: Course, assignment: Assignment, file_name: str) -> str:
    """The text of a solution; raises EngineError if it is missing."""
    return _read(course.root / "solutions" / assignment.name / file_name)


def edited(text: str, edits: Sequence[tuple[str, str]]) -> str:
    """The text after some replacements.

    Args:
        text: the solution.
        edits: pairs of what to find and what to replace it with.

    Raises:
        EngineError: a `find` does not occur exactly once in the text, or two of them overlap.
    """
    spans = []
    for find, replace in edits:
        count = text.count(find) if find else 0
        if count != 1:
            shown = " ".join(find.split())
            shown = shown if len(shown) <= 60 else shown[:57] + "..."
            raise EngineError(f"`{shown}` occurs {count} times in the solution, not once")
        start = text.index(find)
        spans.append((start, start + len(find), replace))
    result, position = [], 0
    for start, end, replace in sorted(spans):
        if start < position:
            raise EngineError("two of its edits overlap")
        result += [text[position:start], replace]
        position = end
    return "".join([*result, text[position:]])


def _entries(path: Path) -> tuple[_Misconception, ...]:
    if not path.exists():
        return ()
    try:
        return msgspec.convert(tomllib.loads(_read(path)), _Table).misconceptions
    except tomllib.TOMLDecodeError as error:
        raise EngineError(f"{path}: not valid TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise EngineError(f"{path}: {error}.") from None


def _wrong_engine(
    course: Course, assignment: Assignment, entry: _Misconception, path: Path
) -> WrongEngine:
    where = f"{path}: {entry.id or 'an entry without id'}"
    for problem in _problems(entry, assignment, path.parent):
        raise EngineError(f"{where}: {problem}.")
    file = entry.file or assignment.files[0].name
    solution = solution_source(course, assignment, file)
    if entry.whole is not None:
        source = _read(path.parent / entry.whole)
    else:
        try:
            source = edited(solution, [(edit.find, edit.replace) for edit in entry.edits])
        except EngineError as error:
            raise EngineError(f"{where}: {error}.") from None
    _check(source, where, solution)
    return WrongEngine(
        entry.id,
        entry.family,
        entry.text,
        entry.caught_by,
        entry.also,
        entry.seen,
        file,
        source,
        entry.claims,
        entry.unnamed,
        edits=tuple((edit.find, edit.replace) for edit in entry.edits),
    )


def _problems(entry: _Misconception, assignment: Assignment, folder: Path) -> Iterator[str]:
    """What is wrong with an entry, in words."""
    for name in ("id", "family", "text", "caught_by", "seen"):
        if not getattr(entry, name).strip():
            yield f"`{name}` is empty"
    if bool(entry.edits) == (entry.whole is not None):
        yield "it needs either edits or whole"
    if entry.file is not None and entry.file not in {file.name for file in assignment.files}:
        yield f"{assignment.name} has no file {entry.file!r}"
    if entry.also and (missing := set(entry.also) - set(hints(folder.name))):
        yield f"hints.toml has no part {min(missing)!r}"
    if entry.caught_by not in test_names(folder):
        yield f"the suite has no test {entry.caught_by!r}"


@cache
def test_names(folder: Path) -> frozenset[str]:
    """The names of a suite's tests, read from its text: collecting it would be slow."""
    texts = [_read(path) for path in sorted(folder.glob("test_*.py"))]
    return frozenset(re.findall(r"^def (test_\w+)\(", "\n".join(texts), re.MULTILINE))


def _check(source: str, where: str, solution: str) -> None:
    """Raise EngineError unless it is valid Python other than the solution."""
    try:
        compile(source, where, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise EngineError(f"{where}: it is not valid Python: {error}.") from None
    if source == solution:
        raise EngineError(f"{where}: it is the solution itself.")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise EngineError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise EngineError(f"{path}: the file is not UTF-8 text.") from None
