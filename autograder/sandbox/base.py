"""The interface of a sandbox: it starts workers, and gives a channel to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName


class Channel(Protocol):
    """Bytes to one worker and back. Nothing here trusts them: the caller checks what arrives.

    Attributes:
        failure: why the worker could not be started; None if it was.
        packages: folders for the worker's `sys.path`, as it sees them.
    """

    failure: str | None
    packages: tuple[str, ...]

    def is_alive(self) -> bool:
        """Whether the worker is still running."""
        ...

    def send(self, content: bytes) -> None:
        """Start sending; what the worker does not read at once is sent during `wait`."""
        ...

    def is_sent(self) -> bool:
        """Whether everything has been sent."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait at most that many seconds for a reply, for output or for room to send."""
        ...

    def take(self) -> bytes:
        """Bytes of replies since the last call; empty if none. Large ones take several calls."""
        ...

    def has_hung_up(self) -> bool:
        """Whether the worker closed its reply pipe; replies taken before still count."""
        ...

    def printed(self) -> tuple[bytes, int]:
        """Output since the last call, truncated to the limit, and its full size in bytes."""
        ...

    def held_bytes(self) -> int:
        """The memory in bytes of the worker and every process it started; 0 if unknown."""
        ...

    def kill(self, *, wait: bool = True) -> None:
        """End the worker and every process it started; may be called twice.

        Args:
            wait: whether to wait until they are gone.
        """
        ...

    def ending(self) -> str:
        """How a worker that hung up ended, such as `ended the process (exit code 1)`."""
        ...


class Sandbox(Protocol):
    """A place where workers run. Equal ones are interchangeable."""

    @property
    def name(self) -> SandboxName:
        """The name used in reports."""
        ...

    @property
    def isolates(self) -> bool:
        """Whether it is safe for other people's work."""
        ...

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> Channel:
        """Start a worker, without waiting until it runs.

        Args:
            packages: names of installed packages that the learner may import.
            limits: what it may use.
            slot: a number that no other worker running at the same time has.
        """
        ...

    def instead(self) -> Sandbox | None:
        """The sandbox to use if a worker did not start here; None if another would not help."""
        ...
