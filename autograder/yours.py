"""The learner's own file as the grader runs it: `from autograder.yours.closures import Value`.

The lines that a report shows begin so. They run without the file's demo cells, which take their
time, and stop at the first stub that is still empty; they find the notebook where the learner works
in that, and the file from anywhere in the course's folder; and after a save they see what is new,
in a notebook and in a shell that stays open, too.
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

__path__: list[str] = []  # makes a package of this module; what is in it `_Finder` finds


class _Finder(MetaPathFinder, Loader):
    """Finds modules of this package, whatever their name, in the learner's folder."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self) if fullname.startswith(f"{__name__}.") else None

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__getattr__"] = partial(_name_of, module.__name__)  # PEP 562
        _now(module.__name__)  # what is wrong with the file is said at once


def _name_of(module: str, name: str) -> Any:
    """What the file as it is saved now calls so."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_now(module), name)


def _now(module: str) -> ModuleType:
    """The file as it is saved now, run.

    Raises:
        ImportError: it is neither beside the lines nor where Python looks, or cannot be read.
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
    """The folders of the course that the lines lie in, and of the one that we are in."""
    found = []
    for start in (*beside[:1], Path.cwd()):
        with suppress(courses.CourseError):
            course = courses.of_work(start)
            found += [course.folder(each) for each in course.assignments]
    return found


def _stem(folder: Path, name: str) -> str:
    """What a file is called there that is imported under that name."""
    if not folder.is_dir():
        return name
    paths = [path for path in folder.iterdir() if path.suffix in (".py", ".ipynb")]
    found = sorted(path.stem for path in paths if files.importable(path.name) == name)
    return name if name in found else next(iter(found), name)


@cache
def _run(module: str, folder: Path, blocks: tuple[Block, ...]) -> ModuleType:
    """A module made by running the blocks; what a notebook's cell raises is passed over."""
    made = ModuleType(module.rpartition(".")[2])  # as it is called where it is imported plainly
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # what we provide lies beside it
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
    """While a file runs it may import from itself, and what it asks of the grader does nothing."""
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
