"""What a place for learners' code offers: a channel to a worker that runs there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName


class Channel(Protocol):
    """Bytes to one worker and back. Nothing here trusts them: the caller judges what comes.

    Attributes:
        failure: why the worker could not be started; None where it was.
        packages: folders for the worker's `sys.path`, as it sees them.
    """

    failure: str | None
    packages: tuple[str, ...]

    def is_alive(self) -> bool:
        """Whether the worker is still running."""
        ...

    def send(self, content: bytes) -> None:
        """Start sending; what the worker does not take at once is sent during `wait`."""
        ...

    def is_sent(self) -> bool:
        """Whether everything has been sent."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait at most so many seconds for a reply, for output or for room to send."""
        ...

    def take(self) -> bytes:
        """Bytes of replies since the last call, empty if none; a flood comes in several calls."""
        ...

    def has_hung_up(self) -> bool:
        """Whether the worker closed its reply pipe; bytes taken before that still count."""
        ...

    def printed(self) -> tuple[bytes, int]:
        """Output since the last call, cut at the limit, and its full size in bytes."""
        ...

    def held_bytes(self) -> int:
        """Bytes of memory used by the worker and all that it started; 0 if unknown."""
        ...

    def kill(self, *, wait: bool = True) -> None:
        """End the worker and all that it started; may be called twice.

        Args:
            wait: until they are gone.
        """
        ...

    def ending(self) -> str:
        """How a worker that hung up has ended, such as `ended the process (exit code 1)`."""
        ...


class Sandbox(Protocol):
    """A place where workers run. Equal ones are interchangeable."""

    @property
    def name(self) -> SandboxName:
        """The name used in reports."""
        ...

    @property
    def isolates(self) -> bool:
        """Whether others' work may be judged here."""
        ...

    def open(self, packages: Sequence[str], limits: Limits, slot: int) -> Channel:
        """Start a worker, without waiting until it is there.

        Args:
            packages: names of installed packages that the learner may import.
            limits: what it may use.
            slot: workers that run at once have different ones.
        """
        ...

    def instead(self) -> Sandbox | None:
        """Where to go when a worker did not start here; None where another place would not help."""
        ...
