"""A learner's own test on trial: right engines must pass it, wrong ones must not.

The engines are files in a folder with an `engines.toml`. A wrong one is an edit of a right one:

    [[right]]
    file = "a.py"
    text = "operands in a tuple"       # what sets it apart, for the report

    [[wrong]]
    file = "a.py"
    text = "exp overwrites"            # what is wrong with it, for the report
    find = "self.grad += out.data"     # occurs once in the file
    replace = "self.grad = out.data"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from autograder.remote.errors import LearnerError, LearnerFault
from autograder.remote.wrong_answer import Mismatch
from autograder.suites.assignment5.disguise import CHANCE, disguised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from autograder.remote.learner import Learner

_MOST_NAMED = 3


@dataclass(frozen=True)
class Engine:
    """An engine that judges a test.

    Attributes:
        text: what is special about it, in words for the learner.
        source: a module that defines Value.
        small: whether it belongs to the small choice too.
    """

    text: str
    source: str
    small: bool


@dataclass(frozen=True)
class Jury:
    """The engines that judge a test."""

    right: tuple[Engine, ...]
    wrong: tuple[Engine, ...]

    @property
    def small(self) -> Jury:
        """A few of them, for a first look."""
        return Jury(
            tuple(engine for engine in self.right if engine.small),
            tuple(engine for engine in self.wrong if engine.small),
        )


@cache
def jury(folder: Path) -> Jury:
    """The engines of a folder; raises ValueError where an edit does not fit."""
    table = tomllib.loads((folder / "engines.toml").read_text("utf-8"))
    kinds = [[_engine(folder, entry) for entry in table[kind]] for kind in ("right", "wrong")]
    return Jury(tuple(kinds[0]), tuple(kinds[1]))


def _engine(folder: Path, entry: dict[str, str]) -> Engine:
    source = (folder / entry["file"]).read_text("utf-8")
    if "find" in entry:
        if source.count(entry["find"]) != 1:
            raise ValueError(f"{folder / entry['file']}: {entry['find']!r} should occur once")
        source = source.replace(entry["find"], entry["replace"])
    return Engine(entry["text"], source, bool(entry.get("small")))


def assert_tells_apart(learner: Learner, name: str, engines: Jury) -> None:
    """The learner's test objects to every wrong engine, and to no right one.

    Only an AssertionError is an objection. Each wrong engine that is caught earns its share, but
    only where all right ones are accepted.

    Raises:
        Mismatch: what was missed or refused, in words, with the share that is earned.
        LearnerFault: the test is not written yet, or does not come to an end.
    """
    all_of_them = [*engines.right, *engines.wrong]
    first, *others = CHANCE.sample(all_of_them, len(all_of_them))  # who counts them learns nothing
    answers = {first: _first(learner, name, first)}
    sources = [disguised(engine.source) for engine in others]
    answers.update(zip(others, learner.try_on_engines(name, sources), strict=True))
    right, wrong = ([answers[engine] for engine in each] for each in (engines.right, engines.wrong))
    refused = [(e, a) for e, a in zip(engines.right, right, strict=True) if a is not None]
    if refused:
        raise Mismatch(_refusal(refused, len(right)))
    missed = [
        engine if answer is None else Engine(f"{engine.text} ({answer})", "", small=False)
        for engine, answer in zip(engines.wrong, wrong, strict=True)
        if not _objects(answer)
    ]
    if missed:
        caught = len(wrong) - len(missed)
        raise Mismatch(
            f"Your test caught {caught} of {len(wrong)} wrong engines. It missed this: "
            f"{_listed(missed)}.",
            credit=caught / len(wrong),
        )


def _first(learner: Learner, name: str, engine: Engine) -> LearnerFault | None:
    """The answer to one engine; what would go wrong with every other one too is raised."""
    (answer,) = learner.try_on_engines(name, [disguised(engine.source)])
    if answer is None or _objects(answer):
        return answer
    if isinstance(answer, LearnerError) and answer.type_name != "NotImplementedError":
        return answer
    raise answer


def _objects(answer: LearnerFault | None) -> bool:
    return isinstance(answer, LearnerError) and answer.type_name == "AssertionError"


def _refusal(refused: Sequence[tuple[Engine, LearnerFault]], count: int) -> str:
    engine, answer = refused[0]
    how = "objected to" if _objects(answer) else "raised an exception on"
    where = ""
    if isinstance(answer, LearnerError) and answer.lines:
        where = "\n{}:{}: {}".format(*answer.lines[-1])
    return (
        f"Your test rejected {len(refused)} of {count} correct engines, so nothing it "
        f"catches counts. It {how} this one: {engine.text}.\n{answer}{where}"
    )


def _listed(engines: Sequence[Engine]) -> str:
    more = len(engines) - _MOST_NAMED
    texts = [engine.text for engine in engines[:_MOST_NAMED]]
    return "; ".join(texts) + (f"; and {more} more" if more > 0 else "")
