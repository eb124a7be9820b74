"""Which mistakes answers show: exactly those, part by part, and no guess without evidence."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autograder.diagnosis.claims import Claim
from autograder.diagnosis.evidence import ABSENT, UNKNOWN
from autograder.diagnosis.match import VARIES, Mistake, Parts, Table, match, shown_by

RIGHT = {"a1": "1", "a2": "2", "b1": "3", "b2": "4", "c1": "5"}
PARTS = Parts({"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c1": "c"}, {"c": ["a"]})


def mistake(id_: str, family: str, **wrong: str) -> Mistake:
    return Mistake(id_, family, f"text of {id_}", f"test_{id_}", wrong)


KNOWN = Table(
    RIGHT,
    (
        mistake("m1", "one", a1="9"),
        mistake("m2", "two", b1="9", b2="9"),
        mistake("m3", "three", b1="8"),
        mistake("m4", "three", b1="8"),
        mistake("m5", "five", b2="7"),
        mistake("m6", "six", b2="7"),
        mistake("m7", "seven", a1="6", c1="60"),
        mistake("m8", "eight", c1="8"),
        mistake("m9", "nine", a2=ABSENT + "it"),
        mistake("m10", "ten", a1="5", a2=VARIES),
    ),
)


def names(**changed: str) -> list[str]:
    return [m.family for m in match({**RIGHT, **changed}, KNOWN, PARTS)]


def test_right_answers_have_no_name():
    assert names() == []


def test_a_family_that_explains_all_of_a_part_is_named():
    assert names(a1="9") == ["one"]
    assert names(b1="8") == ["three"]
    assert names(b1="9", b2="9") == ["two"]


def test_what_is_not_wholly_explained_is_not_guessed():
    assert names(a1="7") == []
    assert names(a1="9", a2="7") == []
    assert names(b1="9") == []


def test_an_operator_that_takes_no_number_is_judged_by_what_it_does_with_values():
    alone = "AttributeError: 'float' object has no attribute 'data'"

    assert names(a1="9", a2=alone) == ["one"]
    assert names(a1="9", a2="AttributeError: 'list' object has no attribute 'data'") == []


def test_what_two_families_explain_is_not_guessed():
    assert names(b2="7") == []


def test_mistakes_in_two_parts_are_each_named_where_each_alone_would_be():
    assert names(a1="9", b1="9", b2="9") == ["one", "two"]
    assert names(a1="9", b1="no idea") == ["one"]


def test_a_mistake_that_would_do_more_harm_than_is_seen_stands_back():
    known = Table(
        RIGHT,
        (
            mistake("here", "here", a1="9"),
            replace(mistake("all", "all", a1="9", c1="7"), claims=(Claim(),)),
        ),
    )

    assert [m.family for m in match({**RIGHT, "a1": "9", "b1": "0"}, known, PARTS)] == ["here"]
    both = {**RIGHT, "a1": "9", "b1": "0", "c1": "7"}
    assert [m.family for m in match(both, known, PARTS)] == ["all"]


def test_what_is_not_written_yet_neither_fits_nor_contradicts():
    assert names(a1="9", a2=UNKNOWN) == ["one"]
    assert names(b1="9", b2=UNKNOWN) == ["two"]
    assert names(a1=UNKNOWN) == []
    assert names(a1="9", a2=ABSENT + "other") == ["one"]


def test_absence_is_a_mistake_of_its_own_where_the_table_says_so():
    assert names(a2=ABSENT + "it") == ["nine"]
    assert names(a2=ABSENT + "another") == []
    assert names(a2=ABSENT + "it", b1="8") == ["nine", "three"]


def test_what_follows_from_a_mistake_may_be_wrong_in_its_way():
    """`c` may be made of `a`: a difference of a sum and a product."""
    assert names(a1="6", c1="60") == ["seven"]
    assert names(a1="9", c1="70") == ["one"]
    assert names(a1="6") == ["seven"]


def test_what_rests_on_something_wrong_is_named_only_where_that_is_understood():
    assert names(c1="8") == ["eight"]
    assert names(a1="9", c1="8") == ["one", "eight"]
    assert names(a1="no idea", c1="8") == []


def test_what_is_certainly_made_of_nothing_else_is_named_all_the_same():
    answers = {**RIGHT, "a1": "no idea", "c1": "8"}

    found = match(answers, KNOWN, PARTS, alone=lambda part, base: (part, base) == ("c", "a"))

    assert [m.family for m in found] == ["eight"]


def test_an_answer_that_varies_tells_nothing():
    assert names(a1="5") == names(a1="5", a2="anything") == ["ten"]
    assert names(a2="anything") == []


def test_a_sentence_that_is_not_true_here_is_not_given_and_makes_room_for_another():
    answers = {**RIGHT, "b2": "7"}

    found = match(answers, KNOWN, PARTS, holds=lambda m: m.id != "m5")

    assert [m.family for m in found] == ["six"]
    assert match({**RIGHT, "a1": "9"}, KNOWN, PARTS, holds=lambda _: False) == []


def test_answers_to_some_probes_are_enough():
    assert [m.family for m in match({"a1": "9"}, KNOWN, PARTS)] == ["one"]


def test_a_part_is_shown_by_the_tests_that_must_catch_its_mistakes():
    tests = shown_by(KNOWN, PARTS)

    assert tests["b"] == {f"test_m{number}" for number in (2, 3, 4, 5, 6)}
    assert tests["c"] == {"test_m8"}


@given(st.dictionaries(st.sampled_from(sorted(RIGHT)), st.sampled_from(["9", "8", "x", UNKNOWN])))
def test_a_name_explains_every_wrong_answer_of_its_parts(changed):
    answers = {**RIGHT, **changed}

    for found in match(answers, KNOWN, PARTS):
        home = PARTS.home(found)
        wrong = {
            n: a for n, a in answers.items() if PARTS.of[n] in home and a not in (UNKNOWN, RIGHT[n])
        }
        assert wrong == {n: s for n, s in found.symptoms.items() if answers[n] != UNKNOWN}
