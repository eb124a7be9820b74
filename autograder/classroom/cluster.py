"""Submissions judged by the workers of a Dask cluster.

A submission's source travels in the task, the report comes back as JSON. Each worker keeps a
forkserver of its own, brought to it as a plugin; the journal stays with the client. A worker needs
this package, `distributed` and the sandbox. Its links carry pickles between the instructor's own
machines, and of a learner's process nothing but plain data: use TLS or a private network, see
docs/classes.md.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import Any

import msgspec
from distributed import Client, Future, KilledWorker, WorkerPlugin, get_worker

from autograder.classroom.conditions import Conditions
from autograder.classroom.grader_socket import Job
from autograder.classroom.graders import Forkserver, GraderError
from autograder.classroom.local import JobResult, LocalGraders

_CONNECT_SECONDS = 20
_NOBODY_SECONDS = 120.0
_AT_HAND = 2  # submissions with a worker for each of its threads, so that none waits for us
_COUNTED_EVERY = 1.0
_WAIT = 1.0


class GraderPlugin(WorkerPlugin):
    """What a cluster's worker keeps: a forkserver, and graders, each used by one task at a time.

    Args:
        conditions: under which is judged, as JSON.
    """

    def __init__(self, conditions: bytes) -> None:
        self._text = conditions
        self.name = _name(conditions)

    def setup(self, worker: Any) -> None:  # noqa: ARG002  as the base class has it
        """Prepare; the forkserver starts with the first task, since that takes a moment."""
        self._conditions = msgspec.json.decode(self._text, type=Conditions)
        self._lock = threading.Lock()
        self._forkserver: Forkserver | None = None
        self._free: list[LocalGraders] = []

    def teardown(self, worker: Any) -> None:  # noqa: ARG002  as the base class has it
        """End the graders and the forkserver."""
        if self._forkserver is not None:
            self._forkserver.close()

    def judge(self, job: Job, *, patient: bool) -> JobResult:
        """Judge a submission, or set it aside; waits, in the thread of a task."""
        with self._lock:
            if self._forkserver is None:
                self._forkserver = Forkserver(self._conditions, prefetch=False)
            free = self._free.pop() if self._free else None
        graders = free or LocalGraders(self._conditions, 1, self._forkserver)
        while not graders.submit(job, patient=patient):  # the last grader is just going
            graders.wait(_WAIT)
        while not (outcomes := graders.wait(_WAIT)):
            pass
        with self._lock:
            self._free.append(graders)
        return outcomes[0]


def _name(conditions: bytes) -> str:
    return f"micrograd-course-{msgspec.json.decode(conditions, type=Conditions).id}"


def _task(
    bench: str, content: str, files: dict[str, bytes], *, patient: bool
) -> tuple[str, bytes, float]:
    """What a worker does for a submission: plain data in, plain data out."""
    plugin: Any = get_worker().plugins[bench]
    result: JobResult = plugin.judge(Job(content, files), patient=patient)
    return result.kind, result.report, result.seconds


class ClusterGraders:
    """Graders on a cluster's workers.

    Args:
        conditions: what is judged and how.
        address: the scheduler's, such as tcp://10.0.0.1:8786.

    Raises:
        GraderError: the scheduler does not answer.
    """

    def __init__(self, conditions: Conditions, address: str) -> None:
        self._address = address
        text = msgspec.json.encode(conditions)
        self._bench = _name(text)
        try:
            make: Any = Client  # half of its methods tell their types
            self._client = make(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise GraderError(f"The scheduler at {address} does not answer: {error}") from None
        self._client.register_plugin(GraderPlugin(text))
        self._results: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._flying: dict[str, Any] = {}
        self._attempts = 0
        self._threads, self._counted, self._seen = 0, 0.0, time.monotonic()

    def submit(self, job: Job, *, patient: bool) -> bool:
        """Take a job if there is room; a patient one is never set aside."""
        if len(self._flying) >= max(1, self._room()):
            return False
        self._attempts += 1
        future = self._client.submit(
            _task,
            self._bench,
            job.content,
            job.files,
            patient=patient,
            key=f"{self._bench}-{job.content}-{self._attempts}",
            priority=-1 if patient else 0,
        )
        self._flying[job.content] = future
        future.add_done_callback(self._results.put)
        return True

    def _room(self) -> int:
        """How many submissions the cluster can judge at once."""
        now = time.monotonic()
        if now - self._counted > _COUNTED_EVERY:
            self._counted = now
            self._threads = sum(self._asked().values())
            if self._threads:
                self._seen = now
        if now - self._seen > _NOBODY_SECONDS:
            raise GraderError(f"The scheduler at {self._address} has no workers.")
        return self._threads * _AT_HAND

    def _asked(self) -> dict[str, int]:
        try:
            threads: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise self._gone() from error
        return threads

    def _gone(self) -> GraderError:
        return GraderError(
            f"The scheduler at {self._address} is gone. Finished results are kept: run "
            "the same command again."
        )

    def wait(self, seconds: float) -> list[JobResult]:
        """What came of the jobs, after so long at most; may be nothing."""
        outcomes = []
        try:
            outcomes.append(self._outcome(self._results.get(timeout=seconds)))
            while True:
                outcomes.append(self._outcome(self._results.get_nowait()))
        except queue.Empty:
            self._room()
            return outcomes

    def _outcome(self, future: Any) -> JobResult:
        content = next(c for c, flying in self._flying.items() if flying.key == future.key)
        del self._flying[content]
        if future.status == "finished":
            kind, report, seconds = future.result()
            return JobResult(content, kind, report, seconds)
        if future.status != "error":
            raise self._gone()
        error = future.exception()
        if isinstance(error, KilledWorker):
            return JobResult(content, "lost")
        raise GraderError(f"A worker of {self._address} can't grade: {error}")

    def close(self) -> None:
        """Cancel the tasks that are still running; the cluster itself stays."""
        for future in self._flying.values():
            future.cancel()
        self._client.unregister_worker_plugin(self._bench)
        self._client.close()
