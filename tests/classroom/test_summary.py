"""What the page is made of: sums, names, resemblance, patience."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from autograder.classroom import charts
from autograder.classroom.names import file_stem, pseudonyms, shown
from autograder.classroom.page import Facts, page
from autograder.classroom.patience import IdleTimer, Patience
from autograder.classroom.results import Result
from autograder.classroom.similar import Likeness
from autograder.classroom.summary import Summary

from ..feedback.samples import ASSIGNMENT, COURSE, MARKUP, SAMPLES

# --- names ---------------------------------------------------------------------------------------


def test_a_files_name_is_the_learners_where_it_is_plain():
    assert file_stem("ann") == "ann"
    assert file_stem("s123.b-c_d") == "s123.b-c_d"


def test_other_names_are_files_too_and_never_the_same():
    odd = ["Ann", "ANN", "ann ", "zoë", "zoe\u0308", "a/b", "a\\b", "..", ".", "", "-rf", "con.", "x" * 300,
           "новый", "\n", "a\x00b", "=1", "index.html/../x", "\udcff"]  # fmt: skip
    stems = [file_stem(name) for name in odd]

    assert len({stem.casefold() for stem in stems} | {"ann"}) == len(odd) + 1
    for stem in stems:
        assert stem == stem.strip("./\\ ")
        assert len(stem) < 100
        assert stem.isascii()
        assert "/" not in stem


def test_a_name_on_one_line():
    assert shown("zoë O'Neil") == "zoë O'Neil"
    assert shown("a\nb\x1b[2J\u202e") == "a\\nb\\x1b[2J\\u202e"


def test_pseudonyms_are_the_same_every_time_and_tell_no_order():
    names = [f"name{n:03}" for n in range(200)]
    made = pseudonyms(names, "secret")

    assert made == pseudonyms(reversed(names), "secret")
    assert made != pseudonyms(names, "another")
    assert len(set(made.values())) == 200
    assert sorted(made.values()) != [made[name] for name in names]


# --- resemblance ---------------------------------------------------------------------------------

OWN = [f"    odd_{n} = thing_{n} * {n * n} + another_{n}  # as I see it" for n in range(12)]


def alike(**texts):
    likeness = Likeness(COURSE, ASSIGNMENT)
    for learner, text in texts.items():
        likeness.add(learner, {"closures.py": text.encode()})
    return likeness.found()


def test_copies_are_found_and_what_everyone_has_is_not():
    solution = "\n".join(f"    line_that_everyone_writes_{n} = {n}" for n in range(12))
    honest = {f"h{n}": f"{solution}\n    mine_{n} = {n}\n" for n in range(20)}
    copied = "\n".join([solution, *OWN])
    edited = copied.replace("odd_3", "changed").replace("odd_7", "changed")

    found = alike(**honest, one=copied, two=copied + "\n\n", three=edited)

    assert [(r.learners, r.others) for r in found] == [
        (("one", "two"), ()),
        (("one", "two"), ("three",)),
    ]
    assert found[0].percent == 100.0
    assert 85 < found[1].percent < 100
    assert found[1].lines
    assert all("odd_" in line for line in found[1].lines)


def test_untouched_stubs_and_what_cannot_be_read_are_not_alike():
    stub = (COURSE.root / "assignments" / ASSIGNMENT.name / "closures.py").read_text("utf-8")

    assert alike(a=stub, b=stub, c=stub + "\nx = 1\n", d=stub + "\nx = 1\n") == []
    assert alike(a="", b="", c="\x00", d="\x00") == []


def test_many_learners_take_time_as_they_are_many():
    texts = {
        f"l{n}": "\n".join(f"    a_{n}_{m} = {m} * {n}" for m in range(12)) for n in range(2000)
    }

    assert alike(**texts) == []


# --- patience ------------------------------------------------------------------------------------


def test_patience_is_learned():
    patience = Patience()
    assert not patience.is_over(0.45, "asking", 0.45)  # nothing is known yet
    for _ in range(20):
        patience.learn(0.05, {"loading": 0.02, "asking": 0.02})

    assert not patience.is_over(0.3, "asking", 0.05)
    assert patience.is_over(0.3, "asking", 0.2)
    assert patience.is_over(5.0, "asking", 0.0)


def test_a_large_package_may_take_long_to_import():
    """A few name one, and are not set aside for it."""
    patience = Patience()
    for _ in range(20):
        patience.learn(0.05, {"loading": 0.02, "asking": 0.02})

    assert not patience.is_over(0.3, "importing", 0.2)
    assert patience.is_over(0.3, "loading", 0.2)
    assert patience.is_over(0.9, "importing", 0.9)


def test_where_everything_takes_long_nothing_is_set_aside():
    patience = Patience()
    for _ in range(20):
        patience.learn(3.0, {"importing": 1.0, "asking": 1.5})

    assert not patience.is_over(4.0, "importing", 2.0)
    assert not patience.is_over(4.0, "asking", 3.0)


def test_a_machine_that_becomes_slow_is_noticed():
    """Else all that follow would be judged twice."""
    patience = Patience()
    for _ in range(20):
        patience.learn(0.05, {"loading": 0.01, "asking": 0.01})

    aside = sum(patience.is_over(0.5, "asking", 0.5) for _ in range(100))

    assert aside < 60
    assert not patience.is_over(0.5, "asking", 0.5)


def test_a_watch_tells_apart_what_it_waits_for():
    with subprocess.Popen(["sleep", "60"]) as idle:
        idle.send_signal(signal.SIGSTOP)
        os.waitpid(idle.pid, os.WUNTRACED)  # from now on it does nothing
        watch = IdleTimer(idle.pid)
        watch.restart("loading", 10.0)
        watch.still(10.0)

        assert watch.still(10.25) == 0.25
        watch.turn("asking", 10.25)
        assert watch.still(10.375) == 0.125
        assert watch.longest == {"loading": 0.25, "asking": 0.125}
        idle.kill()


def test_a_watch_on_nobody():
    assert IdleTimer(2**30).still(5.0) == 0.0


# --- sums and the page ---------------------------------------------------------------------------


def summed(**kinds):
    summary = Summary()
    for learner, kind in sorted(kinds.items()):
        report = SAMPLES[kind].report() if kind else None
        summary.add(Result(learner, file_stem(learner), None, report))
    return summary


def test_sums():
    summary = summed(a="right", b="right", c="wrong", d="stubbed", e="broken", f=None)
    full = SAMPLES["right"].report().max_score
    wrong = SAMPLES["wrong"].report()

    assert [s.status for s in summary.learners] == ["graded"] * 4 + [
        "ungradable",
        "not graded yet",
    ]
    assert summary.full == 2
    assert summary.mean == pytest.approx((2 * full + wrong.score) / 4)
    assert summary.median == pytest.approx((full + wrong.score) / 2)
    assert [t.title for t in summary.tests.values()] == [t.title for t in wrong.tests]
    assert all(sum(t.states.values()) == 4 for t in summary.tests.values())
    assert sum(map(len, summary.stuck.values())) == 2
    assert next(iter(summary.stuck.values()))[-1] == "d"  # a stub is stuck at the first part
    for known in {t.misconception.id for t in wrong.tests if t.misconception}:
        assert summary.mistakes[known].learners == ["c"]


def test_nobody():
    summary = Summary()

    assert (summary.mean, summary.median, summary.full, summary.max_score) == (None, None, 0, 0)
    assert charts.distribution(summary) == charts.by_test(summary) == []


def facts():
    return Facts(COURSE, ASSIGNMENT, "1.2.3", "f" * 64)


def test_the_page_is_the_same_every_time():
    kinds = {"ann": "right", "bob": "wrong", "eve": "hostile", "joe": "broken"}

    assert page(summed(**kinds), [], facts()) == page(summed(**kinds), [], facts())


def test_whatever_learners_write_is_text():
    summary = summed(
        **{MARKUP: "hostile", "</script><script>alert(2)</script>": "broken", "x": "raising"}
    )

    text = page(summary, [], facts())

    assert text.count("<script>") == 1
    assert 'onerror="' not in text
    assert "{{7*7}}" in text
    assert "49" not in text.partition("<main>")[0].partition("<header>")[2]


def test_the_page_for_sharing_names_nobody():
    names = {
        f"secretname{n}": kind for n, kind in enumerate(["right", "wrong", "hostile", "broken"])
    }

    text = page(summed(**names), [], facts(), anonymous=True)

    assert "secretname" not in text
    assert "reports/" not in text
    assert "onerror" not in text  # nor what a learner wrote
    assert "learner 1" in text


def test_the_charts_numbers_are_the_classes():
    summary = summed(a="right", b="right", c="wrong", d="stubbed", e="broken", f=None)

    columns = {bin_["from"]: bin_ for bin_ in charts.distribution(summary)}
    tests = charts.by_test(summary)

    assert sum(bin_["number"] for bin_ in columns.values()) == 4
    assert (columns["all"]["number"], columns["all"]["share"]) == (2, "1.000")
    assert (columns["0"]["number"], columns["0"]["share"]) == (1, "0.500")
    assert {sum(bar["number"] for bar in test["bars"]) for test in tests} == {4}
    for test in tests:
        assert sum(float(bar["share"]) for bar in test["bars"]) == pytest.approx(100, abs=0.1)


def test_the_page_says_whom_the_mean_leaves_out():
    text = page(summed(a="right", b="broken", c=None), [], facts())

    assert "Mean and median cover 1. Left out: 1 whose work cannot be graded, 1 not graded" in text
    assert "Left out" not in page(summed(a="right"), [], facts())
    assert "These are the points from the tests." in text
