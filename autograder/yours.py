"""The learner's own file as the grader runs it: `from autograder.yours.closures import Value`.

The lines that a report shows begin so. They run without the file's demo cells, which take their
time, and stop at the first stub that is still empty; they find the notebook where the learner works
in that; and after a save they see what is new, in a notebook and in a shell that stays open, too.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext, suppress
from functools import cache, partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from autograder.course import Assignment, AssignmentFile, Limits
from autograder.submission import files, read

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
        _now(module.__name__)  # what is wrong with the file is said at once
        vars(module)["__getattr__"] = partial(_name_of, module.__name__)  # PEP 562


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
    file = AssignmentFile(f"{module.removeprefix(f'{__name__}.')}.py", ())
    for folder in (Path(entry).resolve() for entry in sys.path):
        if counting := files.candidates(folder, file, Limits().notebook_bytes):
            break
    else:
        raise ModuleNotFoundError(
            f"There is no {file.name} here. Put these lines into a file beside yours, and run it "
            "in that folder.",
            name=module,
        )
    assignment = Assignment(folder.name, "", (file,), Limits())
    try:
        source = read.read(assignment, counting[0]).sources[0]
    except read.Ungradable as error:
        raise ImportError(str(error), name=module) from None
    return _run(module, folder, source.blocks)


@cache
def _run(module: str, folder: Path, blocks: tuple[Block, ...]) -> ModuleType:
    """A module made by running the blocks; what a notebook's cell raises is passed over."""
    made = ModuleType(module)
    made.__file__ = str(folder / blocks[0].where)
    for block in blocks:
        code = compile(block.text, str(folder / block.where), "exec", dont_inherit=True)
        with suppress(Exception) if block.tolerant else nullcontext():
            exec(code, vars(made))  # noqa: S102  the learner runs their own code
    return made


sys.meta_path.append(_Finder())
