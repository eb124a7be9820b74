"""assignment8: the run that a page shows: two moons, learned by the learner's own loop."""

import random

from autograder.kit import two_moons
from autograder.remote.learner import Learner
from autograder.report import Run
from autograder.suites.assignment8.oracle import training_run


def run(learner: Learner) -> Run:
    """Losses and trained network. The numbers are such that the right loop parts all points."""
    xs, ys = two_moons(n=20, noise=0.1, seed=3)
    chance = random.Random(2)
    return training_run(learner, chance, (2, [6, 1]), xs, ys, rate=0.8, steps=60, at_once=10)
