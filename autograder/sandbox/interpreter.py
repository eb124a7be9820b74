"""The bare interpreter of a worker process: its command, environment and limits.

It is the same Python as the grader's.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograder.course import Limits

_KIT = Path(__file__).resolve().parents[1]
_SIGNALS = 64
"""How many signals may be pending; the limit counts all processes of a user."""
_COMPANIONS = ("autograder.operators", "autograder.worker.inert")
"""The modules of ours that worker.py imports at its start."""
_PROGRAM = """\
import marshal, sys
autograder, recorder = type(sys)("autograder"), type(sys)("recorder")
def _of_recorder(name):
    del recorder.__getattr__
    exec(marshal.loads("RECORDER"), vars(recorder))
    return getattr(recorder, name)
recorder.__getattr__ = _of_recorder
autograder.recorder = recorder
sys.modules["autograder"] = autograder
for name, code in "COMPANIONS":
    module = sys.modules[name] = type(sys)(name)
    exec(marshal.loads(code), vars(module))
exec(marshal.loads("WORKER"))
for name in ("autograder", *"NAMES"):
    del sys.modules[name]
main()
"""
"""Runs worker.py after the modules of ours that it imports, which nothing else can import then.

The recorder is loaded when first used, as few questions need it. Code objects replace the names in
capitals after this is compiled: compiling their text each time would take ten times as long.
"""
_START = """\
import marshal, os, sys
request, left, parts = int(sys.argv[1]), int(sys.argv.pop()), []
while left:
    parts.append(os.read(request, left))
    left -= len(parts[-1])
    if not parts[-1]:
        sys.exit("the worker's program did not come")
exec(marshal.loads(b"".join(parts)))
"""
"""The code that Python starts with: it runs the program sent first through the request pipe."""


def command() -> tuple[str, ...]:
    """The bare interpreter's command: no site-packages, no user site, no current folder.

    `-I` would do the same but ignores PYTHONHASHSEED.
    """
    executable = (
        Path(sys.base_prefix).resolve()
        / "bin"
        / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    )
    program = str(executable) if executable.exists() else sys.executable
    return (program, "-u", "-B", "-P", "-s", "-S", "-X", "utf8")


def starting() -> tuple[str, ...]:
    """The command of a worker, up to its arguments: pipes, limits, the length of its program."""
    return (*command(), "-c", _START)


def giving_up(user: int, calls: bytes | None = None) -> tuple[str, ...]:
    """The command that gives up rights for good, up to the program that it then runs (Linux).

    Args:
        user: the user to become; 0 to keep the current one.
        calls: a filter of system calls, if any.
    """
    text = Path(__file__).with_name("become.py").read_text("utf-8")
    return (*command(), "-c", text, str(user), (calls or b"").hex())


def environment() -> dict[str, str]:
    """The worker's whole environment: nothing of ours, and always the same hash seed."""
    return {
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        # threads of these would count against the process limit
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def limits_argument(limits: Limits) -> str:
    """The limits that the worker sets on itself before the learner's code runs, as JSON."""
    megabyte = 1024 * 1024
    return json.dumps(
        {
            "RLIMIT_CPU": limits.cpu_seconds,
            "RLIMIT_AS": limits.memory_mb * megabyte,
            "RLIMIT_FSIZE": limits.file_mb * megabyte,
            "RLIMIT_NPROC": limits.processes,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_CORE": 0,
            "RLIMIT_SIGPENDING": _SIGNALS,
        }
    )


@cache
def program() -> bytes:
    """The worker's program, which is sent first, as it can reach none of our files.

    Python's bytecode cache saves compiling it; our paths are removed from it.
    """
    import marshal

    code = {
        "NAMES": _COMPANIONS,
        "COMPANIONS": tuple((name, marshal.dumps(_code(name))) for name in _COMPANIONS),
        "RECORDER": marshal.dumps(_code("autograder.recorder")),
        "WORKER": marshal.dumps(_code("autograder.worker.worker")),
    }
    return marshal.dumps(_filled(compile(_PROGRAM, "worker.py", "exec"), code))


def _filled(code: CodeType, given: Mapping[str, object]) -> CodeType:
    """The code, and all code in it, with the string constants of these names replaced."""
    constants = tuple(
        _filled(c, given)
        if isinstance(c, CodeType)
        else given.get(c, c)
        if isinstance(c, str)
        else c
        for c in code.co_consts
    )
    return code.replace(co_consts=constants)


def _code(module: str) -> CodeType:
    """The code object of a module of ours."""
    path = _KIT.parent.joinpath(*module.split(".")).with_suffix(".py")
    code = SourceFileLoader(path.stem, str(path)).get_code(path.stem)
    assert code is not None
    return _renamed(code)


def _renamed(code: CodeType) -> CodeType:
    """The code, and all code in it, with `worker.py` as its file name."""
    inner = tuple(_renamed(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_filename="worker.py", co_consts=inner)
