"""Plain answers, as a suite meets them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograder.remote.errors import LearnerFault
from autograder.remote.objects import Remote
from autograder.remote.wrong_answer import Mismatch
from autograder.worker.protocol import Bag

from .conftest import Room, limits


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("None", None),
        ("True", True),
        ("-0.0", -0.0),
        ("10**300", 10**300),
        ("float('inf')", math.inf),
        ("'é \\U0001f600'", "é \U0001f600"),
        ("(1, [2, (3,)], {'a': {1: None}})", (1, [2, (3,)], {"a": {1: None}})),
        ("{1: 2}.items().__len__()", 1),
        ("__import__('collections').OrderedDict(a=1)", {"a": 1}),
        ("__import__('collections').defaultdict(list, a=[1])", {"a": [1]}),
        ("__import__('http').HTTPStatus.OK", 200),
        ("frozenset([1])", [1]),
    ],
)
def test_plain_answers_arrive_with_plain_types(limited: Room, expression: str, value: Any) -> None:
    answer = limited.run(f"def run(): return {expression}")

    assert answer == value
    assert type(answer) is (Bag if "set" in expression else type(value))


def test_a_learners_own_number_is_no_number(limited: Room) -> None:
    learner = limited.learner("""
        class Number(float):
            def __eq__(self, other): return True
        class Many(list): pass
    """)

    assert isinstance(learner.Number(2.0), Remote)
    assert isinstance(learner.Many(), Remote)


def test_a_learners_own_text_is_the_text_that_it_holds(limited: Room) -> None:
    learner = limited.learner("""
        import enum
        class Text(str):
            def __str__(self): return "y"
            def __eq__(self, other): return True
        class Op(str, enum.Enum):
            ADD = "+"
        def both(): return [Text("x"), Op.ADD]
    """)

    answers = learner.both()

    assert answers == ["x", "+"]
    assert {type(answer) for answer in answers} == {str}


def test_numpy_is_importable_where_allowed_and_its_scalars_are_plain_numbers(room: Room) -> None:
    learner = room.learner(
        """
        import numpy as np
        def run():
            return [np.float64(1.5), np.float32(0.5), np.int64(3), np.bool_(True), np.array(2.0),
                    np.float64("nan"), np.str_("x"), np.float16(2)]
        def array(): return np.arange(3.0)
        def total(x): return np.sum(x)
        """,
        limits(memory_mb=1024),
        packages=("numpy",),
    )

    answers = learner.run()
    array = learner.array()

    assert [type(x) for x in answers] == [float, float, int, bool, float, float, str, float]
    assert answers[:5] == [1.5, 0.5, 3, True, 2.0]
    assert isinstance(array, Remote)
    assert (len(array), list(array), learner.total(array)) == (3, [0, 1, 2], 3.0)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        pytest.param("deep(20)", "too large to look at", id="deep"),
        pytest.param("deep(900)", "too large to look at", id="deeper"),
        pytest.param("deep(None)", "too large to look at", id="in itself"),
        pytest.param("[0] * 10**6", "too large to look at", id="long"),
        pytest.param("['x' * 20000] * 1000", "too large to look at", id="much text"),
        pytest.param("object.__new__(Evil)", "requires a 'float' object", id="a class that lies"),
    ],
)
def test_answers_that_are_too_much_are_errors_and_the_worker_lives(
    room: Room, expression: str, message: str
) -> None:
    learner = room.learner(f"""
        def deep(n):
            value = []
            if n is None:
                value.append(value)
                return value
            for _ in range(n): value = [value]
            return value
        class Meta(type):
            __module__ = "builtins"
            __name__ = property(lambda self: 1 / 0)
        class Evil(metaclass=Meta):
            __module__ = "numpy"
            __class__ = property(lambda self: float)
        def run(): return {expression}
        def ok(): return 1
    """)

    with pytest.raises(LearnerFault, match=message):
        learner.run()
    assert learner.ok() == 1


def test_a_huge_number_stays_over_there_and_can_be_looked_at(room: Room) -> None:
    number = room.run("def run(): return 10**5000")

    assert isinstance(number, Remote)
    assert repr(number) == "<int>"
    with pytest.raises(Mismatch, match="a int, which cannot be compared"):
        assert number == 10
