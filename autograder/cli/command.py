"""How our commands end, whatever happens: no traceback, and a code that says whose fault it is."""

from __future__ import annotations

import atexit
import errno
import gc
import sys
from io import TextIOWrapper
from typing import Any

import click

from autograder.cli.actions import OUR_FAULT
from autograder.report import fault_in_words

INTERRUPTED = 130  # as shells have it: 128 and the number of the signal


class Command(click.Command):
    """A command that ends neither in a traceback nor over a sign that the terminal lacks."""

    def invoke(self, ctx: click.Context) -> Any:
        atexit.register(gc.freeze)  # else the interpreter walks all that is loaded before it ends
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
            click.echo("We made a mistake; this is not your fault. Please report it:", err=True)
            click.echo(fault_in_words(error), err=True)
            sys.exit(OUR_FAULT)


class Group(Command, click.Group):
    """The same for a command that has commands."""
