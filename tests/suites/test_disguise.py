"""Engines in other words do the same to whoever uses them, and differ for whoever reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.expressions.random_graphs import graph, seeded
from autograder.operators import apply, values_of
from autograder.remote.wrong_answer import Mismatch
from autograder.suites.assignment5 import disguise
from autograder.suites.assignment5.oracle import Engine, Jury, jury

ENGINES = jury(Path(disguise.__file__).parent / "engines")
TIMES = 8


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Engines are written anew for each test."""
    disguise.disguised.cache_clear()
    yield
    disguise.disguised.cache_clear()


def others(source: str) -> list[str]:
    """The same engine in several other ways."""
    return [disguise.disguised.__wrapped__(source) for _ in range(TIMES)]


def gradients(source: str) -> list[list[float]]:
    """Of some graphs in which nodes are used more than once."""
    module: dict[str, Any] = {"__name__": __name__}
    exec(source, module)
    found = []
    for number in range(12):
        expression = graph(seeded("disguise", str(number)), 6)
        made = {name: module["Value"](value) for name, value in expression.inputs}
        inputs = list(made.values())
        for step in expression.steps:
            made[step.name] = apply(step.op, values_of(step.operands, made))
        made[expression.root].backward()
        found.append([node.grad for node in inputs])
    return found


@pytest.mark.parametrize("engine", [*ENGINES.right, *ENGINES.wrong], ids=lambda e: e.text)
def test_it_finds_the_same_gradients(engine: Engine) -> None:
    expected = gradients(engine.source)

    assert all(gradients(other) == expected for other in others(engine.source))


@pytest.mark.parametrize("engine", [*ENGINES.right, *ENGINES.wrong], ids=lambda e: e.text)
def test_no_two_are_alike(engine: Engine) -> None:
    found = [other for other in others(engine.source) if other != engine.source]

    assert len(set(found)) == TIMES


@pytest.mark.parametrize("engine", [*ENGINES.right, *ENGINES.wrong], ids=lambda e: e.text)
def test_no_way_to_store_a_gradient_belongs_to_one_kind_alone(engine: Engine) -> None:
    """Plain stores, sums in place and `setattr` are met in right and in wrong ones."""
    together = "\n".join(each for _ in range(10) for each in others(engine.source))

    for form in (".grad += ", ".grad = ", "setattr(", "_"):
        assert form in together


def test_adding_and_overwriting_are_the_same_words() -> None:
    """In another order: a constant or a call that one of them alone has would give it away."""
    for adding, overwriting, *beside in disguise._WAYS:
        for one, other in ((adding, overwriting), tuple(beside)):
            words = [sorted(re.findall(r"\w+|\S", text)) for text in (one, other)]
            assert words[0] == words[1]


@pytest.mark.parametrize("engines", [ENGINES, ENGINES.small], ids=["all", "small"])
def test_no_wrong_engine_is_known_by_its_make(engines: Jury) -> None:
    """A right one of the same jury is the same, but for a line."""
    for wrong in engines.wrong:
        lines = [
            {*wrong.source.split("\n")} ^ {*right.source.split("\n")} for right in engines.right
        ]
        assert 2 in map(len, lines)


def test_a_jury_is_asked_in_no_order_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.suites.assignment5 import oracle

    asked: list[tuple[str, ...]] = []

    class Test:
        def try_on_engines(self, name: str, sources: list[str]) -> list[None]:
            asked.append(tuple(sources))
            return [None] * len(sources)

    monkeypatch.setattr(oracle, "disguised", lambda source: source)
    for _ in range(TIMES):
        with pytest.raises(Mismatch, match="caught 0 of"):
            oracle.assert_tells_apart(Test(), "check", ENGINES)  # type: ignore[arg-type]

    assert len({sources[0] for sources in asked}) > 1
