"""Uses the terminal as a full screen with single keys, and restores it afterwards."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
import tty
from typing import TYPE_CHECKING, Any, Protocol, Self

import click

if TYPE_CHECKING:
    from types import FrameType

    class HasFileno(Protocol):
        """An object that `select` accepts."""

        def fileno(self) -> int: ...


_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
END_OF_INPUT = "\x04"
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|O.|)")
"""Escape sequences of arrow and function keys: each counts as one key without a meaning."""


def usable() -> bool:
    """Whether stdin and stdout are a terminal with cursor control."""
    there = sys.stdin.isatty() and sys.stdout.isatty()
    return there and os.environ.get("TERM", "dumb") != "dumb"


class Tty:
    """Takes over the terminal in a `with` block, and restores it at the end.

    Keys are read without Return. Ctrl-C, Ctrl-Z and SIGTERM work as usual.
    """

    def __init__(self) -> None:
        self._in, self._out = sys.stdin.fileno(), sys.stdout
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._before: list[Any] = termios.tcgetattr(self._in)
        self._handlers: dict[int, Any] = {}
        self._plain = bool(os.environ.get("NO_COLOR"))

    def __enter__(self) -> Self:
        for number, handler in (
            (signal.SIGWINCH, self._resized),
            (signal.SIGTSTP, self._suspended),
            (signal.SIGTERM, self._ended),
            (signal.SIGHUP, self._ended),
        ):
            self._handlers[number] = signal.signal(number, handler)
        self._take()
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._woken)
        os.close(self._wake)

    def show(self, text: str) -> None:
        """Replace the screen's content without flicker."""
        text = click.unstyle(text) if self._plain else text
        lines = "\x1b[K\r\n".join(text.split("\n"))
        self._out.write(f"\x1b[H{lines}\x1b[J")
        self._out.flush()

    def wait(self, saves: HasFileno, seconds: float | None = None) -> tuple[str, bool, bool]:
        """Wait until something happens.

        Args:
            saves: becomes readable when files have changed.
            seconds: how long to wait at most; None for no limit.

        Returns:
            The keys pressed, whether files changed, and whether to redraw.
        """
        ready, _, _ = select.select([self._in, saves, self._woken], [], [], seconds)
        keys = ""
        if self._in in ready:
            keys = os.read(self._in, 1024).decode(errors="ignore") or END_OF_INPUT
            keys = _SEQUENCE.sub(" ", keys)
        if self._woken in ready:
            os.read(self._woken, 1024)
        return keys, saves in ready, self._woken in ready

    def _take(self) -> None:
        tty.setcbreak(self._in)
        self._out.write(_ENTER)
        self._out.flush()

    def _give_back(self) -> None:
        self._out.write(_LEAVE)
        self._out.flush()
        termios.tcsetattr(self._in, termios.TCSADRAIN, self._before)

    def _draw_again(self) -> None:
        try:
            os.write(self._wake, b"w")
        except BlockingIOError:  # enough notices are waiting
            return

    def _resized(self, _: int, __: FrameType | None) -> None:
        self._draw_again()

    def _ended(self, _: int, __: FrameType | None) -> None:
        # The only exception that pytest lets through.
        raise KeyboardInterrupt

    def _suspended(self, _: int, __: FrameType | None) -> None:
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # stopped here until resumed
        signal.signal(signal.SIGTSTP, self._suspended)
        self._take()
        self._draw_again()
