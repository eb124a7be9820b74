"""assignment6: the run that a page shows: down a parabola, where forgotten gradients orbit."""

from autograder.remote.learner import Learner
from autograder.report import Run
from autograder.suites.assignment6.oracle import descent_run


def run(learner: Learner) -> Run:
    """The losses on the way from 4 to the lowest point of (x - 1)²."""
    return descent_run(learner, lambda x: (x - 1) ** 2, [4.0], rate=0.1, steps=24)
