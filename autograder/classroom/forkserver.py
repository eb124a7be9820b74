"""The process in which a suite is collected once, and from which graders are forked.

A grader is a copy of it that judges what comes through its own channel, one after another, until
that is closed. Starting one costs milliseconds, so a grader whose submission takes too long can be
thrown away. When whoever started the forkserver is gone, so are it and all its graders.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Iterator
from typing import NoReturn

from autograder import grading
from autograder.classroom.conditions import Conditions, here
from autograder.classroom.grader_socket import ORDER, GraderSocket, Hello, Job, Judged, Loaded
from autograder.grading.suite import SuiteError, suite_folder
from autograder.report import Report, to_json
from autograder.sandbox import bubblewrap, slots
from autograder.submission.read import Submission, Ungradable, of_files


def main(descriptor: str, mode: str) -> None:
    """Serve whoever holds the other end of the socket; ends when they hang up.

    Args:
        descriptor: the socket's.
        mode: "prefetch": graders start the next submission's process while one is judged.
    """
    end, prefetch = socket.socket(fileno=int(descriptor)), mode == "prefetch"
    channel = GraderSocket(end)
    conditions = channel.receive(Conditions)
    if conditions is None:
        return
    problem = _problem(conditions)
    if problem is None:
        grader = _Grader(conditions)
        try:
            _serve(conditions, grader, channel, prefetch=prefetch)
        except SuiteError as error:
            problem = str(error)
    channel.post(Hello(problem))


def _problem(conditions: Conditions) -> str | None:
    """Why nothing can be judged here as it is asked for."""
    found = here(conditions.assignment, conditions.seed, sandboxed=conditions.sandboxed)
    if found != conditions:
        names = " and ".join(found.differences(conditions))
        return f"{socket.gethostname()} has a different {names}. Install the same kit there."
    reason = bubblewrap.unavailable() if conditions.sandboxed else None
    if reason is not None:
        return f"The sandbox does not work on {socket.gethostname()}: {reason}"
    return None


def _serve(
    conditions: Conditions, grader: _Grader, channel: GraderSocket, *, prefetch: bool
) -> None:
    """Collect the suite, then fork a grader for each order. A grader returns when it is done."""

    def begin() -> grading.Options:
        _warm_up(conditions)
        channel.post(Hello(None))
        grader.channel = GraderSocket(_bring_up(channel.end))
        number, grader.hold = slots.claim()
        return grading.Options(
            require_sandbox=conditions.sandboxed,
            slot=number,
            prefetch=prefetch,
            on_loaded=grader.say_loaded,
        )

    grading.grade_each(
        conditions.course(),
        conditions.assignment,
        grader.submissions(),
        grader.deliver,
        begin=begin,
    )
    if grader.channel is not None:  # it was one of the graders that came back here
        os._exit(0)


def _warm_up(conditions: Conditions) -> None:
    """Load now, once for all graders, what is otherwise loaded when it is first needed."""
    from autograder.diagnosis import examine, fingerprint
    from autograder.grading import naming

    assert examine
    assert naming
    suite = suite_folder(conditions.assignment.name)
    if fingerprint.table(suite) is not None:
        fingerprint.plans(suite)
    sandbox = bubblewrap.present() if conditions.sandboxed else None
    if sandbox is not None:
        for file in conditions.assignment.files:
            sandbox.launch(file.packages)
    gc.collect()
    gc.freeze()  # what is there now is shared with the graders: nobody needs to walk it again


def _bring_up(control: socket.socket) -> socket.socket:
    """Carry out orders; returns in each new grader, with its end of its channel."""
    control.settimeout(None)
    graders: set[int] = set()
    while True:
        order, ends, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if len(order) < ORDER.size:
            _end_all(graders)
        (pid,) = ORDER.unpack(order)
        if pid:
            _end(pid, graders)
        else:
            pid = os.fork()
            if pid == 0:
                control.close()
                return socket.socket(fileno=ends[0])
            graders.add(pid)
            os.close(ends[0])
        with contextlib.suppress(OSError):
            control.send(ORDER.pack(pid))


def _end(pid: int, graders: set[int]) -> None:
    """End a grader that may have ended already; its process number cannot have been reused yet."""
    if pid in graders:
        graders.remove(pid)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _end_all(graders: set[int]) -> NoReturn:
    for pid in list(graders):
        _end(pid, graders)
    atexit._run_exitfuncs()  # noqa: SLF001  what a process removes at its end, a grader must not
    os._exit(0)


class _Grader:
    """What comes through the channel, for `grade_each`, and its reports back."""

    def __init__(self, conditions: Conditions) -> None:
        self.assignment = conditions.assignment
        self.channel: GraderSocket | None = None
        self.hold: object = None
        self._asked: deque[tuple[str, float]] = deque()
        self._last = 0.0

    def submissions(self) -> Iterator[Submission]:
        """Each submission when it comes; ends when an empty job says so or the client is gone."""
        assert self.channel is not None
        while (job := self.channel.receive(Job)) is not None and job.content:
            try:
                submission = of_files(self.assignment, job.files)
            except Ungradable as error:
                name = next(iter(job.files), "")
                report = grading.refused(self.assignment, name, error)
                self._send(job.content, report, 0.0)
            else:
                self._asked.append((job.content, time.monotonic()))
                yield submission

    def say_loaded(self) -> None:
        """Say that the present submission has run its files."""
        assert self.channel is not None
        self.channel.post(Loaded())

    def deliver(self, report: Report) -> None:
        """Send a report to the client."""
        content, asked = self._asked.popleft()
        now = time.monotonic()
        seconds, self._last = now - max(asked, self._last), now
        self._send(content, report, seconds)

    def _send(self, content: str, report: Report, seconds: float) -> None:
        assert self.channel is not None
        self.channel.post(Judged(content, to_json(report).encode(), seconds))
