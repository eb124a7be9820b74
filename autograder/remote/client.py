"""The grader's end of a worker: sends questions, checks the form of the answers, ends it."""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from autograder.course import provided_text
from autograder.remote.errors import (
    CallTimeout,
    LearnerError,
    SandboxFailed,
    Tampered,
    WorkerEnded,
)
from autograder.worker import protocol
from autograder.worker.worker import MAX_FRAME, MAX_LINES, MAX_NAMES, MAX_TEXT, VERSION

if TYPE_CHECKING:
    from autograder.course import AssignmentFile, Limits
    from autograder.sandbox.base import Sandbox
    from autograder.submission.read import Source

_START_SECONDS = 20.0
_GRACE_SECONDS = 0.3  # for the worker to report the timeout itself, and where it was
_LOOK_SECONDS = 0.1  # between two checks of its memory while we wait


class _TimeUp(Exception):
    """The time for an answer is up; the text says where the learner's code was."""


class WorkerClient:
    """One worker with one submission in it. Never used for another one.

    Starting does not wait: the worker loads the learner's file while we do something else.

    Args:
        source: the learner's file.
        limits: what it may use.
        sandbox: where it runs.
        seed: for `random` in the worker.
        slot: a number that no other worker running at the same time has.

    Attributes:
        ended: whether it was killed, or did not start.
        received: bytes of its answers so far.
        waited: seconds spent waiting for them.
    """

    def __init__(
        self, source: Source, limits: Limits, sandbox: Sandbox, seed: int, slot: int = 0
    ) -> None:
        self._begin(source.file, limits, sandbox, slot)
        self.give(source, seed)

    @classmethod
    def waiting(cls, file: AssignmentFile, limits: Limits, sandbox: Sandbox, slot: int = 0) -> Self:
        """A worker that starts before its submission arrives through `give`.

        Args:
            file: which file of the assignment it will be.
            limits: what it may use.
            sandbox: where it runs.
            slot: a number that no other worker running at the same time has.
        """
        client = cls.__new__(cls)
        client._begin(file, limits, sandbox, slot)  # noqa: SLF001  our own
        return client

    def _begin(self, file: AssignmentFile, limits: Limits, sandbox: Sandbox, slot: int) -> None:
        self.limits, self.sandbox = limits, sandbox
        self._replies = bytearray()
        self._looked = math.inf
        self._ids = int.from_bytes(os.urandom(6), "big")
        self.ended = self._anew = False
        self.received, self.waited = 0, 0.0
        self._channel = sandbox.open(file.packages, limits, slot)

    def is_there(self) -> bool:
        """Whether the worker is still running."""
        return not self.ended and self._channel.is_alive()

    def give(self, source: Source, seed: int) -> None:
        """Have it load the learner's file; does not wait.

        Args:
            source: the file.
            seed: for `random` in the worker.
        """
        self.source = source
        if self._channel.failure is not None:
            return
        try:
            self._send_load(source.file, seed)
        except BaseException:
            self.kill()
            raise

    def _send_load(self, file: AssignmentFile, seed: int) -> None:
        theirs = self.source.provided
        provided = [(f"{n}.py", theirs.get(n) or provided_text(n)) for n in file.provides]
        modules = [*(f"`{name}`" for name in file.provides), *(f"`{p}`" for p in file.packages)]
        arguments = {
            "module": file.module,
            "files": [[file.name, self.source.text], *provided],
            "blocks": [[b.where, b.text, b.tolerant] for b in self.source.blocks],
            "folders": list(self._channel.packages),
            "packages": list(file.packages),
            "allowed": ", ".join(["the standard library", *modules]),
            "seed": seed,
            "until": self.source.until,
        }
        self._post("load", arguments, self.limits.load_seconds)

    def started(self) -> None:
        """Wait until the worker has started. It runs none of the learner's code before.

        Raises:
            SandboxFailed: it did not start.
        """
        if self._looked < math.inf:
            return
        if self._channel.failure is not None:
            self.ended = True
            raise SandboxFailed(self._channel.failure)
        hello = None
        with contextlib.suppress(WorkerEnded, _TimeUp, protocol.ProtocolError):
            hello = self._next_message(time.monotonic() + _START_SECONDS, alone=False)
        if hello != {"hello": VERSION}:
            self.kill()
            said = self.output().strip().splitlines()
            raise SandboxFailed(said[-1] if said else "the worker did not start")
        self._looked = time.monotonic()

    def loaded(self) -> tuple[tuple[str, ...], tuple[LearnerError, ...]]:
        """Wait until the learner's file has run.

        Returns:
            The names that the module defines, and the errors of cells that were skipped.

        Raises:
            SandboxFailed: the worker did not even start.
            LearnerFault: the file raised, hung or ended the process.
        """
        self.started()
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
            raise Tampered("The answer to importing your file was invalid.") from None

    def ask(
        self,
        op: str,
        arguments: dict[str, Any],
        what: str,
        seconds: float,
        wrap: Callable[[protocol.Handle], object] | None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Any:
        """Ask one question and return its answer.

        Args:
            op: the worker's method, without `do_`.
            arguments: its arguments, already encoded.
            what: what is asked, in words for the learner.
            seconds: how long it may take.
            wrap: makes an object of a handle in the answer; None returns the answer as JSON.
            meanwhile: is called while the worker computes; must not raise.

        Raises:
            LearnerFault: see its subclasses.
        """
        if self.ended:
            raise WorkerEnded(f"{what} can't be asked: the process has ended.")
        self._no_surplus()
        self._post(op, arguments, seconds)
        meanwhile()
        return self._answer(what, wrap)

    def forget(self) -> None:
        """Reset the worker with the next question: objects, replacements and random seeds."""
        self._anew = True

    def output(self) -> str:
        """The text printed since the last call of this method, truncated to the limit."""
        content, printed = self._channel.printed()
        text = protocol.without_addresses(content.decode(errors="replace"))
        if printed > len(content):
            text += f"\n… and {printed - len(content):,} more bytes"
        return text

    def kill(self, *, wait: bool = True) -> None:
        """End the worker and every process it started; may be called twice.

        Args:
            wait: whether to wait until they are gone; see `Channel.kill`.
        """
        self.ended = True
        self._channel.kill(wait=wait)

    # --- one exchange -----------------------------------------------------------------------

    def _post(self, op: str, arguments: dict[str, Any], seconds: float) -> None:
        """Start to send a request."""
        self._ids += 1
        self._seconds = seconds
        message = {"id": self._ids, "op": op, "args": arguments, "seconds": seconds}
        if self._anew:
            message["anew"], self._anew = True, False
        self._channel.send(protocol.frame(message))

    def _answer(self, what: str, wrap: Callable[[protocol.Handle], object] | None) -> Any:
        """The answer to the last request; anything wrong with it ends the worker."""
        try:
            message = self._next_message(time.monotonic() + self._seconds + _GRACE_SECONDS)
            if not self._channel.is_sent():
                raise protocol.ProtocolError("it came before the question")
            return self._judge(message, wrap)
        except (_TimeUp, CallTimeout) as error:
            self.kill()
            text = f"{what} did not finish within {self._seconds:g} seconds.{error}"
            raise CallTimeout(text) from None
        except protocol.ProtocolError as error:
            self.kill()
            raise Tampered(f"The answer to {what} was invalid: {error}.") from None
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
        if (
            error.type_name == "MemoryError"
        ):  # it may still be in use: the next question gets a fresh process
            self.kill()
        if error.type_name == "DeadlinePassed":
            last = error.lines[-1] if error.lines else None
            raise _TimeUp(f" It was running {last[0]}:{last[1]}: {last[2]}" if last else "")
        raise error

    def error(self, described: object) -> LearnerError:
        """An exception as the worker described it, with the text of the learner's lines.

        Raises:
            ProtocolError: it does not describe an exception.
        """
        if type(described) is not dict:
            raise protocol.ProtocolError("no error")
        type_name, message = described.get("type"), described.get("message")
        places, syntax = described.get("places"), described.get("syntax")
        if type(type_name) is not str or type(message) is not str or type(places) is not list:
            raise protocol.ProtocolError("no error")
        lines, column = [], None
        for place in [*places[-MAX_LINES:], syntax]:
            if type(place) is list and len(place) == 3:
                where, line = place[0], place[1]
                if type(where) is str and type(line) is int:
                    lines.append((where[:200], line, self.source.line(where, line)))
        if type(syntax) is list and len(syntax) == 3 and type(syntax[2]) is int and lines:
            message = f"{message} (column {syntax[2]})"
            whole = self.source.whole_line(*lines[-1][:2])
            column = max(1, syntax[2] - (len(whole) - len(whole.lstrip())))
        message = protocol.without_addresses(message[:MAX_TEXT])
        return LearnerError(type_name[:200], message, tuple(lines), column=column)

    def _no_surplus(self) -> None:
        """Refuse an answer that arrived before the question was asked."""
        with contextlib.suppress(protocol.ProtocolError):
            self._read_replies()
        if self._replies:
            self.kill()
            raise Tampered("Your process answered a question that was never asked.")

    def _next_message(self, deadline: float, *, alone: bool = True) -> dict[str, Any]:
        """The next message; with `alone`, nothing may follow it."""
        late, began = False, time.monotonic()
        try:
            while (split := protocol.split_frame(self._replies)) is None:
                if self._channel.has_hung_up():
                    raise self._end()
                if late:
                    raise _TimeUp
                late = self._wait(deadline)
        finally:
            self.waited += time.monotonic() - began
        content, rest = split
        self.received += len(content)
        self._replies[:] = rest
        self._read_replies()
        if alone and self._replies:
            raise protocol.ProtocolError("it is followed by extra bytes")
        return protocol.parse(content)

    def _wait(self, deadline: float) -> bool:
        """Wait until data can move or the next check is due; returns whether the time is up."""
        left = deadline - time.monotonic()
        self._channel.wait(max(0.0, min(left, _LOOK_SECONDS)))
        self._read_replies()
        self._refuse_hoarding()
        return left <= 0

    def _refuse_hoarding(self) -> None:
        """End a worker whose processes together use more memory than one may."""
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        self._looked = now
        if self._channel.held_bytes() > self.limits.memory_mb * 1024 * 1024:
            self.kill()
            raise LearnerError("MemoryError", "")

    def _read_replies(self) -> None:
        self._replies += self._channel.take()
        if len(self._replies) > 2 * MAX_FRAME:
            raise protocol.ProtocolError("endless")

    def _end(self) -> WorkerEnded:
        """What to raise when the worker is gone."""
        how = self._channel.ending()
        self.kill()
        return WorkerEnded(how)
