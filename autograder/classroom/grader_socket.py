"""Messages between processes of ours on one machine: framed, and never waiting to be taken."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from typing import Any

import msgspec

ORDER = struct.Struct(">q")
"""To the forkserver: 0 and a socket for a new grader, or which one to end; and its answer."""

_HEADER = struct.Struct(">I")
_CHUNK = 262_144


class Job(msgspec.Struct, frozen=True):
    """A submission to judge: the hash of its content, and its files by name."""

    content: str
    files: dict[str, bytes]


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """The submission that is judged now has run its files."""


class Judged(msgspec.Struct, frozen=True, tag=True):
    """A verdict: the report as JSON, and the seconds that it took."""

    content: str
    report: bytes
    seconds: float


Said = Loaded | Judged
"""What a grader says."""


class Hello(msgspec.Struct, frozen=True):
    """A process is ready to judge, or why it cannot."""

    problem: str | None


class GraderSocket:
    """One end of a channel. What is sent and not taken yet waits here, not its sender.

    Args:
        end: a connected socket.
    """

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        end.settimeout(0.0)
        self._out, self._in = bytearray(), bytearray()

    def fileno(self) -> int:
        """For selectors."""
        return self.end.fileno()

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be taken: call `push` when the other end has room."""
        return bool(self._out)

    def post(self, message: object) -> None:
        """Send a message, or as much of it as is taken now."""
        body = msgspec.msgpack.encode(message)
        self._out += _HEADER.pack(len(body)) + body
        self.push()

    def push(self) -> None:
        """Send more of what is waiting."""
        try:
            while self._out:
                del self._out[: self.end.send(self._out[:_CHUNK])]
        except BlockingIOError:
            return
        except OSError:  # nobody will read it; reading from this end will show that too
            self._out.clear()

    def pull(self) -> bool:
        """Read what has arrived; False if the other end is gone."""
        try:
            while data := self.end.recv(_CHUNK):
                self._in += data
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def next(self, kind: Any) -> Any:
        """The next message that has come as a whole, None where there is none yet."""
        if len(self._in) < _HEADER.size:
            return None
        (size,) = _HEADER.unpack_from(self._in)
        end = _HEADER.size + size
        if len(self._in) < end:
            return None
        message = msgspec.msgpack.decode(bytes(self._in[_HEADER.size : end]), type=kind)
        del self._in[:end]
        return message

    def receive(self, kind: Any, seconds: float | None = None) -> Any:
        """Wait for the next message; None where the other end is gone or time is over."""
        deadline = None if seconds is None else time.monotonic() + seconds
        poll = select.poll()
        alive = True
        while (message := self.next(kind)) is None and alive:
            poll.register(self.end, select.POLLIN | (select.POLLOUT if self._out else 0))
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not poll.poll(None if left is None else left * 1000):
                return None
            self.push()
            alive = self.pull()
        return message

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(OSError):
            self.end.close()
