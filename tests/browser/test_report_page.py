"""The report in a real browser: legible for everybody, asks for nothing, runs nothing."""

from __future__ import annotations

import pytest

from autograder.feedback.html import inline, page
from autograder.kit import play
from tests.feedback.samples import ASSIGNMENT, SAMPLES
from tests.feedback.test_plots import CLEARED, KEPT, TRAINING, whole_run
from tests.kit.test_play import Value

from .view import opened, violations

BOTH = ((1280, "light"), (390, "dark"))
LOOKS = [
    *((kind, *look) for kind in ("right", "wrong", "stubbed", "hostile") for look in BOTH),
    *(("wrong", *look) for look in ((1280, "dark"), (390, "light"))),
    *((kind, 390, "dark") for kind in ("raising", "broken")),
]
NOTEBOOK = (
    "<!doctype html><html lang='en'><title>A notebook</title>"
    "<body data-jp-theme-light='{light}' style='{look}'><main><h1>A notebook</h1>"
    "{fragment}</main></body></html>"
)


@pytest.mark.parametrize(("kind", "width", "scheme"), LOOKS)
def test_the_page_is_legible_and_quiet(kind, width, scheme, chromium, tmp_path):
    report = SAMPLES[kind].report()
    path = tmp_path / "report.html"
    path.write_text(page(report, ASSIGNMENT), "utf-8")

    with opened(chromium, path, width, scheme) as (view, faults):
        title = view.title()
        found = violations(view)
        across = view.evaluate("document.documentElement.scrollWidth")
        landmarks = [view.locator(name).count() for name in ("header", "main", "footer", "h1")]

    assert faults == []
    assert found == []
    assert across <= width
    assert landmarks == [1, 1, 1, 1]
    assert title.startswith("assignment3: Closures")


def test_a_training_is_legible_and_quiet(chromium, tmp_path):
    report = whole_run("assignment8", (CLEARED, KEPT))
    path = tmp_path / "report.html"
    path.write_text(page(report, TRAINING), "utf-8")

    for width, scheme in BOTH:
        with opened(chromium, path, width, scheme) as (view, faults):
            found = violations(view)
            across = view.evaluate("document.documentElement.scrollWidth")
            heights = [box.bounding_box()["height"] for box in view.locator(".plot svg").all()]
            ink = {
                name: view.evaluate(
                    "n => getComputedStyle(document.querySelector(n)).stroke", f".{name}.line path"
                )
                for name in ("yours", "right")
            }

        assert faults == []
        assert found == []
        assert across <= width
        assert len(heights) >= 2
        assert all(height > 100 for height in heights)
        assert (
            ink
            == {
                "light": {"yours": "rgb(179, 38, 30)", "right": "rgb(18, 105, 43)"},
                "dark": {"yours": "rgb(255, 157, 148)", "right": "rgb(127, 220, 147)"},
            }[scheme]
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_notebooks_colours_count_more_than_the_systems(scheme, chromium, tmp_path):
    other = {"light": "dark", "dark": "light"}[scheme]
    look = "" if scheme == "light" else "background: #111111; color: #eeeeee"
    fragment = inline(SAMPLES["wrong"].report(), ASSIGNMENT, saved="saved at 12:00:00")
    light = str(scheme == "light").lower()
    path = tmp_path / "notebook.html"
    path.write_text(NOTEBOOK.format(light=light, look=look, fragment=fragment), "utf-8")

    with opened(chromium, path, 800, other) as (view, faults):
        found = violations(view)
        shown = view.evaluate(
            "getComputedStyle(document.querySelector('.grade-report')).backgroundColor"
        )

    assert [f for f in faults if "favicon" not in f] == []
    assert found == []
    assert shown == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}[scheme]


def test_the_steps_are_walked_with_keys(chromium, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where a script's recording is written
    a = Value(3.0)
    path = play(a + a).save(tmp_path / "play.html")

    with opened(chromium, path, 390, "light") as (view, _):
        said = [view.locator("output").inner_text()]
        view.locator("[data-do=on]").focus()
        for key in ("Enter", "ArrowRight", "Enter", "ArrowLeft", "End", "Home"):
            view.keyboard.press(key)  # at the end the button that was pressed has no focus
            said.append(view.locator("output").inner_text())
        shortcuts = view.locator("button, input, [tabindex]").evaluate_all(
            "all => all.map(each => each.hasAttribute('data-lm-suppress-shortcuts'))"
        )

    assert [text.split()[0] for text in said] == ["1", "2", "3", "4", "3", "4", "1"]
    assert all(shortcuts)  # JupyterLab leaves them the keys


def test_it_can_be_printed(chromium, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page(SAMPLES["wrong"].report(), ASSIGNMENT), "utf-8")

    with opened(chromium, path, 1280, "dark") as (view, _):
        view.emulate_media(media="print")
        shown = view.evaluate("getComputedStyle(document.body).backgroundColor")
        pages = view.pdf(format="A4")

    assert shown == "rgb(255, 255, 255)"
    assert pages.startswith(b"%PDF")


def test_the_learners_script_would_not_run_even_if_it_got_in(chromium, tmp_path):
    text = page(SAMPLES["right"].report(), ASSIGNMENT)
    path = tmp_path / "report.html"
    evil = "<script>document.title = 'owned'</script><img src='https://example.org/x.png'>"
    path.write_text(text.replace("</main>", f"{evil}</main>"), "utf-8")

    with opened(chromium, path, 800, "light") as (view, _):
        title = view.title()

    assert title.startswith("assignment3")
