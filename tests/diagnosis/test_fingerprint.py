"""The mistake's name: on behaviour alone, and no guess without evidence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.diagnosis.fingerprint import UNKNOWN, Mistake, Table, match, symptoms

RIGHT = {"a": "1", "b": "2", "c": "3", "d": "4"}


def mistake(id_: str, family: str, **wrong: str) -> Mistake:
    return Mistake(id_, family, f"text of {id_}", "test_x", wrong)


TABLE = Table(
    RIGHT,
    (
        mistake("m1", "one", a="9"),
        mistake("m2", "two", b="9", c="9"),
        mistake("m3", "three", c="8"),
        mistake("m4", "three", c="8"),
        mistake("m5", "five", d="9"),
        mistake("m6", "six", d="9"),
    ),
)


def names(**changed: str) -> list[str]:
    return [m.family for m in match({**RIGHT, **changed}, TABLE)]


def test_right_answers_have_no_name():
    assert names() == []


def test_one_family_that_explains_everything_is_named():
    assert names(a="9") == ["one"]
    assert names(c="8") == ["three"]


def test_two_mistakes_are_both_named_when_the_evidence_separates_them():
    assert sorted(names(a="9", b="9", c="9")) == ["one", "two"]


def test_what_two_families_explain_is_not_guessed():
    assert names(d="9") == []


def test_what_is_not_explained_is_not_guessed():
    assert names(a="7") == []
    assert names(a="9", b="7") == []
    assert names(b="9") == []


def test_what_is_not_written_yet_neither_fits_nor_contradicts():
    assert names(a="9", d=UNKNOWN) == ["one"]
    assert names(b="9", c=UNKNOWN) == ["two"]
    assert names(a=UNKNOWN) == []


def test_a_consequence_may_be_wrong_in_any_way():
    """`d` may be made of `a`: a difference of a sum and a product."""
    rests = {"d": ["a"]}

    found = match({**RIGHT, "a": "9", "d": "7"}, TABLE, rests)

    assert [m.family for m in found] == ["one"]
    assert match({**RIGHT, "d": "7"}, TABLE, rests) == ()


def test_a_consequence_of_a_consequence_counts():
    rests = {"c": ["a"], "d": ["c"]}

    found = match({**RIGHT, "a": "9", "d": "7"}, TABLE, rests)

    assert [m.family for m in found] == ["one"]


def test_where_two_mistakes_meet_the_answer_is_neithers():
    table = Table(RIGHT, (mistake("m1", "one", a="9", b="9"), mistake("m2", "two", b="8", c="9")))

    assert [m.family for m in match({**RIGHT, "a": "9", "b": "7", "c": "9"}, table)] == [
        "one",
        "two",
    ]
    assert match({**RIGHT, "a": "9", "c": "9"}, table) == ()


def test_the_same_idea_at_two_places_is_named_once():
    table = Table(RIGHT, (mistake("m1", "one", a="9"), mistake("m2", "one", b="9")))

    assert [m.id for m in match({**RIGHT, "a": "9", "b": "9"}, table)] == ["m1"]


def test_answers_to_some_probes_are_enough():
    assert [m.family for m in match({"a": "9"}, TABLE)] == ["one"]


@given(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["9", "8", "x", UNKNOWN])))
def test_a_name_always_explains_every_wrong_answer(changed):
    answers = {**RIGHT, **changed}

    found = match(answers, TABLE)

    wrong = symptoms(answers, RIGHT)
    if found:
        explained = {k: v for m in found for k, v in m.symptoms.items() if answers[k] != UNKNOWN}
        assert explained == wrong
