"""The grader's end of a worker process: starts it, asks it, judges how it answers, ends it."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from autograder.course import PROVIDED
from autograder.remote.errors import (
    CallTimeout,
    LearnerError,
    SandboxFailed,
    Tampered,
    WorkerEnded,
)
from autograder.sandbox import bubblewrap, memory
from autograder.worker import protocol
from autograder.worker.worker import MAX_FRAME, MAX_LINES, MAX_NAMES, MAX_TEXT, VERSION

if TYPE_CHECKING:
    from autograder.course import AssignmentFile, Limits
    from autograder.report import SandboxName
    from autograder.submission.read import Source

_START_SECONDS = 20.0
_GRACE_SECONDS = 0.3  # for the worker to say itself that time is over, and where it was
_END_SECONDS = 1.0  # for a process that hangs up or is killed to be gone
_LOOK_SECONDS = 0.1  # between two looks at how much memory it uses, while we wait
_CHUNK = 65_536
_PIPE = 1024 * 1024  # bytes that the code may print before anybody listens
_CHUNKS = 64  # of output before we look at the clock again: a flood must not hold us


def provided_text(module: str) -> str:
    """The source of a module of ours that lies beside the learner's file."""
    return (PROVIDED / f"{module}.py").read_text("utf-8")


class _TimeUp(Exception):
    """The time for an answer is over; the text says where the learner's code was."""


class Worker:
    """One process with one submission in it. Never used for another one.

    Starting does not wait: the process loads the learner's file while we do something else.

    Args:
        source: the learner's file.
        limits: what it may use.
        sandbox_name: where it runs.
        seed: for `random` in the learner's process.
        slot: workers that run at once have different ones.

    Attributes:
        program: what was started: bubblewrap, or the bare interpreter.
    """

    def __init__(
        self, source: Source, limits: Limits, sandbox_name: SandboxName, seed: int, slot: int = 0
    ) -> None:
        self._begin(source.file, limits, sandbox_name, slot)
        self.give(source, seed)

    @classmethod
    def waiting(
        cls, file: AssignmentFile, limits: Limits, sandbox_name: SandboxName, slot: int = 0
    ) -> Self:
        """A process that is there before its submission, which `give` brings.

        Args:
            file: which file of the assignment it will be.
            limits: what it may use.
            sandbox_name: where it runs.
            slot: workers that run at once have different ones.
        """
        worker = cls.__new__(cls)
        worker._begin(file, limits, sandbox_name, slot)  # noqa: SLF001  our own
        return worker

    def is_there(self) -> bool:
        """Whether the process lives."""
        return not self.ended and self._process.poll() is None

    def give(self, source: Source, seed: int) -> None:
        """Let it load the learner's file."""
        self.source = source
        if self._not_started is not None:
            return
        try:
            self._send_load(source.file, seed)
        except BaseException:
            self.kill()
            raise

    def _begin(
        self, file: AssignmentFile, limits: Limits, sandbox_name: SandboxName, slot: int
    ) -> None:
        self.limits, self.sandbox_name = limits, sandbox_name
        self._output, self._output_bytes = bytearray(), 0
        self._replies, self._hung_up = bytearray(), False
        self._looked = math.inf
        self._ids = int.from_bytes(os.urandom(6), "big")
        self._pending = memoryview(b"")
        self._folder = None if sandbox_name == "bubblewrap" else Path(tempfile.mkdtemp())
        self.ended = self._closed = self._anew = False
        self._not_started = self._start(file, sandbox_name, slot)

    def _start(self, file: AssignmentFile, sandbox_name: SandboxName, slot: int) -> str | None:
        """Start the process; returns why that is not possible, or None."""
        launch = bubblewrap.launch(sandbox_name, slot, file.packages, self._folder)
        self.program = launch.argv[0]
        self._package_folders = launch.packages
        request_read, self._request = os.pipe()
        self._reply, reply_write = os.pipe()
        self._printed, printed_write = os.pipe()
        arguments = (str(request_read), str(reply_write), bubblewrap.limits_argument(self.limits))
        try:
            with bubblewrap.filtered(launch) as (command, inherited):
                self._process = subprocess.Popen(
                    [*command, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=printed_write,
                    stderr=printed_write,
                    env=launch.env,
                    cwd=launch.folder,
                    pass_fds=(request_read, reply_write, *inherited),
                    start_new_session=True,
                )
        except OSError as error:
            self.ended = True
            self._close()
            return f"{launch.argv[0]}: {error.strerror}"
        finally:
            for end in (request_read, reply_write, printed_write):
                os.close(end)
        for end in (self._request, self._reply, self._printed):
            os.set_blocking(end, False)
        with contextlib.suppress(AttributeError, OSError):  # Linux alone, and not without end
            fcntl.fcntl(self._printed, fcntl.F_SETPIPE_SZ, _PIPE)
        self._poll = select.poll()
        self._poll.register(self._reply, select.POLLIN)
        self._poll.register(self._printed, select.POLLIN)
        return None

    def _send_load(self, file: AssignmentFile, seed: int) -> None:
        theirs = self.source.provided
        provided = [(f"{n}.py", theirs.get(n) or provided_text(n)) for n in file.provides]
        modules = [*(f"`{name}`" for name in file.provides), *(f"`{p}`" for p in file.packages)]
        arguments = {
            "module": file.module,
            "files": [[file.name, self.source.text], *provided],
            "blocks": [[b.where, b.text, b.tolerant] for b in self.source.blocks],
            "folders": list(self._package_folders),
            "packages": list(file.packages),
            "allowed": ", ".join(["the standard library", *modules]),
            "seed": seed,
        }
        self._post("load", arguments, self.limits.load_seconds)

    def loaded(self) -> tuple[tuple[str, ...], tuple[LearnerError, ...]]:
        """Wait until the learner's file has run.

        Returns:
            The names that the module defines, and the errors of cells that were passed over.

        Raises:
            SandboxFailed: the process did not even start.
            LearnerFault: the file raised, hung or ended the process.
        """
        if self._not_started is not None:
            raise SandboxFailed(self._not_started)
        hello = None
        with contextlib.suppress(WorkerEnded, _TimeUp, protocol.ProtocolError):
            hello = self._next_message(time.monotonic() + _START_SECONDS, alone=False)
        if hello != {"hello": VERSION}:
            self.kill()
            said = self.output().strip().splitlines()
            raise SandboxFailed(said[-1] if said else "the worker did not start")
        self._looked = time.monotonic()  # before, there is none of the learner's code
        answer = self._answer("importing your file", None)
        try:
            names, skipped = answer["names"], answer["skipped"]
            if type(names) is not list or not all(type(name) is str for name in names):
                raise protocol.ProtocolError("no names")
            if len(names) > MAX_NAMES or len(skipped) > MAX_NAMES:
                raise protocol.ProtocolError("more names than there can be")
            return tuple(names), tuple(self.error(error) for error in skipped)
        except (KeyError, TypeError, protocol.ProtocolError):
            self.kill()
            raise Tampered("The answer to importing your file was not one.") from None

    def ask(
        self,
        op: str,
        arguments: dict[str, Any],
        what: str,
        seconds: float,
        wrap: Callable[[protocol.Handle], object] | None,
    ) -> Any:
        """One question and its answer.

        Args:
            op: the worker's method, without `do_`.
            arguments: its arguments, already encoded.
            what: what is asked, in words for the learner.
            seconds: how long it may take.
            wrap: makes an object of a handle in the answer; None takes the answer as JSON.

        Raises:
            LearnerFault: see its subclasses.
        """
        if self.ended:
            raise WorkerEnded(f"{what} cannot be asked: the process has ended.")
        self._no_surplus()
        self._post(op, arguments, seconds)
        return self._answer(what, wrap)

    def forget(self) -> None:
        """With the next question, let it forget what it was asked before and seed chance anew."""
        self._anew = True

    def output(self) -> str:
        """What was printed since the last call of this method, cut at the limit."""
        self._drain()
        text = protocol.without_addresses(self._output.decode(errors="replace"))
        if self._output_bytes > len(self._output):
            text += f"\n… {self._output_bytes - len(self._output):,} more bytes were printed"
        self._output.clear()
        self._output_bytes = 0
        return text

    def kill(self) -> None:
        """End the process and all that it started; may be called twice."""
        if self.ended:
            return
        self.ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._drain()
        self._await_hang_up()
        self._close()

    def _await_hang_up(self) -> None:
        """Wait until nobody holds the channels: what a sandbox kills ends a moment later."""
        poll, deadline = select.poll(), time.monotonic() + _END_SECONDS
        for end in (self._reply, self._printed):
            poll.register(end, 0)  # asks for nothing, is told of the hang-up all the same
            poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
            poll.unregister(end)

    def _close(self) -> None:
        for end in (self._request, self._reply, self._printed):
            os.close(end)
        self._closed = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    # --- one exchange -----------------------------------------------------------------------

    def _post(self, op: str, arguments: dict[str, Any], seconds: float) -> None:
        """Begin to send a request; what the pipe does not take now follows while we wait."""
        self._ids += 1
        self._seconds = seconds
        message = {"id": self._ids, "op": op, "args": arguments, "seconds": seconds}
        if self._anew:
            message["anew"], self._anew = True, False
        self._pending = memoryview(protocol.frame(message))
        self._push()

    def _push(self) -> None:
        try:
            while self._pending:
                self._pending = self._pending[os.write(self._request, self._pending) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # nobody will read it: the answer will not come
            self._pending = memoryview(b"")

    def _answer(self, what: str, wrap: Callable[[protocol.Handle], object] | None) -> Any:
        """The answer to the request that was posted; whatever is wrong with it ends the worker."""
        try:
            message = self._next_message(time.monotonic() + self._seconds + _GRACE_SECONDS)
            if self._pending:
                raise protocol.ProtocolError("it came before the question")
            return self._judge(message, wrap)
        except (_TimeUp, CallTimeout) as error:
            self.kill()
            text = f"{what} did not finish within {self._seconds:g} seconds.{error}"
            raise CallTimeout(text) from None
        except protocol.ProtocolError as error:
            self.kill()
            raise Tampered(f"The answer to {what} was not one: {error}.") from None
        except WorkerEnded as error:
            raise WorkerEnded(f"{what} {error}.") from None

    def _judge(
        self, message: dict[str, Any], wrap: Callable[[protocol.Handle], object] | None
    ) -> Any:
        if type(message.get("id")) is not int or message["id"] != self._ids or len(message) != 2:
            raise protocol.ProtocolError("it answers another question")
        if "value" in message:
            return protocol.decode(message["value"], wrap) if wrap else message["value"]
        error = self.error(message.get("error"))
        if error.type_name == "MemoryError":  # what holds it may stay: others get a fresh process
            self.kill()
        if error.type_name == "DeadlinePassed":
            last = error.lines[-1] if error.lines else None
            raise _TimeUp(f" It was at {last[0]}:{last[1]}: {last[2]}" if last else "")
        raise error

    def error(self, described: object) -> LearnerError:
        """An exception as the worker described it, with the text of the learner's lines."""
        if type(described) is not dict:
            raise protocol.ProtocolError("no error")
        type_name, message = described.get("type"), described.get("message")
        places = described.get("places")
        if type(type_name) is not str or type(message) is not str or type(places) is not list:
            raise protocol.ProtocolError("no error")
        lines = []
        for place in [*places[-MAX_LINES:], described.get("syntax")]:
            if type(place) is list and len(place) == 3:
                where, line = place[0], place[1]
                if type(where) is str and type(line) is int:
                    lines.append((where[:200], line, self.source.line(where, line)))
        column, syntax = None, described.get("syntax")
        if type(syntax) is list and len(syntax) == 3 and type(syntax[2]) is int and lines:
            message = f"{message} (column {syntax[2]})"
            whole = self.source.whole_line(*lines[-1][:2])
            column = max(1, syntax[2] - (len(whole) - len(whole.lstrip())))
        message = protocol.without_addresses(message[:MAX_TEXT])
        return LearnerError(type_name[:200], message, tuple(lines), column=column)

    def _no_surplus(self) -> None:
        """An answer that is there before the question was asked is none."""
        with contextlib.suppress(protocol.ProtocolError):
            self._read_replies()
        if self._replies:
            self.kill()
            raise Tampered("Your process answered a question that was not asked.")

    def _next_message(self, deadline: float, *, alone: bool = True) -> dict[str, Any]:
        """The next frame's content; `alone`: nothing may follow it."""
        late = False
        while (split := protocol.split_frame(self._replies)) is None:
            if self._hung_up:
                raise self._end()
            if late:
                raise _TimeUp
            late = self._wait(deadline)
        content, rest = split
        self._replies[:] = rest
        self._read_replies()
        if alone and self._replies:
            raise protocol.ProtocolError("surplus bytes follow it")
        return protocol.parse(content)

    def _wait(self, deadline: float) -> bool:
        """Let time pass until something can be read or written, do that; whether time is over."""
        left = deadline - time.monotonic()
        if self._pending:
            self._poll.register(self._request, select.POLLOUT)
        events = self._poll.poll(max(0.0, min(left, _LOOK_SECONDS)) * 1000)
        if self._pending:
            self._poll.unregister(self._request)
        for end, _ in events:
            if end == self._printed:
                self._drain()
            elif end == self._reply:
                self._read_replies()
            elif end == self._request:
                self._push()
        self._refuse_hoarding()
        return left <= 0

    def _refuse_hoarding(self) -> None:
        """End a worker whose processes together use more memory than one of them may."""
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        self._looked = now
        folders = bubblewrap.WRITABLE if self.sandbox_name == "bubblewrap" else ()
        held = memory.held_bytes(self._process.pid, folders)
        if held > self.limits.memory_mb * 1024 * 1024:
            self.kill()
            raise LearnerError("MemoryError", "")

    def _read_replies(self) -> None:
        """Take what is there, and note when the other end is closed."""
        while True:
            try:
                data = os.read(self._reply, _CHUNK)
            except BlockingIOError:
                return
            if not data:
                self._hung_up = True
                return
            self._replies += data
            if len(self._replies) > 2 * MAX_FRAME:
                raise protocol.ProtocolError("endless")

    def _drain(self) -> None:
        """Take what was printed, keep as much as the limit allows."""
        if self._closed:
            return
        cap = self.limits.output_kb * 1024
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
            self._output += data[: max(0, cap - len(self._output))]

    def _end(self) -> WorkerEnded:
        """What to raise when the process is gone."""
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return WorkerEnded("stopped answering")
        self.kill()
        number = -code if code < 0 else code - 128
        if number in set(signal.Signals):
            return WorkerEnded(f"ended the process (signal {signal.Signals(number).name})")
        return WorkerEnded(f"ended the process (exit code {code})")
