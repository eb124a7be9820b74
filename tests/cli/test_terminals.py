"""What a terminal of any kind gets, a pipe, and who interrupts or leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from ..processes import children, is_alive
from .conftest import COMMAND, OUR_COLOURS, environment, on_a_terminal, process, started

if TYPE_CHECKING:
    from ..conftest import Clone, Cloning
    from .conftest import Grade
from tests.cli.test_grade import EVIL, WRONG, solve


def test_colours_are_for_terminals_alone(clone: Clone) -> None:
    clone.write("assignment2", WRONG)
    terminal, _ = on_a_terminal(clone.root, "assignment2")
    plain, _ = on_a_terminal(clone.root, "assignment2", NO_COLOR="1")
    pipe = process(clone.root, "assignment2").stdout.decode()

    assert OUR_COLOURS.search(terminal)
    assert "\x1b" not in plain
    assert "\x1b" not in pipe
    assert OUR_COLOURS.sub("", terminal).replace("\r\n", "\n") == pipe
    assert plain.replace("\r\n", "\n") == pipe


def test_progress_is_announced_on_terminals_alone(cloning: Cloning) -> None:
    clone = cloning("assignment1")
    solve(clone, "assignment1")
    terminal, _ = on_a_terminal(clone.root, "--all")

    assert "grading assignment1 …" in terminal
    assert process(clone.root, "--all").stderr == b""


CODE = ("    ", "from autograder.yours.")
"""How lines begin that are to be copied, and stay whole."""


@pytest.mark.parametrize("columns", [40, 50, 80])
@pytest.mark.parametrize("charset", ["utf-8", "ascii"])
def test_lines_fit_a_narrow_terminal(
    grade: Grade, clone: Clone, columns: int, charset: str
) -> None:
    """All but the code to paste, which stays whole."""
    clone.write("assignment2", WRONG, ("self.data * other.data", "self.data * other.daba"))
    solve(clone, "assignment3")
    for arguments in (("assignment1",), ("assignment2",), ("assignment2", "-v"), ("--all",), ()):
        output = grade(clone.root, *arguments, charset=charset, COLUMNS=str(columns)).stdout
        long = [line for line in output.split("\n") if len(line) > columns]
        assert [line for line in long if not line.startswith(CODE)] == []


ODD = ("self.data * other.data", "(print('ä→∂'), self.data * other.daba)[1]")


@pytest.mark.parametrize("charset", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_alphabet_can_be_written(grade: Grade, clone: Clone, charset: str) -> None:
    clone.write("assignment2", WRONG, ODD)
    for arguments in (("assignment3",), ("assignment2", "-v"), ("--all",), ("--help",), ()):
        result = grade(clone.root, *arguments, charset=charset)
        assert result.exit_code == (0 if arguments in {(), ("--help",)} else 1)
        assert result.stderr == ""
        assert len(result.stdout) > 100


def test_an_alphabet_without_our_signs_in_a_process_of_its_own(clone: Clone) -> None:
    clone.write("assignment2", WRONG, ODD)
    done = process(clone.root, "assignment2", "-v", PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode("ascii").startswith("assignment2  Operators  operators.py\n")


def test_json_is_utf_8_whatever_the_terminal_writes(clone: Clone) -> None:
    clone.write("assignment3", more="\nprint('ä→∂')\n")
    found = [
        process(clone.root, "assignment3", "--json", PYTHONIOENCODING=encoding).stdout
        for encoding in ("ascii", "utf-8")
    ]

    assert found[0] == found[1]
    assert "·" in found[0].decode("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        f"print({EVIL!r})",
        f"raise ValueError({EVIL!r})",
        f"raise type({EVIL!r}, (Exception,), {{}})()",
        f"return {EVIL!r}",
        f"return Value({EVIL!r}, (self,), 'exp')",
        f"return type({EVIL!r}, (), {{}})()",
        f"import sys; sys.stderr.write({EVIL!r})",
        "while True: pass  # " + EVIL.replace("\r", ""),
        "import os; os.write(1, b'\\xff\\xfe' + bytes(range(32)))",
    ],
    ids=["print", "raise", "type", "text", "data", "object", "stderr", "source", "bytes"],
)
def test_nothing_of_the_learners_rewrites_the_screen(
    grade: Grade, cloning: Cloning, line: str
) -> None:
    clone = cloning("assignment2", call_seconds=0.4)
    place = "    return Value(math.exp(self.data), (self,), 'exp')\n"
    wrong = "    return Value(math.exp(-self.data), (self,), 'exp')\n"
    clone.write("assignment2", (place, f"    {line}\n{wrong}"))
    for arguments in (("assignment2",), ("assignment2", "-v"), ("assignment2", "--hint")):
        result = grade(clone.root, *arguments, color=True)
        text = OUR_COLOURS.sub("", result.stdout)
        assert result.exit_code == 1
        assert [c for c in text if not c.isprintable() and c not in "\n\t"] == []
        assert "\x1b[31m\x1b[2J" not in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        f"raise ValueError({EVIL!r})\n",
        f"x = = '{EVIL}'\n".replace("\r", ""),
        f"class Valeu: pass\nglobals()[{EVIL!r}] = 1\n",
        f"import sys; sys.exit({EVIL!r})\n",
        f"__import__({EVIL!r})\n",
    ],
    ids=["raise", "syntax", "names", "exit", "import"],
)
def test_nothing_of_a_broken_file_rewrites_the_screen(
    grade: Grade, clone: Clone, text: str
) -> None:
    clone.file("assignment1").write_text(text, "utf-8")
    result = grade(clone.root, "assignment1", color=True)
    shown = OUR_COLOURS.sub("", result.stdout)

    assert result.exit_code == 2
    assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []


@pytest.mark.requires("sandbox")
def test_the_name_of_a_file_rewrites_nothing(grade: Grade, clone: Clone) -> None:
    name = "\x1b[2J\x07\udcff.py"
    (clone.root / name).write_text(clone.solution("assignment1"), "utf-8")
    (clone.root / f"empty{name}").write_text("")
    right = grade(clone.root, "assignment1", name, color=True)
    wrong = grade(clone.root, "assignment1", f"empty{name}", color=True)
    missing = grade(clone.root, "assignment1", f"missing{name}", color=True)

    assert [r.exit_code for r in (right, wrong, missing)] == [0, 2, 2]
    for result in (right, wrong, missing):
        shown = OUR_COLOURS.sub("", result.stdout)
        assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []


# --- ends that nobody planned ------------------------------------------------------------------


@pytest.mark.requires("proc")
@pytest.mark.parametrize("wait", [0.0, 0.7], ids=["at once", "later"])
def test_the_users_interrupt_ends_it_cleanly(cloning: Cloning, wait: float) -> None:
    clone = cloning("assignment2", call_seconds=30)
    clone.write("assignment2", ("math.exp(self.data)", "[0 for _ in iter(int, 1)]"))
    running = started(clone.root, "assignment2", start_new_session=True)
    while not (workers := children(running.pid)):
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(wait)
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)

    assert running.returncode == 130
    assert out == b""
    assert err == b"\nStopped.\n"
    assert not any(map(is_alive, workers))


@pytest.mark.parametrize("arguments", [("--json",), ("-v",)], ids=["json", "text"])
def test_a_reader_that_leaves_early_causes_no_noise(clone: Clone, arguments: tuple[str]) -> None:
    """As in `grade assignment1 --json | head -1`."""
    running = started(clone.root, "assignment1", *arguments)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    noise = running.stderr.read()
    running.stderr.close()
    running.wait(timeout=30)

    assert noise == b""


def test_a_pipe_to_head(clone: Clone) -> None:
    line = f"{COMMAND[0]} -c '{COMMAND[2]}' assignment1 --json | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=clone.root,
        env=environment(),
        capture_output=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == (b"{\n", b"")
