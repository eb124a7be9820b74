"""`.ci/hide`: a machine that seems to lack some programs and is as it was otherwise."""

import os
import subprocess

import pytest

from tests.conftest import ROOT

HIDE = ROOT / ".ci/hide"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A PATH with programs of our own before the system's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("one", "two", "python9"):
        (folder / "real").mkdir(exist_ok=True)
        program = folder / "real" / name
        program.write_text(f'#!/bin/sh\necho {name} "$@"\nexit 7\n')
        program.chmod(0o755)
        (folder / name).symlink_to(program)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    return folder


def run(*command):
    return subprocess.run([HIDE, *command], capture_output=True, text=True, check=False)


def test_what_is_hidden_is_not_found_and_the_rest_is(machine):
    found = run("one", "--", "sh", "-c", "command -v one; command -v two; two a 'b c'")

    assert found.stdout.splitlines()[1:] == ["two a b c"]
    assert found.stdout.splitlines()[0].endswith("/two")
    assert (found.returncode, found.stderr) == (7, "")


def test_a_program_in_two_folders_is_hidden_in_both(machine, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join([os.environ["PATH"], str(machine / "real")]))

    assert run("one", "two", "--", "sh", "-c", "command -v one || command -v two").stdout == ""


def test_an_interpreter_is_started_where_it_lies(machine):
    """A link to it would be taken for its home, and be gone when the command is."""
    found = run("one", "--", "sh", "-c", 'cat "$(command -v python9)"')

    assert f"exec {machine}/python9" in found.stdout
    assert run("one", "--", "python9", "x y").stdout == "python9 x y\n"


def test_nothing_is_left(machine, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    run("one", "--", "true")

    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


@pytest.mark.parametrize("words", [(), ("one",), ("one", "--")])
def test_without_a_command_it_says_how(machine, words):
    done = run(*words)

    assert done.returncode == 2
    assert "PROGRAM... -- COMMAND..." in done.stderr
