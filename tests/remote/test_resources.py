"""Code that hoards or multiplies, and our own side after many workers: nothing is left."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.grading.pytest_plugin import outcome_of
from autograder.remote.errors import CallTimeout, LearnerError, LearnerFault, Tampered, WorkerEnded
from autograder.remote.learner import Learner

from ..processes import await_gone, await_running, children, descriptors, running
from .conftest import Room, ask, limits, process_of

if TYPE_CHECKING:
    from autograder.remote.client import WorkerClient

SLACK = 2.0  # seconds beyond the deadline in which we must be back


SHORT = limits(call_seconds=0.4, load_seconds=0.4)


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

    if "Node(node)" not in body or sys.version_info < (3, 13):  # which crashes as it frees a chain
        assert (outcome.status, type(caught.value)) == ("out_of_memory", LearnerError)
    session.begin_test()
    assert Learner(session).ok() == 0


def test_a_memory_bomb_within_a_bulk_question_is_one_too(limited: Room) -> None:
    from autograder.expressions.expression import express

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

    await_gone(f"sleep {marker}")


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

    await_gone(f"sleep {marker}")


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
    worker = room.worker(
        """
        import os, time
        def run():
            if os.fork() == 0:
                return "child"
            time.sleep(0.3)
            return "parent"
        """,
        limits(processes=4096),  # an ordinary user's are counted all together
    )
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


def worker_pid(worker: WorkerClient) -> int:
    """The process that runs the learner's code: bubblewrap starts it two steps below itself."""
    pid = process_of(worker)._process.pid
    while below := [p for p in children(pid) if "sleep" not in name_of(p)]:
        (pid,) = below
    return pid


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


def test_a_closed_session_waits_for_nothing_and_leaves_nothing(room: Room) -> None:
    before, families = descriptors(), children()
    for _ in range(3):
        session = room.session("def run(): return 1")
        session.close()
        session.close()
    worker = room.worker("def run(): return 1")  # its start finds those that are gone meanwhile

    worker.kill()

    assert (descriptors(), children()) == (before, families)
