"""Code that ends, hangs, floods, hoards or multiplies: we are back in time and nothing is left."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from autograder.learner import host, sandbox
from autograder.learner.api import Learner
from autograder.learner.host import (
    CallTimeout,
    LearnerError,
    LearnerFault,
    SandboxFailed,
    Tampered,
    WorkerEnded,
)
from autograder.learner.session import Session
from autograder.pytest_plugin import outcome_of
from autograder.submission import Ungradable

from ..processes import children, descriptors, running
from .conftest import QUICK, Room, source_of

if TYPE_CHECKING:
    from autograder.course import Limits
    from autograder.learner.host import Worker

SLACK = 2.0  # seconds beyond the deadline in which we must be back


def limits(**changed: float) -> Limits:
    return msgspec.structs.replace(QUICK, **changed)


SHORT = limits(call_seconds=0.4, load_seconds=0.4)


def ask(worker: Worker, name: str = "run", *arguments: object, seconds: float = 5) -> Any:
    """Call a function of a loaded worker."""
    call = {"target": {"name": name}, "args": list(arguments), "kwargs": []}
    return worker.ask("call", call, f"{name}()", seconds, lambda handle: handle)[0]


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
        f"a.backward() did not finish within 0.4 seconds. It was at work.py:{line}"
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
    monkeypatch.setattr(host, "_GRACE_SECONDS", 0.1)
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
    gone(f'"RLIMIT_CPU": {cpu}')


def await_running(marker: str, count: int) -> None:
    """So many processes run that have this text in their command line."""
    deadline = time.monotonic() + 5
    while len(running(marker)) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(running(marker)) >= count


def test_a_flood_of_output_lets_us_look_at_the_clock(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = limited.worker("x = 1")
    worker.loaded()
    calls = itertools.count()

    def endless(end: int, count: int) -> bytes:
        assert end == worker._printed
        assert next(calls) < 1000
        return b"x" * count

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", endless)
        output = worker.output()

    assert "more bytes were printed" in output


def gone(marker: str) -> None:
    """Nothing runs any more that has this text in its command line."""
    deadline = time.monotonic() + 1
    while running(marker) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert running(marker) == []


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
        select.select([worker._reply], [], [])
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


# --- memory ---------------------------------------------------------------------------------

HOARDS = {
    "at once": "'x' * 10**12",
    "in pieces": "while True: hoard.append(bytearray(1 << 20))",
    "in small pieces": "while True: hoard.append(object())",
    "linked": "node = None\n        while True: node = Node(node)",
    "kept as an attribute": "while True: Node.kept = (Node.kept, [0])",
    "text that doubles": "text = 'x'\n        while True: text += text",
    "many bytes": "bytes(10**11)",
    "a range made a list": "list(range(10**10))",
    "an answer": "return [bytearray(1 << 20) for _ in range(10**6)]",
}


@pytest.mark.parametrize("body", HOARDS.values(), ids=HOARDS)
def test_a_memory_bomb_is_out_of_memory_and_others_get_a_fresh_worker(
    room: Room, body: str
) -> None:
    session = room.session(
        f"""
    hoard = []
    class Node:
        kept = None
        def __init__(self, next): self.next = next
    def run():
        {body}
    def ok(): return len(hoard)
    """,
        limits(memory_mb=100, call_seconds=20),
    )
    session.begin_test()
    with pytest.raises(LearnerFault) as caught:
        Learner(session).run()

    outcome = outcome_of(caught.value)

    assert (outcome.status, type(caught.value)) == ("out_of_memory", LearnerError)
    session.begin_test()
    assert Learner(session).ok() == 0


def test_a_memory_bomb_within_a_bulk_question_is_one_too(limited: Room) -> None:
    from autograder.oracles.expression import express

    session = limited.session(
        """
        hoard = []
        class Value:
            def __init__(self, data): self.data = data
            def __add__(self, other):
                while True: hoard.append(bytearray(1 << 20))
        """,
        limits(memory_mb=100),
    )
    session.begin_test()
    answers = Learner(session).evaluate(express(lambda a: a + 1, a=1.0))

    assert answers.error is not None
    assert outcome_of(answers.error).status == "out_of_memory"
    session.begin_test()
    assert Learner(session).Value(1.0).data == 1.0


# --- processes ------------------------------------------------------------------------------


def test_children_end_with_the_worker(room: Room) -> None:
    marker = f"31{time.monotonic_ns() % 10**9}"
    worker = room.worker(f"""
        import subprocess
        def run():
            null = subprocess.DEVNULL
            subprocess.Popen(["sleep", "{marker}"])
            subprocess.Popen(["sleep", "{marker}"], stdin=null, stdout=null, stderr=null)
            subprocess.Popen(["sh", "-c", "sleep {marker} & sleep {marker} & wait"])
    """)
    worker.loaded()
    ask(worker)
    await_running(f"sleep {marker}", 4)

    worker.kill()

    gone(f"sleep {marker}")


def test_in_bubblewrap_not_even_a_daemon_survives(sandboxed: Room) -> None:
    marker = f"32{time.monotonic_ns() % 10**9}"
    worker = sandboxed.worker(f"""
        import os, time
        def run():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 64)
                    os.execv("/bin/sleep", ["sleep", "{marker}"])
                os._exit(0)
    """)
    worker.loaded()
    ask(worker)
    await_running(f"sleep {marker}", 1)

    worker.kill()

    gone(f"sleep {marker}")


def test_a_fork_bomb_is_bounded(sandboxed: Room) -> None:
    worker = sandboxed.worker(
        """
        import os, threading, time
        def run():
            count = 0
            try:
                for _ in range(100):
                    if os.fork() == 0:
                        time.sleep(100)
                        os._exit(0)
                    count += 1
            except BlockingIOError:
                return count
        def threads():
            count = 0
            try:
                for _ in range(100):
                    threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
                    count += 1
            except RuntimeError:
                return count
        """,
        limits(processes=16),
    )
    worker.loaded()

    assert ask(worker) in range(8, 16)
    assert ask(worker, "threads") == 0  # no room is left


def test_forks_end_with_the_worker(room: Room) -> None:
    cpu = 7_000_000 + time.monotonic_ns() % 1_000_000
    worker = room.worker(
        """
        import os, time
        def run():
            for _ in range(20):
                if os.fork() == 0:
                    time.sleep(100)
                    os._exit(0)
        """,
        limits(cpu_seconds=cpu, processes=4096),
    )
    worker.loaded()
    ask(worker)
    await_running(f'"RLIMIT_CPU": {cpu}', 21)

    worker.kill()

    assert running(f'"RLIMIT_CPU": {cpu}') == []  # at once: another worker may follow


def test_a_child_that_answers_in_its_parents_place_is_noticed(room: Room) -> None:
    worker = room.worker("""
        import os, time
        def run():
            if os.fork() == 0:
                return "child"
            time.sleep(0.3)
            return "parent"
    """)
    worker.loaded()
    ask(worker)
    time.sleep(0.5)

    with pytest.raises(Tampered):
        ask(worker)


@pytest.mark.parametrize(
    ("statement", "type_name"),
    [
        ("[open('/dev/null') for _ in range(100)]", "OSError"),
        ("open('big', 'wb').write(b'x' * 3_000_000)", "OSError"),
    ],
)
def test_files_are_limited_in_number_and_size(room: Room, statement: str, type_name: str) -> None:
    learner = room.learner(f"def run(): return {statement}", limits(file_mb=2))

    with pytest.raises(LearnerError) as caught:
        learner.run()

    assert caught.value.type_name == type_name
    assert "Too many open files" in str(caught.value) or "File too large" in str(caught.value)


def test_the_processor_time_of_a_worker_has_an_end(limited: Room) -> None:
    worker = limited.worker("def run():\n    while True: pass", limits(cpu_seconds=1))
    worker.loaded()
    started = time.monotonic()

    with pytest.raises(WorkerEnded, match=r"signal SIG(KILL|XCPU)"):
        ask(worker, seconds=10)

    assert time.monotonic() - started < 5


# --- our own side ---------------------------------------------------------------------------


def test_descriptors_and_processes_are_as_before_after_fifty_workers(room: Room) -> None:
    text = """
        import os
        def ok(): return 1
        def end(): os._exit(0)
        def loop():
            while True: pass
    """
    room.worker(text).kill()  # whatever is made once is made now
    before, families = descriptors(), children()

    for number in range(50):
        worker = room.worker(text)
        if number % 5:
            worker.loaded()
        with contextlib.suppress(LearnerFault):
            if number % 5 > 1:
                ask(worker, ["ok", "end", "loop"][number % 5 - 2], seconds=0.01)
        worker.kill()
        worker.kill()

    assert descriptors() == before
    assert children() == families


@pytest.mark.parametrize("stop_after", [0, 1, 2])
def test_fresh_workers_that_nobody_waits_for_are_ended(room: Room, stop_after: int) -> None:
    session = room.session("def run(): return 1")
    before, families = descriptors(), children()
    each = [{"target": {"name": "run"}, "args": [], "kwargs": []}] * 4

    answers = session.in_fresh_workers("call", each, "run()")
    for _ in range(stop_after):
        next(answers)
    answers.close()  # type: ignore[attr-defined]  # it is a generator

    assert (descriptors(), children()) == (before, families)


def test_a_request_that_no_pipe_holds_arrives_whole(room: Room) -> None:
    learner = room.learner("def run(x): return [len(x), x[:2], x[-1]]")

    assert learner.run("é" * 1_000_000 + "!") == [1_000_001, "éé", "!"]
    assert learner.run("short") == [5, "sh", "t"]


def test_an_answer_that_no_pipe_holds_arrives_whole(room: Room) -> None:
    learner = room.learner("def run(): return ['x' * 20_000] * 150")

    assert learner.run() == ["x" * 20_000] * 150


def test_much_output_and_a_large_answer_do_not_block_each_other(room: Room) -> None:
    learner = room.learner("""
        def run(x):
            print('y' * 500_000)
            return [x[:20_000]] * 100
    """)

    assert len(learner.run("x" * 500_000)) == 100


def test_a_worker_that_prints_much_while_nobody_listens_is_not_late(limited: Room) -> None:
    worker = limited.worker("print('x' * 600_000)", limits(load_seconds=0.5))
    time.sleep(0.8)

    worker.loaded()


def test_a_worker_that_never_reads_is_late(room: Room) -> None:
    worker = room.worker("""
        import os, signal
        def run(x): pass
        def stop():
            os.posix_spawn("/bin/sleep", ["sleep", "60"], {})  # has that name when this returns
    """)
    worker.loaded()
    ask(worker, "stop")
    # stop the worker itself from outside: it holds the channel and reads nothing
    frozen = worker_pid(worker)
    os.kill(frozen, signal.SIGSTOP)
    started = time.monotonic()

    with pytest.raises(CallTimeout):
        ask(worker, "run", "x" * 1_000_000, seconds=0.4)

    assert time.monotonic() - started < 0.4 + SLACK


def worker_pid(worker: Worker) -> int:
    """The process that runs the learner's code: bubblewrap starts it two steps below itself."""
    pid = worker._process.pid
    while below := [p for p in children(pid) if "sleep" not in name_of(p)]:
        (pid,) = below
    return pid


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


# --- before a verdict -----------------------------------------------------------------------


def load_fault(room: Room, text: str, limits: Limits = SHORT, **file: Any) -> LearnerFault:
    with pytest.raises(LearnerFault) as caught:
        room.session(text, limits, **file)
    return caught.value


def test_import_that_hangs_names_the_line(room: Room) -> None:
    fault = load_fault(room, "x = 1\nwhile True:\n    x += 1\n")

    assert type(fault) is CallTimeout
    assert str(fault).startswith("importing your file did not finish within 0.4 seconds. It was at")


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
    poll.register(worker._reply, 0)
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
    launch = sandbox.Launch(("/nowhere/python",), {}, None, ())
    monkeypatch.setattr(sandbox, "launch", lambda *_: launch)

    worker = limited.worker("x = 1")

    with pytest.raises(SandboxFailed, match="/nowhere/python: No such file or directory"):
        worker.loaded()
    assert worker.output() == ""
    worker.kill()
    assert descriptors() == before


def test_a_worker_that_dies_at_once_is_no_fault_of_the_learner(
    limited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = sandbox.Launch(("/bin/sh", "-c", "echo no luck >&2; exit 3"), {}, None, ())
    monkeypatch.setattr(sandbox, "launch", lambda *_: launch)

    with pytest.raises(SandboxFailed, match="no luck"):
        limited.worker("x = 1").loaded()


def test_a_session_whose_sandbox_fails_although_it_works_is_our_fault(
    sandboxed: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = sandbox.Launch(("/bin/false",), {}, None, ())
    monkeypatch.setattr(sandbox, "launch", lambda *_: launch)
    session = Session(source_of("x = 1"), QUICK)

    with pytest.raises(SandboxFailed, match="did not start"):
        session.load()
    session.close()


def test_a_file_with_two_gone_sessions_is_refused_only_where_it_must(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "present", lambda: False)

    with pytest.raises(Ungradable, match=r"This needs the sandbox\. .*"):
        Session(source_of("x = 1"), QUICK, require_sandbox=True)
