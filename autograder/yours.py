"""The learner's own file as the grader runs it: `from autograder.yours.closures import Value`.

The examples in a report start with such an import. They do not run the file's demo cells, which
take time; they stop at the first stub that is still empty; they find the notebook if the learner
works in one, and the file from anywhere in the course's folder; and they see the file as last
saved, in a notebook or an open shell, too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from autograder import course as courses
from autograder.course import Assignment, AssignmentFile, Limits
from autograder.submission import files, read
from autograder.worker.inert import Inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.submission.read import Block

__path__: list[str] = []  # makes this module a package, whose modules `_Finder` finds


class _Finder(MetaPathFinder, Loader):
    """Finds modules of this package, of any name, in the learner's folder."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self) if fullname.startswith(f"{__name__}.") else None

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__getattr__"] = partial(_name_of, module.__name__)  # PEP 562
        _now(module.__name__)  # report an error in the file at once


def _name_of(module: str, name: str) -> Any:
    """The object of this name in the file as last saved."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_now(module), name)


def _now(module: str) -> ModuleType:
    """The file as last saved, as a module.

    Raises:
        ImportError: it is not beside the example or on Python's path, or cannot be read.
    """
    if module in _running:  # an example was pasted into the file itself
        return _running[module]
    name = module.removeprefix(f"{__name__}.")
    beside = [Path(entry).resolve() for entry in sys.path]
    for folder in (*beside, *_of_the_course(beside)):
        file = AssignmentFile(f"{_stem(folder, name)}.py", ())
        if counting := files.candidates(folder, file, Limits().notebook_bytes):
            break
    else:
        raise ModuleNotFoundError(
            f"There is no {name}.py here. Save these lines in a file next to yours and "
            "run it from that folder.",
            name=module,
        )
    assignment = Assignment(folder.name, "", (file,), Limits())
    try:
        source = read.read(assignment, counting[0]).sources[0]
    except read.Ungradable as error:
        raise ImportError(str(error), name=module) from None
    return _run(module, folder, source.blocks)


def _of_the_course(beside: Sequence[Path]) -> list[Path]:
    """The assignments' folders of the course around the example, and of that around the cwd."""
    found = []
    for start in (*beside[:1], Path.cwd()):
        with suppress(courses.CourseError):
            course = courses.of_work(start)
            found += [course.folder(each) for each in course.assignments]
    return found


def _stem(folder: Path, name: str) -> str:
    """The stem of the file in this folder that is imported under that name."""
    if not folder.is_dir():
        return name
    paths = [path for path in folder.iterdir() if path.suffix in (".py", ".ipynb")]
    found = sorted(path.stem for path in paths if files.importable(path.name) == name)
    return name if name in found else next(iter(found), name)


@cache
def _run(module: str, folder: Path, blocks: tuple[Block, ...]) -> ModuleType:
    """A module made by running the blocks; errors raised by a notebook's cells are ignored."""
    made = ModuleType(module.rpartition(".")[2])  # its name in a plain import
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # provided modules are beside it
    made.__file__ = str(folder / blocks[0].where)
    with _in_work(module, made):
        for block in blocks:
            code = compile(block.text, str(folder / block.where), "exec", dont_inherit=True)
            with suppress(Exception) if block.tolerant else nullcontext():
                exec(code, vars(made))  # noqa: S102  the learner runs their own code
    return made


_running: dict[str, ModuleType] = {}
"""The files that are running, by module name."""


@contextmanager
def _in_work(module: str, made: ModuleType) -> Iterator[None]:
    """While a file runs, it may import from itself, and its calls to the grader do nothing."""
    commands = "autograder.magic"
    before = sys.modules.get(commands)
    _running[module], sys.modules[commands] = made, Inert()  # type: ignore[assignment]  # any object
    try:
        yield
    finally:
        del _running[module], sys.modules[commands]
        if before is not None:
            sys.modules[commands] = before


sys.meta_path.append(_Finder())
