"""How our commands end, whatever happens: with a sentence, not a traceback, and an exit code."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from autograder.cli.actions import OUR_FAULT
from autograder.course import CourseError
from autograder.report import fault_in_words

INTERRUPTED = 130  # as in shells: 128 plus the signal's number


@contextlib.contextmanager
def told(*errors: type[Exception]) -> Iterator[None]:
    """Report the course's errors and the system's in a sentence, without a traceback.

    Args:
        errors: further exceptions whose text is such a sentence.

    Raises:
        click.UsageError: for an error of the course, or one of `errors`.
        click.ClickException: for an OSError.
    """
    expected: tuple[type[Exception], ...] = (CourseError, *errors)
    try:
        yield
    except expected as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None


class Command(click.Command):
    """A command that never ends in a traceback, not even for a sign that the terminal lacks."""

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
                raise  # nobody reads our output any more: click exits quietly
            click.echo("This is a bug in the grader, not your fault. Please report it:", err=True)
            click.echo(fault_in_words(error), err=True)
            sys.exit(OUR_FAULT)


def _leave(code: int) -> NoReturn:
    """End the process without the time that the interpreter takes to free its memory."""
    atexit._run_exitfuncs()  # noqa: SLF001  it has no public name
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the reader may be gone
            stream.flush()
    os._exit(code)


class Group(Command, click.Group):
    """The same for a command that has subcommands."""
