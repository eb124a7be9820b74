"""What a command needs beyond `pip install`; checked before it starts."""

from __future__ import annotations

import click

from autograder import extras


class _Lacking(click.ClickException):
    exit_code = 2


def need(extra: str, *packages: str) -> None:
    """End the command if one of these packages is missing, with the line that installs them.

    Args:
        extra: the extra in our pyproject.toml that has them.
        packages: their names in an import.

    Raises:
        click.ClickException: one is missing; the exit code is 2.
    """
    if (what := extras.lacking(extra, *packages)) is not None:
        raise _Lacking(what)


def need_sandbox() -> None:
    """End the command if there is no sandbox for learners' code.

    Raises:
        click.ClickException: there is none; the exit code is 2.
    """
    from autograder.sandbox import bubblewrap, choice

    if (reason := bubblewrap.unavailable()) is not None:
        raise _Lacking(
            f"Other people's work is only graded in a sandbox. {reason} "
            f"{choice.how_to_install()} With --unsafe-no-sandbox, their code can do "
            "anything you can."
        )
