"""Runs a command and reports what happened: `warden.py OUT ERR COMMAND…` prints JSON.

Processes that outlive the command become children of this one, so that none can hide.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time

_SUBREAPER = 36  # of prctl: orphans of what we start become our children
_LONGEST = 150.0
_LOOK = 0.05  # seconds between two looks
_END = 3.0  # seconds for what was killed to be gone


def _words(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()  # after a name, which may hold anything
    except OSError:
        return []


def below(pid: int) -> list[int]:
    """All descendants of a process."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in map(int, _words(f"/proc/{pid}/task/{task}/children")):
                found += [child, *below(child)]
    return found


def _resident(pid: int) -> int:
    words = _words(f"/proc/{pid}/statm")
    return int(words[1]) * resource.getpagesize() if len(words) > 1 else 0


def _queued(pid: int) -> float:
    """The seconds for which the process was ready to run but waited for a processor."""
    words = _words(f"/proc/{pid}/schedstat")
    return int(words[1]) / 1e9 if len(words) > 1 else 0.0


def alive(pid: int) -> dict[int, str]:
    """The command lines of a process's descendants that are still running."""
    found = {}
    for each in below(pid):
        if _words(f"/proc/{each}/stat")[:1] not in ([], ["Z"], ["X"]):
            with contextlib.suppress(OSError), open(f"/proc/{each}/cmdline", "rb") as file:
                found[each] = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def left_alive(pid: int, but: frozenset[int] = frozenset()) -> dict[int, str]:
    """Our descendants that do not end within a while, by command line; they are killed."""
    until = time.monotonic() + _END
    while (left := {p: line for p, line in alive(pid).items() if p not in but}) and (
        time.monotonic() < until
    ):
        time.sleep(0.01)
    for each in left:
        with contextlib.suppress(OSError):
            os.kill(each, signal.SIGKILL)
    for each in set(below(pid)) - but:  # the dead count as processes of their user until then
        with contextlib.suppress(OSError):
            os.waitpid(each, 0 if each in left else os.WNOHANG)
    return left


def adopt_orphans(*, yes: bool = True) -> None:
    """Become the parent of orphaned descendants; returns whether that worked."""
    ctypes.CDLL(None).prctl(_SUBREAPER, int(yes), 0, 0, 0)


def main(out_path: str, err_path: str, *command: str) -> None:
    """Run the command, watch it, and print what it used and left."""
    adopt_orphans()
    most = {"grader": 0, "all": 0}
    queued, late = 0.0, False

    def look() -> None:
        nonlocal queued
        while process.poll() is None:
            first = _resident(process.pid)
            most["grader"] = max(most["grader"], first)
            most["all"] = max(most["all"], first + sum(map(_resident, below(process.pid))))
            queued = max(queued, _queued(process.pid))
            time.sleep(_LOOK)

    with open(out_path, "wb") as out, open(err_path, "wb") as err:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        threading.Thread(target=look, daemon=True).start()
        try:
            code = process.wait(_LONGEST)
        except subprocess.TimeoutExpired:
            late = True
            process.kill()
            code = process.wait()
        seconds = _LONGEST if late else time.monotonic() - started - queued
    left = [f"{pid}: {line}" for pid, line in left_alive(os.getpid()).items()]
    print(json.dumps({"code": code, "seconds": seconds, "left": left, "most": most}))


if __name__ == "__main__":
    main(*sys.argv[1:])
