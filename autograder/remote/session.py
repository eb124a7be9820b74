"""A submission under judgement: its workers, one after another, and the time they may use."""

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
"""Of all answers together, as each takes us time to look at; right ones have less than one MB."""
_MOST_CURIOUS_BYTES = 4 * 1024 * 1024


@dataclass
class Use:
    """How much time and data answers may take, and have taken.

    Attributes:
        most_seconds: of waiting, for all answers together.
        most_bytes: of them all together.
        seconds: waited so far.
        bytes_: received so far.
    """

    most_seconds: float
    most_bytes: int
    seconds: float = 0.0
    bytes_: int = 0

    @property
    def left(self) -> float:
        """Seconds of waiting that remain; 0 if there are too many bytes."""
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
        require_sandbox: never fall back to a place where others' work may not be judged.
        slot: sessions that run at once have different ones.
        waiting: a worker that was started before the source was there.

    Attributes:
        remarks: what tests have to say to the learner about what is right, each once.
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
        self._answered: dict[bytes, Any] = {}  # by workers that have met nothing else
        self._refuse_strangers()
        self._worker = self._adopt(waiting) or self._spawn()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the learner's file defines; valid after `load`."""
        return self._names

    @property
    def imported_as(self) -> str:
        """What examples import the learner's names from: their file without its demo cells."""
        return f"autograder.yours.{importable(self.source.name)}"

    @property
    def skipped(self) -> tuple[LearnerError, ...]:
        """What the cells of a notebook raised that were skipped; empty before `load`."""
        return self._skipped

    def origin(self, name: str) -> str | None:
        """How one imports a package's name, or a provided one that the learner's file lacks."""
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
        """Make sure that a worker is there which has forgotten what the last test asked.

        Args:
            order: until the next test, a module answers that has met nothing yet, and objects
                come out of its sets in this one of `ORDERS`.

        Raises:
            LearnerFault: the learner's file does not load any more.
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
        """Begin the same once more: where the file was run anew, with another such module."""
        self.begin_test(self._order)

    @contextmanager
    def off_the_clock(self) -> Iterator[None]:
        """Questions in the block are for diagnosis, and use none of the tests' time.

        All of them together may take as long as one call, and one more load of the file.
        """
        self._of = self._curiosity
        try:
            yield
        finally:
            self._of = loading = Use(self.limits.load_seconds, _MOST_CURIOUS_BYTES)
            with suppress(LearnerFault):  # the next test will say so
                self.begin_test()
            self._curiosity.seconds += loading.seconds
            self._of = self._tests

    def may_be_examined(self) -> bool:
        """Whether there is time left for diagnosis."""
        return self._curiosity.left > 0

    @contextmanager
    def _counted(self, worker: WorkerClient) -> Iterator[None]:
        """Count the time spent waiting for answers, and their bytes, but no time of our own."""
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
        """One question; see `WorkerClient.ask`. `factor` stretches the time for a bulk question.

        Raises:
            LearnerFault: see its subclasses.
        """
        seconds = min(self._time_left(), self.limits.call_seconds * factor)
        with self._counted(self._worker):
            return self._worker.ask(op, arguments, what, seconds, wrap, meanwhile)

    def _time_left(self) -> float:
        """Seconds that the submission may still use; raises CallTimeout where there are none."""
        left = self._of.left
        if left <= 0:
            self._worker.kill()
            raise CallTimeout(self._of.too_much())
        return left

    def in_fresh_workers(
        self, op: str, each: Sequence[dict[str, Any]], what: str
    ) -> Iterator[Any | LearnerFault]:
        """Ask the same question several times, each in a worker that has met nothing else.

        The next worker starts while the present one is asked. What was asked before has its answer
        already. Yields answers as JSON, or what went wrong instead.
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
        """The answer of a worker that is asked nothing else, or what went wrong instead."""
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
        """An exception within a bulk answer; raises ProtocolError where it is none."""
        described = self._worker.error(error)
        if described.type_name == "MemoryError":
            self._worker.kill()
        return described

    def tampered(self, why: str) -> Tampered:
        """End the worker after an answer that is no honest one; returns the exception to raise."""
        self._worker.kill()
        return Tampered(f"An answer from your process was malformed: {why}.")

    def output(self) -> str:
        """What the learner's code printed since the last test began."""
        self._keep(self._worker.output())
        return self._printed

    def _keep(self, printed: str) -> None:
        """Each worker's output is cut already; what many of them print is too."""
        if len(self._printed) < self.limits.output_kb * 1024:
            self._printed += printed

    def close(self) -> None:
        """End the worker, without waiting until it is gone."""
        self._worker.kill(wait=False)

    def _adopt(self, waiting: WorkerClient | None) -> WorkerClient | None:
        """The waiting worker, given our source; None if there is none, or not of our sandbox."""
        if waiting is None:
            return None
        if waiting.sandbox != self.sandbox or not waiting.is_there():
            waiting.kill()
            return None
        waiting.give(self.source, self.seed)
        return waiting

    def _spawn(self) -> WorkerClient:
        """A new worker loading the file, within the time that is left."""
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
        """Start the worker in another sandbox after this one failed, if that is allowed."""
        instead = self.sandbox.instead()
        if instead is None:
            raise failure
        self.sandbox = instead
        self._refuse_strangers()
        self._worker = self._spawn()


def open_waiting(assignment: Assignment, slot: int) -> dict[str, WorkerClient]:
    """Start a worker for each file that can run here, before anything is handed in.

    Args:
        assignment: gives the files and the limits.
        slot: sessions that run at once have different ones.
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
    """Start a worker for each file that was handed in and can run here; None is the first file.

    A file is left out where one of its own packages is not installed: its tests are not run then.

    Args:
        handed_in: the files.
        assignment: gives their order and the limits.
        waiting: workers of `open_waiting`; those that no file needs are ended.
        how: further arguments of `Session`.
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
    """The classes and functions of a module of ours."""
    import ast

    definitions = (ast.ClassDef, ast.FunctionDef)
    body = ast.parse(provided_text(module)).body
    return frozenset(part.name for part in body if isinstance(part, definitions))
