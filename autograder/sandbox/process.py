"""The channel to a worker that is a process on this machine: three pipes."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.sandbox import interpreter, memory

if TYPE_CHECKING:
    from autograder.course import Limits

_END_SECONDS = 1.0  # for a process to end after it hung up or was killed
_CHUNK = 65_536
_PIPE = 1024 * 1024  # bytes that the code may print before we read
_PROGRAM_PIPE = 256 * 1024  # bytes: room for the worker's whole program
_CHUNKS = 64  # read in a row before the caller checks the clock: a flood must not block us


class Launch(msgspec.Struct, frozen=True):
    """How to start a worker.

    Attributes:
        argv: the command, up to the worker's own arguments.
        env: its whole environment.
        packages: folders for the worker's `sys.path`, as it sees them.
        folder: the folder to start it in, which is removed with it; None if the sandbox makes one.
        filter: a filter of system calls, which bubblewrap reads from a descriptor; see `filtered`.
        writable: folders whose contents are in memory, as the worker sees them.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    packages: tuple[str, ...] = ()
    folder: Path | None = None
    filter: bytes | None = None
    writable: tuple[str, ...] = ()


@contextlib.contextmanager
def filtered(launch: Launch) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """The command with its filter in a pipe, and the descriptors that it must inherit."""
    if launch.filter is None:
        yield launch.argv, ()
        return
    program, *rest = launch.argv
    descriptor, write = os.pipe()
    try:
        os.write(write, launch.filter)
        os.close(write)
        yield (program, "--seccomp", str(descriptor), *rest), (descriptor,)
    finally:
        os.close(descriptor)


_dying: list[Process] = []
"""Killed, but not waited for: a sandbox takes milliseconds to end, and we continue meanwhile."""


def bury(*, wait: bool) -> None:
    """Close the channels of killed processes that are gone.

    Args:
        wait: wait until all of them are gone.
    """
    for process in list(_dying):
        if wait or process.is_gone():
            _dying.remove(process)
            process.bury()


atexit.register(bury, wait=True)


class Process:
    """A worker's process, started at once.

    Args:
        launch: how to start it.
        limits: what it sets on itself, and how much of its output is kept.
    """

    def __init__(self, launch: Launch, limits: Limits) -> None:
        self.packages = launch.packages
        self._launch, self._cap = launch, limits.output_kb * 1024
        self._output, self._output_bytes = bytearray(), 0
        self._pending = memoryview(b"")
        self._hung_up = self._killed = self._closed = False
        self.failure = self._start(interpreter.limits_argument(limits))

    def _start(self, limits: str) -> str | None:
        """Start it; returns why that failed, or None."""
        bury(wait=False)
        program = interpreter.program()
        request_read, self._request = os.pipe()
        self._reply, reply_write = os.pipe()
        self._printed, printed_write = os.pipe()
        try:
            with filtered(self._launch) as (command, inherited):
                self._process = subprocess.Popen(
                    [*command, str(request_read), str(reply_write), limits, str(len(program))],
                    stdin=subprocess.DEVNULL,
                    stdout=printed_write,
                    stderr=printed_write,
                    env=self._launch.env,
                    cwd=self._launch.folder,
                    pass_fds=(request_read, reply_write, *inherited),
                    start_new_session=True,
                )
        except OSError as error:
            self._killed = True
            self._close()
            return f"{self._launch.argv[0]}: {error.strerror}"
        finally:
            for end in (request_read, reply_write, printed_write):
                os.close(end)
        for end in (self._request, self._reply, self._printed):
            os.set_blocking(end, False)
        with contextlib.suppress(AttributeError, OSError):  # only Linux can, and not without limit
            fcntl.fcntl(self._printed, fcntl.F_SETPIPE_SZ, _PIPE)
            fcntl.fcntl(self._request, fcntl.F_SETPIPE_SZ, _PROGRAM_PIPE)
        self._poll = select.poll()
        self._poll.register(self._reply, select.POLLIN)
        self._poll.register(self._printed, select.POLLIN)
        self.send(program)
        return None

    def is_alive(self) -> bool:
        return not self._killed and self._process.poll() is None

    def send(self, content: bytes) -> None:
        self._pending = memoryview(bytes(self._pending) + content if self._pending else content)
        self._push()

    def is_sent(self) -> bool:
        return not self._pending

    def wait(self, seconds: float) -> None:
        if self._pending:
            self._poll.register(self._request, select.POLLOUT)
        events = self._poll.poll(max(0.0, seconds) * 1000)
        if self._pending:
            self._poll.unregister(self._request)
        for end, _ in events:
            if end == self._printed:
                self._drain()
            elif end == self._request:
                self._push()

    def take(self) -> bytes:
        found = bytearray()
        for _ in range(_CHUNKS):
            try:
                data = os.read(self._reply, _CHUNK)
            except BlockingIOError:
                break
            if not data:
                self._hung_up = True
                break
            found += data
        return bytes(found)

    def has_hung_up(self) -> bool:
        return self._hung_up

    def printed(self) -> tuple[bytes, int]:
        self._drain()
        found = bytes(self._output), self._output_bytes
        self._output.clear()
        self._output_bytes = 0
        return found

    def held_bytes(self) -> int:
        return memory.held_bytes(self._process.pid, self._launch.writable)

    def kill(self, *, wait: bool = True) -> None:
        if self._killed:
            return
        self._killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if wait or self._launch.folder is not None:
            self.bury()
        else:
            _dying.append(self)

    def bury(self) -> None:
        """Wait until it and every process it started are gone, and close the channel."""
        self._process.wait()
        self._drain()
        self._await_hang_up()
        self._close()

    def is_gone(self) -> bool:
        """Whether it and every process it started are gone, after it was killed."""
        if self._process.poll() is None:
            return False
        poll = select.poll()
        for end in (self._reply, self._printed):
            poll.register(end, 0)  # hang-ups are reported even without asking
        return len(poll.poll(0)) == 2

    def ending(self) -> str:
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return "stopped answering"
        number = -code if code < 0 else code - 128
        if number in set(signal.Signals):
            return f"ended the process (signal {signal.Signals(number).name})"
        return f"ended the process (exit code {code})"

    def _push(self) -> None:
        try:
            while self._pending:
                self._pending = self._pending[os.write(self._request, self._pending) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # nobody will read it, so no answer will come
            self._pending = memoryview(b"")

    def _drain(self) -> None:
        """Read what was printed, and keep as much as the limit allows."""
        if self._closed:
            return
        for _ in range(_CHUNKS):
            try:
                data = os.read(self._printed, _CHUNK)
            except OSError:
                return
            if not data:
                with contextlib.suppress(KeyError):
                    self._poll.unregister(self._printed)
                return
            self._output_bytes += len(data)
            self._output += data[: max(0, self._cap - len(self._output))]

    def _await_hang_up(self) -> None:
        """Wait until all writers close the pipes: a killed sandbox's children end a bit later."""
        poll, deadline = select.poll(), time.monotonic() + _END_SECONDS
        for end in (self._reply, self._printed):
            poll.register(end, 0)  # as above
            poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
            poll.unregister(end)

    def _close(self) -> None:
        for end in (self._request, self._reply, self._printed):
            os.close(end)
        self._closed = True
        if self._launch.folder is not None:
            shutil.rmtree(self._launch.folder, ignore_errors=True)
