"""bubblewrap: separate namespaces, a read-only system, no network, none of our files.

Code for Linux only is here, and in the modules that only this one imports.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.sandbox import interpreter, programs, seccomp, slots
from autograder.sandbox.limited import Limited
from autograder.sandbox.packages import locations
from autograder.sandbox.process import Launch, Process, filtered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName
    from autograder.sandbox.programs import Program

_KIT = Path(__file__).resolve().parents[1]
_WORK = "/work"  # the worker's folder inside
_PACKAGES = "/packages"  # allowed packages inside
_WRITABLE = ("/tmp", _WORK)  # noqa: S108  inside the sandbox
"""The only writable folders, which are in memory."""
_SYSTEM = (
    "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/zoneinfo",
    "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache",
)  # fmt: skip
_PATH = os.defpath  # where bubblewrap finds programs, as the worker's PATH is empty


class Bubblewrap(msgspec.Struct, frozen=True):
    """The sandbox made by one bubblewrap program.

    Attributes:
        program: its path.
    """

    program: str

    @property
    def name(self) -> SandboxName:
        return "bubblewrap"

    @property
    def isolates(self) -> bool:
        return True

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> Process:
        return Process(self.launch(packages, slot), limits)

    def launch(self, packages: Sequence[str] = (), slot: int = 0) -> Launch:
        """How to start a worker; arguments as for `Sandbox.open`."""
        found = locations(tuple(packages))
        return Launch(
            (*_bubblewrap(self.program, slot, found), *interpreter.starting()),
            interpreter.environment(),
            (_PACKAGES,) if found else (),
            filter=seccomp.program(),
            writable=_WRITABLE,
        )

    def instead(self) -> Bubblewrap | Limited | None:
        found = programs.CHOICE.settle(_why_not)
        if found is None:
            return Limited()
        return None if found.path == self.program else Bubblewrap(found.path)


def present() -> Bubblewrap | None:
    """The first bubblewrap here that has not failed yet, without trying it."""
    found = programs.CHOICE.program()
    return None if found is None else Bubblewrap(found.path)


def working() -> Program | None:
    """The first bubblewrap that works here; each is tried once per process."""
    return programs.CHOICE.settle(_why_not)


def unavailable() -> str | None:
    """Why bubblewrap cannot be used here, in sentences; None if it works. See `working`."""
    return None if working() else " ".join(programs.CHOICE.refused)


def _why_not(found: Program) -> str | None:
    """Try a bubblewrap; returns what is wrong with it, or None."""
    trouble = f"{found.name[:1].upper()}{found.name[1:]} does not work here"
    argv = (*_bubblewrap(found.path, 0, ()), *interpreter.command(), "-c", "print('works')")
    launch = Launch(argv, interpreter.environment(), filter=seccomp.program())
    try:
        with filtered(launch) as (command, inherited):
            result = subprocess.run(
                command,
                env=launch.env,
                capture_output=True,
                timeout=20,
                check=False,
                pass_fds=inherited,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{trouble}: {error}."
    if result.stdout.strip() == b"works":
        return None
    said = result.stderr.decode(errors="replace").strip().splitlines()
    return f"{trouble}: {said[-1] if said else 'it says nothing'}."


@cache
def _system_binds() -> tuple[str, ...]:
    """The read-only system: the interpreter and what it loads, without any site-packages."""
    argv: list[str] = []
    shown = [place for place in map(Path, _SYSTEM) if place.exists()]
    shown += [place for place in _interpreter() if place not in shown]
    parents = dict.fromkeys(p for place in shown for p in reversed(place.parents[:-1]))
    for parent in parents:  # otherwise only root could read them
        argv += ["--perms", "0755", "--dir", str(parent)]
    for place in shown:
        if place.is_symlink():
            argv += ["--symlink", str(place.readlink()), str(place)]
        else:
            argv += ["--ro-bind", str(place), str(place)]
    return tuple(argv)


def _interpreter() -> tuple[Path, ...]:
    """The interpreter's folders, if not the system's; nothing else of its prefix is shown."""
    prefix = Path(sys.base_prefix).resolve()
    return tuple(p for name in ("bin", "lib", "lib64") if (p := prefix / name).exists())


@cache
def _masks() -> tuple[str, ...]:
    """Folders to hide that read-only binds would show: ours, and every site-packages."""
    shown = [*map(Path, _SYSTEM), *_interpreter()]
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    prefix = Path(sys.base_prefix).resolve()
    hidden = {_KIT.parent, Path("/usr/lib/python3/dist-packages")}
    for lib in (prefix / "lib", prefix / "lib64", prefix / "local/lib", Path("/usr/local/lib")):
        hidden |= {lib / version / "site-packages", lib / version / "dist-packages"}
    argv: list[str] = []
    for path in sorted(hidden):
        if path.is_dir() and any(path.is_relative_to(root) for root in shown):
            argv += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return tuple(argv)


def _bubblewrap(program: str, slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
    """bubblewrap's command line, up to the program that runs inside."""
    size = str(64 * 1024 * 1024)
    argv = [program, "--die-with-parent", "--new-session", "--clearenv"]
    for key, value in interpreter.environment().items():
        argv += ["--setenv", key, value]
    for folder in _WRITABLE:  # first, as an interpreter may be in one of them
        argv += ["--size", size, "--perms", "1777", "--tmpfs", folder]
    argv += [*_system_binds(), *_masks(), "--dev", "/dev"]
    # terminals are limited for the whole machine, so there are none here
    argv += ["--tmpfs", "/dev/pts", "--remount-ro", "/dev/pts", "--remount-ro", "/dev"]
    if packages:
        argv += ["--perms", "0755", "--dir", _PACKAGES]
    for location in packages:
        argv += ["--ro-bind", str(location), f"{_PACKAGES}/{location.name}"]
    argv += ["--remount-ro", "/", "--chdir", _WORK]
    if os.geteuid() != 0:
        argv += ["--unshare-all", "--hostname", "sandbox", "--cap-drop", "ALL"]
        return tuple(argv)
    # As root, the kernel's process limit has no effect in a user namespace: become another user
    # instead, without capabilities.
    user = slots.user(slot)
    argv += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    argv += ["--hostname", "sandbox", "--unshare-cgroup-try", "--cap-drop", "ALL"]
    for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        argv += ["--cap-add", capability]
    return (*argv, *_becoming(user))


def _becoming(user: int) -> tuple[str, ...]:
    """The command with which root becomes that user without rights, up to the program to run."""
    if shutil.which("setpriv", path=_PATH) is None:
        return interpreter.giving_up(user)
    argv = ("setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups")
    return (*argv, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
