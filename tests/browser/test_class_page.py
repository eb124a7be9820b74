"""A class's page in a real browser, for nobody, one, a few and a thousand learners."""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from autograder.classroom.names import file_stem
from autograder.classroom.page import Facts, page
from autograder.classroom.results import Result
from autograder.classroom.similar import Likeness
from autograder.classroom.summary import Summary
from tests.feedback.samples import ASSIGNMENT, COURSE, MARKUP, SAMPLES

from .view import opened, violations

FACTS = Facts(COURSE, ASSIGNMENT, "1.2.3", "f" * 64)
KINDS = ("wrong", "right", "stubbed", "raising", "right", "hostile", "broken", None)
HOSTILE = (
    MARKUP,
    "</script><script>document.title = 'owned'</script>",
    "new\nline",
    "=1+1",
    "' or 1",
)
LOOKS = [(number, *look) for number in (0, 1, 30) for look in ((1280, "light"), (390, "dark"))]
SHOWN = "tr => [...tr].filter(row => !row.hidden).map(row => row.cells[0].textContent)"


def written(folder, number, *, anonymous=False):
    """The page of a class of so many."""
    summary, likeness = Summary(), Likeness(COURSE, ASSIGNMENT)
    names = (
        [*HOSTILE, *(f"learner {n:04}" for n in range(number))][:number] if number > 5 else ["ann"]
    )
    for name, kind in sorted(zip(names[:number], islice(cycle(KINDS), number), strict=True)):
        report = SAMPLES[kind].report() if kind else None
        summary.add(Result(name, file_stem(name), None, report))
        likeness.add(name, {"closures.py": SAMPLES[kind or "right"].text.encode()})
    path = folder / "index.html"
    path.write_text(page(summary, likeness.found(), FACTS, anonymous=anonymous), "utf-8")
    return path


@pytest.mark.parametrize(("number", "width", "scheme"), LOOKS)
def test_the_page_is_legible_and_quiet(number, width, scheme, chromium, tmp_path):
    path = written(tmp_path, number)

    with opened(chromium, path, width, scheme) as (view, faults):
        title = view.title()
        found = violations(view)
        across = view.evaluate("document.documentElement.scrollWidth")
        rows = view.locator("#learners tbody tr").count()
        headings = view.locator("h1").count()

    assert faults == []
    assert found == []
    assert across <= width
    assert title == "assignment3: Closures, the class"
    assert (rows, headings) == (number, 1)


def test_names_are_text_and_links_lead_to_reports(chromium, tmp_path):
    path = written(tmp_path, 30)

    with opened(chromium, path, 1280, "light") as (view, faults):
        names = set(view.locator("#learners td:first-child a").all_inner_texts())
        links = view.locator("#learners a").evaluate_all("a => a.map(e => e.getAttribute('href'))")

    assert faults == []
    assert HOSTILE[1] in names
    assert "new\\nline" in names
    everybody = [*HOSTILE, *(f"learner {n:04}" for n in range(25))]
    assert sorted(links) == sorted(
        f"reports/{file_stem(name)}.html"
        for name, kind in zip(everybody, cycle(KINDS), strict=False)
        if kind is not None  # who is not graded yet has no report
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_a_thousand_learners_are_searched_and_sorted(width, chromium, tmp_path):
    path = written(tmp_path, 1000)

    with opened(chromium, path, width, "light") as (view, faults):
        rows = view.locator("#learners tbody tr")
        view.get_by_label("Search").fill("099 LEARNER")
        some, status = rows.evaluate_all(SHOWN), view.locator("#found").inner_text()
        view.get_by_label("Search").fill("nobody of that name")
        none = rows.evaluate_all(SHOWN)
        view.get_by_label("Search").fill("")
        heading = view.get_by_role("button", name="Points")
        heading.click()
        least = view.locator("#learners .points").first.get_attribute("data-order")
        heading.click()
        most = view.locator("#learners .points").first.get_attribute("data-order")
        said = view.locator("#learners th[aria-sort]").evaluate_all(
            "all => all.map(th => [th.textContent, th.getAttribute('aria-sort')])"
        )
        view.get_by_role("button", name="Learner").click()
        by_name = rows.evaluate_all(SHOWN)
        across = view.evaluate("document.documentElement.scrollWidth")

    assert faults == []
    assert some == ["learner 0099", *(f"learner {n:04}" for n in range(990, 995))]
    assert status == "6 of 1000"
    assert none == []
    assert (least, most) == ("-1", "1.000000")
    assert said == [["Points", "descending"]]
    assert len(by_name) == 1000
    assert [name for name in by_name if "learner" in name] == [
        f"learner {n:04}" for n in range(995)
    ]
    assert across <= width


def test_it_can_be_printed(chromium, tmp_path):
    path = written(tmp_path, 30)

    with opened(chromium, path, 1280, "dark") as (view, _):
        view.emulate_media(media="print")
        back = view.evaluate("getComputedStyle(document.body).backgroundColor")
        tools = view.locator("#tools").is_visible()
        pages = view.pdf(format="A4")

    assert back == "rgb(255, 255, 255)"
    assert not tools
    assert pages.startswith(b"%PDF")


def test_the_page_for_sharing_has_no_names(chromium, tmp_path):
    path = written(tmp_path, 30, anonymous=True)

    with opened(chromium, path, 1280, "light") as (view, faults):
        found = violations(view)
        links = view.locator("a").count()
        text = view.locator("body").inner_text()

    assert faults == []
    assert found == []
    assert links == 0
    assert "learner 30" in text
    assert "learner 0001" not in text
