"""The curve of a loop and the boundary of what it trained, beside the right ones."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest

from autograder.feedback import figures
from autograder.feedback.html import inline, page
from autograder.feedback.learning import learning
from autograder.feedback.plots import Hits, boundary_svg, curve_svg, hits
from autograder.feedback.wording import failures
from autograder.grading import Options, grade
from autograder.kit.player import script
from autograder.report import Curve, Run, TrainedNetwork
from autograder.submission import read as submissions
from tests.feedback.samples import ASSIGNMENT, COURSE, MARKUP, ROOT, SAMPLES, run
from tests.test_report import valid

RIGHT = (9.0, 5.76, 3.69, 2.36)
CLEARED, KEPT = "        model.zero_grad()\n", "        pass\n"
UPHILL = ("parameter.data -= learning_rate", "parameter.data += learning_rate")
TRAINING = COURSE.assignment("assignment8")


def network(yours=(1.0, 0.0, -0.5), **changed):
    """One neuron that parts four points by their first coordinate."""
    points = ((0.0, 0.0), (0.1, 1.0), (0.9, 0.2), (1.0, 0.8))
    facts = {"labels": (-1.0, -1.0, 1.0, 1.0), "expected": (1.0, 0.0, -0.5)} | changed
    return TrainedNetwork((2, 1), points, yours=yours, **facts)


ON_THE_WAY = ((1.0, 0.0, 0.5), (0.0, 1.0, -0.4), (1.0, 0.0, -0.5))
"""All are called 1; then by the second coordinate, and at last by the first."""


def test_the_boundary_moves_from_stage_to_stage():
    figure = learning(network(on_the_way=ON_THE_WAY), (0.9, 0.5, 0.4, 0.1), "It learns")

    assert figure is not None
    assert [frame.says for frame in figure.frames] == [
        "At the start: 2 of 4 points correct, loss 0.9000.",
        "After 2 steps: 2 of 4 points correct, loss 0.4000.",
        "After 4 steps: 4 of 4 points correct.",
    ]
    borders = re.findall(r'<path d="([^"]*)" class="border', figure.wide)
    assert len(borders) == 3
    assert borders[0] == ""
    middle, last = (re.findall(r"[ML]([\d.]+) ([\d.]+)", border) for border in borders[1:])
    assert len({y for _, y in middle}) == 1  # level
    assert len({x for x, _ in last}) == 1  # upright


@pytest.mark.parametrize("odd", ["nan", None, MARKUP])
def test_what_is_no_number_on_the_way_has_no_figure(odd):
    stages = ((odd, 0.0, 0.5), *ON_THE_WAY)

    assert learning(network(on_the_way=stages), (0.9, odd, 0.4), "It learns") is None
    assert learning(network(on_the_way=ON_THE_WAY), (odd, odd, odd, odd), "It learns") is not None
    assert learning(network(), (0.9, 0.5), "It learns") is None


def places(svg, name):
    """Where the line of that name goes, as the picture's own coordinates."""
    found = re.search(rf'class="{name} line">\s*<path d="([^"]*)"', svg)
    assert found is not None, svg
    return [float(number) for number in re.findall(r"-?[\d.]+", found[1])]


def test_both_lines_are_drawn_and_named():
    drawn = curve_svg(Curve("loss", (9.0, 9.0, 9.0, 9.0), RIGHT))

    assert drawn is not None
    assert places(drawn, "yours")[:2] == places(drawn, "right")[:2]
    assert ">yours</text>" in drawn
    assert ">right</text>" in drawn
    assert "stroke-dasharray" in drawn.split('class="yours line"')[1].split("</g>")[0]


def test_lines_that_are_the_same_are_one():
    drawn = curve_svg(Curve("loss", RIGHT, RIGHT))

    assert drawn is not None
    assert ">both</text>" in drawn
    assert 'class="yours' not in drawn


@pytest.mark.parametrize("worst", [1e300, -1e300, 10**400, "nan", "inf", MARKUP, True, None])
def test_whatever_a_learner_answers_stays_in_the_picture(worst):
    drawn = curve_svg(Curve("loss", (9.0, worst, 4.0), RIGHT))

    assert drawn is not None
    assert "<script" not in drawn
    _, _, width, height = map(float, ET.fromstring(drawn).attrib["viewBox"].split())
    numbers = places(drawn, "yours")
    assert all(0 <= x <= width for x in numbers[::2])
    assert all(0 <= y <= height for y in numbers[1::2])


def test_without_numbers_there_is_no_picture():
    assert curve_svg(Curve("loss", ("nan",), RIGHT)) is None
    assert curve_svg(Curve("loss", (), RIGHT)) is None
    assert curve_svg(Curve("loss", (1.0,), (1.0,))) is None
    for odd in ("nan", MARKUP, None, 10**400):
        assert boundary_svg(network((odd, 0.0, 1.0))) is None
        assert hits(network((odd, 0.0, 1.0))) is None
    assert boundary_svg(network((1.0, 2.0))) is None
    assert hits(network((1.0, 2.0))) is None


def test_where_nothing_can_be_drawn_the_numbers_stand_alone(monkeypatch):
    monkeypatch.setattr(figures, "can_draw", lambda: False)

    assert curve_svg(Curve("loss", RIGHT, RIGHT)) is None


def test_a_flat_line_can_be_drawn():
    assert curve_svg(Curve("loss", (2.0, 2.0), (2.0, 2.0))) is not None


def test_two_boundaries_are_two_lines_and_the_same_is_one():
    other, same = boundary_svg(network((0.0, 1.0, -0.5))), boundary_svg(network())

    assert other is not None
    assert same is not None
    assert {'class="yours line"', 'class="right line"'} <= set(re.findall(r'class="[^"]*"', other))
    assert "yours" not in same
    assert "agreed line" in same
    for drawn in (other, same):
        assert drawn.count('class="below region"') == 1
        ours, theirs = (drawn.split(f'class="{label}"')[1] for label in ("above", "below"))
        assert ours.count("translate") >= 2
        assert theirs.count("translate") >= 2


@pytest.mark.parametrize("bias", [1e308, -1e308, 5.0, -5.0])
def test_a_network_that_says_one_thing_only_has_no_boundary(bias):
    drawn = boundary_svg(network((0.0, 0.0, bias)))

    assert drawn is not None
    assert "yours line" not in drawn
    assert ("below region" in drawn) == (bias < 0)
    assert hits(network((0.0, 0.0, bias))) == Hits(2, 4, undivided=True)


def test_hits_are_counted():
    assert hits(network()) == Hits(4, 4, undivided=False)
    assert hits(network((0.0, 1.0, -0.5))) == Hits(2, 4, undivided=False)


def test_the_same_numbers_are_the_same_picture():
    assert boundary_svg(network()) == boundary_svg(network())
    assert curve_svg(Curve("loss", RIGHT, RIGHT)) == curve_svg(Curve("loss", RIGHT, RIGHT))


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

    assert text.count('class="plot"') == len(failures(report))
    assert "<td>5.76</td>" in text
    assert text.count("<script") == text.count(f"<script>{script()}</script>")


def whole_run(name, *changes, more="", **options):
    """The verdict on a solution with some changes, with its whole run."""
    assignment = COURSE.assignment(name)
    file = assignment.files[0].name
    text = (ROOT / "solutions" / name / file).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    handed_in = submissions.of_texts(assignment, {file: text + more}, file)
    return grade(COURSE, assignment, handed_in, Options(**({"with_training_run": True} | options)))


@pytest.fixture(scope="module")
def right():
    return whole_run("assignment8")


@pytest.fixture(scope="module")
def wrong():
    return whole_run("assignment8", (CLEARED, KEPT))


def test_a_right_loop_parts_the_moons_as_ours_does(right):
    assert right.full_marks
    text = page(right, TRAINING)

    assert "Your loop, training" in text
    assert "yours is the right one, and gets 20 of 20 points right" in text
    assert text.count("agreed line") == 2
    assert "Your loop, training" in inline(right, TRAINING)


def test_a_wrong_loop_is_seen_beside_the_right_one(wrong):
    text = page(wrong, TRAINING)
    curve = wrong.run.curve

    assert curve.yours[:2] == pytest.approx(curve.expected[:2])
    assert curve.yours[2] != pytest.approx(curve.expected[2])
    assert re.search(r"yours, dashed, gets \d+ of 20 right; the right one, solid, gets 20", text)
    assert len(wrong.run.network.points) == 20


@pytest.mark.long
def test_a_network_that_says_the_same_everywhere_is_told_so():
    report = whole_run("assignment8", UPHILL)

    assert "yours says the same of all points, and gets 10 of 20 right" in page(report, TRAINING)


def test_the_descent_of_assignment6_is_a_curve_alone():
    report = whole_run("assignment6")
    text = page(report, COURSE.assignment("assignment6"))

    assert report.run.network is None
    assert report.run.curve.yours[:3] == pytest.approx((9.0, 5.76, 3.6864))
    assert "Your loop at work" in text
    assert text.count('class="plot"') == 1


HOSTILE = f"""
def train(model, xs, ys, learning_rate, steps):
    for p in model.parameters():
        p.data = {MARKUP!r}
    return [{MARKUP!r}] * 999
"""
NO_LIST = "\ndef train(*_):\n    return 3.0\n"
ENDS = "\ndef train(*_):\n    import os\n    os._exit(0)\n"
RAISES = "\ndef train(*_):\n    raise NotImplementedError\n"


def test_a_hostile_run_is_text():
    report = whole_run("assignment8", more=HOSTILE)
    text = page(report, TRAINING)

    assert len(report.run.curve.yours) == 60
    assert "Your loop, training" in text
    assert "Where the trained network decides" not in text
    assert text.count("<script") == text.count(f"<script>{script()}</script>")


@pytest.mark.parametrize("more", [NO_LIST, ENDS, RAISES])
def test_a_loop_that_gives_nothing_to_see_is_left_out(more):
    report = whole_run("assignment8", more=more)

    assert report.status == "graded"
    assert report.run is None
    assert "Your loop" not in page(report, TRAINING)


def test_only_who_asks_for_a_page_waits_for_it():
    assert whole_run("assignment8", with_training_run=False).run is None
    assert whole_run("assignment8", only="test_mse").run is None
    assert whole_run("assignment3").run is None


@pytest.mark.long
def test_the_command_asks_for_it_with_a_page(tmp_path):
    path = tmp_path / "report.html"
    run(["assignment6", "--solution", "--html", str(path)], ROOT)

    assert "Your loop at work" in path.read_text("utf-8")


def test_a_report_with_a_run_keeps_to_the_schema(right):
    assert isinstance(right.run, Run)
    valid(right)
