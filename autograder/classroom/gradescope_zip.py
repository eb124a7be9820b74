"""The zip that Gradescope builds a container from: grader, one suite, what installs and runs it."""

from __future__ import annotations

import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import autograder
from autograder.course import FILE
from autograder.submission.files import HANDED_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Assignment, Course

_TEMPLATES = Path(__file__).with_name("templates") / "gradescope"
_NEEDED = ("msgspec", "pytest")
"""What judging imports of other packages; the assignment's own come on top."""
_LEFT_OUT = ("authoring", "cli", "magic", "finale", "bridge", "__pycache__")
_NOT_OF_A_SUITE = ("right", "wrong", "__pycache__")


def make(course: Course, assignment: Assignment, to: Path) -> None:
    """Write the zip, the same bytes for the same kit and course.

    Args:
        course: whose course.toml goes along (seed, limits, packages), and the hashes of its stubs.
        assignment: what it judges.
        to: the file.

    Raises:
        OSError: it cannot be written.
    """
    root = Path(autograder.__file__).parent
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            _add(archive, name, (_TEMPLATES / name).read_bytes(), mode=0o755)
        _add(archive, "assignment.txt", assignment.name.encode())
        _add(archive, "requirements.txt", "".join(_pinned(assignment)).encode())
        constraints = root.parent / "constraints.txt"
        pins = constraints.read_bytes() if constraints.is_file() else b""
        _add(archive, "constraints.txt", pins)
        for fact in (FILE, f"assignments/{HANDED_OUT}"):  # it tells stubs from work
            if (course.root / fact).is_file():
                _add(archive, f"kit/autograder/{fact}", (course.root / fact).read_bytes())
        for name, path in sorted(_kit(root, assignment)):
            _add(archive, f"kit/{name}", path.read_bytes())


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int = 0o644) -> None:
    info = zipfile.ZipInfo(name)
    info.external_attr = (0o100000 | mode) << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def _pinned(assignment: Assignment) -> Iterator[str]:
    """Requirements at the versions with which it was tried here."""
    packages = {package for file in assignment.files for package in file.packages}
    by_import = metadata.packages_distributions()
    for name in (*_NEEDED, *sorted(packages)):
        distribution = by_import.get(name, [name])[0]
        try:
            public, *_ = metadata.version(distribution).split("+")  # what follows names a build
            yield f"{distribution}=={public}\n"
        except metadata.PackageNotFoundError:
            yield f"{distribution}\n"


def _kit(root: Path, assignment: Assignment) -> Iterator[tuple[str, Path]]:
    """The files of the grader, with one suite and the reference."""
    for folder in (root, root.parent / "micrograd_ref"):
        for path in folder.rglob("*"):
            inside = path.relative_to(folder).parts
            if not path.is_file() or set(inside) & set(_LEFT_OUT) or path.suffix == ".zip":
                continue
            if inside[0] == "suites" and len(inside) > 2 and inside[1] != assignment.name:
                continue
            if inside[0] == "suites" and set(inside) & set(_NOT_OF_A_SUITE):
                continue
            if inside == (FILE,):
                continue  # the course's own stands in its place
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path
