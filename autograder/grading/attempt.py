"""A submission while it is graded: its processes, and why it cannot be graded, if so."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograder.expressions.random_graphs import seeded
from autograder.remote.errors import LearnerFault, Tampered
from autograder.remote.load_failure import load_failure
from autograder.remote.session import Session, open_sessions
from autograder.report import writable
from autograder.sandbox import slots
from autograder.submission.read import Ungradable

if TYPE_CHECKING:
    from autograder.course import Assignment, AssignmentFile, Course
    from autograder.grading.options import Options
    from autograder.remote.client import WorkerClient
    from autograder.report import SandboxName
    from autograder.submission.read import Submission

_MOST_SKIPPED = 5
"""How many notebook cells that raised a report mentions at most."""
_LONGEST_ERROR = 300
"""The most characters of such a cell's error message."""


def slot_of(options: Options, number: int) -> int:
    """The slot of the submission with that number; neighbours differ, as both may run at once."""
    slot = slots.own() if options.slot is None else options.slot
    return 2 * slot + number % 2


class Attempt:
    """One submission while it is graded; its workers start at once.

    Args:
        course: has the seed.
        assignment: what it is for.
        submission: what was handed in.
        options: how to grade.
        number: its position in the queue.
        waiting: workers that were started before it arrived, by file name.

    Attributes:
        sessions: the files that can be graded, by name; the first one is under None, too.
        reason: why it cannot be graded, if so.
        sandbox: where it runs.
        forged: the file that sent a forged answer while it was loaded, and how, if one did.
        broken: why a further file could not be loaded, by its name.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        submission: Submission,
        options: Options,
        number: int = 0,
        waiting: Mapping[str, WorkerClient] | None = None,
    ) -> None:
        self.assignment, self.submission = assignment, submission
        self.sessions: dict[str | None, Session] = {}
        self.reason: str | None = None
        self.sandbox: SandboxName = "none"
        self.fault: OSError | None = None
        # the learner's code can read this seed, so it must not reveal the course's
        chance = int(seeded("chance", assignment.name).random() * 2**32)
        self.seed_sha256 = hashlib.sha256(course.seed.encode()).hexdigest()
        self.forged: str | None = None
        self.broken: dict[str, str] = {}
        how: dict[str, Any] = {
            "seed": chance,
            "require_sandbox": options.require_sandbox,
            "sandbox": options.sandbox,
            "slot": slot_of(options, number),
        }
        try:
            self.sessions = open_sessions(submission, assignment, waiting, **how)
        except Ungradable as error:
            self.reason = str(error)
        except OSError as error:
            self.fault = error

    def load(self) -> None:
        """Wait until the learner's files have run; `reason` then says if they cannot be graded.

        Raises:
            SandboxFailed: a process could not be started.
            OSError: the same, for lack of a resource.
        """
        if self.fault is not None:
            raise self.fault
        if self.reason is not None:
            return
        first, alone = self.assignment.files[0], None not in self.sessions
        for file in self.assignment.files:
            session = self.sessions.get(file.name)
            if session is None:
                continue
            reason = self._load(session, file)
            self.sandbox = session.sandbox.name
            if reason is not None and (alone or file is first or self.forged is not None):
                self.reason = reason
                return
            if reason is not None:  # a further file loses its own tests, and no others
                self.broken[file.name] = reason
                self.sessions.pop(file.name).close()

    def _load(self, session: Session, file: AssignmentFile) -> str | None:
        """Wait for one file; returns why it cannot be graded, if so."""
        try:
            session.load()
            self._expect_names(file.asks, session.names, session.source.name)
        except Ungradable as error:
            return str(error)
        except LearnerFault as error:
            if isinstance(error, Tampered):
                self.forged = f"{session.source.name}: {error}"
            return str(load_failure(error, session.source.name))
        return None

    def skipped(self) -> tuple[str, ...]:
        """A sentence for each notebook cell that raised and was skipped."""
        sessions = [each for name, each in self.sessions.items() if name is not None]
        said = []
        for session in sessions:
            file = session.source.file.module if len(sessions) > 1 else ""
            for error in session.skipped[:_MOST_SKIPPED]:
                where = next(
                    (f"{place}, line {line}," for place, line, _ in error.lines[:1]), "a cell"
                )
                text = f"{file} {where} raised {str(error)[:_LONGEST_ERROR].rstrip('.')}".strip()
                said.append(writable(f"{text[:1].upper()}{text[1:]}. That cell was skipped."))
        return tuple(said)

    def remarks(self) -> tuple[str, ...]:
        """The tests' remarks for the learner, without repetition."""
        return tuple(dict.fromkeys(text for s in self.sessions.values() for text in s.remarks))

    def _expect_names(self, asks: tuple[str, ...], names: tuple[str, ...], file_name: str) -> None:
        """Raise Ungradable if none of the names that the assignment asks for is defined."""
        if not asks or any(name in names for name in asks):
            return
        wanted = ", ".join(f"`{name}`" for name in asks)
        near = {
            name: close[0]
            for name in asks
            if (close := difflib.get_close_matches(name, names, n=1, cutoff=0.6))
        }
        hint = "".join(f" Is `{is_}` supposed to be `{should}`?" for should, is_ in near.items())
        raise Ungradable(
            f"{file_name} defines none of the names {self.assignment.name} needs: {wanted}."
            f"{hint or ' Is it the right file? Demo cells do not count.'}"
        )

    def close(self) -> None:
        """End the learner's processes."""
        for session in self.sessions.values():
            session.close()
