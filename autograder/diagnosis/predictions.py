"""Answers the learner's guesses: lines `predict = 2.0`, written before a run, for no points."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.report import Prediction

if TYPE_CHECKING:
    from autograder.submission.read import Submission

_LINE = re.compile(r"^predict[^\S\n]*=(?P<guess>[^#\n]*)", re.MULTILINE)
_LONGEST = 80


@cache
def questions(suite: Path) -> tuple[dict[str, object], ...]:
    """The suite's questions, in the order of their lines in the file; empty if it has none.

    An answer is a number or a text. A text such as "4.0000" is a number with that many decimals,
    and a guess is right if it rounds to it.
    """
    path = suite / "predictions.toml"
    if not path.is_file():
        return ()
    return tuple(tomllib.loads(path.read_text("utf-8"))["predictions"])


def answered(suite: Path, handed_in: Submission) -> tuple[Prediction, ...]:
    """The learner's guesses with their answers. The file is read, not run.

    Args:
        suite: its folder.
        handed_in: the submission.
    """
    text = "\n".join(source.text for source in handed_in.sources)
    found = []
    for question, match in zip(questions(suite), _LINE.finditer(text), strict=False):
        guess = match["guess"].strip()
        if guess in ("", "...") or len(guess) > _LONGEST:
            continue
        answer = question["answer"]
        found.append(
            Prediction(
                str(question["question"]),
                guess,
                _agrees(guess, answer),
                str(answer),
                " ".join(str(question["why"]).split()),
            )
        )
    return tuple(found)


def _agrees(guess: str, answer: object) -> bool:
    try:
        number, right = float(guess), float(str(answer))
    except ValueError:
        return guess.strip("'\"").lower() == str(answer).lower()
    _, _, decimals = str(answer).partition(".") if isinstance(answer, str) else ("", "", "")
    half = 0.5 * 10.0 ** -len(decimals) if decimals else 0.0
    return math.isclose(number, right, rel_tol=1e-9, abs_tol=half + 1e-9)
