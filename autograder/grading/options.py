"""How to grade: the options of `grade`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autograder.grading.pytest_plugin import Outcome, Task
    from autograder.sandbox.base import Sandbox
    from autograder.submission.read import Submission

Pick = Callable[["Submission", "Sequence[Task]", "Mapping[str, Outcome]"], Iterable[str]]


class Options(msgspec.Struct, frozen=True):
    """How to grade.

    Attributes:
        require_sandbox: never fall back to a limited process, as for other people's work.
        only: grade only this test or part, by its name or title.
        slot: a number that no other grader running at the same time has; None for the process's.
        prefetch: start the next submission's process while this one is graded. The next one is then
            requested before this one's report is delivered.
        prestart: start the next submission's process before it arrives, as in watch mode.
        with_training_run: also run the learner's whole loop for a picture, if the suite has such a
            run; it takes a second or two.
        sandbox: where learners' code runs; by default the best sandbox here.
        shrink: look for the smallest example of what is wrong.
        pick: yields the tests to run for a submission, as outcomes come in; then no mistakes are
            named. For checks of the suite itself.
        on_loaded: called when a submission's files have run, before its tests.
    """

    require_sandbox: bool = False
    only: str | None = None
    slot: int | None = None
    prefetch: bool = False
    prestart: bool = False
    with_training_run: bool = False
    sandbox: Sandbox | None = None
    shrink: bool = True
    pick: Pick | None = None
    on_loaded: Callable[[], None] | None = None
