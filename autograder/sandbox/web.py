"""The channel to a worker that is a Web Worker in the learner's browser, with its own Python.

The grader runs in a Web Worker, too; JavaScript serves it through a `Bridge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName

_ENDED = 2


class Bridge(Protocol):
    """The page's side of a channel; workers have numbers."""

    def spawn(self, output_bytes: int, memory_mb: int) -> int:
        """Start a worker, keep that many bytes of its output, and return its number."""
        ...

    def send(self, worker: int, content: bytes) -> None:
        """Send a whole message."""
        ...

    def wait(self, worker: int, seconds: float) -> int:
        """Wait at most that long for a reply: 0 for none, 1 for one, 2 if the worker has ended."""
        ...

    def take(self, worker: int) -> bytes:
        """Bytes of replies since the last call."""
        ...

    def printed(self, worker: int) -> tuple[bytes, int]:
        """Output since the last call, truncated, and its full size in bytes."""
        ...

    def kill(self, worker: int) -> None:
        """End the worker."""
        ...


class WebWorkers(msgspec.Struct, frozen=True):
    """Starts the Web Workers of one page.

    Attributes:
        bridge: the page's side.
    """

    bridge: Any

    @property
    def name(self) -> SandboxName:
        return "browser"

    @property
    def isolates(self) -> bool:
        return False

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> WebWorker:
        del packages, slot  # there are none; each worker is alone
        return WebWorker(self.bridge, limits)

    def instead(self) -> None:
        return None


class WebWorker:
    """A worker of the page, started at once.

    Args:
        bridge: the page's side.
        limits: how much memory it has, and how much of its output is kept.
    """

    failure: str | None = None
    packages: tuple[str, ...] = ()

    def __init__(self, bridge: Bridge, limits: Limits) -> None:
        self._bridge = bridge
        self._ended = self._killed = False
        self._printed = b"", 0
        self._worker = bridge.spawn(limits.output_kb * 1024, limits.memory_mb)

    def is_alive(self) -> bool:
        return not self._killed and not self._ended

    def send(self, content: bytes) -> None:
        if not self._killed:
            self._bridge.send(self._worker, bytes(content))

    def is_sent(self) -> bool:
        return True

    def wait(self, seconds: float) -> None:
        if not self._killed:
            self._ended = self._bridge.wait(self._worker, seconds) == _ENDED

    def take(self) -> bytes:
        return b"" if self._killed else self._bridge.take(self._worker)

    def has_hung_up(self) -> bool:
        return self._killed or self._ended

    def printed(self) -> tuple[bytes, int]:
        if self._killed:
            found, self._printed = self._printed, (b"", 0)
            return found
        return self._bridge.printed(self._worker)

    def held_bytes(self) -> int:
        return 0  # its memory cannot grow beyond the limit

    def kill(self, *, wait: bool = True) -> None:
        del wait  # the page ends it
        if not self._killed:
            self._printed = self._bridge.printed(self._worker)
            self._killed = True
            self._bridge.kill(self._worker)

    def ending(self) -> str:
        return "ended the process"
