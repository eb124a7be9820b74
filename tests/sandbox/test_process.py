"""The channel to a process: all that is sent arrives, what comes is bounded, nothing is left."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course import Limits
from autograder.sandbox import interpreter, process
from autograder.sandbox.process import Launch, Process, filtered
from tests.processes import descriptors, is_alive

LIMITS = Limits(output_kb=4)
BEGIN = """
import json, os, signal, subprocess, sys, time
request, reply, limits, size = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
program = b""
while len(program) < size:
    program += os.read(request, size - len(program))
"""
"""What each process here does first: it is given the worker's program, as a worker is."""

Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start("code")`: a process that runs this code, in a folder of its own."""
    started: list[Process] = []

    def start(code: str, *argv: str) -> Process:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        command = argv or (sys.executable, "-I", "-S", "-c", BEGIN + code)
        launch = Launch(command, {"ONLY": "this"}, folder=folder)
        started.append(Process(launch, LIMITS))
        return started[-1]

    yield start
    for each in started:
        each.kill()


def replied(channel: Process, size: int) -> bytes:
    """The first bytes of a reply, once there are so many."""
    found = b""
    deadline = time.monotonic() + 60
    while len(found) < size and not channel.has_hung_up() and time.monotonic() < deadline:
        channel.wait(1.0)
        found += channel.take()
    return found


def test_it_starts_with_the_program_the_limits_and_nothing_of_ours(start: Start) -> None:
    channel = start(
        "import hashlib\n"
        "facts = [hashlib.sha256(program).hexdigest(), limits, dict(os.environ), os.getcwd()]\n"
        "facts += [os.getsid(0) == os.getpid(), os.read(0, 1).decode()]\n"
        "os.write(reply, json.dumps(facts).encode().ljust(2000))"
    )

    program, limits, environment, folder, leads, read = json.loads(replied(channel, 2000))

    assert program == hashlib.sha256(interpreter.program()).hexdigest()
    assert limits == interpreter.limits_argument(LIMITS)
    assert environment.pop("LC_CTYPE", None) in (None, "C.UTF-8")  # Python sets it itself
    assert environment == {"ONLY": "this"}
    assert Path(folder) == channel._launch.folder
    assert (leads, read) == (True, "")


def test_what_is_sent_arrives_in_order_however_much_it_is(start: Start) -> None:
    channel = start(
        "left = b''\n"
        "while len(left) < 3_000_001: left += os.read(request, 65536)\n"
        "os.write(reply, b'%d %s' % (left.count(b'a'), left[-2:]))"
    )

    channel.send(b"a" * 1_500_000)
    channel.send(b"a" * 1_500_000 + b"b")
    assert not channel.is_sent()

    assert replied(channel, 10) == b"3000000 ab"
    assert channel.is_sent()


def test_what_nobody_reads_any_more_is_let_go(start: Start) -> None:
    channel = start("os.close(request); os.write(reply, b'x'); time.sleep(60)")
    assert replied(channel, 1) == b"x"

    channel.send(b"a" * 3_000_000)

    assert channel.is_sent()
    assert channel.is_alive()


def test_a_reply_is_taken_as_far_as_it_came(start: Start) -> None:
    channel = start("os.write(reply, b'ab'); os.read(request, 1); os.write(reply, b'c')")

    assert replied(channel, 2) == b"ab"
    assert channel.take() == b""
    assert not channel.has_hung_up()
    channel.send(b"!")
    assert replied(channel, 2) == b"c"
    assert channel.has_hung_up()


def test_a_flood_of_replies_lets_us_look_at_the_clock(start: Start) -> None:
    channel = start("while True: os.write(reply, b'x' * 65536)")

    channel.wait(60)

    assert 0 < len(channel.take()) <= process._CHUNKS * process._CHUNK


def test_waiting_ends_after_its_time_or_with_the_first_word(start: Start) -> None:
    channel = start("os.read(request, 1); os.write(reply, b'x'); time.sleep(60)")
    began = time.monotonic()
    channel.wait(0.05)
    channel.wait(-1.0)
    assert time.monotonic() - began >= 0.05
    assert channel.take() == b""

    channel.send(b"!")
    channel.wait(60)
    assert channel.take() == b"x"


def test_a_wait_is_as_long_as_it_says(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    class Noted:
        def poll(self, milliseconds: float) -> list[tuple[int, int]]:
            asked.append(milliseconds)
            return []

    channel = start("time.sleep(60)")
    with monkeypatch.context() as patched:
        patched.setattr(channel, "_poll", Noted())
        for seconds in (0.25, 0.0, -1.0):
            channel.wait(seconds)

    assert asked == [250.0, 0.0, 0.0]


def test_what_is_printed_is_counted_and_kept_up_to_the_limit(start: Start) -> None:
    channel = start(
        "os.write(1, b'a' * 5000); os.write(2, b'b' * 5000); os.write(reply, b'x')\n"
        "os.read(request, 1); os.write(1, b'c'); os.write(reply, b'x'); time.sleep(60)"
    )
    assert replied(channel, 1) == b"x"

    assert channel.printed() == (b"a" * 4096, 10_000)
    channel.send(b"!")
    assert replied(channel, 1) == b"x"
    assert channel.printed() == (b"c", 1)
    assert channel.printed() == (b"", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="pipes have one size elsewhere")
def test_much_can_be_printed_before_anybody_listens(start: Start) -> None:
    channel = start("os.write(1, b'a' * 1_000_000); os.write(reply, b'x'); time.sleep(60)")
    deadline = time.monotonic() + 60

    while channel.take() != b"x" and time.monotonic() < deadline:
        time.sleep(0.01)

    assert channel.printed() == (b"a" * 4096, 1_000_000)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os._exit(3)", "ended the process (exit code 3)"),
        ("os._exit(0)", "ended the process (exit code 0)"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "ended the process (signal SIGSEGV)"),
        ("os._exit(128 + 9)", "ended the process (signal SIGKILL)"),  # as bubblewrap tells of it
        ("os._exit(128)", "ended the process (exit code 128)"),
        ("os.close(reply); time.sleep(60)", "stopped answering"),
    ],
)
def test_how_it_ended(start: Start, code: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = start(code)
    assert replied(channel, 1) == b""
    if said == "stopped answering":
        monkeypatch.setattr(process, "_END_SECONDS", 0.05)

    assert channel.ending() == said
    assert channel.is_alive() == (said == "stopped answering")


def test_nothing_is_left_of_one_that_is_killed(start: Start) -> None:
    before = descriptors()
    channel = start(
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "os.write(1, b'last words'); os.write(reply, b'%8d' % child.pid); time.sleep(60)"
    )
    child, folder = int(replied(channel, 8)), channel._launch.folder
    assert is_alive(child)
    assert folder is not None

    channel.kill()
    channel.kill()

    assert not channel.is_alive()
    assert not is_alive(child)
    assert descriptors() == before
    assert not folder.exists()
    assert channel.printed() == (b"last words", 10)
    assert channel.ending() == f"ended the process (signal {signal.SIGKILL.name})"


HOLDS_ON = """
child = subprocess.Popen(
    [sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True, pass_fds=(reply,)
)
os.write(1, b'last words'); os.write(reply, b'%8d' % child.pid); time.sleep(60)
"""
"""A child outside of its group, which has the pipes: in a sandbox it would end a moment later."""


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def without_folder(code: str) -> Process:
    return Process(Launch((sys.executable, "-I", "-S", "-c", BEGIN + code), {}), LIMITS)


def test_one_that_is_killed_without_waiting_is_buried_once_it_is_gone() -> None:
    channel = without_folder(HOLDS_ON)
    child, before = int(replied(channel, 8)), open_files()
    assert not channel.is_gone()

    channel.kill(wait=False)
    channel._process.wait()
    process.bury(wait=False)

    assert not channel.is_alive()
    assert not channel.is_gone()
    assert open_files() == before
    os.kill(child, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not channel.is_gone() and time.monotonic() < deadline:
        time.sleep(0.01)
    without_folder("").kill()  # the next that starts looks after the dead
    assert open_files() == before - 3
    assert channel.printed() == (b"last words", 10)


def test_whoever_waits_has_all_of_them_buried() -> None:
    channels = [without_folder("os.write(reply, b'x'); time.sleep(60)") for _ in range(3)]
    assert [replied(channel, 1) for channel in channels] == [b"x"] * 3
    before = open_files()

    for channel in channels:
        channel.kill(wait=False)
    process.bury(wait=True)

    assert open_files() == before - 9
    assert process._dying == []


def test_what_is_printed_while_we_wait_holds_nobody_up(start: Start) -> None:
    channel = start(
        "for _ in range(48): os.write(1, b'x' * 65536)\nos.write(reply, b'done'); time.sleep(60)"
    )

    assert replied(channel, 4) == b"done"
    assert channel.printed()[1] == 48 * 65536


def test_a_folder_that_is_gone_already_is_no_error(start: Start) -> None:
    channel = start("os.write(reply, b'x'); time.sleep(60)")
    assert replied(channel, 1) == b"x"
    assert channel._launch.folder is not None
    shutil.rmtree(channel._launch.folder)

    channel.kill()

    assert not channel.is_alive()


def test_a_descriptor_that_was_closed_is_read_by_others_alone(start: Start, tmp_path: Path) -> None:
    channel = start("time.sleep(60)")
    channel.kill()
    (tmp_path / "another").write_bytes(b"another's words")
    other = os.open(tmp_path / "another", os.O_RDONLY)
    os.dup2(other, channel._printed)

    assert channel.printed() == (b"", 0)

    assert os.read(other, 99) == b"another's words"
    for descriptor in {other, channel._printed}:
        os.close(descriptor)


def test_a_folder_is_removed_at_once(start: Start) -> None:
    channel = start("os.write(reply, b'x'); time.sleep(60)")
    assert replied(channel, 1) == b"x"

    channel.kill(wait=False)

    assert channel._launch.folder is not None
    assert not channel._launch.folder.exists()


def test_who_holds_the_pipes_is_not_waited_for_without_end(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_END_SECONDS", 0.1)
    channel = start(HOLDS_ON)
    child, began = int(replied(channel, 8)), time.monotonic()

    channel.kill()

    assert 0.1 <= time.monotonic() - began < 30
    os.kill(child, signal.SIGKILL)


def test_one_that_cannot_be_started_says_why(start: Start) -> None:
    before = descriptors()

    channel = start("", "/no/such/program", "argument")

    assert channel.failure == "/no/such/program: No such file or directory"
    assert not channel.is_alive()
    assert descriptors() == before
    assert channel._launch.folder is not None
    assert not channel._launch.folder.exists()
    assert start("").failure is None


def test_a_filter_is_read_from_a_descriptor_that_is_inherited() -> None:
    before = descriptors()

    with filtered(Launch(("bwrap", "--unshare-all"), {}, filter=b"filter")) as (command, inherited):
        assert command == ("bwrap", "--seccomp", str(inherited[0]), "--unshare-all")
        assert os.read(inherited[0], 100) == b"filter"
        assert os.read(inherited[0], 100) == b""

    with filtered(Launch(("bwrap", "--unshare-all"), {})) as (command, inherited):
        assert (command, inherited) == (("bwrap", "--unshare-all"), ())
    assert descriptors() == before
