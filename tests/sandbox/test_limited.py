"""What a limited process gives up although there is no sandbox (Linux)."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.sandbox import interpreter, slots
from autograder.sandbox.limited import threads_of
from tests.remote.conftest import Room

if TYPE_CHECKING:
    from autograder.remote.learner import Learner

PROBES = """
import os, socket

def tried(action, *arguments):
    try:
        return str(action(*arguments))
    except OSError as error:
        return type(error).__name__

def descriptors(): return tried(os.listdir, f"/proc/{os.getppid()}/fd")
def memory(): return tried(open, f"/proc/{os.getppid()}/mem", "r+b")
def a_socket(): return tried(socket.socket)
def users(): return [*os.getresuid(), *os.getresgid(), *os.getgroups()]
def children():
    started = []
    for _ in range(20):
        started.append(os.fork())
        if not started[-1]:
            os._exit(0)
    return [os.waitpid(child, 0)[1] for child in started]
def rights(): return [line.split()[1] for line in open("/proc/self/status") if line[:3] == "Cap"]
def written(): return [tried(open, "mine.txt", "w") != "PermissionError"]
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has nothing to give up")


@pytest.fixture
def learner(limited: Room, monkeypatch: pytest.MonkeyPatch) -> Learner:
    """As root with an interpreter that any user may run, where ours lies in a home."""
    if os.geteuid() == 0:
        python = shutil.which(f"python3.{sys.version_info[1]}", path=os.defpath)
        if python is None:
            pytest.skip("the system has no interpreter of this version")
        usual = interpreter.command()
        command = (str(Path(python).resolve()), *usual[1:])
        monkeypatch.setattr(interpreter, "command", lambda: command)
    return limited.learner(PROBES)


def test_the_graders_open_files_and_memory_are_out_of_reach(learner: Learner) -> None:
    """A file wrote a forged report to the grader's standard output, and into its memory."""
    assert learner.descriptors() == "PermissionError"
    assert learner.memory() == "PermissionError"


def test_the_filter_of_system_calls_holds(learner: Learner) -> None:
    assert learner.a_socket() == "PermissionError"


@pytest.mark.requires("root")
def test_as_root_it_is_another_user(limited: Room, learner: Learner) -> None:
    assert learner.users() == [slots.user(limited.slot)] * 6
    assert set(learner.rights()) == {"0" * 16}
    assert learner.written() == [True]


def test_what_else_its_user_runs_does_not_count_against_its_processes(limited: Room) -> None:
    """Linux counts all threads of a user: with those of a desktop none was left."""
    running = [threading.Thread(target=time.sleep, args=(3,)) for _ in range(40)]
    for thread in running:
        thread.start()

    assert threads_of(os.getuid()) > len(running)
    assert limited.learner(PROBES).children() == [0] * 20
