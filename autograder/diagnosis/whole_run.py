"""Runs a learner's whole loop for a picture, if the suite has a `run.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.diagnosis.beside import module_of
from autograder.remote.errors import LearnerFault
from autograder.remote.learner import Learner
from autograder.remote.wrong_answer import Mismatch

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.remote.session import Session
    from autograder.report import Run


def take(suite: Path, session: Session | None) -> Run | None:
    """The suite's run with the learner's code.

    Args:
        suite: its folder.
        session: the learner's first file.

    Returns:
        None if the suite has no run, or the learner's loop does not finish, which is for the tests
        to report.
    """
    module = module_of(suite, "run")
    if module is None or session is None:
        return None
    try:
        session.begin_test()
        run: Run = module.run(Learner(session))
    except (LearnerFault, Mismatch):
        return None
    except (AttributeError, TypeError, ValueError, LookupError, ArithmeticError):
        # a plain answer where an object was expected
        return None
    return run
