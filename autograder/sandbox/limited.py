"""A process with limits and no sandbox: for one's own work, and for ours.

It gives up what it can without one. On Linux that is some system calls and, as root, its user, if
other users may run the interpreter; and the grader's memory is closed to other processes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.sandbox import interpreter, seccomp, slots
from autograder.sandbox.packages import locations
from autograder.sandbox.process import Launch, Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName

_SET_DUMPABLE = 4  # linux/prctl.h
_OTHERS_MAY_READ, _OTHERS_MAY_ENTER = 0o004, 0o001


class Limited(msgspec.Struct, frozen=True):
    """A bare interpreter in its own empty folder.

    Attributes:
        trusted: the code is ours, so nothing is given up, and it starts faster.
    """

    trusted: bool = False

    @property
    def name(self) -> SandboxName:
        return "limited"

    @property
    def isolates(self) -> bool:
        return False

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> Process:
        folder = Path(tempfile.mkdtemp())
        links = folder / ".packages"
        found = locations(tuple(packages))
        if found:
            links.mkdir()
            links.chmod(0o755)  # whatever our umask is: the worker may be another user
            for location in found:
                (links / location.name).symlink_to(location)
        shown = (str(links),) if found else ()
        argv = interpreter.starting()
        if sys.platform == "linux" and not self.trusted:
            _close_our_memory()
            user = slots.user(slot) if is_another_user() else 0
            if user:
                os.chown(folder, user, user)
            argv = (*interpreter.giving_up(user, seccomp.program()), *argv)
            processes = limits.processes + threads_of(user or os.getuid())
            limits = msgspec.structs.replace(limits, processes=processes)
        return Process(Launch(argv, interpreter.environment(), shown, folder=folder), limits)

    def instead(self) -> None:
        return None


def threads_of(user: int) -> int:
    """How many threads a user runs: Linux counts them all towards the process limit."""
    count = 0
    for threads in Path("/proc").glob("[0-9]*/task"):
        with suppress(OSError):  # the process has ended
            found = threads.stat()
            count += (found.st_uid == user) * (found.st_nlink - 2)
    return count


def is_another_user() -> bool:
    """Whether workers here run as another user than the grader, so that root's files are closed."""
    may_change = sys.platform == "linux" and os.geteuid() == 0
    return may_change and _others_can_run(interpreter.command()[0])


def _others_can_run(program: str) -> bool:
    """Whether an unprivileged user can run a program."""
    path = Path(program)
    try:
        may_enter = all(folder.stat().st_mode & _OTHERS_MAY_ENTER for folder in path.parents)
        return may_enter and bool(path.stat().st_mode & _OTHERS_MAY_READ)
    except OSError:  # starting it will report what is wrong
        return False


@cache
def _close_our_memory() -> None:
    """Prevent other processes of this user from reading or changing our memory or open files."""
    import ctypes

    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
