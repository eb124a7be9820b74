"""The client's end of a forkserver and of its graders."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Self

import autograder
from autograder.classroom.grader_socket import ORDER, GraderSocket, Hello, Job, Judged, Said
from autograder.classroom.patience import IdleTimer, Phase

if TYPE_CHECKING:
    from collections.abc import Collection

    from autograder.classroom.conditions import Conditions

_KIT = Path(autograder.__file__).resolve().parents[1]
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from autograder.classroom.forkserver import main; main(*sys.argv[1:])"
)
_START_SECONDS = 120.0
_END_OF_JOBS = Job("", {})


class GraderError(Exception):
    """Nothing can be judged here; the message says why."""


class Forkserver:
    """A process from which graders are forked.

    It ends with this object or with its process, and so do all graders.

    Args:
        conditions: what is judged and how.
        prefetch: each grader starts the next submission's process while one is judged.

    Raises:
        GraderError: the suite or the sandbox cannot be used here.
    """

    def __init__(self, conditions: Conditions, *, prefetch: bool) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            argv = [sys.executable, "-P", "-c", _START, str(_KIT), str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*argv, "prefetch" if prefetch else "one by one"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for us to act on
            )
        files = conditions.assignment.files
        self._packages = {name.encode() for file in files for name in file.packages}
        self._one_order = threading.Lock()  # a cluster's worker has several threads
        self._control = GraderSocket(ours)
        self._control.post(conditions)
        hello = self._control.receive(Hello, _START_SECONDS)
        if hello is None or hello.problem is not None:
            self.close()
            said = "it ended without saying why" if hello is None else hello.problem
            raise GraderError(f"The grader does not start: {said}")
        ours.settimeout(None)

    def grader(self) -> Grader:
        """A new grader; raises GraderError where there can be none."""
        ours, theirs = socket.socketpair()
        with theirs:
            pid = self._order(0, [theirs.fileno()])
        return Grader(self, pid, GraderSocket(ours), self._packages)

    def end(self, pid: int) -> None:
        """End a grader, whatever it is doing; its learner's process ends with it."""
        with contextlib.suppress(GraderError):
            self._order(pid, [])

    def _order(self, number: int, descriptors: list[int]) -> int:
        end = self._control.end
        try:
            with self._one_order:
                if descriptors:
                    socket.send_fds(end, [ORDER.pack(number)], descriptors)
                else:
                    end.send(ORDER.pack(number))
                answer = end.recv(ORDER.size, socket.MSG_WAITALL)
        except OSError:
            answer = b""
        if len(answer) < ORDER.size:
            raise GraderError("The process that starts the graders has ended.")
        return int(ORDER.unpack(answer)[0])

    def close(self) -> None:
        """End it and all its graders."""
        self._control.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _environment() -> dict[str, str]:
    """Ours, without what would change how pytest runs or in which order sets are walked."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**kept, "PYTHONHASHSEED": "0"}


class Grader:
    """A process that judges what it is sent, one after another.

    Args:
        forkserver: where it was started.
        pid: the process.
        channel: to it.
        packages: names of packages that take long to import.

    Attributes:
        jobs: what it was sent and has not answered; it judges the first.
        taken: how many it was sent.
        is_closing: it was told that nothing more comes, and will end.
    """

    def __init__(
        self, forkserver: Forkserver, pid: int, channel: GraderSocket, packages: Collection[bytes]
    ) -> None:
        self._forkserver, self._pid, self.channel = forkserver, pid, channel
        self._packages = packages
        self.jobs: deque[Job] = deque()
        self.taken = 0
        self.is_closing = False
        self._watch = IdleTimer(pid)
        self._since = 0.0

    def post(self, job: Job) -> None:
        """Send a submission; does not wait."""
        self.jobs.append(job)
        if len(self.jobs) == 1:
            self._begin()
        self.taken += 1
        self.channel.post(job)

    def finish(self) -> None:
        """Say that nothing more comes."""
        self.is_closing = True
        self.channel.post(_END_OF_JOBS)

    def take(self) -> tuple[Judged, dict[Phase, float]] | None:
        """A verdict that has arrived, and the grader's longest sleeps; None if there is none.

        Verdicts come in the order of the jobs, but what cannot even be read is said at once.
        """
        while (said := self.channel.next(Said)) is not None:
            if isinstance(said, Judged):
                break
            self._watch.turn("asking", time.monotonic())
        else:
            return None
        slept = self._watch.longest
        for job in self.jobs:
            if job.content == said.content:
                self.jobs.remove(job)
                break
        else:
            raise AssertionError("a result for something that was not asked")
        self._begin()
        return said, slept

    def progress(self) -> tuple[float, Phase, float]:
        """For how long it has been at its present job, in which phase, and has slept just now."""
        now = time.monotonic()
        return now - self._since, self._watch.phase, self._watch.still(now)

    def kill(self) -> None:
        """End it at once, and the learner's process with it."""
        self._forkserver.end(self._pid)
        self.channel.close()

    def _begin(self) -> None:
        self._since = time.monotonic()
        texts = self.jobs[0].files.values() if self.jobs else ()
        imports = any(name in text for name in self._packages for text in texts)
        self._watch.restart("importing" if imports else "loading", self._since)
