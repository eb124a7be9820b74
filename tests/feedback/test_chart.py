"""The curve of a training run beside the right one."""

from __future__ import annotations

import re

import msgspec
import pytest

from autograder.feedback.chart import curve_svg
from autograder.feedback.html import page
from autograder.report import Curve
from tests.feedback.samples import ASSIGNMENT, MARKUP, SAMPLES

RIGHT = (9.0, 5.76, 3.69, 2.36)


def points(svg, name):
    found = re.search(rf'<polyline class="{name}" points="([^"]*)"', svg)
    assert found is not None
    return [tuple(map(float, pair.split(","))) for pair in found[1].split()]


def test_both_lines_are_drawn_and_named():
    drawn = curve_svg(Curve("loss", (9.0, 9.0, 9.0, 9.0), RIGHT))

    assert drawn is not None
    assert len(points(drawn, "yours")) == len(points(drawn, "right")) == 4
    assert points(drawn, "yours")[0] == points(drawn, "right")[0]
    assert ">yours</text>" in drawn
    assert ">right</text>" in drawn


@pytest.mark.parametrize("worst", [1e300, -1e300, 10**400, "nan", "inf", MARKUP, True, None])
def test_whatever_a_learner_answers_stays_in_the_picture(worst):
    drawn = curve_svg(Curve("loss", (9.0, worst, 4.0), RIGHT))

    assert drawn is not None
    assert "<script" not in drawn
    for x, y in points(drawn, "yours"):
        assert 0 <= x <= 480
        assert 0 <= y <= 190


def test_without_numbers_there_is_no_picture():
    assert curve_svg(Curve("loss", ("nan",), RIGHT)) is None
    assert curve_svg(Curve("loss", (), RIGHT)) is None
    assert curve_svg(Curve("loss", (1.0,), (1.0,))) is None


def test_a_flat_line_can_be_drawn():
    assert curve_svg(Curve("loss", (2.0, 2.0), (2.0, 2.0))) is not None


def test_it_stands_on_the_page_with_its_numbers():
    report = SAMPLES["wrong"].report()
    curve = Curve("loss before each step", (9.0, MARKUP, 4.0), RIGHT)
    tests = [
        msgspec.structs.replace(
            test, counterexample=msgspec.structs.replace(test.counterexample, curve=curve)
        )
        if test.counterexample
        else test
        for test in report.tests
    ]
    text = page(msgspec.structs.replace(report, tests=tuple(tests)), ASSIGNMENT)

    assert text.count('class="chart"') == 3
    assert "<td>5.76</td>" in text
    assert "<script" not in text
