"""How our commands end, whatever happens: no traceback, and a code that says whose fault it is."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import sys
import threading
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from autograder.cli.actions import OUR_FAULT
from autograder.report import fault_in_words

INTERRUPTED = 130  # as shells have it: 128 and the number of the signal


class Command(click.Command):
    """A command that ends neither in a traceback nor over a sign that the terminal lacks."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **how: Any) -> Any:
        try:
            return super().main(args, *rest, **how)
        except SystemExit as end:
            if args is None and isinstance(end.code, int) and threading.active_count() == 1:
                _leave(end.code)
            raise

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped.", err=True)
            sys.exit(INTERRUPTED)
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of our output is gone: click exits quietly
            click.echo("This is a bug in the grader, not your fault. Please report it:", err=True)
            click.echo(fault_in_words(error), err=True)
            sys.exit(OUR_FAULT)


def _leave(code: int) -> NoReturn:
    """End the process, without the time that the interpreter takes to free all that it holds."""
    atexit._run_exitfuncs()  # noqa: SLF001  there is no other name for it
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whom we write to may have gone
            stream.flush()
    os._exit(code)


class Group(Command, click.Group):
    """The same for a command that has commands."""
