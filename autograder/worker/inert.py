"""Stand-ins for drawing and plotting packages: nobody looks at pictures during grading.

A file may import these at its top and use them anywhere; every call does nothing. This module goes
into the learner's process with worker.py, so it imports only the standard library.
"""

from __future__ import annotations

import sys
from _frozen_importlib import ModuleSpec

TYPE_CHECKING = False  # from `typing`, which takes its time to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType, TracebackType
    from typing import Any

PACKAGES = frozenset(
    (
        "IPython", "autograder", "graphviz", "ipywidgets", "marimo", "matplotlib", "mpl_toolkits",
        "plotly", "pydot", "seaborn",
    )
)  # fmt: skip
"""Get a stand-in unless they are installed; ours is for the kit and the notebook's commands."""
BUILTINS = ("display", "get_ipython")
"""Names that a notebook defines without an import."""


class Inert:
    """A module, figure or result that has every attribute, accepts every call and does nothing."""

    __version__ = "0"

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):  # Python's protocols: it supports only those below
            raise AttributeError(name)
        return Inert()

    def __call__(self, *args: object, **kwargs: object) -> Inert:
        return Inert()

    def __getitem__(self, key: object) -> Inert:
        return Inert()

    def __setitem__(self, key: object, value: object) -> None: ...

    def __iter__(self) -> Any:
        return iter([Inert() for _ in range(_unpacked(sys._getframe(1)))])

    def __len__(self) -> int:
        return 0

    def __format__(self, spec: str) -> str:
        return ""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()  # `class Picture(plt.Figure)` gets no base

    def __instancecheck__(self, other: object) -> bool:
        return False

    def __enter__(self) -> Inert:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...


def _nothing(*_: object) -> Inert:
    return Inert()


def _never(*_: object) -> bool:
    return False


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or"):
    setattr(Inert, f"__{_name}__", _nothing)  # also in an annotation: `plt.Axes | None`
    setattr(Inert, f"__r{_name}__", _nothing)
for _name in ("neg", "pos", "abs", "round", "delitem"):
    setattr(Inert, f"__{_name}__", _nothing)
for _name in ("lt", "le", "gt", "ge"):
    setattr(Inert, f"__{_name}__", _never)


def _unpacked(frame: FrameType) -> int:
    """How many names the iterating code unpacks into: 2 for `figure, axes = plt.subplots()`.

    0 for any other iteration.
    """
    from opcode import opmap

    code, at = frame.f_code.co_code, frame.f_lasti
    unpacks = code[at] in (opmap["UNPACK_SEQUENCE"], opmap["UNPACK_EX"])
    return code[at + 1] if unpacks else 0


class Own:
    """Stands for `autograder.yours.NAME` in an example pasted into the file itself: that file.

    Args:
        module: returns the module made from the file.
    """

    def __init__(self, module: Callable[[], ModuleType]) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._module(), name)


class Loader:
    """Makes a stand-in for a module of any name.

    Args:
        module: returns the module made from the learner's file.
    """

    def __init__(self, module: Callable[[], ModuleType]) -> None:
        self._module = module

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        if spec.name.startswith("autograder.yours."):
            return Own(self._module)  # type: ignore[return-value]  # Python takes any object
        return Inert()  # type: ignore[return-value]  # as above

    def exec_module(self, module: ModuleType) -> None: ...


def stand_in(name: str, module: Callable[[], ModuleType]) -> ModuleSpec | None:
    """The import spec of a stand-in, or None if there is none for that name.

    Args:
        name: the module's full name.
        module: returns the module made from the learner's file.
    """
    if name.partition(".")[0] not in PACKAGES:
        return None
    return ModuleSpec(name, Loader(module), is_package=True)  # type: ignore[arg-type]  # it has what is asked
