"""A process with limits and no sandbox: for one's own work, and for ours."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.sandbox import interpreter
from autograder.sandbox.packages import locations
from autograder.sandbox.process import Launch, Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName


class Limited(msgspec.Struct, frozen=True):
    """A bare interpreter in an empty folder of its own, as the user that we are."""

    @property
    def name(self) -> SandboxName:
        return "limited"

    @property
    def isolates(self) -> bool:
        return False

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> Process:  # noqa: ARG002  all workers are the same user
        folder = Path(tempfile.mkdtemp())
        links = folder / ".packages"
        found = locations(tuple(packages))
        if found:
            links.mkdir()
            for location in found:
                (links / location.name).symlink_to(location)
        shown = (str(links),) if found else ()
        argv = interpreter.starting()
        return Process(Launch(argv, interpreter.environment(), shown, folder=folder), limits)

    def instead(self) -> None:
        return None
