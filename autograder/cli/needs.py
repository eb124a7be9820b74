"""What a command needs beyond `pip install`: without it the command ends before it begins."""

from __future__ import annotations

import click

from autograder import extras


class _Lacking(click.ClickException):
    exit_code = 2


def need(extra: str, *packages: str) -> None:
    """End the command with the line that installs an extra, where one of these packages is missing.

    Args:
        extra: which of ours in pyproject.toml brings them.
        packages: by the names under which one imports them.
    """
    if (what := extras.lacking(extra, *packages)) is not None:
        raise _Lacking(what)


def need_sandbox() -> None:
    """End the command where learners' code would run with the rights of whoever gives it."""
    from autograder.sandbox import bubblewrap, choice

    if (reason := bubblewrap.unavailable()) is not None:
        raise _Lacking(
            f"Other people's work is only graded in a sandbox. {reason} "
            f"{choice.how_to_install()} With --unsafe-no-sandbox, their code can do "
            "anything you can."
        )
