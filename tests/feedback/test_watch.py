"""`grade --watch` in a real terminal, tmux: quick, keys work, an editor may do what it likes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
import uuid

import pytest

from tests.feedback.samples import COMMAND, EXP_OF_INPUT, OWN_FACTOR, ROOT, SQUARED_INPUT

QUICK = 0.5
"""Seconds from a save to the answer on the screen, once warm."""

PATIENT = 60.0
"""Seconds that a loaded machine gets; all waits end as soon as the screen shows it."""


class Screen:
    """A terminal of 80 x 24 with watch mode in it."""

    def __init__(self, clone):
        self.clone, self.socket = clone, f"grade-{uuid.uuid4().hex[:8]}"
        self.file = clone.file("assignment3")
        command = shlex.join([sys.executable, "-c", COMMAND, "assignment3", "--watch"])
        after = "; echo \"exit $?\"; stty -a | tr ';' '\\n' | grep -ow -e '-\\?icanon'; sleep 600"
        env = [f"PYTHONPATH={ROOT}", "LANG=C.UTF-8", "DISPLAY=", "WAYLAND_DISPLAY=", "BROWSER="]
        # pytest's readline leaves a size in the environment, which would count more than the window's
        self.tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24",
            "-c", str(clone.root), f"env -u COLUMNS -u LINES {shlex.join(env)} {command}{after}",
        )  # fmt: skip

    def tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-u", "-L", self.socket, *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout

    def text(self):
        return self.tmux("capture-pane", "-p")

    def press(self, key):
        self.tmux("send-keys", key)

    def shows(self, *wanted, within=PATIENT):
        """Wait for all of these texts; returns how long that took."""
        start = time.monotonic()
        while True:
            text = self.text()
            took = time.monotonic() - start
            if all(each in text for each in wanted):
                return took
            assert took < within, f"not shown: {wanted}\n{text}"
            time.sleep(0.01)

    def close(self):
        subprocess.run(
            ["tmux", "-L", self.socket, "kill-server"], capture_output=True, check=False, timeout=10
        )


TMUX = pytest.param("tmux", marks=pytest.mark.requires("tmux"))


@pytest.fixture(params=[TMUX])
def screen(clone):
    screen = Screen(clone)
    yield screen
    screen.close()


def replace_atomically(path, text):
    """As vim, emacs and most others save."""
    aside = path.with_name(f".{path.name}.swp")
    aside.write_text(text, "utf-8")
    os.replace(aside, path)


def holds(path, wanted):
    """Wait until the file has this text: it is written after the screen."""
    start = time.monotonic()
    while wanted not in (path.read_text("utf-8") if path.exists() else ""):
        assert time.monotonic() - start < PATIENT, f"{path} has no {wanted!r}"
        time.sleep(0.02)


def test_an_evening(screen):
    """One session after another costs a start each; so it is told in one."""
    clone, file = screen.clone, screen.file
    solution = clone.solution("assignment3")
    screen.shows(
        "You haven't started this one yet", "graded again right away", "Stuck? press h", "h hint"
    )

    clone.write("assignment3", SQUARED_INPUT, EXP_OF_INPUT)
    screen.shows("exp is its own slope", "(1 of 6)", "yours  2", "press h", "20 of 30 points")
    assert screen.text().count("yours  ") == 1

    screen.press("n")
    screen.shows("tanh has the slope", "(2 of 6)", "yours  -3")
    screen.press("h")
    screen.shows("The slope of tanh is 1 minus the square", "Hints left: 2.")
    screen.press("h")
    screen.shows("Hints left: 1.")
    screen.press("g")
    screen.shows("a = Value(2.0)", "your grad -3, right 0.07065", "first wrong", "As a picture: ")
    assert (clone.root / ".grade/assignment3.svg").read_text("utf-8").count("first wrong") == 1
    screen.press("l")
    screen.shows("Gradients by hand", "the same for other numbers", "2/2", "l more")
    screen.press("x")
    screen.shows("n next  h hint")
    screen.press("o")
    screen.shows("Open this in a browser: .grade/assignment3.html")
    holds(clone.root / ".grade/assignment3.html", "20 of 30 points")

    replace_atomically(file, solution.replace("def exp(self", "def exp(self:"))
    screen.shows(
        "Your file doesn't run yet.", "not valid Python yet", "def exp(self:", "20 of 30 points"
    )
    assert "Traceback" not in screen.text()

    file.unlink()
    screen.shows("There is no closures.py in", "grade assignment3 --reset")
    file.write_text(solution, "utf-8")
    screen.shows("30 of 30 points", "All tests pass.", "n next assignment")
    holds(clone.root / ".grade/assignment3.html", "30 of 30 points")
    assert "assignment3" in (clone.root / ".grade/state.json").read_text("utf-8")
    screen.press("h")
    screen.shows("A common mistake")
    screen.press("x")

    screen.tmux("resize-window", "-x", "60", "-y", "20")
    screen.shows("30 of 30 points", "o open report\nq quit")
    screen.press("q")
    screen.shows("assignment3: 30 of 30 points", "exit 0", "icanon")
    assert "-icanon" not in screen.text()


def test_the_answer_is_there_within_half_a_second(screen):
    clone, file = screen.clone, screen.file
    wrong = clone.solution("assignment3").replace(*OWN_FACTOR)
    right = clone.solution("assignment3")
    screen.shows("You haven't started this one yet")

    taken: list[float] = []
    while len(taken) < 8 and not (taken and min(taken) < QUICK):
        replace_atomically(file, wrong)
        screen.shows("b.grad", "yours  3")
        replace_atomically(file, right)
        taken.append(screen.shows("30 of 30 points"))

    # Other work on the machine only ever adds to it.
    assert min(taken) < QUICK, taken
    for first, last, shown in ((right, wrong, "yours  3"), (wrong, right, "30 of 30 points")):
        file.write_text(first, "utf-8")
        file.write_text(last, "utf-8")
        screen.shows(shown)


@pytest.mark.requires("tmux")
def test_the_next_assignment_is_a_key_away(cloning):
    clone = cloning("assignment3", "assignment1")
    clone.write("assignment3")
    screen = Screen(clone)
    try:
        screen.shows("30 of 30 points", "n next assignment")
        screen.press("n")
        screen.shows("assignment1  Value", "You haven't started this one yet")
        screen.press("C-c")
        screen.shows("assignment1: 0 of", "exit 1", "icanon")
    finally:
        screen.close()


def test_without_a_terminal_each_result_is_printed(clone):
    file = clone.write("assignment3", SQUARED_INPUT)
    watching = subprocess.Popen(
        [sys.executable, "-u", "-c", COMMAND, "assignment3", "--watch"],
        cwd=clone.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    try:
        seen = []
        for line in watching.stdout:
            seen.append(line)
            if " of 30 points" in line and "30 of 30" not in line:
                clone.write("assignment3")
            if "All tests pass." in line:
                break
        watching.send_signal(2)
        assert watching.wait(10) == 0
    finally:
        watching.kill()
        watching.stdout.close()
        watching.wait()

    assert file.exists()
    assert "\x1b" not in "".join(seen)
    assert any("30 of 30 points" in line for line in seen)
