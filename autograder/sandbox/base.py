"""What a place for learners' code offers: a channel to a worker that runs there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Limits
    from autograder.report import SandboxName


class Channel(Protocol):
    """Bytes to one worker and back. Whoever uses it judges what comes; nothing here believes it.

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
        """Begin to send; what is not taken at once follows during `wait`."""
        ...

    def is_sent(self) -> bool:
        """Whether all that was to be sent has gone."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass until something came, was printed or could be sent; at most so long."""
        ...

    def take(self) -> bytes:
        """What the worker has answered since; a flood comes in parts, one a call."""
        ...

    def has_hung_up(self) -> bool:
        """Whether nothing can come any more; what was taken until then counts."""
        ...

    def printed(self) -> tuple[bytes, int]:
        """What was printed since the last call, cut at the limit, and how many bytes it was."""
        ...

    def held_bytes(self) -> int:
        """The memory of the worker and of all that it started; 0 where nobody can tell."""
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
    """A place where workers run. Two that are equal do the same."""

    @property
    def name(self) -> SandboxName:
        """As reports have it."""
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
