"""course.toml: the course, its assignments and their limits."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

FILE = "course.toml"
PROVIDED = Path(__file__).with_name("provided")
"""Provided modules, which a learner's file may import if its assignment says so."""


class CourseError(Exception):
    """The course cannot be used as it is; the message says where and what was expected."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one submission may use. Units are in the names; seconds are wall time, except CPU."""

    load_seconds: float = 3.0
    call_seconds: float = 3.0
    total_seconds: float = 30.0
    cpu_seconds: int = 60
    memory_mb: int = 1024
    file_mb: int = 8
    processes: int = 32
    open_files: int = 64
    output_kb: int = 32
    source_kb: int = 1024
    notebook_mb: int = 40

    @property
    def source_bytes(self) -> int:
        """The largest script, and the most code of a notebook."""
        return self.source_kb * 1024

    @property
    def notebook_bytes(self) -> int:
        """The largest notebook, with its outputs."""
        return self.notebook_mb * 1024**2


class _FileTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    asks: tuple[str, ...]
    provides: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The name under which the learner would import it."""
        return self.name.removesuffix(".py")

    @property
    def notebook(self) -> str:
        """The name of its other form."""
        return f"{self.module}.ipynb"


class AssignmentFile(_FileTable, frozen=True):
    """One file that a learner completes.

    Attributes:
        name: the file's name in the assignment's folder.
        asks: the names that it must define for the suite.
        provides: the names of the provided modules that it may import.
        packages: the installed packages that it may import, the course's and its own.
        own_packages: the packages of only this file; if one is not installed, the file is left out,
            and its tests do not run.
    """

    own_packages: tuple[str, ...] = ()

    def lacks(self) -> str | None:
        """The first of its own packages that is not installed here, or None."""
        from importlib.util import find_spec

        return next((name for name in self.own_packages if find_spec(name) is None), None)


class _AssignmentTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    title: str
    files: tuple[_FileTable, ...]
    limits: dict[str, Any] = {}
    judged_later: int | float = 0


ANSWERS = "answers.md"
"""The file next to a solution with answers to the questions graded by hand, and a further task."""

FINALE = "finale"
"""The word that `grade` takes instead of an assignment's name, if the course has a finale."""


class Finale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The assignments whose files work together at the end: engine, network, training loop."""

    engine: str
    nn: str
    training: str


class Teaching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings for a class.

    Attributes:
        id: the course's name in nbgrader; empty to make one from the title.
        exchange: nbgrader's exchange folder; empty for one next to the instructor's folder.
        due: each assignment's due date, with an offset from UTC.
    """

    id: str = ""
    exchange: str = ""
    due: dict[str, datetime] = {}


class _CourseTable(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"teaching": "class"}
):
    title: str
    seed: str
    assignments: tuple[_AssignmentTable, ...]
    packages: tuple[str, ...] = ()
    limits: Limits = Limits()
    finale: Finale | None = None
    teaching: Teaching = Teaching()


class Assignment(msgspec.Struct, frozen=True):
    """One assignment: its name is that of its folders in assignments/, solutions/ and suites/.

    Attributes:
        name: the name of its folders.
        title: its title for people.
        files: the files that a learner completes, at least one.
        limits: what a submission may use.
        judged_later: points of tests that are not included here, as in a class's handout.
    """

    name: str
    title: str
    files: tuple[AssignmentFile, ...]
    limits: Limits
    judged_later: int | float = 0


class Course(msgspec.Struct, frozen=True):
    """The whole course.

    Attributes:
        root: the folder with course.toml.
        title: its title for people.
        seed: the seed of the suites' random inputs.
        assignments: in the order in which they are taught.
        finale: what `grade finale` runs together; None if the course has no finale.
        teaching: the settings for a class.
        works: the folder in `root` in which the learner works; empty for `root` itself.
    """

    root: Path
    title: str
    seed: str
    assignments: tuple[Assignment, ...]
    finale: Finale | None = None
    teaching: Teaching = Teaching()
    works: str = "assignments"

    def folder(self, assignment: Assignment) -> Path:
        """The folder of the learner's files of an assignment."""
        return self.root / self.works / assignment.name

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; raises CourseError with a suggestion if there is none."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        hint = _nearest(name, [assignment.name for assignment in self.assignments])
        raise CourseError(f"This course has no assignment {name!r}. {hint}")


def find(start: Path) -> Course:
    """The course around a folder: that of the first course.toml in it or above it.

    Args:
        start: the folder, or a file in it.

    Raises:
        CourseError: there is none, or it cannot be read.
    """
    if (folder := _around(start)) is not None:
        return load(folder)
    raise CourseError(
        f"There is no {FILE} in {start.resolve()} or any folder above it. "
        "Change to the course's folder and try again, or make one with `grade start DIR`."
    )


def _around(start: Path) -> Path | None:
    start = start.resolve()
    return next((each for each in (start, *start.parents) if (each / FILE).is_file()), None)


def provided_text(module: str) -> str:
    """The source of a provided module; raises OSError if there is none of that name."""
    return (PROVIDED / f"{module}.py").read_text("utf-8")


def of_work(start: Path, *, anywhere: bool = False) -> Course:
    """The course that work belongs to: the one around `start`, else the kit's own.

    Learners of a class fetch a folder for each assignment, which is not inside a course's folder.
    The folder around them becomes the course's root then, where the kit stores what it remembers.

    Args:
        start: the current folder: around those folders, or one of them.
        anywhere: accept the kit's own course even without work in `start`.

    Raises:
        CourseError: there is none, it cannot be read, or there is no work here.
    """
    kit = kit_folder() if _around(start) is None else None
    if kit is not None:
        start, course = start.resolve(), load(kit)
        found = (each for each in (start, start.parent) if _holds_work(each, course))
        place = next(found, start if anywhere else None)
        if place is not None:
            return msgspec.structs.replace(course, root=place, works="")
    return find(start)


def _holds_work(folder: Path, course: Course) -> bool:
    return any(
        (folder / assignment.name / name).is_file()
        for assignment in course.assignments
        for file in assignment.files
        for name in (file.name, file.notebook)
    )


def kit_folder() -> Path | None:
    """The folder of the course.toml that came with this kit; None if there is none."""
    kit = Path(__file__).parent
    folders = (kit, kit.parent)  # installed; in a clone
    return next((folder for folder in folders if (folder / FILE).is_file()), None)


def load(root: Path) -> Course:
    """Read root/course.toml.

    Raises:
        CourseError: it is invalid; the message has the file, the key and what was expected.
    """
    path = root / FILE
    try:
        table = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _CourseTable)
        _expect_sense(table.limits, "limits")
        assignments = tuple(_assignment(entry, table) for entry in table.assignments)
        _expect_names(table)
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: the file is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise CourseError(f"{path}: {_in_words(error)}") from None
    return Course(root, table.title, table.seed, assignments, table.finale, table.teaching)


def _assignment(entry: _AssignmentTable, course: _CourseTable) -> Assignment:
    """The entry with the course's limits and packages filled in."""
    where = f"assignments: {entry.name!r}"
    if not entry.name.isidentifier():
        raise _Unexpected(f"{where}: name", "letters, digits and _")
    if not entry.files:
        raise _Unexpected(f"{where}: files", "at least one")
    for file in entry.files:
        if not (file.name.endswith(".py") and file.module.isidentifier()):
            raise _Unexpected(f"{where}: files", f"NAME.py, got {file.name!r}")
        if [other.name for other in entry.files].count(file.name) > 1:
            raise _Unexpected(f"{where}: files", f"each file once, got {file.name!r} again")
        _expect_file(file, f"{where}: {file.name}")
    try:
        limits = msgspec.convert({**msgspec.to_builtins(course.limits), **entry.limits}, Limits)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{where}: limits: {_in_words(error)}") from None
    _expect_sense(limits, f"{where}: limits")
    files = tuple(
        AssignmentFile(
            file.name, file.asks, file.provides, (*course.packages, *file.packages), file.packages
        )
        for file in entry.files
    )
    return Assignment(entry.name, entry.title, files, limits, entry.judged_later)


class _Unexpected(msgspec.ValidationError):
    """A value has the right type but makes no sense."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"{where}: expected {expected}")


def _expect_sense(limits: Limits, where: str) -> None:
    for key, value in msgspec.to_builtins(limits).items():
        if not (value > 0 and math.isfinite(value)):
            raise _Unexpected(f"{where}: {key}", f"a number above 0, got {value}")


def _expect_file(file: _FileTable, where: str) -> None:
    for key, names in (("asks", file.asks), ("packages", file.packages)):
        for name in names:
            if not name.isidentifier():
                raise _Unexpected(f"{where}: {key}", f"names, got {name!r}")
    for name in file.provides:
        if not (name.isidentifier() and (PROVIDED / f"{name}.py").is_file()):
            known = sorted(path.stem for path in PROVIDED.glob("*.py"))
            raise _Unexpected(f"{where}: provides", f"one of {', '.join(known)}, got {name!r}")


def _expect_names(table: _CourseTable) -> None:
    """Check that the names in the table exist and are unique; raises _Unexpected."""
    names = [entry.name for entry in table.assignments]
    if not names:
        raise _Unexpected("assignments", "at least one")
    for name in names:
        if names.count(name) > 1:
            raise _Unexpected("assignments", f"each name once, got {name!r} again")
    for name in table.packages:
        if not name.isidentifier():
            raise _Unexpected("packages", f"names, got {name!r}")
    if not re.fullmatch(r"[\w.-]*", table.teaching.id):
        raise _Unexpected("class: id", f"letters, digits and . _ -, got {table.teaching.id!r}")
    for name, moment in table.teaching.due.items():
        if name not in names:
            what = f"names of assignments, got {name!r}. {_nearest(name, names)}"
            raise _Unexpected("class: due", what)
        if moment.tzinfo is None:
            what = f"a moment with its offset, such as {moment.isoformat()}+02:00"
            raise _Unexpected(f"class: due: {name}", what)
    for key, name in msgspec.to_builtins(table.finale or {}).items():
        if name not in names:
            what = f"the name of an assignment, got {name!r}. {_nearest(name, names)}"
            raise _Unexpected(f"finale: {key}", what)


def _nearest(name: str, names: list[str]) -> str:
    near = [each for each in names if name and each.endswith(name)]  # as in `grade 3`
    near = near or difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Available: {', '.join(names)}."


_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "datetime": "a moment, such as 2027-02-01T23:59:00+01:00",
    "array": "a list",
    "object": "a table",
}
_TABLES = (_CourseTable, Finale, Limits, Teaching, _AssignmentTable, _FileTable)
_KEYS = sorted({key for table in _TABLES for key in table.__struct_encode_fields__})


def _in_words(error: msgspec.ValidationError) -> str:
    """msgspec's error as a sentence that starts with the key."""
    what, _, place = str(error).removesuffix("`").partition(" - at `$")
    place = place.removeprefix(".")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`?", what):
        name = unknown[1].removesuffix("`")
        near = difflib.get_close_matches(name, _KEYS, n=1)
        what = f"there is no key {name!r} here." + (f" Did you mean {near[0]}?" if near else "")
    elif missing := re.fullmatch(r"Object missing required field `(.*?)`?", what):
        what = f"the key {missing[1]!r} is missing."
    elif "datetime" in what:
        what = f"expected {_TYPES['datetime']}."
    elif types := re.fullmatch(r"Expected `(\w+)`, got `(\w+)`?", what):
        expected, got = (_TYPES.get(name, name) for name in types.groups())
        what = f"expected {expected}, got {got}."
    elif not what.endswith(("?", ".")):
        what += "."
    return f"{place}: {what}" if place else what
