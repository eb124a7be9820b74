"""Guesses are read, never run, and answered."""

from __future__ import annotations

import pytest

from autograder.diagnosis.predictions import answered
from autograder.submission.read import of_texts

from .conftest import COURSE

ASSIGNMENT = COURSE.assignment("assignment1")
CODE = "class Value: ...\n"


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "predictions.toml").write_text(
        '[[predictions]]\nquestion = "how many?"\nanswer = 2\nwhy = "because"\n'
        '[[predictions]]\nquestion = "which?"\nanswer = "tanh"\nwhy = "so"\n',
        "utf-8",
    )
    return tmp_path


def guesses(suite, text):
    found = answered(suite, of_texts(ASSIGNMENT, {"value.py": CODE + text}, "value.py"))
    return [(guess.question, guess.guess, guess.right) for guess in found]


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("predict = 2", True),
        ("predict = 2.0  # I think", True),
        ("predict=1.995", False),
        ("predict = 3", False),
        ("predict = 'two'", False),
        ("predict = __import__('os').system('false')", False),
    ],
)
def test_a_guess_is_the_number_or_not(line, right, suite):
    assert [found[2] for found in guesses(suite, line + "\n")] == [right]


@pytest.mark.parametrize(
    ("guess", "right"),
    [
        ("4", True),
        ("4.0000", True),
        ("4.00004", True),
        ("4.0006", False),
        ("3.9997", False),
        ("'4.0000'", True),
        ("four", False),
    ],
)
def test_a_guess_is_judged_by_the_decimals_that_are_asked_for(guess, right, tmp_path):
    (tmp_path / "predictions.toml").write_text(
        '[[predictions]]\nquestion = "to four decimals?"\nanswer = "4.0000"\nwhy = "so"\n', "utf-8"
    )

    assert [found[2] for found in guesses(tmp_path, f"predict = {guess}\n")] == [right]


def test_no_guess_no_answer(suite):
    assert guesses(suite, "predict = ...  # your guess\n") == []


def test_guesses_belong_to_the_questions_in_order(suite):
    text = "predict = ...\n# %% tags=['demo']\npredict = 'tanh'\n"

    assert guesses(suite, text) == [("which?", "'tanh'", True)]


def test_a_suite_without_questions_answers_none(tmp_path):
    assert guesses(tmp_path, "predict = 2\n") == []
