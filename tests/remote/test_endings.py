"""Code that hangs, ends or never begins: we are back in time and say why."""

from __future__ import annotations

import itertools
import os
import select
import time
from typing import TYPE_CHECKING, Any

import pytest

from autograder.grading.pytest_plugin import outcome_of
from autograder.remote import client
from autograder.remote.errors import CallTimeout, LearnerFault, SandboxFailed, WorkerEnded
from autograder.remote.learner import Learner
from autograder.remote.session import Session
from autograder.sandbox import bubblewrap, interpreter
from autograder.submission.read import Ungradable

from ..processes import await_gone, descriptors
from .conftest import QUICK, Room, ask, limits, process_of, source_of

if TYPE_CHECKING:
    from autograder.course import Limits

SLACK = 2.0  # seconds beyond the deadline in which we must be back


SHORT = limits(call_seconds=0.4, load_seconds=0.4)


# --- time -----------------------------------------------------------------------------------


def test_an_endless_loop_is_named_with_its_limit_and_its_line(room: Room) -> None:
    learner = room.learner(
        """
        class Value:
            def backward(self):
                n = 0
                while True:
                    n += 1
        """,
        SHORT,
    )
    value = learner.Value()

    with pytest.raises(CallTimeout) as caught:
        value.backward()

    assert str(caught.value) in {
        f"a.backward() did not finish within 0.4 seconds. It was running work.py:{line}"
        for line in ("5: while True:", "6: n += 1")
    }
    assert outcome_of(caught.value).status == "timeout"


HANGS = {
    "swallows": "while True:\n            try:\n                while True: pass\n"
    "            except BaseException: pass",
    "finally": "try:\n            while True: pass\n        finally:\n            while True: pass",
    "in C": "sum(__import__('itertools').repeat(0))",
    "no alarm": "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n        while True: pass",
    "blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n        while True: pass",
    "timer off": "signal.setitimer(signal.ITIMER_REAL, 0)\n        while True: pass",
    "sleeps": "time.sleep(100)",
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)",
    "waits for a child": "os.system('sleep 100')",
    "endless thread": "threading.Thread(target=run).start()\n        while True: pass",
    "floods": "while True: print('x' * 100_000)",
    "floods and swallows": "while True:\n            try:\n"
    "                while True: os.write(1, b'x' * 65536)\n            except BaseException: pass",
    "floods without alarm": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
    "        while True: os.write(1, b'x' * 1_000_000)",
    "floods from children": "[subprocess.Popen(['yes']) for _ in range(3)]\n"
    "        while True: pass",
    "__str__ of an error": "raise Endless",
    "locks up its exit": "atexit.register(run)\n        sys.exit()\n",
}


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_we_are_back_in_time_and_no_process_is_left(
    room: Room, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GRACE_SECONDS", 0.1)
    cpu = 5_000 + int(time.monotonic() * 1000) % 100_000  # marks this worker's command line
    worker = room.worker(
        f"""
    import atexit, os, signal, subprocess, sys, threading, time
    class Endless(Exception):
        def __str__(self):
            while True: pass
    def run():
        {body}
    """,
        limits(load_seconds=5, cpu_seconds=cpu, output_kb=4),
    )
    worker.loaded()
    started = time.monotonic()

    with pytest.raises(LearnerFault) as caught:
        ask(worker, seconds=0.1)
    elapsed = time.monotonic() - started
    output = worker.output()

    if "sys.exit" not in body:
        assert type(caught.value) is CallTimeout
        assert "run() did not finish within 0.1 seconds." in str(caught.value)
    worker.kill()
    assert elapsed < 0.1 + SLACK
    assert len(output) < 6_000
    await_gone(f'"RLIMIT_CPU": {cpu}')


def test_a_flood_of_output_lets_us_look_at_the_clock(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = limited.worker("x = 1")
    worker.loaded()
    calls = itertools.count()

    def endless(end: int, count: int) -> bytes:
        assert end == process_of(worker)._printed
        assert next(calls) < 1000
        return b"x" * count

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", endless)
        output = worker.output()

    assert "more bytes" in output


def test_the_time_of_a_submission_has_an_end(room: Room) -> None:
    session = room.session(
        "import time\ndef run(): time.sleep(0.2)\n",
        limits(total_seconds=0.6),
    )
    started = time.monotonic()
    outcomes: list[str] = []

    for _ in range(50):
        try:
            session.begin_test()
            Learner(session).run()
            outcomes.append("passed")
        except CallTimeout as error:
            outcomes.append(str(error))

    assert outcomes[:2] == ["passed"] * 2
    assert outcomes[-1] == "All answers together took more than 0.6 seconds."
    assert time.monotonic() - started < 1.0 + SLACK


def test_who_ends_the_process_in_every_test_gains_no_time_by_a_slow_import(limited: Room) -> None:
    session = limited.session(
        "import os, time\ntime.sleep(0.2)\ndef run(): os._exit(0)\n",
        limits(total_seconds=0.5),
    )
    started = time.monotonic()

    for _ in range(20):
        with pytest.raises(LearnerFault):
            session.begin_test()
            Learner(session).run()

    assert time.monotonic() - started < 1.0 + SLACK


def test_an_answer_that_is_there_counts_even_if_we_come_late(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = limited.worker("def run(): return 5")
    worker.loaded()
    post = worker._post

    def slow(*arguments: Any) -> None:
        post(*arguments)
        select.select([process_of(worker)._reply], [], [])
        monkeypatch.setattr(worker, "_seconds", -10)  # the deadline is long over

    monkeypatch.setattr(worker, "_post", slow)

    assert ask(worker) == 5


# --- the end of the process -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("os._exit(0)", r"exit code 0"),
        ("os._exit(3)", r"exit code 3"),
        ("os._exit(200)", r"exit code 200"),
        ("os.kill(os.getpid(), signal.SIGKILL)", r"signal SIGKILL"),
        ("os.abort()", r"signal SIGABRT"),
        ("ctypes.string_at(0)", r"signal SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGTERM)", r"signal SIGTERM"),
        ("signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)\n        while True: pass", "SIGVTALRM"),
        ("os.execv('/bin/true', ['true'])", r"exit code 0"),
    ],
)
def test_how_the_process_ended_is_said(room: Room, statement: str, text: str) -> None:
    for _ in range(2):
        worker = room.worker(f"import ctypes, os, signal\ndef run():\n        {statement}")
        worker.loaded()

        with pytest.raises(WorkerEnded, match=rf"^run\(\) ended the process \(.*{text}\)\.$"):
            ask(worker)


def test_who_hangs_up_without_ending_is_ended(room: Room) -> None:
    worker = room.worker("""
        import os, time
        def run():
            os.closerange(0, 64)
            while True: time.sleep(1)
    """)
    worker.loaded()

    with pytest.raises(WorkerEnded, match=r"run\(\) stopped answering"):
        ask(worker)


def test_the_next_test_gets_a_fresh_worker(room: Room) -> None:
    session = room.session("""
        import os
        calls = []
        def run(end):
            calls.append(1)
            if end: os._exit(0)
            return len(calls)
    """)
    session.begin_test()
    learner = Learner(session)
    assert (learner.run(False), learner.run(False)) == (1, 2)
    with pytest.raises(WorkerEnded):
        learner.run(True)
    session.begin_test()

    assert Learner(session).run(False) == 1


# --- before a verdict -----------------------------------------------------------------------


def load_fault(room: Room, text: str, limits: Limits = SHORT, **file: Any) -> LearnerFault:
    with pytest.raises(LearnerFault) as caught:
        room.session(text, limits, **file)
    return caught.value


def test_import_that_hangs_names_the_line(room: Room) -> None:
    fault = load_fault(room, "x = 1\nwhile True:\n    x += 1\n")

    assert type(fault) is CallTimeout
    assert str(fault).startswith(
        "importing your file did not finish within 0.4 seconds. It was running"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os; os._exit(0)", "importing your file ended the process (exit code 0)."),
        ("import sys; sys.exit()", "SystemExit"),
        ("1/0", "ZeroDivisionError: division by zero"),
        ("x = = 1", "SyntaxError: invalid syntax (column 5)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("x = [0] * 10**12", "MemoryError"),
        ("import sys; sys.modules['__main__'].Worker.do_load = None; 1/0", "ZeroDivision"),
    ],
)
def test_what_goes_wrong_while_importing(room: Room, text: str, said: str) -> None:
    fault = load_fault(room, text, QUICK)

    assert str(fault).startswith(said)


def test_who_ends_the_process_before_anybody_looks_is_no_fault_of_the_sandbox(room: Room) -> None:
    """The usual case: the worker starts while pytest is still being imported."""
    worker = room.worker("import os; os._exit(0)")
    poll = select.poll()
    poll.register(process_of(worker)._reply, 0)
    assert poll.poll(5000)  # it has hung up

    with pytest.raises(WorkerEnded, match=r"importing your file ended the process \(exit code 0\)"):
        worker.loaded()


def test_an_answer_counts_even_if_the_process_ends_right_after(room: Room) -> None:
    worker = room.worker("""
        import os, threading, time
        def run():
            threading.Timer(0.1, os._exit, [0]).start()
            return 5
    """)
    worker.loaded()

    assert ask(worker) == 5
    time.sleep(0.3)
    with pytest.raises(WorkerEnded, match="exit code 0"):
        ask(worker)


def test_a_worker_that_cannot_start_is_no_fault_of_the_learner(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = descriptors()
    monkeypatch.setattr(interpreter, "command", lambda: ("/nowhere/python",))

    worker = limited.worker("x = 1")

    with pytest.raises(SandboxFailed, match="/nowhere/python: No such file or directory"):
        worker.loaded()
    assert worker.output() == ""
    worker.kill()
    assert descriptors() == before


def test_a_worker_that_dies_at_once_is_no_fault_of_the_learner(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("/bin/sh", "-c", "echo no luck >&2; exit 3")
    monkeypatch.setattr(interpreter, "command", lambda: command)

    with pytest.raises(SandboxFailed, match="no luck"):
        limited.worker("x = 1").loaded()


def test_a_session_whose_sandbox_fails_although_it_works_is_our_fault(
    sandboxed: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bubblewrap.unavailable() is None  # tried before
    monkeypatch.setattr(interpreter, "command", lambda: ("/bin/false",))
    session = Session(source_of("x = 1"), QUICK)

    with pytest.raises(SandboxFailed, match="did not start"):
        session.load()
    session.close()


def test_a_file_with_two_gone_sessions_is_refused_only_where_it_must(no_sandbox: None) -> None:
    with pytest.raises(Ungradable, match=r"This needs the sandbox\. .*"):
        Session(source_of("x = 1"), QUICK, require_sandbox=True)
