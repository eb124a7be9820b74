"""HTML page: everything that the report says, nothing of the learner's as markup, nothing fetched."""

from __future__ import annotations

import html as htmllib
from html.parser import HTMLParser

import msgspec
import pytest

from autograder.feedback import picture
from autograder.feedback.html import inline, page
from autograder.feedback.wording import failures, pasted
from autograder.kit import player
from autograder.report import Edge, Graph, Node
from tests.feedback.samples import ASSIGNMENT, MARKUP, SAMPLES

MOVING = {"wrong", "hostile"}
"""The samples with figures that have steps; they need the one script."""


class Tags(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("form", [page, inline])
def test_nothing_of_the_learners_becomes_markup(kind, form):
    text = form(SAMPLES[kind].report(), ASSIGNMENT)
    tags = Tags(text).tags

    assert not {"img", "iframe", "object", "a", "form"} & {tag for tag, _ in tags}
    ours = text.count(f"<script>{player.script()}</script>")
    assert [tag for tag, _ in tags].count("script") == ours == (kind in MOVING)
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert [tag for tag, _ in tags].count("style") == 1


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_page_asks_for_nothing(kind):
    text = page(SAMPLES[kind].report(), ASSIGNMENT)
    tags = Tags(text).tags

    for _, attributes in tags:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert attributes.get(name, "data:").startswith("data:")
    assert "url(" not in text
    assert "@import" not in text
    policy = next(a["content"] for t, a in tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert policy == player.policy(scripted=kind in MOVING)
    assert ("script" in policy) == (kind in MOVING)
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_the_page_says_it_all():
    report = SAMPLES["wrong"].report()
    text = " ".join("".join(Tags(page(report, ASSIGNMENT)).text).split())

    for test in report.tests:
        assert " ".join(test.title.split()) in text
        if test.counterexample is not None:
            for line in pasted(test):
                assert " ".join(line.split()) in text
        if test.misconception is not None:
            assert test.misconception.text.split("`")[0] in text
    assert f"{report.score:g} of 30 points" in text
    assert picture.MARK in text
    assert "grade assignment3 --hint" in text
    assert text.count("The closure of") >= 3


def test_what_they_printed_is_shown_as_text():
    text = page(SAMPLES["hostile"].report(), ASSIGNMENT)
    shown = MARKUP.replace("\u202e", "\ufffd")

    assert htmllib.escape(shown, quote=False).split("'")[0].split('"')[0] in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_both_numbers_stand_side_by_side():
    report = SAMPLES["wrong"].report()
    tags = Tags(page(report, ASSIGNMENT)).tags
    classes = [attributes.get("class") for _, attributes in tags]

    assert classes.count("pair") == len(failures(report)) > 1
    assert classes.count("yours") == classes.count("right") == len(failures(report))


def test_success_says_what_others_find_hard():
    text = page(SAMPLES["right"].report(), ASSIGNMENT)

    assert "Common mistakes here" in text
    assert "What went wrong" not in text


def graphs(report):
    """How many tests show one."""
    return sum(test.graph is not None for test in report.tests)


def unwatched(report):
    """The report as it is where their gradients could not be watched."""
    replace = msgspec.structs.replace
    tests = [
        replace(test, graph=replace(test.graph, walk=None, wrong_step=None)) if test.graph else test
        for test in report.tests
    ]
    return replace(report, tests=tuple(tests))


def test_where_nothing_was_watched_the_graph_stands_still():
    report = unwatched(SAMPLES["wrong"].report())
    text = page(report, ASSIGNMENT)

    assert text.count("<svg") == graphs(report) > 1
    assert "<script" not in text


def test_the_first_wrong_step_is_marked_with_the_right_number():
    report = SAMPLES["wrong"].report()
    text = page(report, ASSIGNMENT)

    assert text.count('<tbody class="amiss">') == graphs(report) > 1
    assert '<span class="due">right: 2</span>' in text


def test_without_a_renderer_the_graph_is_a_table(monkeypatch):
    monkeypatch.setattr("autograder.feedback.html.graph_svg", lambda _: None)
    report = unwatched(SAMPLES["wrong"].report())
    text = page(report, ASSIGNMENT)

    assert "<svg" not in text
    assert text.count("Your graph as a table") == graphs(report)
    assert picture.MARK in text


def test_the_same_report_gives_the_same_page():
    report = SAMPLES["wrong"].report()

    assert page(report, ASSIGNMENT) == page(report, ASSIGNMENT)


def test_ungradable_and_our_own_mistakes_have_pages():
    broken = SAMPLES["broken"].report()
    ours = msgspec.structs.replace(broken, status="grader_error", reason="a fault <b>of ours</b>")

    assert "is not valid Python yet" in page(broken, ASSIGNMENT)
    assert "a fault &lt;b&gt;of ours&lt;/b&gt;" in page(ours, ASSIGNMENT)


def hostile_graph():
    nodes = (
        Node('a"]; evil [label="', f"Value({MARKUP})", MARKUP, MARKUP, 1.0),
        Node("b\\", "a | {b} <c>\n&amp; &lt;", 1e300, "nan", float("1e-300")),
    )
    return Graph(nodes, (Edge(nodes[0].name, "b\\", True), Edge("gone", "b\\", False)), MARKUP)


@pytest.mark.parametrize("with_dot", [True, False])
def test_a_hostile_graph_is_drawn_as_text(with_dot, monkeypatch):
    if not with_dot:
        monkeypatch.setattr("shutil.which", lambda _: None)
    drawn = picture.graph_svg(hostile_graph())

    assert drawn is not None
    tags = Tags(drawn).tags
    assert {tag for tag, _ in tags} <= {
        "svg",
        "g",
        "path",
        "polygon",
        "polyline",
        "ellipse",
        "text",
    }
    assert not [n for _, a in tags for n in a if n.startswith(("on", "xlink", "href", "id"))]
    assert sum(a.get("class") == "edge wrong mark" for _, a in tags) == 1
    assert "evil" in "".join(Tags(drawn).text)


def test_the_first_wrong_edge_has_a_colour_and_a_label():
    nodes = (Node("a", "Value(2.0)", 2.0, 3.0, 4.0), Node("b", "a.exp()", 7.0, 1.0, 1.0))
    drawn = picture.graph_svg(Graph(nodes, (Edge("a", "b", True),), ""))

    assert drawn is not None
    text = "".join(Tags(drawn).text)
    assert "edge wrong mark" in drawn
    assert picture.MARK in text
    assert "your grad 3" in text
    assert "right 4" in text


@pytest.mark.parametrize("form", [page, inline])
def test_what_is_right_and_still_worth_knowing(form):
    report = msgspec.structs.replace(
        SAMPLES["right"].report(), remarks=("`exp` is <i>measured</i>.",)
    )

    text = form(report, ASSIGNMENT)

    assert "Worth knowing" in text
    assert "<code>exp</code> is &lt;i&gt;measured&lt;/i&gt;." in text
    assert "Worth knowing" not in form(SAMPLES["right"].report(), ASSIGNMENT)
