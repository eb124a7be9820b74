"""Which lines a finding shows: those that matter, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.remote.errors import LearnerError
from autograder.remote.learner import Learner
from autograder.remote.objects import source_text
from autograder.remote.wrong_answer import Mismatch
from autograder.worker.protocol import Bag
from tests.remote.test_transcripts import MORE, example_of, pasted

from .conftest import Room


def test_only_what_matters_is_shown(limited: Room) -> None:
    learner = limited.learner(MORE)
    x, y = learner.Value(2.0), learner.Value(3.0)
    learner.Counter().bump()
    z = x + y
    (x * y).backward()
    z.data  # noqa: B018  asking is enough

    assert example_of(learner).lines == (
        "from autograder.yours.work import Value",
        "b = Value(2.0)",
        "c = Value(3.0)",
        "e = b + c",
        "f = b * c",
        "f.backward()",
        "e.data",
    )


def test_of_lines_that_read_alike_those_that_matter_are_shown(
    limited: Room, tmp_path: Path
) -> None:
    learner = limited.learner(MORE)
    for number in (0.5, 0.25):
        values = [learner.Value(0.0)]
        lines = (f"values = [{source_text(values[0])}]", "for v in values: v.data = number")
        learner.set_each(values, "data", [number], (f"number = {number}", *lines))
    yours = values[0].data

    example = example_of(learner)
    result = pasted(tmp_path, MORE, example.lines)

    assert (result.stderr, result.stdout.strip()) == ("", repr(yours))
    assert example.lines.count("for v in values: v.data = number") == 1


def test_modules_of_ours_and_packages_are_imported_from_where_they_are(
    limited: Room, tmp_path: Path
) -> None:
    text = "from engine import Value\nimport numpy as np\ndef double(v): return v * 2\n"
    learner = limited.learner(text, provides=("engine", "neural"), packages=("numpy",))
    model = learner.MLP(1, [1])
    learner.set_each(model.parameters(), "data", [0.5, 0.25])
    out = learner.double(model([learner.Value(2.0)]))
    yours = out.data

    example = example_of(learner)
    result = pasted(tmp_path, text, example.lines, ("engine", "neural"))

    assert example.lines[:2] == (
        "from autograder.yours.work import Value, double",
        "from neural import MLP",
    )
    assert (result.stderr, result.stdout.strip()) == ("", repr(yours))


def test_an_exception_shows_the_lines_that_raise_it(limited: Room, tmp_path: Path) -> None:
    learner = limited.learner(MORE)
    x = learner.Value(0.0) * 3
    with pytest.raises(LearnerError) as caught:
        (1 / x).backward()
    error = caught.value
    assert error.look is not None

    result = pasted(tmp_path, MORE, (*error.example, error.look))

    assert result.stderr.strip().splitlines()[-1].startswith("ZeroDivisionError")
    assert (error.example[-1], error.look) == ("c = b * 3", "1 / c")


def test_an_exception_while_setting_shows_the_line(limited: Room) -> None:
    learner = limited.learner("class Value:\n    __slots__ = ()\n")
    x = learner.Value()

    with pytest.raises(LearnerError) as caught:
        x.grad = 1.0

    assert (caught.value.example, caught.value.look) == (
        ("from autograder.yours.work import Value", "a = Value()"),
        "a.grad = 1.0",
    )


def test_a_finding_about_an_operator_shows_the_operation(limited: Room, tmp_path: Path) -> None:
    text = MORE.replace("return Value(self.data**n", "Value(self.data**n")
    learner = limited.learner(text)
    with pytest.raises(Mismatch) as caught:
        learner.Value(3.0) ** 2
    example = caught.value.counterexample
    assert example is not None

    result = pasted(tmp_path, text, example.lines)

    assert (result.stderr, result.stdout.strip(), example.yours) == ("", "None", None)


def test_a_finding_about_comparison_shows_what_the_object_is(limited: Room, tmp_path: Path) -> None:
    learner = limited.learner(MORE)
    x = learner.Value(2.0) + 1
    with pytest.raises(Mismatch) as caught:
        assert x == 3.0
    example = caught.value.counterexample
    assert example is not None

    result = pasted(tmp_path, MORE, example.lines)

    assert (result.stderr, result.stdout.strip(), example.yours) == ("", "'Value'", "Value")


def test_sets_of_objects_are_lists_whose_order_means_nothing(limited: Room) -> None:
    learner = limited.learner(MORE)
    x, y = learner.Value(2.0), learner.Value(3.0)

    operands = (x + y)._prev

    assert type(operands) is Bag
    assert {repr(operand) for operand in operands} == {"Value(2.0)", "Value(3.0)"}
    assert repr(operands) == "{Value(2.0), Value(3.0)}"


def test_nothing_of_one_test_is_in_the_lines_of_the_next(limited: Room) -> None:
    session = limited.session(MORE)
    for _ in range(2):
        session.begin_test()
        learner = Learner(session)
        assert (learner.Value(2.0) + 1).data == 3.0
        assert example_of(learner).lines == (
            "from autograder.yours.work import Value",
            "b = Value(2.0)",
            "c = b + 1",
            "c.data",
        )


def test_what_is_looked_at_is_done_once(limited: Room) -> None:
    learner = limited.learner(MORE)
    counted = learner.Counter().bump()
    look = learner.looked_at()

    lines = learner.mismatch("", [counted], [2], f"[{look}]").counterexample.lines  # type: ignore[union-attr]  # it has one
    assert [line for line in lines if ".bump()" in line] == [f"[{look}]"]
