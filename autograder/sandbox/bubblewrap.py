"""Where the worker runs: inside bubblewrap where that works, else in a limited process.

What only Linux has lives here. The command lines are built for the interpreter that runs us, so
that learner and grader meet the same Python.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

import msgspec

from autograder.sandbox import programs, seccomp

if TYPE_CHECKING:
    from autograder.course import Limits
    from autograder.report import SandboxName
    from autograder.sandbox.programs import Program

_KIT = Path(__file__).resolve().parents[1]
_WORKER = "/worker.pyc"
_WORK = "/work"  # the worker's folder inside
_PACKAGES = "/packages"  # allowed packages inside
WRITABLE = ("/tmp", _WORK)  # noqa: S108  inside the sandbox
"""All that can be written there: folders in memory."""
_SYSTEM = (
    "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/zoneinfo",
    "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache",
)  # fmt: skip
_PATH = os.defpath  # where bubblewrap looks for what it starts, since the worker's PATH is empty
_BECOME = Path(__file__).with_name("become.py")
_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_FIRST_UID = (
    61_000  # as root, each worker is a user of its own, since process limits count per user
)
_UIDS = 1_000


class Launch(msgspec.Struct, frozen=True):
    """How to start a worker.

    Attributes:
        argv: the command, up to the worker's own arguments.
        env: its whole environment.
        folder: where to start it; None where the sandbox makes one.
        packages: folders for the worker's `sys.path`.
        filter: a filter of system calls that the command reads from a descriptor; see `filtered`.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    folder: Path | None
    packages: tuple[str, ...]
    filter: Path | None = None


@contextmanager
def filtered(launch: Launch) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """The launch's command with its filter opened, and the descriptors that it must inherit."""
    if launch.filter is None:
        yield launch.argv, ()
        return
    program, *rest = launch.argv
    descriptor = os.open(launch.filter, os.O_RDONLY)
    try:
        yield (program, "--seccomp", str(descriptor), *rest), (descriptor,)
    finally:
        os.close(descriptor)


def program() -> str | None:
    """The bubblewrap to start, None where there is none. Whether it works shows when it is used."""
    found = programs.CHOICE.program()
    return None if found is None else found.path


def unavailable() -> str | None:
    """Why bubblewrap cannot be used here, None where it works. Tries it, once per process."""
    return None if programs.CHOICE.settle(_why_not) else " ".join(programs.CHOICE.refused)


def what_works() -> str:
    """Which sandbox works here and, in a line each, why none that would be better."""
    found = programs.CHOICE.settle(_why_not)
    refused = programs.CHOICE.refused
    if found is None:
        return "\n".join(["a limited process.", *refused, how_to_install()])
    return "\n".join([f"{found.name} works here ({found.path}).", *refused])


def how_to_install() -> str:
    """What to do on this system to get bubblewrap, or to let it work."""
    platform: str = sys.platform
    if platform != "linux":
        return (
            "It exists for Linux only; on Windows use WSL, on a Mac a Linux machine or container."
        )
    if _RESTRICTED.is_file() and _RESTRICTED.read_text("ascii").strip() == "1":
        return (
            "This system lets only a program with a profile of AppArmor's make a sandbox: "
            "`sudo apt install bubblewrap`, then the profile in docs/security.md."
        )
    if programs.CHOICE.tried:
        return "What to do on Ubuntu and in containers: docs/security.md."
    return (
        "Install it: `sudo apt install bubblewrap` (Debian, Ubuntu), `sudo dnf install "
        "bubblewrap` (Fedora), `sudo pacman -S bubblewrap` (Arch)."
    )


def _why_not(found: Program) -> str | None:
    """What is wrong with the bubblewrap whose turn it is, None where it works."""
    trouble = f"{found.name[:1].upper()}{found.name[1:]} does not work here"
    argv = (*_bubblewrap(0, ()), *_python(), "-c", "print('works')")
    try:
        with filtered(Launch(argv, _environment(), None, (), _filter())) as (command, inherited):
            result = subprocess.run(
                command,
                env=_environment(),
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


def launch(name: SandboxName, slot: int, packages: Sequence[str], folder: Path | None) -> Launch:
    """The way to start a worker in that sandbox.

    Args:
        name: "bubblewrap" or "limited".
        slot: workers that run at once have different ones; as root each gets its own user.
        packages: names of installed packages that the learner may import.
        folder: an empty folder for a limited process; ignored by bubblewrap.
    """
    found = _locations(tuple(packages))
    if name == "bubblewrap":
        argv = (*_bubblewrap(slot, found), *_python(), _WORKER)
        return Launch(argv, _environment(), None, (_PACKAGES,) if found else (), _filter())
    assert folder is not None
    links = folder / ".packages"
    if found:
        links.mkdir()
        for location in found:
            (links / location.name).symlink_to(location)
    argv = (*_python(), str(_compiled_worker()))
    return Launch(argv, _environment(), folder, (str(links),) if found else ())


def limits_argument(limits: Limits) -> str:
    """The limits that the worker sets on itself before any code of the learner's runs."""
    megabyte = 1024 * 1024
    return json.dumps(
        {
            "RLIMIT_CPU": limits.cpu_seconds,
            "RLIMIT_AS": limits.memory_mb * megabyte,
            "RLIMIT_FSIZE": limits.file_mb * megabyte,
            "RLIMIT_NPROC": limits.processes,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_CORE": 0,
        }
    )


def _python() -> tuple[str, ...]:
    """The bare interpreter: no site-packages, no user site, no current folder on the path.

    `-I` would do the same but ignores PYTHONHASHSEED.
    """
    executable = (
        Path(sys.base_prefix).resolve()
        / "bin"
        / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    )
    program = str(executable) if executable.exists() else sys.executable
    return (program, "-u", "-B", "-P", "-s", "-S", "-X", "utf8")


def _environment() -> dict[str, str]:
    """The worker's whole environment: nothing of ours; the same hash seed every time."""
    return {
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        # threads of these would count against the process limit
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


@cache
def _compiled_worker() -> Path:
    """worker.py compiled once per process, in a folder of its own so that it alone is shown.

    Python's own cache of bytecode saves the compiling; where we lie is taken out of it.
    """
    import atexit
    import marshal

    code = SourceFileLoader("worker", str(_KIT / "worker" / "worker.py")).get_code("worker")
    assert code is not None
    folder = Path(tempfile.mkdtemp(prefix="worker-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    target = folder / "worker.pyc"
    target.write_bytes(util.MAGIC_NUMBER + bytes(12) + marshal.dumps(_renamed(code)))
    target.chmod(0o644)
    return target


@cache
def _filter() -> Path | None:
    """The filter of system calls in a file beside the worker's; None for an unknown processor."""
    program = seccomp.program()
    if program is None:
        return None
    target = _compiled_worker().with_name("filter.bpf")
    target.write_bytes(program)
    return target


def _renamed(code: CodeType) -> CodeType:
    """The code and all code in it, said to be from `worker.py`."""
    inner = tuple(_renamed(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_filename="worker.py", co_consts=inner)


@cache
def _locations(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """The files and folders of the installed ones of these packages and of what they require."""
    found: list[Path] = []
    pending, seen = list(packages), set(packages)
    while pending:
        name = pending.pop()
        facts = _facts(name)
        found += _places(name, facts)
        for requirement in _requirements(facts):
            if requirement not in seen:
                seen.add(requirement)
                pending.append(requirement)
    return tuple(dict.fromkeys(found))


def _facts(name: str) -> Path | None:
    """The folder in which pip notes what it installed under that name.

    Read here and not by `importlib.metadata`, which takes longer to import than a worker to start.
    """
    normal = _normal(name)
    for folder in sys.path:
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():  # noqa: PTH208, PTH112  no glob: it costs
            if entry.endswith(".dist-info") and _normal(entry.partition("-")[0]) == normal:
                return Path(folder, entry)
    return None


def _normal(name: str) -> str:
    """A package's name as one compares it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def _places(name: str, facts: Path | None) -> list[Path]:
    """What lies in site-packages for a package."""
    if facts is not None and (facts / "RECORD").is_file():
        lines = (facts / "RECORD").read_text("utf-8").splitlines()
        tops = {line.partition(",")[0].partition("/")[0] for line in lines}
        tops -= {"..", "__pycache__", facts.name}
        return [facts.parent / top for top in sorted(tops) if (facts.parent / top).exists()]
    spec = util.find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        return []
    place = Path(spec.origin)
    return [place.parent if spec.submodule_search_locations else place]


def _requirements(facts: Path | None) -> list[str]:
    """What a package requires on this system, by the names that one installs."""
    if facts is None or not (facts / "METADATA").is_file():
        return []
    head = (facts / "METADATA").read_text("utf-8", "replace").partition("\n\n")[0]
    lines = [line for line in head.split("\n") if line.startswith("Requires-Dist:")]
    if not lines:
        return []
    from packaging.requirements import Requirement

    parsed = [Requirement(line.partition(":")[2].strip()) for line in lines]
    return [r.name for r in parsed if r.marker is None or r.marker.evaluate({"extra": ""})]


@cache
def _system_binds() -> tuple[str, ...]:
    """The read-only system: the interpreter and what it loads, without site-packages of any."""
    argv: list[str] = []
    shown = [place for place in map(Path, _SYSTEM) if place.exists()]
    shown += [place for place in _interpreter() if place not in shown]
    parents = dict.fromkeys(p for place in shown for p in reversed(place.parents[:-1]))
    for parent in parents:  # else made for root's eyes alone
        argv += ["--perms", "0755", "--dir", str(parent)]
    for place in shown:
        if place.is_symlink():
            argv += ["--symlink", str(place.readlink()), str(place)]
        else:
            argv += ["--ro-bind", str(place), str(place)]
    return tuple(argv)


def _interpreter() -> tuple[Path, ...]:
    """The interpreter's folders where they are not the system's: no more of its prefix is shown."""
    prefix = Path(sys.base_prefix).resolve()
    return tuple(p for name in ("bin", "lib", "lib64") if (p := prefix / name).exists())


def _masks() -> tuple[str, ...]:
    """Folders that a read-only bind would show and must not: ours, and every site-packages."""
    shown = [*map(Path, _SYSTEM), *_interpreter()]
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    hidden = {
        _KIT.parent,
        Path("/usr/local/lib") / version / "site-packages",  # a prefix of its own, in containers
        Path("/usr/lib/python3/dist-packages"),
        Path(sysconfig.get_path("purelib", vars={"base": sys.base_prefix})).resolve(),
    }
    argv: list[str] = []
    for path in sorted(hidden):
        if path.is_dir() and any(path.is_relative_to(root) for root in shown):
            argv += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return tuple(argv)


def _bubblewrap(slot: int, packages: tuple[Path, ...]) -> tuple[str, ...]:
    """bubblewrap's command line, up to the program that runs inside."""
    size = str(64 * 1024 * 1024)
    argv = [program() or "bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    for key, value in _environment().items():
        argv += ["--setenv", key, value]
    for folder in WRITABLE:  # first: an interpreter may lie in one of them
        argv += ["--size", size, "--perms", "1777", "--tmpfs", folder]
    argv += [*_system_binds(), *_masks(), "--proc", "/proc", "--dev", "/dev"]
    # The first process inside is bubblewrap's. As an ordinary user it would be the worker's equal,
    # and whoever writes into its memory could keep it from ending with the grader.
    argv += ["--tmpfs", "/proc/1", "--remount-ro", "/proc/1"]
    argv += ["--remount-ro", "/dev"]
    argv += ["--ro-bind", str(_compiled_worker()), _WORKER]
    if packages:
        argv += ["--perms", "0755", "--dir", _PACKAGES]
    for location in packages:
        argv += ["--ro-bind", str(location), f"{_PACKAGES}/{location.name}"]
    argv += ["--remount-ro", "/", "--chdir", _WORK]
    if os.geteuid() != 0:
        argv += ["--unshare-all", "--cap-drop", "ALL"]
        return tuple(argv)
    # As root a user namespace would leave the kernel's process limit without effect: be a real
    # other user instead, without capabilities.
    user = str(_FIRST_UID + slot % _UIDS)
    argv += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    argv += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
    for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        argv += ["--cap-add", capability]
    return (*argv, *_becoming(user))


def _becoming(user: str) -> tuple[str, ...]:
    """The command that turns root into that user without rights, up to the program it then runs."""
    if shutil.which("setpriv", path=_PATH) is None:
        return (*_python(), "-c", _BECOME.read_text("utf-8"), user)
    argv = ("setpriv", "--reuid", user, "--regid", user, "--clear-groups")
    return (*argv, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
