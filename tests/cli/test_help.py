"""Help as it stands in a terminal of 80 columns: nothing cut off, no sign that is meant for click."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from autograder.cli import course, grade


def commands():
    """Each command with the words that call it."""
    yield ("grade",), grade.main
    yield ("course",), course.main
    for name, command in course.main.commands.items():
        yield ("course", name), command


@pytest.mark.parametrize(
    ("words", "command"), [pytest.param(*pair, id=" ".join(pair[0])) for pair in commands()]
)
def test_help_fits_a_terminal(words, command):
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(command, ["--help"], prog_name=" ".join(words))

    assert shown.exit_code == 0
    assert "\b" not in shown.output
    assert "\\b" not in shown.output
    assert max(map(len, shown.output.splitlines())) <= 80
    for line in shown.output.splitlines():
        assert not line.endswith("...") or line.startswith("Usage:")  # a sentence cut off
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.hidden or parameter.help
