"""How to judge: what a caller of `grade` may ask for."""

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
    """How to judge.

    Attributes:
        require_sandbox: never fall back to a limited process (for others' work).
        only: judge this alone: a test or a part, by its name or its title.
        slot: graders that run at once have different ones; None is this process's own.
        prefetch: start the next submission's process while this one is judged. The next one is
            then asked for before this one is delivered.
        prestart: start the next submission's process before that is there: for who waits for it.
        with_training_run: let the learner's loop run as a whole too, where the suite has such a
            run; a second or two, for a picture.
        sandbox: where learners' code runs; by default the best place here.
        shrink: look for the smallest example of what is wrong.
        pick: names the tests to run for a submission, as outcomes come in; no mistake is named.
            For who puts the suite itself on trial.
        on_loaded: is called when a submission's files have run, before anything is asked of them.
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
