"""One file of a submission while it is graded: its workers in turn, and the time they may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.course import provided_text
from autograder.remote.client import WorkerClient
from autograder.remote.errors import (
    CallTimeout,
    LearnerError,
    LearnerFault,
    SandboxFailed,
    Tampered,
)
from autograder.sandbox import bubblewrap, choice
from autograder.submission.files import importable
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from autograder.course import Assignment, Limits
    from autograder.sandbox.base import Sandbox
    from autograder.submission.read import Source, Submission


_SHORTEST_LOAD = 0.1
_MOST_BYTES = 16 * 1024 * 1024
"""Of all answers together, as decoding takes time; correct work sends less than one MB."""
_MOST_CURIOUS_BYTES = 4 * 1024 * 1024


@dataclass
class Use:
    """How much time and data answers may use, and have used.

    Attributes:
        most_seconds: the limit on waiting for all answers together.
        most_bytes: the limit on their total size.
        seconds: waited so far.
        bytes_: received so far.
    """

    most_seconds: float
    most_bytes: int
    seconds: float = 0.0
    bytes_: int = 0

    @property
    def left(self) -> float:
        """Seconds of waiting that remain; 0 once too many bytes have come."""
        return self.most_seconds - self.seconds if self.bytes_ < self.most_bytes else 0.0

    def too_much(self) -> str:
        """The sentence for the learner when nothing is left."""
        if self.bytes_ >= self.most_bytes:
            return f"All answers together are larger than {self.most_bytes:,} bytes."
        return f"All answers together took more than {self.most_seconds:g} seconds."


class Session:
    """Keeps a worker ready for one file of a submission.

    Args:
        source: the file.
        limits: what each worker may use; `total_seconds` is for all of them together.
        seed: for `random` in the learner's process.
        sandbox: where to start; see `usual_sandbox`.
        require_sandbox: never fall back to one that is not safe for others' work.
        slot: a number that no other session running at the same time has.
        waiting: a worker that was started before the source arrived.

    Attributes:
        remarks: remarks for the learner on work that is correct, each once.

    Raises:
        Ungradable: a sandbox is required, and none works.
    """

    def __init__(
        self,
        source: Source,
        limits: Limits,
        *,
        seed: int = 0,
        sandbox: Sandbox | None = None,
        require_sandbox: bool = False,
        slot: int = 0,
        waiting: WorkerClient | None = None,
    ) -> None:
        self.source, self.limits, self.seed, self.slot = source, limits, seed, slot
        self.require_sandbox = require_sandbox
        self.sandbox = sandbox or choice.usual_sandbox()
        self.remarks: list[str] = []
        self._tests = Use(limits.total_seconds, _MOST_BYTES)
        self._curiosity = Use(limits.call_seconds, _MOST_CURIOUS_BYTES)
        self._of = self._tests
        self._printed = ""
        self._loaded = False
        self._order: int | None = None
        self._skipped: tuple[LearnerError, ...] = ()
        self._answered: dict[bytes, Any] = {}  # by workers that were asked nothing else
        self._refuse_strangers()
        self._worker = self._adopt(waiting) or self._spawn()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the learner's file defines; valid after `load`."""
        return self._names

    @property
    def imported_as(self) -> str:
        """The module that examples import the learner's names from; see `autograder.yours`."""
        return f"autograder.yours.{importable(self.source.name)}"

    @property
    def skipped(self) -> tuple[LearnerError, ...]:
        """The errors of the notebook cells that were skipped; empty before `load`."""
        return self._skipped

    def origin(self, name: str) -> str | None:
        """The import of a package, or of a provided name that the learner's file lacks, or None."""
        file = self.source.file
        if name in file.packages:
            return f"import {name}"
        for module in file.provides:
            if name not in self.names and name in provided_names(module):
                return f"from {module} import {name}"
        return None

    def load(self) -> None:
        """Wait until the learner's file has run.

        Raises:
            LearnerFault: it raised, hung, or ended the process.
            Ungradable: a sandbox is required, and none works.
        """
        try:
            self._worker.started()
        except SandboxFailed as error:
            self._go_elsewhere(error)
            self._worker.started()
        with self._counted(self._worker):
            self._names, self._skipped = self._worker.loaded()
        self._loaded = True

    def begin_test(self, order: int | None = None) -> None:
        """Make sure that a worker is running and has forgotten the last test.

        Args:
            order: until the next test, use a new module made from the file, whose sets iterate in
                this order, an index into `worker.ORDERS`; None to use the first module.

        Raises:
            LearnerFault: the learner's file no longer loads.
        """
        self._printed = ""
        if self._worker.ended:
            self._time_left()
            self._worker = self._spawn()
            self._loaded = False
        if not self._loaded:
            self.load()
        self._worker.output()
        self._worker.forget()
        self._order = order
        if order is not None:
            self.ask("run_anew", {"order": order}, "your file")

    def begin_anew(self) -> None:
        """Start the current test over, with a new module if it had one."""
        self.begin_test(self._order)

    @contextmanager
    def off_the_clock(self) -> Iterator[None]:
        """Questions within the block are for diagnosis and do not use the tests' time.

        All of them together may take as long as one call and one more load of the file.
        """
        self._of = self._curiosity
        try:
            yield
        finally:
            self._of = loading = Use(self.limits.load_seconds, _MOST_CURIOUS_BYTES)
            with suppress(LearnerFault):  # the next test will report it
                self.begin_test()
            self._curiosity.seconds += loading.seconds
            self._of = self._tests

    def may_be_examined(self) -> bool:
        """Whether there is time left for diagnosis."""
        return self._curiosity.left > 0

    @contextmanager
    def _counted(self, worker: WorkerClient) -> Iterator[None]:
        """Count the time spent waiting for answers, and their bytes, but not our own time."""
        waited, received = worker.waited, worker.received
        try:
            yield
        finally:
            self._of.seconds += worker.waited - waited
            self._of.bytes_ += worker.received - received

    def ask(
        self,
        op: str,
        arguments: dict[str, Any],
        what: str,
        wrap: Any = None,
        factor: float = 1.0,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Any:
        """Ask one question; see `WorkerClient.ask`.

        Args:
            op: as there.
            arguments: as there.
            what: as there.
            wrap: as there.
            factor: how many times the usual limit a bulk question may take.
            meanwhile: as there.

        Raises:
            LearnerFault: see its subclasses.
        """
        seconds = min(self._time_left(), self.limits.call_seconds * factor)
        with self._counted(self._worker):
            return self._worker.ask(op, arguments, what, seconds, wrap, meanwhile)

    def _time_left(self) -> float:
        """Seconds that the submission may still use; raises CallTimeout if none are left."""
        left = self._of.left
        if left <= 0:
            self._worker.kill()
            raise CallTimeout(self._of.too_much())
        return left

    def in_fresh_workers(
        self, op: str, each: Sequence[dict[str, Any]], what: str
    ) -> Iterator[Any | LearnerFault]:
        """Ask questions, each in a new worker; one asked before has its answer already.

        The next worker starts while the current one computes.

        Args:
            op: as for `WorkerClient.ask`.
            each: the arguments of each question.
            what: what is asked, in words for the learner.

        Yields:
            Each answer as JSON, or what went wrong instead.

        Raises:
            CallTimeout: no time is left.
        """
        keys = [msgspec.json.encode([op, arguments]) for arguments in each]
        asked = [number for number, key in enumerate(keys) if key not in self._answered]
        workers = {number: self._spawn() for number in asked[:1]}
        try:
            for number, arguments in enumerate(each):
                if asked and number == asked[0]:
                    seconds = min(self._time_left(), self.limits.call_seconds)
                    asked.pop(0)
                    if asked:
                        workers[asked[0]] = self._spawn()
                    answer = self._ask_once(workers[number], op, arguments, what, seconds)
                    self._answered[keys[number]] = answer
                yield self._answered[keys[number]]
        finally:
            for worker in workers.values():
                worker.kill()

    def _ask_once(
        self, worker: WorkerClient, op: str, arguments: dict[str, Any], what: str, seconds: float
    ) -> Any | LearnerFault:
        """The answer of a worker that is then ended, or what went wrong instead."""
        worker.started()
        try:
            with self._counted(worker):
                worker.loaded()
                return worker.ask(op, arguments, what, seconds, None)
        except LearnerFault as fault:
            return fault
        finally:
            worker.kill()
            self._keep(worker.output())

    def describe(self, error: object) -> LearnerError:
        """An exception described within an answer; raises ProtocolError if it is malformed."""
        described = self._worker.error(error)
        if described.type_name == "MemoryError":
            self._worker.kill()
        return described

    def tampered(self, why: str) -> Tampered:
        """End the worker after an invalid answer; returns the exception to raise."""
        self._worker.kill()
        return Tampered(f"An answer from your process was malformed: {why}.")

    def output(self) -> str:
        """What the learner's code printed since the last test began."""
        self._keep(self._worker.output())
        return self._printed

    def _keep(self, printed: str) -> None:
        """Limit what many workers print together; each one's output is cut already."""
        if len(self._printed) < self.limits.output_kb * 1024:
            self._printed += printed

    def close(self) -> None:
        """End the worker without waiting for it."""
        self._worker.kill(wait=False)

    def _adopt(self, waiting: WorkerClient | None) -> WorkerClient | None:
        """The waiting worker, with our source; None if it has ended or has another sandbox."""
        if waiting is None:
            return None
        if waiting.sandbox != self.sandbox or not waiting.is_there():
            waiting.kill()
            return None
        waiting.give(self.source, self.seed)
        return waiting

    def _spawn(self) -> WorkerClient:
        """A new worker that loads the file within the time that is left."""
        left = max(_SHORTEST_LOAD, self._of.left)
        load_seconds = min(self.limits.load_seconds, left)
        limits = msgspec.structs.replace(self.limits, load_seconds=load_seconds)
        return WorkerClient(self.source, limits, self.sandbox, self.seed, self.slot)

    def _refuse_strangers(self) -> None:
        if self.require_sandbox and not self.sandbox.isolates:
            reason = bubblewrap.unavailable()
            raise Ungradable(
                f"This needs the sandbox. {reason} {choice.how_to_install()} For your "
                "own work you don't need one: keep it in assignments/, or pass --mine."
            )

    def _go_elsewhere(self, failure: SandboxFailed) -> None:
        """Start the worker in another sandbox, if allowed, after this one failed."""
        instead = self.sandbox.instead()
        if instead is None:
            raise failure
        self.sandbox = instead
        self._refuse_strangers()
        self._worker = self._spawn()


def open_waiting(assignment: Assignment, slot: int) -> dict[str, WorkerClient]:
    """Start a worker for each file that can run here, before anything is handed in.

    Args:
        assignment: its files and limits.
        slot: a number that no other session running at the same time has.

    Returns:
        The workers by file name.
    """
    return {
        file.name: WorkerClient.waiting(file, assignment.limits, choice.usual_sandbox(), slot)
        for file in assignment.files
        if not file.lacks()
    }


def open_sessions(
    handed_in: Submission,
    assignment: Assignment,
    waiting: Mapping[str, WorkerClient] | None = None,
    **how: Any,
) -> dict[str | None, Session]:
    """Start a worker for each file that was handed in and can run here.

    A file that needs a package which is not installed is left out, and its tests do not run.

    Args:
        handed_in: the files.
        assignment: their order and the limits.
        waiting: workers from `open_waiting`; those that no file needs are ended.
        how: further arguments of `Session`.

    Returns:
        The sessions by file name; the assignment's first file is under None, too.
    """
    sessions: dict[str | None, Session] = {}
    spare = dict(waiting or {})
    try:
        for file in assignment.files:
            source = handed_in.source(file.name)
            if source is not None and not file.lacks():
                worker = spare.get(file.name)
                sessions[file.name] = Session(source, assignment.limits, waiting=worker, **how)
                spare.pop(file.name, None)
                if file is assignment.files[0]:
                    sessions[None] = sessions[file.name]
    finally:
        for worker in spare.values():
            worker.kill()
    return sessions


@cache
def provided_names(module: str) -> frozenset[str]:
    """The names of the classes and functions that a provided module defines."""
    import ast

    definitions = (ast.ClassDef, ast.FunctionDef)
    body = ast.parse(provided_text(module)).body
    return frozenset(part.name for part in body if isinstance(part, definitions))
