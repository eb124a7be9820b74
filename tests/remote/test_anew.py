"""A file run anew has met nothing yet, and its sets have an order that we choose."""

from __future__ import annotations

import pytest

from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.worker.worker import ORDERS

from .conftest import Room

WORK = """
import engine

class Value:
    seen = []

    def __init__(self, data=0.0):
        self.data = data
        self.seen.append(self)

def seen(found=[]):
    found.append(1)
    return len(found)

def order(*values):
    return [value.data for value in set(values)]

engine.Value.mark = 1
"""


def test_what_was_left_behind_is_gone_and_comes_back_with_the_next_test(limited: Room) -> None:
    session = limited.session(WORK, provides=("engine",))
    session.begin_test()
    assert (Learner(session).seen(), Learner(session).seen()) == (1, 2)

    for _ in range(2):
        session.begin_test(order=0)
        assert Learner(session).seen() == 1

    session.begin_test()
    assert Learner(session).seen() == 3


def test_each_order_is_the_same_each_time_and_not_all_are_alike(limited: Room) -> None:
    session = limited.session(WORK, provides=("engine",))
    found = []
    for order in (*range(len(ORDERS)), *range(len(ORDERS))):
        session.begin_test(order)
        learner = Learner(session)
        found.append(tuple(learner.order(*(learner.Value(float(n)) for n in range(3)))))

    assert found[: len(ORDERS)] == found[len(ORDERS) :]
    assert found[0] == tuple(reversed(found[1]))
    assert all(sorted(each) == [0.0, 1.0, 2.0] for each in found)


@pytest.mark.parametrize(
    ("lines", "look", "answer"),
    [
        (("a = seen()",), "seen()", (2, False)),
        (("from autograder.yours.work import Value", "a = Value(2.5)"), "a.data", (2.5, False)),
        (("a = Value()",), "len({a})", (1, True)),
        (("a = Value()", "b = Value()"), "names([b, a])", ("b, a", False)),
        (("from engine import Value as V",), "V.mark", (1, False)),
        ((), "None", ("None", False)),
    ],
)
def test_an_example_is_run_by_itself(
    limited: Room, lines: tuple[str, ...], look: str, answer: tuple[object, bool]
) -> None:
    learner = limited.learner(WORK, provides=("engine",))
    learner.seen()

    assert learner.run_example(lines, look) == answer


def test_what_an_example_raises_is_the_learners(limited: Room) -> None:
    learner = limited.learner(WORK, provides=("engine",))

    with pytest.raises(LearnerError, match="TypeError"):
        learner.run_example((), "Value(1, 2)")
